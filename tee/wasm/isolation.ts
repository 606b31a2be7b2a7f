import { TeaError } from '@tea/protocol';
import type { GuestLimits, IsolationLevel, RunGuestOptions } from './guest-job.ts';
import { defaultRunner, findTool, probeNamespaces, type SandboxOptions } from './sandbox.ts';

/** RLIMIT_DATA counts what may be written, touched or not: Node alone has 730 MiB of it, most of it V8's code range and thread stacks. */
const RUNNER_BYTES = 1152 * 1024 * 1024;

const probes = new Map<string, Promise<void>>();

/** Fails closed: without namespaces nothing runs, unless the caller said that a process of its own is enough. */
export async function chooseIsolation(
  limits: Omit<GuestLimits, 'gas'>,
  inputBytes: number,
  options: RunGuestOptions,
): Promise<{ isolation: IsolationLevel; sandbox: SandboxOptions }> {
  const common = {
    runnerPath: options.runnerPath ?? (options.runnerSource === undefined ? defaultRunner() : ''),
    ...(options.runnerSource && { runnerSource: options.runnerSource }),
    nodePath: options.nodePath ?? process.execPath,
    prlimitPath: findTool('prlimit', 'util-linux'),
    processMemoryBytes: RUNNER_BYTES + 2 * inputBytes + limits.memoryBytes + 4 * limits.outputBytes,
    cpuSeconds: 2 * Math.ceil(limits.wallMs / 1000) + 2,
    waits: false,
    nodeFlags: options.nodeFlags ?? [],
  };
  try {
    const sandbox = { ...common, isolation: 'namespaces+seccomp', bwrapPath: options.bwrapPath ?? findTool('bwrap', 'bubblewrap') } as const;
    const key = `${sandbox.bwrapPath}\n${sandbox.nodePath}\n${sandbox.runnerPath}`;
    const probe = probes.get(key) ?? probeNamespaces(sandbox);
    probes.set(key, probe);
    await probe;
    return { isolation: 'namespaces+seccomp', sandbox };
  } catch (error) {
    if (!options.allowProcessIsolation || options.runnerSource !== undefined || !(error instanceof TeaError)) throw error;
    return { isolation: 'process', sandbox: { ...common, isolation: 'process', bwrapPath: '' } };
  }
}
