import assert from 'node:assert/strict';
import { test } from 'node:test';
import { CID } from 'multiformats/cid';
import { create as digestOf } from 'multiformats/hashes/digest';
import { collectBytes, sha256, type Receipt } from '@tea/protocol';
import type { IpfsClient } from '@tea/protocol/ipfs';
import type { GuestJob, GuestResult } from '@tea/wasm';
import { runErrand } from './run-errand.ts';

const none = new Uint8Array(0);
const CODE = new TextEncoder().encode('code');
const CONSUMER = new Uint8Array(32).fill(8);

/** One run with a guest that ends as it is told to: the job it got, and the receipt that was sealed. */
async function run(ends: Partial<GuestResult>): Promise<{ job: GuestJob; receipt: Receipt }> {
  const stored = new Map<string, Uint8Array>();
  const put = (bytes: Uint8Array): string => {
    const cid = CID.createV1(0x55, digestOf(0x12, sha256(bytes))).toString();
    stored.set(cid, bytes);
    return cid;
  };
  const ipfs = {
    add: async (source: AsyncIterable<Uint8Array>) => {
      const bytes = await collectBytes(source);
      return { cid: put(bytes), sha256: sha256(bytes), size: bytes.length };
    },
  } as unknown as IpfsClient;
  const { publicKey } = await crypto.subtle.generateKey({ name: 'ECDH', namedCurve: 'P-256' }, true, ['deriveBits']);
  const resultKey = new Uint8Array(await crypto.subtle.exportKey('raw', publicKey));
  let job: GuestJob | undefined;
  let receipt: Receipt | undefined;
  await runErrand(
    {
      errand: 7n,
      parts: [{ part: 'code', content: { cid: put(CODE), sha256: sha256(CODE) }, key: null }],
      gasLimit: 100n,
      consumer: CONSUMER,
      resultKey,
      evidence: new Uint8Array(32),
      clockMs: 5,
      seed: new Uint8Array(32).fill(3),
      ending: new AbortController().signal,
      startedAtBlock: 2,
    },
    [{ part: 'code', published: CODE }],
    {
      chain: new Uint8Array(32),
      node: new Uint8Array(32),
      ipfs,
      limits: { memoryBytes: 1, outputBytes: 1, wallMs: 1 },
      runGuest: async (given) => {
        job = given;
        const ended = {
          outcome: 'ok',
          explanation: '',
          exitCode: 0,
          gasUsed: 1n,
          stdout: none,
          stderr: none,
          out: new Map<string, Uint8Array>(),
        } as const;
        return { ...ended, meterVersion: 'm', instrumentedSha256: null, isolation: 'namespaces+seccomp', entropic: false, ...ends };
      },
      delay: async () => undefined,
      sealReceipt: async (sealed) => {
        receipt = sealed;
        const quote = { root: new Uint8Array(32), size: 1, attest: none, signature: none, pcrs: [] };
        return { cose: none, inclusion: { index: 0, size: 1, path: [] }, quote };
      },
    },
  );
  assert.ok(job !== undefined && receipt !== undefined);
  return { job, receipt };
}

test('a receipt says that its run saw entropy, and says nothing of it otherwise', async () => {
  assert.equal((await run({ entropic: true })).receipt.entropic, true);
  assert.ok(!('entropic' in (await run({ entropic: false })).receipt));
});

test('a handler is called at `run`, by the consumer of the errand, with the block’s clock and the errand’s seed', async () => {
  const { job, receipt } = await run({});
  assert.deepEqual(job.call, { function: 'run', caller: CONSUMER });
  assert.deepEqual([job.clockMs, job.limits.gas, job.seed], [receipt.clockMs, receipt.gasLimit, receipt.seed]);
});
