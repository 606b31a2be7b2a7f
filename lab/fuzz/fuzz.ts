import type { Coverage } from './coverage.ts';
import { execute, hostileInput, type Finding, type Tally } from './execute.ts';
import { growSeeds, type Grown } from './grow-seeds.ts';
import { scalingFindings } from './scaling.ts';
import { seeded } from './seeded.ts';
import type { FuzzTarget } from './target.ts';

export type FuzzOptions = {
  /** in all, divided among the targets by their shares */
  readonly executions: number;
  readonly seed: number;
  /** inputs tried on each target first, under coverage: those that go new ways become seeds. Coverage is stopped afterwards. */
  readonly guided?: { readonly coverage: Coverage; readonly executions: number };
  /** size of the smaller input when n is compared with 2n; 0 compares none */
  readonly scalingBytes: number;
  readonly onTarget?: (row: string) => void;
};

/** A decoder that fails once fails thousands of times. */
const MAX_FINDINGS_A_TARGET = 5;

export async function fuzz(targets: readonly FuzzTarget[], options: FuzzOptions): Promise<{ readonly rows: string[]; readonly findings: Finding[] }> {
  const { executions, seed, scalingBytes, onTarget } = options;
  const shares = targets.reduce((sum, { share }) => sum + 1 / share, 0);
  const rows = ['| decoder | executions | refused | slowest, ms | ways through functions, honest → grown | seeds |', '|---|--:|--:|--:|--:|--:|'];
  const findings: Finding[] = [];
  let total = 0;
  const starts = await grow(targets, options);
  for (const [place, { target, reached, findings: early }] of starts.entries()) {
    const random = seeded(seed * 1000 + place);
    const tally: Tally = { executions: 0, refused: 0, slowestMs: 0 };
    const wanted = Math.ceil(executions / shares / target.share);
    const found: Finding[] = [...early];
    while (tally.executions < wanted && found.length < MAX_FINDINGS_A_TARGET) {
      const finding = await execute(target, hostileInput(target, random), tally);
      if (finding !== null) found.push(finding);
    }
    if (scalingBytes > 0) found.push(...(await scalingFindings(target, scalingBytes)));
    findings.push(...found);
    total += tally.executions;
    const row = `| ${target.name} | ${tally.executions} | ${tally.refused} | ${tally.slowestMs.toFixed(1)} | ${reached.honest} → ${reached.grown} | ${target.seeds.length} |`;
    rows.push(row);
    onTarget?.(found.length === 0 ? row : `${row} ${found.length} findings`);
  }
  return { rows: [...rows, `| all | ${total} | | | | |`], findings };
}

/** Under coverage everything is slow, so these executions count for nothing but what they find. */
async function grow(targets: readonly FuzzTarget[], { seed, guided }: FuzzOptions): Promise<readonly Grown[]> {
  if (guided === undefined) return targets.map((target) => ({ target, reached: { honest: 0, grown: 0 }, findings: [] }));
  await using coverage = guided.coverage;
  const grown: Grown[] = [];
  for (const [place, target] of targets.entries()) {
    const executions = Math.ceil(guided.executions / Math.sqrt(target.share));
    grown.push(await growSeeds(target, coverage, seeded(seed * 1000 + 500 + place), executions));
  }
  return grown;
}
