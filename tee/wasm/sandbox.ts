import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { accessSync, constants, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Duplex } from 'node:stream';
import { promisify } from 'node:util';
import { TeaError } from '@tea/protocol';
import { CONTENT_FD } from './content-requests.ts';
import type { IsolationLevel } from './guest-job.ts';
import { seccompProgram } from './seccomp.ts';
import { SECCOMP_ARCHES } from './seccomp-allowlist.ts';

export type SandboxOptions = {
  readonly isolation: IsolationLevel;
  readonly runnerPath: string;
  /** Runs instead of what lies at `runnerPath`, and lies on no disk. Needs namespaces. */
  readonly runnerSource?: Uint8Array;
  readonly nodePath: string;
  readonly bwrapPath: string;
  readonly prlimitPath: string;
  /** Private writable memory of the whole process: RLIMIT_DATA. */
  readonly processMemoryBytes: number;
  readonly cpuSeconds: number;
  /** Whether it will wait for its job, and should have its own code compiled by then. */
  readonly waits: boolean;
  /** More flags for Node, e.g. to force one of V8's compilers in a test. */
  readonly nodeFlags: readonly string[];
};

/** Argument of the runner: run a program of our own before the job is there. */
export const WARM_UP = '--warm-up';

/** The sources beside this file, as long as it is none of a bundle. */
export const defaultRunner = (): string => fileURLToPath(new URL('./guest-runner.ts', import.meta.url));

/** V8's stack, far beyond what BOUNDS.callStackSlots lets a guest use, so that the deterministic limit is always the one met first. */
const STACK_BYTES = 64 * 1024 * 1024;
/** V8 reserves some 10 GiB of address space for each wasm memory, and that must succeed; what is really used is bounded by RLIMIT_DATA. */
const ADDRESS_SPACE_BYTES = 64 * 1024 ** 3;

/** Starts the runner in a fresh sandbox: job to its stdin, result from its stdout, content it asks for at `CONTENT_FD`, nothing else in or out. */
export async function spawnSandbox(options: SandboxOptions): Promise<ChildProcess> {
  if (options.isolation === 'process') {
    // bubblewrap ties its child to us; here setpriv does.
    const args = ['--pdeathsig', 'KILL', '--', ...limitedNode(options, options.prlimitPath, options.nodePath, options.runnerPath)];
    const stdio = ['pipe', 'pipe', 'pipe', 'ignore', 'ignore', 'pipe'] as const;
    return heardOut(spawn(nice(), [...NICE, findTool('setpriv', 'util-linux'), ...args], { stdio: [...stdio], env: {}, cwd: '/' }));
  }
  const args = [...(await bubblewrapFlags(options)), '--', ...limitedNode(options, '/guest/prlimit', '/guest/node', insidePath(options))];
  // A session of its own: no terminal to write to, and on Linux a group of its own for the scheduler.
  const stdio = ['pipe', 'pipe', 'pipe', 'pipe', 'pipe', 'pipe'] as const;
  const child = spawn(nice(), [...NICE, options.bwrapPath, ...args], { stdio: [...stdio], env: {}, cwd: '/', detached: true });
  yieldProcessor(child);
  feed(child, FILTER_FD, seccompProgram(seccompArch()));
  feed(child, RUNNER_FD, options.runnerSource ?? new Uint8Array());
  return heardOut(child);
}

/** A sandbox that dies while it asks for content breaks that pipe: its exit tells. */
function heardOut(child: ChildProcess): ChildProcess {
  const asking = (child.stdio as readonly unknown[])[CONTENT_FD];
  if (asking instanceof Duplex) asking.on('error', () => {});
  return child;
}

/** A guest computes when nobody else wants the processor: against the runtime it has a third of the weight (sched(7), "nice value"). */
const NICENESS = 5;
const NICE = ['-n', String(NICENESS), '--'];
const nice = (): string => findTool('nice', 'coreutils');

/** Where the scheduler divides between sessions first (sched(7), "The autogroup feature"), niceness counts inside of one only: the session gets it too. */
function yieldProcessor({ pid }: ChildProcess): void {
  try {
    if (pid !== undefined) writeFileSync(`/proc/${pid}/autogroup`, String(NICENESS));
  } catch {
    // No such division here, or one change too many at a time: then the guest competes on equal terms, and is bounded as ever.
  }
}

/** What bubblewrap reads besides its arguments. */
const FILTER_FD = 3;
const RUNNER_FD = 4;

function feed(child: ChildProcess, fd: typeof FILTER_FD | typeof RUNNER_FD, bytes: Uint8Array): void {
  const pipe = child.stdio[fd];
  if (pipe === null || pipe === undefined || !('end' in pipe)) return;
  pipe.on('error', () => {}); // bubblewrap died before reading it: its exit tells
  pipe.end(bytes);
}

/**
 * Ends a sandbox at once; `close` follows. Our ends of its pipes go too: if bubblewrap dies before it has tied the inside to itself, the inside
 * finds no job and nobody to answer to, and ends by that.
 */
export function killSandbox(child: ChildProcess): void {
  child.kill('SIGKILL');
  for (const stream of child.stdio) stream?.destroy();
}

/**
 * Asks a sandbox's runner to end its guest and to say what it used: SIGINT to the innermost process, which is Node once it runs.
 * @returns false when there is none to ask
 */
export function interruptSandbox(child: ChildProcess): boolean {
  try {
    return process.kill(innermost(child.pid ?? 0), 'SIGINT');
  } catch {
    return false; // it is gone
  }
}

/** bubblewrap has one child, which has one. */
function innermost(pid: number): number {
  const child = childOf(pid);
  return child === null ? pid : innermost(child);
}

/** proc(5): /proc/PID/task/TID/children, which a kernel may be built without, and else the fourth field of each /proc/PID/stat, after the name in parentheses. */
export function childOf(pid: number, kernelListsChildren = true): number | null {
  if (kernelListsChildren) {
    try {
      const [child] = readFileSync(`/proc/${pid}/task/${pid}/children`, 'latin1').trim().split(' ');
      return child ? Number(child) : null;
    } catch {
      // This kernel doesn't, or the process is gone.
    }
  }
  for (const other of readdirSync('/proc')) {
    try {
      if (/^\d+$/.test(other) && Number(/\) \S (\d+)/.exec(readFileSync(`/proc/${other}/stat`, 'latin1'))?.[1]) === pid) return Number(other);
    } catch {
      continue; // it ended meanwhile
    }
  }
  return null;
}

/** @throws TeaError `refused` when the kernel or container denies bubblewrap its namespaces. */
export async function probeNamespaces(options: SandboxOptions): Promise<void> {
  const child = await spawnSandbox({ ...options, nodeFlags: ['--version'] });
  const stderr: Buffer[] = [];
  child.stderr?.on('data', (chunk: Buffer) => stderr.push(chunk));
  child.stdout?.resume();
  child.stdin?.on('error', () => {}).end();
  const code = await new Promise<number | null>((resolve, reject) => {
    child.on('error', reject);
    child.on('close', resolve);
  });
  if (code === 0) return;
  throw new TeaError('refused', 'This machine does not let us make a sandbox for guests', {
    expected: 'bubblewrap to start a process in its own namespaces with a system-call filter',
    actual: Buffer.concat(stderr).toString('utf8').trim().slice(0, 500) || `exit code ${code}`,
    next:
      'allow unprivileged user namespaces (in a container: --security-opt seccomp=unconfined --security-opt apparmor=unconfined, or --privileged), or allow ' +
      'process isolation for code you trust',
  });
}

/** @throws TeaError `missingTool` */
export function findTool(name: string, packageName: string): string {
  for (const directory of [...(process.env['PATH'] ?? '').split(delimiter), '/usr/bin', '/bin']) {
    const path = join(directory, name);
    try {
      accessSync(path, constants.X_OK);
      return path;
    } catch {
      continue;
    }
  }
  throw new TeaError('missingTool', `${name} is not installed`, {
    expected: `${name} on PATH`,
    actual: 'nothing',
    next: `install the package ${packageName}`,
  });
}

function insidePath({ runnerSource, runnerPath }: SandboxOptions): string {
  return runnerSource === undefined ? `/guest/runner/${basename(runnerPath)}` : '/guest/runner/guest-runner.mjs';
}

/** The sources run by type stripping need their siblings; a bundle needs nobody. */
function runnerFlags(options: SandboxOptions): string[] {
  const { runnerSource, runnerPath } = options;
  if (runnerSource !== undefined) return ['--ro-bind-data', String(RUNNER_FD), insidePath(options)];
  return runnerPath.endsWith('.mjs') ? ['--ro-bind', runnerPath, insidePath(options)] : ['--ro-bind', dirname(runnerPath), '/guest/runner'];
}

function limitedNode(options: SandboxOptions, prlimit: string, node: string, runner: string): string[] {
  const limits = [
    `--as=${ADDRESS_SPACE_BYTES}`,
    `--data=${options.processMemoryBytes}`,
    `--stack=${STACK_BYTES}`,
    `--cpu=${options.cpuSeconds}`,
    '--core=0',
    '--nofile=64',
    '--fsize=0',
    // Counted for the user inside the namespace; outside it the user's other processes would count too.
    ...(options.isolation === 'process' ? [] : ['--nproc=64']),
  ];
  const flags = [
    '--permission',
    `--allow-fs-read=${dirname(runner)}/*`,
    '--disable-proto=throw',
    '--disable-warning=ExperimentalWarning',
    '--v8-pool-size=2',
    `--stack-size=${Math.floor(STACK_BYTES / 1024) - 2048}`,
    '--max-old-space-size=256',
    ...options.nodeFlags,
  ];
  return [prlimit, ...limits, node, ...flags, runner, ...(options.waits ? [WARM_UP] : [])];
}

async function bubblewrapFlags(options: SandboxOptions): Promise<string[]> {
  const libraries = new Set([...(await sharedLibraries(options.nodePath)), ...(await sharedLibraries(options.prlimitPath))]);
  return [
    '--unshare-user',
    '--unshare-ipc',
    '--unshare-pid',
    '--unshare-net',
    '--unshare-uts',
    '--unshare-cgroup-try',
    '--uid',
    '65534',
    '--gid',
    '65534',
    '--hostname',
    'guest',
    '--die-with-parent',
    '--clearenv',
    '--cap-drop',
    'ALL',
    '--seccomp',
    String(FILTER_FD),
    '--chdir',
    '/',
    '--ro-bind',
    options.nodePath,
    '/guest/node',
    '--ro-bind',
    options.prlimitPath,
    '/guest/prlimit',
    ...runnerFlags(options),
    ...Array.from(libraries, (path) => ['--ro-bind', path, path]).flat(),
    '--remount-ro',
    '/',
  ];
}

const libraryLists = new Map<string, Promise<readonly string[]>>();

/** The shared libraries of a program with its loader, as the loader itself lists them (ld.so(8), LD_TRACE_LOADED_OBJECTS). */
function sharedLibraries(program: string): Promise<readonly string[]> {
  const known = libraryLists.get(program);
  if (known !== undefined) return known;
  const listed = promisify(execFile)(program, [], { env: { LD_TRACE_LOADED_OBJECTS: '1' }, timeout: 10_000 }).then(({ stdout }) =>
    stdout.split('\n').flatMap((line) => /(?:=> |^\s*)(\/\S+)/.exec(line)?.[1] ?? []),
  );
  libraryLists.set(program, listed);
  return listed;
}

function seccompArch(): NonNullable<(typeof SECCOMP_ARCHES)[NodeJS.Architecture]> {
  const arch = SECCOMP_ARCHES[process.arch];
  if (arch !== undefined) return arch;
  throw new TeaError('refused', 'There is no system-call filter for this processor', {
    expected: 'x64 or arm64',
    actual: process.arch,
    next: 'allow process isolation for code you trust',
  });
}
