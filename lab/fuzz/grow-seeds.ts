import type { Coverage } from './coverage.ts';
import { execute, hostileInput, type Finding, type Tally } from './execute.ts';
import type { Seeded } from './seeded.ts';
import type { FuzzTarget } from './target.ts';

/** Longer inputs reach the same code more slowly. */
const MAX_SEED_BYTES = 64 << 10;
const MAX_SEEDS = 500;

export type Grown = {
  readonly target: FuzzTarget;
  readonly reached: { readonly honest: number; readonly grown: number };
  readonly findings: Finding[];
};

/**
 * Guided by coverage: changes inputs, and keeps as further seeds those that went a way through some function that none before them did.
 * @param executions how many inputs to try; each costs some milliseconds, since coverage is asked for after it
 * @returns the target with the seeds it grew
 */
export async function growSeeds(target: FuzzTarget, coverage: Coverage, random: Seeded, executions: number): Promise<Grown> {
  const tally: Tally = { executions: 0, refused: 0, slowestMs: 0 };
  const [first, ...others] = target.seeds;
  const seeds: [Uint8Array, ...Uint8Array[]] = [first, ...others];
  const grown: FuzzTarget = { ...target, seeds };
  const reached = new Set<string>();
  const findings: Finding[] = [];
  const reachesMore = async (input: Uint8Array): Promise<boolean> => {
    const finding = await execute(target, input, tally);
    if (finding !== null) findings.push(finding);
    const before = reached.size;
    for (const way of await coverage.take()) reached.add(way);
    return reached.size > before;
  };
  await coverage.take(); // what ran until now
  for (const seed of target.seeds) await reachesMore(seed);
  const honest = reached.size;
  for (let count = 0; count < executions && findings.length === 0; count++) {
    const from = random.below(2) === 0 ? grown : { ...target, seeds: [seeds.at(-1) ?? first] as const }; // what was found last leads on most often
    const input = hostileInput(from, random);
    if ((await reachesMore(input)) && input.length <= MAX_SEED_BYTES && seeds.length < MAX_SEEDS) seeds.push(input);
  }
  return { target: grown, reached: { honest, grown: reached.size }, findings };
}
