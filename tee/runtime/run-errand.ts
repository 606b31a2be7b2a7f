import { CID } from 'multiformats/cid';
import {
  encodeGuestOutput,
  encodeResultPackage,
  oneChunk,
  resultInfo,
  sha256,
  TeaError,
  type ContentDigest,
  type Receipt,
  type ReceiptBundle,
  type ReleasePart,
  type ResultPackage,
} from '@tea/protocol';
import { sealHpke } from '@tea/protocol/hpke';
import type { IpfsClient } from '@tea/protocol/ipfs';
import { generateContentKey, openBytes, openReader, sealBytes } from '@tea/protocol/sealed';
import { isComponent, type GuestInput, type GuestJob, type GuestLimits, type GuestResult } from '@tea/wasm';
import { HELD_BYTES, patient, type FetchedPart } from './fetch-parts.ts';

/** One part of the errand: where its published bytes are, and its key when they are sealed. */
export type RunPart = { readonly part: ReleasePart; readonly content: ContentDigest; readonly key: Uint8Array | null };

export type RunRequest = {
  readonly errand: bigint;
  readonly parts: readonly RunPart[];
  readonly gasLimit: bigint;
  /** The consumer's account: whom a handler takes for its caller. */
  readonly consumer: Uint8Array;
  /** The consumer's P-256 point: who may read the output. */
  readonly resultKey: Uint8Array;
  readonly evidence: Uint8Array;
  readonly clockMs: number;
  readonly seed: Uint8Array;
  readonly startedAtBlock: number;
  /** Ends the guest; with `CONSUMER_CANCELS` as its reason, the receipt then says `cancelled`. */
  readonly ending: AbortSignal;
};

/** The reason to end a run that is proved all the same. */
export const CONSUMER_CANCELS = 'the consumer asks it to end';

export type RunParts = {
  readonly chain: Uint8Array;
  readonly node: Uint8Array;
  readonly ipfs: IpfsClient;
  readonly limits: Omit<GuestLimits, 'gas'>;
  readonly runGuest: (job: GuestJob, ending: AbortSignal) => Promise<GuestResult>;
  readonly delay: (ms: number) => Promise<void>;
  readonly sealReceipt: (receipt: Receipt) => Promise<ReceiptBundle>;
};

/** What goes to layer 1: digests and where to find the rest. */
export type RunProof = {
  readonly outcome: Receipt['outcome'];
  readonly gasUsed: bigint;
  readonly receiptDigest: Uint8Array;
  readonly packageCid: Uint8Array;
  readonly packageDigest: Uint8Array;
};

/**
 * Opens what was fetched, runs, seals the output to the consumer and publishes receipt and result. However the guest ends is a receipt.
 * The keys in `request` stay their owner's: a run that failed may be tried again with them.
 * @param fetched the parts of `request`, in its order
 * @throws TeaError when the content can't be had or opened, or nothing can be published; then there is nothing to prove. `cancelled` when the run was
 *   ended, but not by its consumer: with its TEE, or because the errand was over
 */
export async function runErrand(request: RunRequest, fetched: readonly FetchedPart[], parts: RunParts): Promise<RunProof> {
  const { errand, gasLimit, clockMs, seed } = request;
  const opened = await openParts(request, fetched, parts);
  const module = opened.get('code');
  if (!(module instanceof Uint8Array)) throw new TeaError('badMessage', `Errand ${errand} names no code`);
  const data = request.parts.flatMap(({ part }) => (part.startsWith('data/') ? [opened.get(part) ?? new Uint8Array()] : []));
  const input = opened.get('input') ?? new Uint8Array();
  const job: GuestJob = {
    module,
    isPublic: request.parts.some(({ part, key }) => part === 'code' && key === null),
    args: ['guest'],
    env: {},
    stdin: isComponent(module) ? wholeInput(input) : input,
    call: { function: 'run', caller: request.consumer },
    data,
    limits: { ...parts.limits, gas: gasLimit },
    clockMs,
    seed,
  };
  const guest = await parts.runGuest(job, request.ending);
  if (guest.outcome === 'cancelled' && request.ending.reason !== CONSUMER_CANCELS) {
    throw new TeaError('cancelled', `The run of errand ${errand} was ended, and not by its consumer`);
  }
  const { content, sealedKey } = await publishOutput(guest, request, parts);
  const digestOf = (part: ReleasePart): ContentDigest | undefined => request.parts.find((each) => each.part === part)?.content;
  const code = digestOf('code');
  if (code === undefined) throw new TeaError('badMessage', `Errand ${errand} names no code`);
  const receipt = await parts.sealReceipt({
    v: 1,
    domain: 'tea/receipt/1',
    chain: parts.chain,
    errand,
    node: parts.node,
    evidence: request.evidence,
    trustClass: 'simulated', // process mode; a measured machine will say what its TPM is
    code,
    data: request.parts.flatMap((each) => (each.part.startsWith('data/') ? [each.content] : [])),
    input: digestOf('input') ?? null,
    result: content,
    outcome: guest.outcome,
    exitCode: guest.exitCode,
    gasUsed: guest.gasUsed,
    gasLimit,
    meterVersion: guest.meterVersion,
    instrumentedSha256: guest.instrumentedSha256,
    isolation: guest.isolation,
    clockMs,
    seed,
    ...(guest.entropic && { entropic: true }),
    startedAtBlock: request.startedAtBlock,
  });
  const bytes = encodeResultPackage({ v: 1, receipt, sealedKey });
  const { cid } = await parts.ipfs.add(oneChunk(bytes));
  return {
    outcome: guest.outcome,
    gasUsed: guest.gasUsed,
    receiptDigest: sha256(receipt.cose),
    packageCid: CID.parse(cid).bytes,
    packageDigest: sha256(bytes),
  };
}

async function openParts(request: RunRequest, fetched: readonly FetchedPart[], { delay }: RunParts): Promise<Map<ReleasePart, GuestInput>> {
  const opened = new Map<ReleasePart, GuestInput>();
  for (const { part, key } of request.parts) {
    const published = fetched.find((each) => each.part === part)?.published;
    if (published === undefined) throw new TeaError('internal', `The ${part} was not fetched`);
    const source = published instanceof Uint8Array ? published : patient(published, delay);
    if (key === null) opened.set(part, source);
    else opened.set(part, source instanceof Uint8Array ? await openBytes(source, key) : await openReader(source, key));
  }
  return opened;
}

/** A handler is called with its whole input. */
function wholeInput(input: GuestInput): Uint8Array {
  if (input instanceof Uint8Array) return input;
  throw new TeaError('limit', 'This input is too large for a handler', {
    expected: `at most ${HELD_BYTES} bytes`,
    actual: `${input.sizeBytes} bytes`,
    next: 'make it a task, which reads its input piece by piece',
  });
}

/** Nobody but the holder of the result key learns more than the size of what the guest left. */
async function publishOutput(
  guest: GuestResult,
  { errand, resultKey }: RunRequest,
  { chain, node, ipfs }: RunParts,
): Promise<{ content: ContentDigest; sealedKey: ResultPackage['sealedKey'] }> {
  const output = encodeGuestOutput({ v: 1, stdout: guest.stdout, stderr: guest.stderr, files: guest.out });
  const key = generateContentKey();
  const sealed = await sealBytes(output, key);
  const { cid, sha256: digest } = await ipfs.add(oneChunk(sealed));
  const sealedKey = await sealHpke(resultKey, resultInfo({ chain, errand, node, content: digest }), key);
  key.fill(0);
  return { content: { cid, sha256: digest }, sealedKey };
}
