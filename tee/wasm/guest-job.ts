/**
 * One run of a stranger's program: what goes in, what bounds it, what comes out. Everything a receipt states about a run is in here.
 */

import type { ContentReader } from '@tea/protocol';
import type { SandboxPool } from './sandbox-pool.ts';

export type GuestLimits = {
  /** Units of the gas schedule (`gas-schedule.ts`) the run may spend, start function included. */
  readonly gas: bigint;
  /** Ceiling of the guest's linear memory; rounded down to whole 64 KiB pages. */
  readonly memoryBytes: number;
  /** Ceiling of stdout, stderr and all files of `/out` together. */
  readonly outputBytes: number;
  /** From the start of the sandbox to its end. Not deterministic: gas should end a run first. */
  readonly wallMs: number;
};

/** What every errand's guest may have, besides its gas: in the TEE, and on the machine of whoever writes it. */
export const GUEST_LIMITS = { memoryBytes: 512 * 1024 * 1024, outputBytes: 64 * 1024 * 1024, wallMs: 120_000 } as const;

/** What a component of the world `tea:guest/handler` is called with. */
export type GuestCall = { readonly function: string; readonly caller: Uint8Array; readonly input: Uint8Array };

/** Bytes that are held, or content that the sandbox asks for piece by piece, which is nowhere held whole. A guest can't tell one from the other. */
export type GuestInput = Uint8Array | ContentReader;

/** A program's module as it is run: metered, and limited in memory. It depends on the module, the meter's version and the limit of memory alone. */
export type MeteredForm = {
  readonly bytes: Uint8Array;
  /** Under which names the host finds what the meter added. */
  readonly exports: Readonly<Record<'gas' | 'depth' | 'growthRefused' | 'start' | 'memory', string>>;
  /** Charged before anything runs. */
  readonly startGas: bigint;
};

export type GuestJob = {
  /** A WASI preview 1 command, or a component of the world `tea:guest/handler` (`tee/wit/`). */
  readonly module: Uint8Array;
  /** Whether everybody may have the module: then its metered form may be kept for its next run (`meter-cache.ts`). */
  readonly isPublic?: boolean;
  /** Kept from an earlier run of the same module. It is run instead of being made again, and gives the same. */
  readonly metered?: MeteredForm;
  /** Only checks and meters the module: the form's bytes are stdout then, the rest of it is stderr. */
  readonly meterOnly?: true;
  /** As WASI hands them over, so `args[0]` is the program's own name. */
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  /** A component takes this as the input of its call, and then whole. */
  readonly stdin: GuestInput;
  /** Of a component: which function is called, and by whom. By default `run`, by nobody. A command doesn't see it. */
  readonly call?: Omit<GuestCall, 'input'>;
  /** Mounted read-only as `/data/0`, `/data/1`, … */
  readonly data: readonly GuestInput[];
  readonly limits: GuestLimits;
  /** Unix time in ms that every clock of the guest shows, unmoving. */
  readonly clockMs: number;
  /** 32 bytes from which all of the guest's randomness is derived, unless it is entropic (`entropic.ts`): then bytes nobody knew before are. */
  readonly seed: Uint8Array;
};

export const GUEST_OUTCOMES = [
  'ok',
  'trap',
  'outOfGas',
  'outOfMemory',
  'outOfTime',
  'outputTooLarge',
  'refusedModule',
  'refusedImport',
  'cancelled',
] as const;

export type GuestOutcome = (typeof GUEST_OUTCOMES)[number];

/**
 * What stood between the guest and the machine: `namespaces+seccomp` is a fresh bubblewrap with its own namespaces, a system-call allowlist,
 * rlimits and Node's permission model; `process` is a fresh process with the last two only, enough for code one trusts.
 */
export type IsolationLevel = 'namespaces+seccomp' | 'process';

export type GuestResult = {
  readonly outcome: GuestOutcome;
  /** A sentence for a person. */
  readonly explanation: string;
  /** What the guest passed to `proc_exit`, 0 when `_start` returned; of a component 1 when it answered with an error, else 0; null when it did not end by itself. */
  readonly exitCode: number | null;
  readonly gasUsed: bigint;
  /** Of a component: the answer, or the error's text. */
  readonly stdout: Uint8Array;
  readonly stderr: Uint8Array;
  /** Files under `/out` by path relative to it, in byte order of their names. Empty unless the outcome is `ok`. */
  readonly out: ReadonlyMap<string, Uint8Array>;
  readonly meterVersion: string;
  /** Digest of the module as it ran; null when it was refused before. */
  readonly instrumentedSha256: Uint8Array | null;
  readonly isolation: IsolationLevel;
  /** Whether its randomness was the machine's, and not the seed's. */
  readonly entropic: boolean;
};

export type RunGuestOptions = {
  readonly signal?: AbortSignal;
  /** Where a sandbox may wait that has been started already. */
  readonly pool?: SandboxPool;
  /** Run with `process` isolation where the kernel or container refuses namespaces, instead of refusing to run. Default false: fail closed. */
  readonly allowProcessIsolation?: boolean;
  /** The guest runner: the `.ts` beside this file by default, or one bundled `.mjs`. */
  readonly runnerPath?: string;
  /** One bundled runner, handed over in memory: nobody who can write to the disk gets to change what runs with the guest's data. */
  readonly runnerSource?: Uint8Array;
  /** The Node that runs it; `process.execPath` by default. */
  readonly nodePath?: string;
  /** The bubblewrap program; `bwrap` found on PATH by default. */
  readonly bwrapPath?: string;
  /** More flags for Node and V8, e.g. `--liftoff-only`. They must not weaken anything. */
  readonly nodeFlags?: readonly string[];
};
