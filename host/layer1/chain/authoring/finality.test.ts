import assert from 'node:assert/strict';
import { describe, it, type TestContext } from 'node:test';
import { sr25519Sign, waitReady } from '@polkadot/wasm-crypto';
import { createClient } from 'polkadot-api';
import { getPolkadotSigner } from 'polkadot-api/signer';
import { temporaryDirectory } from '@tea/platform';
import type { ChainPort } from '@tea/protocol/layer1';
import type { Block } from '../block.ts';
import { startChain } from '../index.ts';
import { Search } from '../rpc/search.ts';
import { portProvider } from '../testing/port-client.ts';
import { DEVELOPMENT_SEEDS } from './development-seeds.ts';
import { Finality } from './finality.ts';
import { authorKey } from './slots.ts';

const PATIENCE_MS = 2_000;

/** A chain of which finality sees no more than this, a client's search, and time that stands still until it's moved. */
function paced(t: TestContext, delayMs = 0) {
  t.mock.timers.enable({ apis: ['setTimeout', 'Date'] });
  const final: number[] = [];
  const chain = { finalise: (block: Block) => void final.push(block.header.number) };
  const finality = new Finality({ chain, delayMs, now: Date.now });
  const search = new Search(() => finality.moved());
  search.follows = true;
  const leave = finality.join(search);
  const made = (number: number): void => finality.stored({ header: { number } } as Block, Date.now());
  return { final, finality, search, leave, made, pass: (ms: number) => t.mock.timers.tick(ms) };
}

describe('finality', () => {
  it('comes at once when nobody looks for an extrinsic, and never before its delay', (t) => {
    const { final, made, pass } = paced(t, 40);
    made(1);
    pass(39);
    assert.deepEqual(final, []);
    pass(1);
    made(2);
    assert.deepEqual(final, [1]);
    pass(40);
    assert.deepEqual(final, [1, 2]);
  });

  it('gets no more than one block ahead of the one whose extrinsic a client is not done with', (t) => {
    const { final, made, search } = paced(t);
    search.begin('a', 0);
    search.found('a', 1);
    for (const number of [1, 2, 3, 4]) made(number);
    assert.deepEqual(final, [1, 2]);
    search.askedBody(1);
    assert.deepEqual(final, [1, 2]);
    search.end('a');
    assert.deepEqual(final, [1, 2, 3, 4]);
  });

  it('waits for a client that still searches the blocks before its extrinsic’s', (t) => {
    const { final, made, search } = paced(t);
    search.begin('a', 1);
    for (const number of [1, 2, 3, 4, 5]) made(number);
    assert.deepEqual(final, [1, 2, 3]);
    search.askedBody(2);
    assert.deepEqual(final, [1, 2, 3, 4]);
  });

  it('loses patience with a client that does not move, and waits no more until it has', (t) => {
    const { final, made, search, pass } = paced(t);
    search.begin('a', 0);
    search.found('a', 1);
    for (const number of [1, 2, 3]) made(number);
    pass(PATIENCE_MS - 1);
    assert.deepEqual(final, [1, 2]);
    pass(1);
    search.begin('b', 3);
    search.found('b', 4);
    for (const number of [4, 5, 6]) made(number);
    assert.deepEqual(final, [1, 2, 3, 4, 5, 6]);
    search.end('a');
    search.end('b');
    search.begin('c', 6);
    search.found('c', 7);
    for (const number of [7, 8, 9]) made(number);
    assert.deepEqual(final.slice(6), [7, 8]);
  });

  it('can not be held up for long by ever new sessions that never move, and is as patient as before some blocks later', (t) => {
    const { final, finality, made, pass, search } = paced(t);
    const begun = Date.now();
    let number = 0;
    for (; number < 100; number++) {
      const idle = new Search(() => finality.moved());
      idle.follows = true;
      idle.begin('a', number);
      idle.found('a', number);
      finality.join(idle);
      made(number + 2);
      while (final.at(-1) !== number + 2) pass(10);
    }
    assert.ok(Date.now() - begun < 4_000 + 100 * 50, `${Date.now() - begun} ms`);
    for (const end = number + 200; number < end; number++) made(number + 2);
    search.begin('b', number);
    search.found('b', number);
    made(number + 2);
    pass(PATIENCE_MS - 1);
    assert.equal(final.at(-1), number + 1);
  });

  it('waits for nobody who has left', (t) => {
    const { final, made, search, leave } = paced(t);
    search.begin('a', 0);
    search.found('a', 1);
    for (const number of [1, 2, 3]) made(number);
    leave();
    assert.deepEqual(final, [1, 2, 3]);
  });

  it('waits for nobody who does not follow the chain', (t) => {
    const { final, made, search } = paced(t);
    search.follows = false;
    search.begin('a', 0);
    for (const number of [1, 2, 3]) made(number);
    assert.deepEqual(final, [1, 2, 3]);
  });

  it('loses no transaction of a polkadot-api that hears and speaks ten blocks late', { timeout: 60_000 }, async () => {
    await waitReady();
    await using directory = await temporaryDirectory('finality');
    await using chain = await startChain({ preset: 'development', dataDir: directory.path, blockTimeMs: 5 });
    const { publicKey, secretKey } = authorKey(DEVELOPMENT_SEEDS[0] ?? new Uint8Array(32));
    const signer = getPolkadotSigner(publicKey, 'Sr25519', (message) => sr25519Sign(publicKey, secretKey, message));
    const client = createClient(portProvider(late(chain, 25)));
    try {
      for (let nonce = 0; nonce < 2; nonce++) {
        const remark = client.getUnsafeApi().tx['System']?.['remark']?.({ remark: Uint8Array.of(nonce) });
        assert.equal((await remark?.signAndSubmit(signer, { nonce, mortality: { mortal: false } }))?.ok, true);
      }
    } finally {
      client.destroy();
    }
  });
});

/** The same chain, each frame either way this much later. */
function late(chain: ChainPort, delayMs: number): ChainPort {
  return {
    connect(onFrame, onClose) {
      const session = chain.connect((frame) => void setTimeout(onFrame, delayMs, frame), onClose);
      return { send: (frame) => void setTimeout(() => session.send(frame), delayMs), close: () => session.close() };
    },
  };
}
