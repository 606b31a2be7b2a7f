/**
 * How a job enters the sandbox and a result leaves it: `u32 header length · JSON header · blobs back to back`, lengths in the header.
 * Plain on purpose: the reader of a result treats it as hostile, since the guest may have taken over its process.
 */
import type { ContentReader } from '@tea/protocol';
import type { ContentRequest } from './content-requests.ts';
import type { GuestJob, MeteredForm } from './guest-job.ts';
import { bytesAt, windowOnto } from './wasi/read-at.ts';
import type { WorldJob } from './wasi/world.ts';

export function encodeFrame(header: object, blobs: readonly Uint8Array[]): Uint8Array[] {
  const text = new TextEncoder().encode(JSON.stringify({ ...header, blobs: blobs.map((blob) => blob.length) }));
  const prefix = new Uint8Array(4);
  new DataView(prefix.buffer).setUint32(0, text.length, true);
  return [prefix, text, ...blobs];
}

/** @throws Error when the frame is malformed, has anything left over, or its header is no object */
export function decodeFrame(bytes: Uint8Array, maxHeaderBytes: number): { header: Readonly<Record<string, unknown>>; blobs: readonly Uint8Array[] } {
  if (bytes.length < 4) throw new Error('no header');
  const headerBytes = new DataView(bytes.buffer, bytes.byteOffset, 4).getUint32(0, true);
  if (headerBytes > maxHeaderBytes || headerBytes > bytes.length - 4) throw new Error('header too long');
  const header: unknown = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes.subarray(4, 4 + headerBytes)));
  if (!isRecord(header) || !Array.isArray(header['blobs'])) throw new Error('header is no object with blobs');
  let at = 4 + headerBytes;
  const blobs = header['blobs'].map((length: unknown) => {
    if (typeof length !== 'number' || !Number.isSafeInteger(length) || length < 0 || length > bytes.length - at)
      throw new Error('a blob is longer than the frame');
    at += length;
    return bytes.subarray(at - length, at);
  });
  if (at !== bytes.length) throw new Error('bytes after the last blob');
  return { header, blobs };
}

export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

const NOTHING = new Uint8Array(0);

/** Content that the sandbox has to ask for, in the order in which it is counted there: stdin first. */
export function contentsOf({ stdin, data }: Pick<GuestJob, 'stdin' | 'data'>): ContentReader[] {
  return [stdin, ...data].filter((input): input is ContentReader => !(input instanceof Uint8Array));
}

export function encodeJob(job: GuestJob): Uint8Array[] {
  const { gas, memoryBytes, outputBytes, wallMs } = job.limits;
  const inputs = [job.stdin, ...job.data];
  const header = {
    args: job.args,
    env: Object.entries(job.env),
    limits: { gas: String(gas), memoryBytes, outputBytes, wallMs },
    clockMs: job.clockMs,
    /** Of each input that isn't here its size, and null of one that is. */
    elsewhere: inputs.map((input) => (input instanceof Uint8Array ? null : input.sizeBytes)),
    ...(job.meterOnly && { meterOnly: true }),
    ...(job.metered && { metered: { exports: job.metered.exports, startGas: String(job.metered.startGas) } }),
    ...(job.call && { call: { function: job.call.function, caller: job.call.caller.toHex() } }),
  };
  return encodeFrame(header, [
    job.module,
    job.seed,
    job.metered?.bytes ?? NOTHING,
    ...inputs.map((input) => (input instanceof Uint8Array ? input : NOTHING)),
  ]);
}

/** A job inside the sandbox. */
export type SandboxedJob = Omit<GuestJob, 'stdin' | 'data'> & WorldJob;

/**
 * Inside the sandbox; the job comes from the runtime, which is trusted.
 * @param ask gives exactly `length` bytes of the content that is counted `index`
 */
export function decodeJob(bytes: Uint8Array, ask: (request: ContentRequest) => Uint8Array): SandboxedJob {
  const { header, blobs } = decodeFrame(bytes, bytes.length);
  const { args, env, limits, clockMs, elsewhere, call, metered, meterOnly } = header as {
    args: string[];
    env: [string, string][];
    limits: { gas: string; memoryBytes: number; outputBytes: number; wallMs: number };
    clockMs: number;
    elsewhere: (number | null)[];
    call?: { function: string; caller: string };
    metered?: { exports: MeteredForm['exports']; startGas: string };
    meterOnly?: true;
  };
  const [module, seed, form, ...inputs] = blobs;
  let asked = 0;
  const [stdin, ...data] = inputs.map((input, place) => {
    const size = elsewhere[place] ?? null;
    if (size === null) return bytesAt(input);
    const index = asked++;
    return windowOnto(size, (offset, length) => ask({ index, offset, length }));
  });
  if (module === undefined || stdin === undefined || seed === undefined || form === undefined) throw new Error('a part of the job is missing');
  return {
    module,
    stdin,
    seed,
    data,
    args,
    env: Object.fromEntries(env),
    limits: { ...limits, gas: BigInt(limits.gas) },
    clockMs,
    ...(meterOnly && { meterOnly }),
    ...(metered && { metered: { bytes: form, exports: metered.exports, startGas: BigInt(metered.startGas) } }),
    ...(call && { call: { function: call.function, caller: new Uint8Array(Buffer.from(call.caller, 'hex')) } }),
  };
}
