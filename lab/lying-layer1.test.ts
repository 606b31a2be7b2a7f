import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { concatBytes, fromHex, isTeaError, type TeaErrorCode } from '@tea/protocol';
import {
  AURA_AUTHORITIES_KEY,
  blockHashStorageKey,
  contentStorageKey,
  decodeHeader,
  encodeCompact,
  encodeHeaderJson,
  errandStorageKey,
  hashHeader,
  nodeStorageKey,
  type layer1Provider,
} from '@tea/protocol/layer1';
import {
  openLedger,
  openProvenState,
  readContent,
  readErrand,
  readErrandVerified,
  readNode,
  type Ledger,
  type LedgerOptions,
} from '@tea/protocol/ledger';
import { developmentAccount, ss58 } from '@tea/sdk';
import { type TestLayer1, startTestLayer1 } from './test-layer1.ts';

type Reply = Record<string, unknown>;
/** What the liar makes of an answer; `ask` is the honest chain. */
type Lie = (
  method: string,
  params: readonly unknown[],
  honest: unknown,
  ask: (method: string, params: readonly unknown[]) => Promise<unknown>,
) => unknown;
class Refusal {
  readonly code: number;
  constructor(code: number) {
    this.code = code;
  }
}

const filledWith = (byte: number): Uint8Array => new Uint8Array(32).fill(byte);
const alice = developmentAccount('Alice');
/** Keeps blocks long enough apart that a test's reads see one of them, unless it makes another. */
const BLOCK_TIME_MS = 60_000;

describe('a host that lies about layer 1', () => {
  let layer1: TestLayer1;
  let honest: Ledger;
  before(async () => {
    layer1 = await startTestLayer1({ blockTimeMs: BLOCK_TIME_MS });
    honest = await openLedger(gateway(() => undefined));
    for (const byte of [1, 2]) await publish(byte);
    for (const code of [1n, 2n]) await create(code);
  });
  after(async () => {
    await honest[Symbol.asyncDispose]();
    await layer1[Symbol.asyncDispose]();
  });

  /** The same chain behind a gateway that alters the answers to the requests that matter here. */
  function gateway(lie: Lie): ReturnType<typeof layer1Provider> {
    return (onMessage) => {
      const asked = new Map<unknown, { method: string; params: readonly unknown[] }>();
      const own = new Map<string, (reply: Reply) => void>();
      let count = 0;
      let open = true;
      const session = layer1.chain.connect((text) => {
        const frame = JSON.parse(text) as Reply;
        const mine = typeof frame['id'] === 'string' ? own.get(frame['id']) : undefined;
        if (mine !== undefined) return mine(frame);
        const request = asked.get(frame['id']);
        asked.delete(frame['id']);
        void (async () => {
          const altered = request && (await lie(request.method, request.params, frame['result'], ask));
          if (!open) return;
          if (altered instanceof Refusal) onMessage({ jsonrpc: '2.0', id: frame['id'] as string, error: { code: altered.code, message: 'no' } });
          else onMessage((altered === undefined ? frame : { ...frame, result: altered }) as Parameters<typeof onMessage>[0]);
        })();
      });
      const ask = (method: string, params: readonly unknown[]): Promise<unknown> =>
        new Promise((resolve) => {
          const id = `liar:${count++}`;
          own.set(id, ({ result }) => resolve(result));
          session.send(JSON.stringify({ jsonrpc: '2.0', id, method, params }));
        });
      return {
        send(message) {
          if (/^(state_getReadProof|state_getStorage|chain_getHeader|chainSpec_v1_genesisHash)$/.test(message.method))
            asked.set(message.id, { method: message.method, params: message.params as readonly unknown[] });
          session.send(JSON.stringify(message));
        },
        disconnect() {
          open = false;
          session.close();
        },
      };
    };
  }

  async function publish(byte: number): Promise<void> {
    const call = honest.api.tx.Content.publish({
      kind: { type: 'Code', value: undefined },
      cid: new Uint8Array(36).fill(byte),
      sha256: `0x${new Uint8Array(32).fill(byte).toHex()}`,
      size: 10n,
      visibility: { type: 'Plain', value: undefined },
      price: BigInt(byte),
    });
    await honest.submit(call, alice.signer);
  }

  async function create(code: bigint): Promise<void> {
    const call = honest.api.tx.Errands.create({
      code,
      data: [],
      input: undefined,
      gas_limit: 1_000n,
      max_price: 10n ** 13n,
      policy: `0x${'11'.repeat(32)}`,
      result_key: new Uint8Array(65).fill(4),
    });
    await honest.submit(call, alice.signer);
  }

  async function refuses(
    lie: Lie,
    code: TeaErrorCode = 'corrupt',
    read: (ledger: Ledger) => Promise<unknown> = (ledger) => readErrand(ledger, 1n),
  ): Promise<void> {
    await using ledger = await openLedger(gateway(lie));
    await assert.rejects(read(ledger), (error) => isTeaError(error, code));
  }

  const proofLie =
    (change: (proof: string[]) => string[]): Lie =>
    (method, _params, reply) =>
      method === 'state_getReadProof' ? { ...(reply as Reply), proof: change((reply as { proof: string[] }).proof) } : undefined;
  const headerLie =
    (change: (header: Reply) => Reply): Lie =>
    (method, _params, reply) =>
      method === 'chain_getHeader' && (reply as Reply)['number'] !== '0x0' ? change(reply as Reply) : undefined;

  test('is believed while it tells the truth, with the block and what that stands on', async () => {
    await using ledger = await openLedger(
      gateway(() => undefined),
      { genesis: honest.genesis },
    );
    const errand = await readErrandVerified(ledger, 2n);
    assert.equal(errand.value.code, 2n);
    assert.ok(errand.verified === 'proof');
    assert.deepEqual([errand.block.genesis, errand.block.finality, errand.block.number], ['pinned', 'word', ledger.blockNumber()]);
    assert.equal((await readContent(ledger, 2n))?.price, 2n);
  });

  test('can’t choose which record is read: the keys written down here are the runtime’s', async () => {
    const { Errands, Content, Nodes, System } = honest.api.query;
    const id = filledWith(7);
    const keys: readonly [ours: Uint8Array, runtimes: string][] = [
      [errandStorageKey(258n), await Errands.Errands.getKey(258n)],
      [contentStorageKey(2n ** 40n), await Content.Entries.getKey(2n ** 40n)],
      [nodeStorageKey(id), await Nodes.Nodes.getKey(`0x${id.toHex()}`)],
      [blockHashStorageKey(70_000), await System.BlockHash.getKey(70_000)],
      [AURA_AUTHORITIES_KEY, (await honest.client.getUnsafeApi().query['Aura']?.['Authorities']?.getKey()) ?? ''],
    ];
    for (const [ours, runtimes] of keys) assert.equal(`0x${ours.toHex()}`, runtimes);
  });

  test('is caught altering any byte of a record', async () => {
    const flip = (node: string): string => node.slice(0, -1) + (node.endsWith('0') ? '1' : '0');
    await refuses(proofLie((proof) => [...proof.slice(0, -1), flip(proof.at(-1) ?? '')]));
    await refuses(proofLie((proof) => proof.with(0, flip(proof[0] ?? ''))));
  });

  test('is caught showing another errand’s record, or another content’s, with its true proof', async () => {
    const instead =
      (other: Uint8Array): Lie =>
      async (method, [keys, at], _reply, ask) =>
        method === 'state_getReadProof' && (keys as string[])[0]?.startsWith('0x863cd9165a24c0fa6620b1bfe510f564') === true
          ? ask(method, [[`0x${other.toHex()}`], at])
          : undefined;
    const second = fromHex(await honest.api.query.Errands.Errands.getKey(2n));
    await refuses(instead(second));
    await refuses(instead(contentStorageKey(1n)));
  });

  test('is caught hiding a record that is there, and believed about one that is not', async () => {
    await refuses((method, [, at], _reply, ask) => (method === 'state_getReadProof' ? ask(method, [[], at]) : undefined));
    await assert.rejects(readErrand(honest, 99n), (error) => isTeaError(error, 'notFound'));
    assert.equal(await readNode(honest, new Uint8Array(32)), null);
  });

  test('is caught padding a proof', async () => {
    await refuses(proofLie((proof) => [...proof, '0x00']));
    await refuses(proofLie((proof) => [...proof, proof[0] ?? '']));
    await refuses(
      proofLie(() => Array.from({ length: 5_000 }, () => '0x00')),
      'badMessage',
    );
  });

  test('is caught with a header that is not the one of the block, or an older one', async () => {
    await refuses(headerLie((header) => ({ ...header, stateRoot: `0x${'00'.repeat(32)}` })));
    await refuses((method, _params, reply, ask) =>
      method === 'chain_getHeader' && (reply as Reply)['number'] !== '0x0' ? ask(method, [(reply as Reply)['parentHash']]) : undefined,
    );
  });

  test('is caught with a whole chain of its own under a seal that no authority gave', async () => {
    // It names the block by the hash of the header it forged, so that hash and header agree; only the seal can't be forged.
    const { number, hash } = await honest.client.getFinalizedBlock();
    const header = await honest.client._request<{ digest: { logs: string[] } }>('chain_getHeader', [hash]);
    const [slot = '', seal = ''] = header.digest.logs;
    const forgeries: [string, string[]][] = [
      ['a seal of other bytes', [slot, seal.slice(0, -2) + (seal.endsWith('00') ? '01' : '00')]],
      ['no seal', [slot]],
      ['two seals', [slot, seal, seal]],
      ['another slot', [`${slot.slice(0, -16)}0100000000000000`, seal]],
    ];
    for (const [what, logs] of forgeries) {
      const forged = { ...header, digest: { logs } };
      const forgedHash = hashHeader(decodeHeader(encodeHeaderJson(forged)));
      const state = openProvenState({
        ask: async (method, params) => {
          if (method === 'chain_getHeader' && params[0] === `0x${forgedHash.toHex()}`) return forged;
          return honest.client._request<unknown>(
            method,
            params.map((each) => (each === `0x${forgedHash.toHex()}` ? hash : each)),
          );
        },
        head: () => ({ number, hash: forgedHash }),
        genesis: honest.genesis,
        genesisPinned: true,
        belief: 'word',
      });
      await assert.rejects(state.read([blockHashStorageKey(0)]), (error) => isTeaError(error, 'corrupt'), what);
    }
  });

  test('is caught going back to a block before one it showed, or showing two of one height', async () => {
    const newest = await honest.client.getFinalizedBlock();
    const older = { number: newest.number - 1, hash: fromHex(newest.parent) };
    let head = { number: newest.number, hash: fromHex(newest.hash) };
    const state = openProvenState({
      ask: (method, params) => honest.client._request(method, [...params]),
      head: () => head,
      genesis: honest.genesis,
      genesisPinned: true,
      belief: 'proof',
    });
    await state.read([blockHashStorageKey(0)]);
    head = older;
    await assert.rejects(state.read([blockHashStorageKey(0)]), (error) => isTeaError(error, 'corrupt'));
    head = { number: newest.number, hash: older.hash };
    await assert.rejects(state.read([blockHashStorageKey(0)]), (error) => isTeaError(error, 'corrupt'));
  });

  test('is caught naming a genesis block of its own, or authorities that genesis does not name', async () => {
    await assert.rejects(
      openLedger(
        gateway(() => undefined),
        { genesis: new Uint8Array(32) },
      ),
      (error) => isTeaError(error, 'refused'),
    );
    const foreign: LedgerOptions = { authorities: [developmentAccount('Bob').publicKey] };
    await using ledger = await openLedger(
      gateway(() => undefined),
      foreign,
    );
    await assert.rejects(readErrand(ledger, 1n), (error) => isTeaError(error, 'corrupt'));
    const authorities = `0x${concatBytes(encodeCompact(1), developmentAccount('Bob').publicKey).toHex()}`;
    await refuses((method, [keys], reply) =>
      method === 'state_getReadProof' && (keys as string[])[0]?.startsWith('0x57f8dc2f') === true
        ? { ...(reply as Reply), proof: [authorities] }
        : undefined,
    );
  });

  test('that proves nothing is refused, unless its word is enough: then the value says so', async () => {
    const silent: Lie = (method) => (method === 'state_getReadProof' ? new Refusal(-32601) : undefined);
    await refuses(silent, 'unavailable');
    await using ledger = await openLedger(gateway(silent), { belief: 'word' });
    const errand = await readErrandVerified(ledger, 1n);
    assert.ok(errand.verified === 'word');
    assert.match(errand.why, /-32601/);
    assert.equal(errand.value.code, 1n);
  });

  test('a proof that fails is refused even where a word would be enough', async () => {
    await using ledger = await openLedger(gateway(proofLie((proof) => [...proof, '0x00'])), { belief: 'word' });
    await assert.rejects(readErrand(ledger, 1n), (error) => isTeaError(error, 'corrupt'));
  });

  test('an honest chain is followed over gaps of any number of blocks', async () => {
    await using ledger = await openLedger(gateway(() => undefined));
    await readErrand(ledger, 1n);
    for (const blocks of [1, 3]) {
      const target = ledger.blockNumber() + blocks;
      for (let made = 0; made < blocks; made++)
        await honest.submit(
          honest.api.tx.Balances.transfer_keep_alive({ dest: { type: 'Id', value: ss58(new Uint8Array(32).fill(9)) }, value: 10n ** 12n }),
          alice.signer,
        );
      await ledger.waitFor(
        'more blocks',
        async () => ledger.blockNumber(),
        (number) => number >= target,
      );
      assert.equal((await readErrandVerified(ledger, 1n)).block.number >= target, true);
    }
  });
});
