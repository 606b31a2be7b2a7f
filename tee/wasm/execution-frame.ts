import type { Execution } from './execute-guest.ts';
import { decodeFrame, encodeFrame } from './frame.ts';
import { GUEST_OUTCOMES, type GuestOutcome } from './guest-job.ts';

const MAX_HEADER_BYTES = 64 * 1024;

export function encodeExecution(execution: Execution): Uint8Array[] {
  const { outcome, explanation, exitCode, gasUsed, meterVersion, stdout, stderr, instrumentedSha256, out } = execution;
  const names = [...out.keys()].map((name) => new TextEncoder().encode(name));
  const header = { outcome, explanation, exitCode, gasUsed: String(gasUsed), meterVersion, files: names.length };
  return encodeFrame(header, [stdout, stderr, instrumentedSha256 ?? new Uint8Array(0), ...names, ...out.values()]);
}

/** The most bytes a result of these limits can take: file names are part of the output budget, and every file is charged 64 bytes. */
export function maxExecutionBytes(outputBytes: number): number {
  return MAX_HEADER_BYTES + 2 * outputBytes;
}

/** Reads what came out of a sandbox, as hostile bytes. @throws Error when it is not what `encodeExecution` writes */
export function decodeExecution(bytes: Uint8Array, limits: { readonly gas: bigint; readonly outputBytes: number }): Execution {
  const { header, blobs } = decodeFrame(bytes, MAX_HEADER_BYTES + limits.outputBytes);
  const { outcome, explanation, exitCode, gasUsed, meterVersion, files } = header;
  const [stdout, stderr, digest, ...rest] = blobs.map((blob) => blob.slice());
  if (stdout === undefined || stderr === undefined || digest === undefined) throw new Error('a part is missing');
  if (typeof files !== 'number' || rest.length !== files * 2) throw new Error('names and files differ in number');
  if (typeof explanation !== 'string' || explanation.length > 1000) throw new Error('no explanation');
  if (typeof meterVersion !== 'string' || meterVersion.length > 100) throw new Error('no meter version');
  if (exitCode !== null && (typeof exitCode !== 'number' || !Number.isSafeInteger(exitCode))) throw new Error('no exit code');
  if (typeof gasUsed !== 'string' || !/^\d{1,20}$/.test(gasUsed) || BigInt(gasUsed) > limits.gas) throw new Error('impossible gas');
  if (digest.length !== 0 && digest.length !== 32) throw new Error('no digest');
  const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
  const out = new Map(rest.slice(0, files).map((name, index) => [decoder.decode(name), rest[files + index] ?? new Uint8Array(0)] as const));
  for (const name of out.keys()) if (!isPlainPath(name)) throw new Error('a file name leads elsewhere');
  if (stdout.length + stderr.length + [...out.values()].reduce((sum, file) => sum + file.length, 0) > limits.outputBytes)
    throw new Error('too much output');
  return {
    outcome: GUEST_OUTCOMES.find((known): known is GuestOutcome => known === outcome) ?? unknownOutcome(),
    explanation,
    exitCode,
    gasUsed: BigInt(gasUsed),
    stdout,
    stderr,
    out,
    meterVersion,
    instrumentedSha256: digest.length === 0 ? null : digest,
  };
}

/** Relative, below /out, and without anything that would climb out when a careless reader writes it to a disk. */
function isPlainPath(path: string): boolean {
  return !path.includes('\0') && path.split('/').every((part) => part !== '' && part !== '.' && part !== '..');
}

function unknownOutcome(): never {
  throw new Error('unknown outcome');
}
