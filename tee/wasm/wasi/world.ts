import type { GuestJob } from '../guest-job.ts';
import { seededRandom } from '../seeded-random.ts';
import { Descriptors, stdinOf } from './descriptors.ts';
import { GuestMemory } from './guest-memory.ts';
import { Directory, ReadOnlyFile, WritableFile } from './memory-files.ts';
import { OutputBudget } from './output-budget.ts';
import type { ReadAt } from './read-at.ts';

/** All that a guest can reach: nothing here leads out of the process. */
export type World = {
  readonly memory: GuestMemory;
  readonly descriptors: Descriptors;
  readonly args: readonly Uint8Array[];
  readonly environ: readonly Uint8Array[];
  readonly random: (length: number) => Uint8Array;
  readonly stdout: WritableFile;
  readonly stderr: WritableFile;
  readonly out: Directory;
  readonly budget: OutputBudget;
  /** Unix time in ns on every clock. It moves only by what the guest itself sleeps. */
  clockNs: bigint;
  nextInode: bigint;
  /** Charges gas units; set once the guest exists. Throws GuestEnd `outOfGas`. */
  charge: (units: number) => void;
  /** What may still be spent; set together with `charge`. */
  gasLeft: () => bigint;
};

/** What a world is made of: a job as it is inside the sandbox, where all content can be read at once. */
export type WorldJob = Pick<GuestJob, 'args' | 'env' | 'clockMs' | 'seed' | 'limits'> & { readonly stdin: ReadAt; readonly data: readonly ReadAt[] };

export function createWorld(job: WorldJob): World {
  const budget = new OutputBudget(job.limits.outputBytes);
  const stdout = new WritableFile(0n, budget);
  const stderr = new WritableFile(0n, budget);
  const data = new Directory(1n, null);
  const out = new Directory(2n, budget);
  for (const [index, content] of job.data.entries()) data.mount(String(index), new ReadOnlyFile(3n + BigInt(index), content));
  const cString = (text: string): Uint8Array => new TextEncoder().encode(`${text.replaceAll('\0', '')}\0`);
  return {
    memory: new GuestMemory(),
    descriptors: new Descriptors([
      { kind: 'stdin', read: stdinOf(job.stdin) },
      { kind: 'stream', node: stdout },
      { kind: 'stream', node: stderr },
      { kind: 'directory', node: data, preopenName: '/data' },
      { kind: 'directory', node: out, preopenName: '/out' },
    ]),
    args: job.args.map(cString),
    environ: Object.entries(job.env).map(([name, value]) => cString(`${name}=${value}`)),
    random: seededRandom(job.seed),
    stdout,
    stderr,
    out,
    budget,
    clockNs: BigInt(Math.trunc(job.clockMs)) * 1_000_000n,
    nextInode: 3n + BigInt(job.data.length),
    charge: () => {},
    gasLeft: () => 0n,
  };
}
