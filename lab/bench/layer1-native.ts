import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { findTool } from '@tea/platform';

/**
 * The ledger's rules as a native program, measured by the runtime's own tests `pace` and `weights` (host/layer1/runtime/src/tests), which cargo builds with
 * optimisations: four minutes when nothing is there yet, seconds after. Left out, with a word on standard error, where there is no cargo or nothing it can build.
 */
export type Row = (id: string, value: number, unit: string, comparedTo: string, goal: string, holds: boolean) => void;

const WORKSPACE = join(import.meta.dirname, '../../host/layer1');
/** A block of production's six seconds computes two, three quarters of them for whoever pays. */
const PAID_SECONDS = 1.5;
const ERRANDS_IN_A_BLOCK = 200;

export function measureNative(row: Row): void {
  const printed = runTests();
  if (printed === null) return;
  const pace = new Map(Array.from(printed.matchAll(/pace (\S+) ([\d.]+)$/gm), ([, name = '', value]) => [name, Number(value)] as const));
  const of = (name: string): number => pace.get(name) ?? Number.NaN;

  const perSecond = of('errand.errandsPerSecond');
  const perSecondGoal = ERRANDS_IN_A_BLOCK / PAID_SECONDS;
  const whole = 'nine calls and three claims an errand, signed, in blocks with their roots, state in memory';
  row('layer1.nativeExtrinsicsPerSecond', of('errand.extrinsicsPerSecond'), 'per second', whole, 'reported', true);
  row(
    'layer1.nativeErrandsPerSecond',
    perSecond,
    'per second',
    '200 in 1.5 s of a block',
    `>= ${Math.ceil(perSecondGoal)}`,
    perSecond >= perSecondGoal,
  );
  row('layer1.vrfVerifyUs', of('vrf.verifyUs'), 'us p50', 'an sr25519 signature: about 35 us', '<= 500', of('vrf.verifyUs') <= 500);
  const [few, , many] = [10, 1_000, 10_000].map((nodes) => {
    const us = of(`selection.us.${nodes}`);
    row(`layer1.selectionUs.${nodes}`, us, 'us p50', 'seed, three claims and end of one draw, in three blocks', 'reported', true);
    return us;
  }) as [number, number, number];
  row('layer1.selectionRatio', many / few, '10,000 nodes / 10', `${few} us among 10 nodes`, '<= 2', many <= few * 2);

  for (const [, way = '', errands] of printed.matchAll(/errand\.(\w+): \d+ us altogether, (\d+) in a block$/gm)) {
    const compared = 'by the weights that a chain goes by, reads and writes of ParityDB included';
    row(
      `layer1.errandsInBlock.${way}`,
      Number(errands),
      'whole errands',
      compared,
      `>= ${ERRANDS_IN_A_BLOCK}`,
      Number(errands) >= ERRANDS_IN_A_BLOCK,
    );
  }
  for (const [, call = '', us, share] of printed.matchAll(/\bcall (.+): (\d+) us, ([\d.]+) % of a block$/gm)) {
    const name = call.replace('alone: ', '').replace(/[, ]+(\w)/g, (_, letter: string) => letter.toUpperCase());
    row(`layer1.weightPercent.${name}`, Number(share), '% of 1.5 s', `${us} us at its worst`, '< 1', Number(share) < 1);
  }
}

/** @returns what the tests printed; null when there is nothing to run them with */
function runTests(): string | null {
  const cargo = findTool('cargo');
  if (cargo === undefined) {
    process.stderr.write('layer 1 as a native program: not measured, for cargo was not found (https://rustup.rs)\n');
    return null;
  }
  process.stderr.write('running the ledger as a native program (cargo builds it first: four minutes when nothing is there yet) ...\n');
  const args = ['test', '--release', '--locked', '--quiet', '-p', 'tea-runtime', '--lib', '--', 'tests::pace', 'tests::weights'];
  const { status, stdout, stderr } = spawnSync(cargo, [...args, '--nocapture', '--test-threads=1'], {
    cwd: WORKSPACE,
    encoding: 'utf8',
    env: { ...process.env, SKIP_WASM_BUILD: '1', TEA_PACE: '1' },
  });
  if (status === 0) return stdout;
  process.stderr.write(`layer 1 as a native program: not measured, for cargo test failed:\n${stderr.slice(-2_000)}\n`);
  return null;
}
