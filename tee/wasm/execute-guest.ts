import { createHash } from 'node:crypto';
import { handlerProgram } from './component/handler-program.ts';
import { isComponent } from './component/read-component.ts';
import { readHandler } from './component/read-handler.ts';
import { BOUNDS, METER_VERSION } from './gas-schedule.ts';
import { GuestEnd } from './guest-end.ts';
import type { SandboxedJob } from './frame.ts';
import type { GuestOutcome, GuestResult, MeteredForm } from './guest-job.ts';
import { instrument } from './instrument.ts';
import { toItsEnd, type Interruptible } from './interruptible.ts';
import { encodeFormFacts } from './metered-form.ts';
import type { Program } from './program.ts';
import { Refusal, refuse } from './refusal.ts';
import { taskProgram } from './task-program.ts';
import { UnmeteredTime } from './unmetered-time.ts';
import { collectFiles } from './wasi/memory-files.ts';
import { createWorld, type World } from './wasi/world.ts';

export type Execution = Omit<GuestResult, 'isolation' | 'entropic'>;

type Ending = { readonly outcome: GuestOutcome; readonly explanation: string; readonly exitCode: number | null };

/**
 * Validates, meters and runs one job in this very process. Only ever called inside the sandbox: `runGuest` is the way in.
 *
 * Without time limit: whoever started this process ends it, or interrupts it; then the outcome is `cancelled`, with what was used until then.
 */
export function executeGuest(job: SandboxedJob, interruptible: Interruptible = toItsEnd): Execution {
  const progress: Progress = { gasUsed: () => 0n };
  let execution: Execution | undefined;
  if (interruptible(() => void (execution = execute(job, progress))) === 'done' && execution !== undefined) return execution;
  const gasUsed = clamped(progress.gasUsed(), job.limits.gas);
  return { ...withoutRun('cancelled', 'The run was ended before the program was'), gasUsed };
}

/** What a run has used up to now, for whoever ends it. */
type Progress = { gasUsed: () => bigint };

const clamped = (gas: bigint, limit: bigint): bigint => (gas < 0n ? 0n : gas > limit ? limit : gas);

function withoutRun(outcome: GuestOutcome, explanation: string): Execution {
  return {
    outcome,
    explanation,
    exitCode: null,
    gasUsed: 0n,
    stdout: new Uint8Array(0),
    stderr: new Uint8Array(0),
    out: new Map(),
    meterVersion: METER_VERSION,
    instrumentedSha256: null,
  };
}

function execute(job: SandboxedJob, progress: Progress): Execution {
  const program = programOf(job);
  if (program instanceof Refusal) return withoutRun(program.outcome, program.message);
  const metered = job.metered ?? meter(program, job.limits.memoryBytes);
  if ('outcome' in metered) return withoutRun(metered.outcome, metered.explanation);
  const instrumentedSha256 = new Uint8Array(createHash('sha256').update(metered.bytes).digest());
  if (job.meterOnly) return { ...withoutRun('ok', 'It can be run'), stdout: metered.bytes, stderr: encodeFormFacts(metered), instrumentedSha256 };

  let world = createWorld(job);
  let { ending, gasUsed } = run(job, program, metered, world, progress);
  if (ending.outcome === 'trap' || ending.outcome === 'outOfMemory') {
    // The fast form only knows that something went wrong. The exact one says what, and what it cost (see MeterMode).
    const isValid = job.metered === undefined || WebAssembly.validate(program.module as BufferSource);
    const exact = isValid ? instrument(program.module, job.limits.memoryBytes, 'exact') : null;
    world = createWorld(job);
    ({ ending, gasUsed } = run(job, program, exact?.ok && WebAssembly.validate(exact.bytes) ? exact : metered, world, progress));
  }
  const out = ending.outcome === 'ok' ? new Map(collectFiles(world.out)) : new Map<string, Uint8Array>();
  return { ...ending, gasUsed, stdout: world.stdout.content, stderr: world.stderr.content, out, meterVersion: METER_VERSION, instrumentedSha256 };
}

type Refused = { readonly outcome: 'refusedModule' | 'refusedImport' | 'outOfMemory'; readonly explanation: string };

/** The fast form of a program that may run, or why it may not. */
function meter(program: Program, memoryBytes: number): MeteredForm | Refused {
  const metered = instrument(program.module, memoryBytes);
  if (!metered.ok) return metered;
  const refusal = program.check(metered.layout);
  if (refusal !== null) return refusal;
  if (WebAssembly.validate(metered.bytes)) return { bytes: metered.bytes, exports: metered.exports, startGas: metered.startGas };
  return { outcome: 'refusedModule', explanation: 'The module cannot be metered: it is at a limit of the engine' };
}

/** @returns a Refusal, as a value, for what is neither a task nor a handler */
function programOf({ module, call, stdin, metered }: SandboxedJob): Program | Refusal {
  try {
    if (!isComponent(module)) return taskProgram(module, metered !== undefined);
    if (module.length > BOUNDS.moduleBytes) refuse(`The component is larger than ${BOUNDS.moduleBytes} bytes`);
    const input = new Uint8Array(stdin.size);
    stdin.read(0, input);
    return handlerProgram(readHandler(module), { function: call?.function ?? 'run', caller: call?.caller ?? new Uint8Array(0), input });
  } catch (error) {
    if (error instanceof Refusal) return error;
    throw error;
  }
}

function run(job: SandboxedJob, program: Program, metered: MeteredForm, world: World, progress: Progress): { ending: Ending; gasUsed: bigint } {
  const limit = job.limits.gas;
  const outOfGas: Ending = { outcome: 'outOfGas', explanation: `The program needs more than the ${limit} gas it was given`, exitCode: null };
  if (metered.startGas > limit) return { ending: outOfGas, gasUsed: limit };

  // A second run of the same costs nothing more: what was used already stays.
  const before = progress.gasUsed();
  const used = (gas: bigint): bigint => (gas > before ? gas : before);
  progress.gasUsed = () => used(metered.startGas);
  let instance: WebAssembly.Instance;
  try {
    instance = new WebAssembly.Instance(new WebAssembly.Module(metered.bytes as BufferSource), program.imports(world));
  } catch (error) {
    // Only data and element segments run here; the start function is an export now.
    return { ending: endingOf(error, false, false), gasUsed: metered.startGas };
  }
  const exported = (name: string): WebAssembly.Global<'i64'> => instance.exports[name] as unknown as WebAssembly.Global<'i64'>;
  const gas = exported(metered.exports.gas);
  const depth = instance.exports[metered.exports.depth] as WebAssembly.Global;
  const growthRefused = instance.exports[metered.exports.growthRefused] as WebAssembly.Global;
  gas.value = limit - metered.startGas;
  depth.value = BOUNDS.callStackSlots;
  world.memory.attach((instance.exports[metered.exports.memory] as WebAssembly.Memory | undefined) ?? null);
  const unmetered = new UnmeteredTime();
  world.charge = (units) => {
    unmetered.see(limit - gas.value);
    gas.value -= BigInt(units);
    if (gas.value < 0n) throw new GuestEnd(outOfGas.outcome, outOfGas.explanation);
  };

  world.gasLeft = () => gas.value;
  progress.gasUsed = () => used(unmetered.used(limit - gas.value));

  let ending: Ending = { outcome: 'ok', explanation: 'The program ended normally', exitCode: 0 };
  try {
    const start = instance.exports[metered.exports.start];
    if (typeof start === 'function') (start as () => void)();
    program.run(instance.exports, world);
  } catch (error) {
    ending = endingOf(error, Number(depth.value) < 0, growthRefused.value !== 0);
  }
  if (gas.value < 0n) return { ending: outOfGas, gasUsed: limit };
  return { ending, gasUsed: limit - gas.value };
}

function endingOf(error: unknown, depthExceeded: boolean, growthRefused: boolean): Ending {
  if (error instanceof GuestEnd) return { outcome: error.outcome, explanation: error.message, exitCode: error.exitCode };
  const stackOverflow = error instanceof RangeError && /call stack/.test(error.message); // should not come before the metered depth, but is no surprise
  if (depthExceeded || stackOverflow)
    return { outcome: 'trap', explanation: 'The program called too deep: its call stack is exhausted', exitCode: null };
  if (growthRefused)
    return { outcome: 'outOfMemory', explanation: 'The program asked for more memory than it may have, and gave up', exitCode: null };
  if (error instanceof WebAssembly.RuntimeError) return { outcome: 'trap', explanation: `The program trapped: ${error.message}`, exitCode: null };
  if (error instanceof RangeError && /memory|allocation/i.test(error.message)) {
    return { outcome: 'outOfMemory', explanation: 'The machine had not enough memory for this program', exitCode: null };
  }
  throw error;
}
