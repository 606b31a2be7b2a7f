import { fileURLToPath } from 'node:url';
import { join } from 'node:path';
import * as v from 'valibot';
import { decodeReferenceValues, TeaError, type ImageReleaseIdentity, type NatsCredentials, type ReferenceValues } from '@tea/protocol';
import { type Child, describeExit, readyLine, spawnChild } from '@tea/platform';

/** The processes of one node on this machine, started as children and never imported: an untrusted host, and a TEE in process mode. */
export type Host = AsyncDisposable & {
  readonly child: Child;
  readonly credentials: Readonly<Record<'tee' | 'client' | 'probe', NatsCredentials>>;
  readonly nats: { readonly port: number; readonly pid: number };
  /** Where clients of other machines come in, if they may. */
  readonly web: { readonly url: string; readonly linkUrl: string } | null;
};

export type Tee = AsyncDisposable & { readonly child: Child; readonly node: Uint8Array; readonly account: Uint8Array; readonly pid: number };

/** Where the ledger is: executed by the host itself, in a real node that is started beside it, or in one that runs already. */
export type ChainChoice = { readonly kind: 'embedded' } | { readonly kind: 'node' } | { readonly kind: 'ws'; readonly url: string };

export type StartHostOptions = {
  readonly stateDir: string;
  /** Default embedded. */
  readonly chain?: Exclude<ChainChoice, { readonly kind: 'node' }>;
  readonly blockTimeMs?: number;
  /** Where the web adapter listens; without it there is none. */
  readonly web?: { readonly host: string; readonly port: number } | undefined;
  readonly signal?: AbortSignal;
};

/** A character device, and DER of the CAs above its EK certificate that the TPM does not hold itself. */
export type TpmDevice = { readonly device: string; readonly authorities: readonly Uint8Array[] };

export type StartTeeOptions = {
  readonly stateDir: string;
  readonly credentials: NatsCredentials;
  /** The EFI binary of a whole machine, to run in a virtual one. Without it the TEE is a process of this machine. */
  readonly image?: string | undefined;
  /** `encodeImageRelease`: lets this TEE go on with the state of the one it replaces. */
  readonly imageRelease?: Uint8Array | undefined;
  /** The chain that this TEE is to serve; any other is refused. */
  readonly genesis?: Uint8Array | undefined;
  /** Hears what the TEE and its launcher say to their operator, in pieces. */
  readonly onLog?: ((text: string) => void) | undefined;
  /** A TPM that is there, instead of a simulator. */
  readonly tpm?: TpmDevice | undefined;
  /** Which EK to show where a TPM has certificates of several. */
  readonly endorsementKey?: 'rsa' | 'ecc' | undefined;
  /** How long the first of several receipts waits for others to share its quote. */
  readonly receiptGatherMs?: number | undefined;
  readonly signal?: AbortSignal;
};

const credentials = v.strictObject({
  servers: v.array(v.string()),
  user: v.picklist(['gateway', 'ipfs', 'tee', 'client', 'probe']),
  pass: v.string(),
  inboxPrefix: v.string(),
});
const port = v.pipe(v.number(), v.integer(), v.minValue(1));
const hostReady = v.strictObject({
  tee: credentials,
  client: credentials,
  probe: credentials,
  natsPort: port,
  natsPid: port,
  web: v.nullable(v.strictObject({ url: v.string(), linkUrl: v.string() })),
});
const hex32 = v.pipe(v.string(), v.length(64), v.hexadecimal());
const nodeReady = v.strictObject({ url: v.string(), pid: port });
const teeReady = v.strictObject({ node: hex32, account: hex32, pid: port });

/** @throws TeaError with what the host process said when it could not start */
export async function startHost({ stateDir, chain, blockTimeMs = 1_000, web: webPlace, signal }: StartHostOptions): Promise<Host> {
  const settings = { dataDir: join(stateDir, 'host'), preset: 'development', blockTimeMs, chain, web: webPlace };
  // Not stopped by the signal itself: the TEE, which is, still hands vouchers in, and goes first.
  const child = await startRoom('host', 'host/main/main.ts', settings, undefined);
  const { natsPort, natsPid, web, ...users } = await readyOrStop(child, hostReady, signal);
  return { child, credentials: users, nats: { port: natsPort, pid: natsPid }, web, [Symbol.asyncDispose]: () => child[Symbol.asyncDispose]() };
}

/** A real node, the only validator of a network of its own. @throws TeaError with what it said, e.g. that none was built yet */
export async function startChainNode({ stateDir, signal }: { readonly stateDir: string; readonly signal?: AbortSignal }) {
  const child = await startRoom(
    'node',
    'host/layer1/node/run-node.ts',
    { dataDir: join(stateDir, 'node'), cacheHome: process.env['XDG_CACHE_HOME'] },
    signal,
  );
  const { url, pid } = await readyOrStop(child, nodeReady, signal);
  return { url, pid, [Symbol.asyncDispose]: () => child[Symbol.asyncDispose]() };
}

/**
 * Starts a TEE: a process that swtpm's launcher measures, or a virtual machine whose firmware measures its image. The private part of a TEE is nobody's
 * business: only names come back.
 */
export async function startTee({
  stateDir,
  credentials: nats,
  image,
  imageRelease,
  genesis,
  receiptGatherMs,
  tpm,
  endorsementKey,
  onLog,
  signal,
}: StartTeeOptions): Promise<Tee> {
  const shared = { nats, imageRelease: imageRelease?.toBase64(), genesis: genesis?.toHex(), receiptGatherMs };
  const child =
    image === undefined
      ? await startRoom(
          'tee',
          'tee/launcher/main.ts',
          {
            ...shared,
            stateDir: join(stateDir, 'tee'),
            endorsementKey,
            tpm: tpm && { device: tpm.device, authorities: tpm.authorities.map((der) => der.toBase64()) },
          },
          signal,
          onLog,
        )
      : await startRoom('machine', 'tee/kernel/main.ts', { ...shared, stateDir: join(stateDir, 'machine'), image }, signal, onLog);
  const { node, account, pid } = await readyOrStop(child, teeReady, signal, image === undefined ? undefined : MACHINE_DEADLINE_MS);
  return {
    child,
    node: Uint8Array.fromHex(node),
    account: Uint8Array.fromHex(account),
    pid,
    [Symbol.asyncDispose]: () => child[Symbol.asyncDispose](),
  };
}

/**
 * What the TEE of this checkout must measure as, computed by the same build that the launcher runs.
 * @param release what the image is built with, where a release key stands for it
 */
export async function localReferenceValues(signal?: AbortSignal, release?: ImageReleaseIdentity): Promise<ReferenceValues> {
  const settings = release ? { imageRelease: { key: release.key.toBase64(), issue: release.issue } } : {};
  await using child = await startRoom('reference values', 'tee/launcher/reference-values.ts', settings, signal);
  const text = (await Array.fromAsync(child.stdout, String)).join('').trim();
  const exit = await child.exited;
  if (exit.kind !== 'exited' || exit.code !== 0) {
    throw new TeaError('internal', 'The reference values of this checkout could not be computed', {
      actual: `${describeExit(exit)}: ${child.stderrTail().trim()}`,
    });
  }
  return decodeReferenceValues(Uint8Array.fromBase64(text, { alphabet: 'base64url' }));
}

const base64Values = v.pipe(
  v.string(),
  v.transform((text) => decodeReferenceValues(Uint8Array.fromBase64(text))),
);
const builtImage = v.strictObject({ sha256: hex32, sizeBytes: port, referenceValues: base64Values });
const measuredImage = v.strictObject({ referenceValues: base64Values, pcrs: v.array(v.strictObject({ index: v.number(), digest: hex32 })) });

export type BuildImageRequest = {
  readonly out: string;
  /** Where to write what is in the image, as CycloneDX. */
  readonly billOfMaterials?: string | undefined;
  readonly release?: ImageReleaseIdentity | undefined;
};

/**
 * Builds the image of this checkout: minutes at first, for a kernel; seconds afterwards.
 * @param say hears what it is at
 * @returns its digest, and what a machine that boots it must measure
 * @throws TeaError with what the builder said, e.g. that a tool is missing
 */
export async function buildMachineImage({ out, billOfMaterials, release }: BuildImageRequest, say: (words: string) => void, signal?: AbortSignal) {
  const settings = { out, billOfMaterials, ...(release && { imageRelease: { key: release.key.toBase64(), issue: release.issue } }) };
  await using child = await startRoom('image', 'tee/kernel/build.ts', settings, signal, say);
  return await readyLine(child, builtImage, { deadlineMs: IMAGE_DEADLINE_MS, ...(signal && { signal }) });
}

/** What a machine must measure that boots this image, without booting it. @throws TeaError when it is no image */
export async function measureMachineImage(image: string, signal?: AbortSignal) {
  await using child = await startRoom('image', 'tee/kernel/measure.ts', { image }, signal);
  return await readyLine(child, measuredImage, { ...(signal && { signal }) });
}

/** A kernel compiles in some five minutes of an idle machine; a busy one takes longer. */
const IMAGE_DEADLINE_MS = 3_600_000;

export type ChainHistoryTask =
  | { readonly op: 'export'; readonly dataDir: string }
  | { readonly op: 'import'; readonly dataDir: string; readonly file: string };

/**
 * Starts the host's program that exports or imports a chain; what it says is on `stdout`.
 * @returns with `ended`, which throws TeaError `refused` with what it said when it failed
 */
export async function startChainHistory(
  task: ChainHistoryTask,
  signal: AbortSignal | undefined,
): Promise<AsyncDisposable & Pick<Child, 'stdout'> & { readonly ended: () => Promise<void> }> {
  const child = await startRoom('chain history', 'host/main/chain-history.ts', task, signal);
  return {
    stdout: child.stdout,
    async ended() {
      const exit = await child.exited;
      if (exit.kind === 'exited' && exit.code === 0) return;
      throw new TeaError('refused', `The ${task.op} did not come to its end`, { actual: child.stderrTail().trim() || describeExit(exit) });
    },
    [Symbol.asyncDispose]: () => child[Symbol.asyncDispose](),
  };
}

function startRoom(
  name: string,
  entry: string,
  startLine: unknown,
  signal: AbortSignal | undefined,
  onStderr?: (text: string) => void,
): Promise<Child> {
  const path = fileURLToPath(new URL(`../../${entry}`, import.meta.url));
  return spawnChild({
    name,
    command: process.execPath,
    args: [path],
    ...(startLine !== undefined && { startLine }),
    ...(signal && { signal }),
    ...(onStderr && { onStderr }),
  });
}

/** Longer than the machine's launcher waits for it to boot. */
const MACHINE_DEADLINE_MS = 200_000;

async function readyOrStop<const S extends v.GenericSchema>(
  child: Child,
  schema: S,
  signal: AbortSignal | undefined,
  deadlineMs = 30_000,
): Promise<v.InferOutput<S>> {
  try {
    return await readyLine(child, schema, { deadlineMs, ...(signal && { signal }) });
  } catch (error) {
    await child[Symbol.asyncDispose]();
    throw error;
  }
}
