import assert from 'node:assert/strict';
import { once } from 'node:events';
import { open, readFile, stat, truncate } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { describe, it } from 'node:test';
import { waitReady } from '@polkadot/wasm-crypto';
import { type Child, spawnChild, temporaryDirectory } from '@tea/platform';
import { isTeaError } from '@tea/protocol';
import { DEVELOPMENT_SEEDS } from './authoring/development-seeds.ts';
import { authorKey } from './authoring/slots.ts';
import { type Chain, startChain } from './index.ts';
import { tinyRuntime } from './testing/tiny-runtime.ts';

await waitReady();
const preset = 'development';

/** Asks once, in a session of its own. */
function ask(chain: Chain, method: string, params: readonly unknown[]): Promise<{ result?: unknown; error?: { code: number; message: string } }> {
  return new Promise((resolve, reject) => {
    const session = chain.connect(
      (frame) => {
        session.close();
        resolve(JSON.parse(frame) as { result?: unknown });
      },
      (reason) => reject(new Error(reason)),
    );
    session.send(JSON.stringify({ jsonrpc: '2.0', id: 1, method, params }));
  });
}

async function finalised(chain: Chain, number: number): Promise<void> {
  while ((await chain.status()).finalised.number < number);
}

describe('embedded chain: what it was built from', () => {
  it('refuses a preset that the runtime doesn’t have, and a runtime file that isn’t there', async () => {
    await using directory = await temporaryDirectory('chain');
    await assert.rejects(startChain({ preset: 'utopia', dataDir: join(directory.path, 'a') }), (error) => isTeaError(error, 'badInput'));
    await assert.rejects(startChain({ preset, dataDir: join(directory.path, 'b'), runtimeWasm: '/nowhere.wasm' }), (error) =>
      isTeaError(error, 'notFound'),
    );
  });

  it('refuses a directory that another chain writes to, and takes it once that has ended', async () => {
    await using directory = await temporaryDirectory('chain');
    {
      await using _first = await startChain({ preset, dataDir: directory.path });
      await assert.rejects(startChain({ preset, dataDir: directory.path }), (error) => isTeaError(error, 'conflict'));
    }
    await using _second = await startChain({ preset, dataDir: directory.path });
  });

  it('makes blocks of the local preset too: one a slot, each in its authority’s turn', async () => {
    await using directory = await temporaryDirectory('chain');
    await using chain = await startChain({ preset: 'local', dataDir: directory.path });
    await finalised(chain, 2);
    const blocks = await Array.fromAsync(chain.blocks());
    assert.ok(blocks.length >= 2);
  });

  it('says so when it holds no authority’s key', async () => {
    await using directory = await temporaryDirectory('chain');
    await using chain = await startChain({ preset, dataDir: directory.path, blockTimeMs: 1, authoritySeeds: [new Uint8Array(32).fill(9)] });
    if (!chain.failed.aborted) await once(chain.failed, 'abort');
    assert.ok(isTeaError(chain.failed.reason, 'badInput'));
  });
});

describe('embedded chain: what may go wrong inside', () => {
  it('ends a call that doesn’t end, closes the sessions, and goes on from its log', async () => {
    await using directory = await temporaryDirectory('chain');
    const [seed = new Uint8Array(32)] = DEVELOPMENT_SEEDS;
    const runtimeWasm = await tinyRuntime(authorKey(seed).publicKey);
    await using chain = await startChain({ preset, dataDir: directory.path, runtimeWasm, callTimeLimitMs: 100 });
    const bystander = Promise.withResolvers<string>();
    chain.connect(() => {}, bystander.resolve);
    await assert.rejects(ask(chain, 'state_call', ['Spin', '0x']), /took too long/);
    assert.match(await bystander.promise, /took too long/);
    assert.equal((await chain.status()).restarts, 1);
    assert.equal((await ask(chain, 'chainSpec_v1_genesisHash', [])).result, chain.genesisHash);
  });

  it('answers a call that traps with an error, and the next one as if nothing had been', async () => {
    await using directory = await temporaryDirectory('chain');
    await using chain = await startChain({ preset, dataDir: directory.path });
    const trapped = await ask(chain, 'state_call', ['Core_initialize_block', '0x0102']);
    assert.match(trapped.error?.message ?? '', /trapped in Core_initialize_block/);
    assert.match(String((await ask(chain, 'state_call', ['AuraApi_slot_duration', '0x'])).result), /^0xe803/);
  });

  it('refuses garbage in place of an extrinsic, with the reason', async () => {
    await using directory = await temporaryDirectory('chain');
    await using chain = await startChain({ preset, dataDir: directory.path });
    assert.match((await ask(chain, 'author_submitExtrinsic', ['0xdeadbeef'])).error?.message ?? '', /refused: invalid/);
  });
});

describe('embedded chain: its log', () => {
  const startChild = async (dataDir: string): Promise<Child> =>
    spawnChild({ name: 'chain', command: process.execPath, args: [join(import.meta.dirname, 'testing/chain-process.child.ts'), dataDir, '20'] });

  it('loses no finalised block however often it is killed', async () => {
    await using directory = await temporaryDirectory('chain');
    const heard: string[] = [];
    for (const count of [1, 3, 7, 2]) {
      await using child = await startChild(directory.path);
      let left = count;
      for await (const line of createInterface({ input: child.stdout })) {
        heard.push((JSON.parse(line) as { finalised: string }).finalised);
        left -= 1;
        if (left === 0) child.kill('SIGKILL');
      }
      await child.exited;
    }
    await using chain = await startChain({ preset, dataDir: directory.path });
    const kept = (await Array.fromAsync(chain.blocks())).map(({ hash }) => hash);
    assert.deepEqual(
      kept.filter((hash) => heard.includes(hash)),
      heard,
    );
  });

  it('resumes from a torn end with the state that its last whole block names', async () => {
    await using directory = await temporaryDirectory('chain');
    let last = 0;
    {
      await using chain = await startChain({ preset, dataDir: directory.path, blockTimeMs: 10 });
      await finalised(chain, 5);
    }
    {
      await using chain = await startChain({ preset, dataDir: directory.path, blockTimeMs: 60_000 });
      last = (await chain.status()).best.number;
    }
    const log = join(directory.path, 'chain.log');
    await truncate(log, (await stat(log)).size - 3);
    await using chain = await startChain({ preset, dataDir: directory.path, blockTimeMs: 60_000 });
    assert.equal((await chain.status()).best.number, last - 1);
  });

  it('refuses to start from a log that was tampered with, rather than from some other state', async () => {
    await using directory = await temporaryDirectory('chain');
    {
      await using chain = await startChain({ preset, dataDir: directory.path, blockTimeMs: 10 });
      await finalised(chain, 3);
    }
    const path = join(directory.path, 'chain.log');
    const middle = (await readFile(path)).lastIndexOf('TEA1', -1_500);
    const file = await open(path, 'r+');
    await file.write(Uint8Array.of(0xff), 0, 1, middle + 100);
    await file.close();
    await assert.rejects(startChain({ preset, dataDir: directory.path }), (error) => isTeaError(error, 'corrupt'));
  });

  it('stops with a storage error when the disk is full, and keeps what was final', async () => {
    await using directory = await temporaryDirectory('chain');
    const heard: string[] = [];
    // The file size limit of the shell (in KiB) stands in for a full disk: the write fails just so. Genesis, which holds the runtime, still fits.
    const { size } = await stat(join(import.meta.dirname, '../runtime/runtime.wasm'));
    const limit = Math.ceil(size / 1024) + 250;
    const program = join(import.meta.dirname, 'testing/chain-process.child.ts');
    const child = await spawnChild({
      name: 'chain',
      command: 'bash',
      args: ['-c', `trap "" XFSZ; ulimit -f ${limit}; exec "$0" "$@"`, process.execPath, program, directory.path, '5'],
    });
    let failed: { code: string } | undefined;
    for await (const line of createInterface({ input: child.stdout })) {
      const message = JSON.parse(line) as { finalised?: string; failed?: { code: string } };
      failed ??= message.failed;
      if (message.finalised !== undefined) heard.push(message.finalised);
    }
    await child[Symbol.asyncDispose]();
    assert.equal(failed?.code, 'storage');
    assert.ok(heard.length > 0);
    await using chain = await startChain({ preset, dataDir: directory.path, blockTimeMs: 60_000 });
    const kept = new Set((await Array.fromAsync(chain.blocks())).map(({ hash }) => hash));
    assert.ok(heard.every((hash) => kept.has(hash)));
  });
});
