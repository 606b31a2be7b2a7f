import { CID } from 'multiformats/cid';
import { collectBytes, equalBytes, sha256, TeaError, type ContentDigest } from '@tea/protocol';
import { callSeed, MAX_CALL_OUTPUT_BYTES, type FunctionOrder } from '@tea/protocol/call';
import type { IpfsClient } from '@tea/protocol/ipfs';
import type { ContentEntry } from '@tea/protocol/layer1';
import { isComponent, type GuestJob, type GuestResult } from '@tea/wasm';

/** Less than an errand's: a caller waits. */
export const CALL_LIMITS = { memoryBytes: 256 * 1024 * 1024, outputBytes: MAX_CALL_OUTPUT_BYTES, wallMs: 30_000 } as const;

export type CallRun = { readonly guest: GuestResult; readonly code: ContentDigest; readonly clockMs: number; readonly seed: Uint8Array };

export type RunCallParts = {
  readonly chain: Uint8Array;
  readonly ipfs: Pick<IpfsClient, 'cat'>;
  /** By layer 1, read with proof. */
  readonly content: (id: bigint) => Promise<ContentEntry | null>;
  /** Of the newest block, in milliseconds. */
  readonly clockMs: () => Promise<number>;
  readonly runGuest: (job: GuestJob) => Promise<GuestResult>;
};

const MAX_CODE_BYTES = 32 << 20;
const MAX_KEPT_BYTES = 64 << 20;

export type CallRunner = {
  /** @throws TeaError `notFound`, `refused`: code that calls don't run, see `callable` */
  prepare(content: bigint): Promise<{ readonly module: Uint8Array; readonly code: ContentDigest }>;
  /** However the guest ends is a result. */
  run(
    order: FunctionOrder,
    at: { readonly channel: bigint; readonly sequence: bigint; readonly caller: Uint8Array },
    prepared: { readonly module: Uint8Array; readonly code: ContentDigest },
  ): Promise<CallRun>;
};

/** Fetches code once, and runs each call of it in a sandbox of its own. */
export function openCallRunner({ chain, ipfs, content, clockMs, runGuest }: RunCallParts): CallRunner {
  const modules = new Map<string, Uint8Array>();

  async function fetchCode({ cid, sha256: digest }: ContentDigest): Promise<Uint8Array> {
    const name = digest.toHex();
    const known = modules.get(name);
    if (known !== undefined) {
      modules.delete(name);
      modules.set(name, known);
      return known;
    }
    const bytes = await collectBytes(ipfs.cat(cid, { maxBytes: MAX_CODE_BYTES }));
    if (!equalBytes(sha256(bytes), digest)) {
      throw new TeaError('corrupt', 'The code is not what layer 1 recorded', { expected: name, actual: sha256(bytes).toHex() });
    }
    if (!isComponent(bytes)) {
      throw new TeaError('refused', 'This code is a task, and has no functions to call', {
        expected: 'a component of the world tea:guest/handler',
        actual: 'a WASI command',
        next: 'run it as an errand, or see docs/GUESTS.md',
      });
    }
    modules.set(name, bytes);
    let kept = [...modules.values()].reduce((sum, each) => sum + each.length, 0);
    for (const [oldest, each] of modules) {
      if (kept <= MAX_KEPT_BYTES || oldest === name) break;
      modules.delete(oldest);
      kept -= each.length;
    }
    return bytes;
  }

  return {
    async prepare(id) {
      const entry = callable(id, await content(id));
      const code = { cid: CID.decode(entry.cid).toString(), sha256: entry.sha256 };
      return { code, module: await fetchCode(code) };
    },
    async run(order, { channel, sequence, caller }, { module, code }) {
      const seed = callSeed(chain, channel, sequence, order);
      const now = await clockMs();
      const guest = await runGuest({
        module,
        args: ['guest'],
        env: {},
        stdin: order.input,
        call: { function: order.function, caller },
        data: [],
        limits: { ...CALL_LIMITS, gas: order.gasLimit },
        clockMs: now,
        seed,
      });
      return { guest, code, clockMs: now, seed };
    },
  };
}

/**
 * What can be called: a channel pays the node's operator and nobody else, and no owner of a key is asked. So code that costs something, and sealed code,
 * is for errands, where layer 1 pays its owner and the owner releases the key.
 */
function callable(id: bigint, entry: ContentEntry | null): ContentEntry {
  if (entry === null) throw new TeaError('notFound', `Layer 1 knows no content ${id}`);
  const problem =
    entry.kind !== 'code'
      ? 'data'
      : entry.visibility !== 'plain'
        ? 'sealed code'
        : entry.price > 0n
          ? `code at ${entry.price} plancks a use`
          : entry.onSale
            ? null
            : 'code that its owner withdrew';
  if (problem === null) return entry;
  throw new TeaError('refused', `Content ${id} can't be called`, {
    expected: 'plain code, on offer, and free of charge: a channel pays the node alone',
    actual: problem,
    next: 'run it as an errand: layer 1 pays its owner there, and its owner can release a key',
  });
}
