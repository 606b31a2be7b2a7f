import { fileURLToPath } from 'node:url';
import * as v from 'valibot';
import { type Child, readyLine, spawnChild } from '@tea/platform';

/** What came of a guest, as `tee/launcher/guest.ts` tells it. */
const bytes = v.pipe(
  v.string(),
  v.transform((text) => Uint8Array.fromBase64(text)),
);
const guestRun = v.looseObject({
  outcome: v.string(),
  explanation: v.string(),
  exitCode: v.nullable(v.number()),
  gasUsed: v.pipe(
    v.string(),
    v.transform((text) => BigInt(text)),
  ),
  stdout: bytes,
  stderr: bytes,
  out: v.array(v.tuple([v.string(), bytes])),
  meterVersion: v.string(),
  instrumentedSha256: v.nullable(v.string()),
  isolation: v.string(),
  entropic: v.boolean(),
});
export type GuestRun = v.InferOutput<typeof guestRun>;

export type GuestRequest = {
  readonly module: string;
  readonly function: string;
  /** Null: nothing. */
  readonly input: string | null;
  readonly data: readonly string[];
  readonly gas: bigint;
  readonly clockMs: number;
  readonly seed: Uint8Array;
  readonly caller: Uint8Array;
};

/** Some more than a guest may take: it is ended by then. */
const DEADLINE_MS = 150_000;

/** Runs a guest as the TEE would: same sandbox, meter and limits. However it ends is a value. @throws TeaError where no sandbox can be made */
export async function runGuestHere(request: GuestRequest, signal?: AbortSignal): Promise<GuestRun> {
  const { gas, seed, caller, ...rest } = request;
  await using child = await start({ op: 'run', ...rest, gas: String(gas), seed: seed.toHex(), caller: caller.toHex() }, signal);
  return await readyLine(child, guestRun, { deadlineMs: DEADLINE_MS, ...(signal && { signal }) });
}

/** Makes a component of the world `tea:guest/handler` of a core module. */
export async function wrapHandlerFile(module: string, out: string, signal?: AbortSignal): Promise<void> {
  await using child = await start({ op: 'wrap', module, out }, signal);
  await readyLine(child, v.strictObject({ bytes: v.number() }), { deadlineMs: 30_000, ...(signal && { signal }) });
}

function start(startLine: unknown, signal: AbortSignal | undefined): Promise<Child> {
  const program = fileURLToPath(new URL('../../../tee/launcher/guest.ts', import.meta.url));
  return spawnChild({ name: 'guest', command: process.execPath, args: [program], startLine, ...(signal && { signal }) });
}
