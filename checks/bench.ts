import { spawnSync } from 'node:child_process';
import { globSync } from 'node:fs';
import { basename, join } from 'node:path';

/**
 * `./tea bench [NAME] [--json]`: runs `lab/bench/NAME.bench.ts`, or all of them. Each prints one JSON row a line on stdout:
 * `{ id, value, unit, comparedTo, goal, holds }`; what it says on stderr is progress. Here they become a table, or with `--json` one array.
 */
type Row = { id: string; value: number; unit: string; comparedTo: string; goal: string; holds: boolean };

const FOLDER = join(import.meta.dirname, '../lab/bench');
const json = process.argv.includes('--json');
const name = process.argv.slice(2).find((argument) => !argument.startsWith('-'));
const all = globSync('*.bench.ts', { cwd: FOLDER }).toSorted();
const chosen = name === undefined ? all : all.filter((file) => basename(file, '.bench.ts') === name);
if (chosen.length === 0) {
  process.stderr.write(
    `tea bench: there is no benchmark ${name ?? ''}. There are: ${all.map((file) => basename(file, '.bench.ts')).join(', ') || 'none'}\n`,
  );
  process.exit(64);
}

const rows: Row[] = [];
let failed = false;
for (const file of chosen) {
  const { status, stdout } = spawnSync(process.execPath, [join(FOLDER, file)], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'inherit'],
    maxBuffer: 1 << 26,
  });
  failed ||= status !== 0;
  const printed = stdout
    .split('\n')
    .filter((line) => line.startsWith('{'))
    .map((line) => JSON.parse(line) as Row);
  rows.push(...printed);
  if (printed.length > 0) continue;
  process.stderr.write(`tea bench: ${file} printed no row: expected one JSON object a line\n`);
  failed = true;
}
if (json) process.stdout.write(`${JSON.stringify(rows, null, 1)}\n`);
else
  for (const row of rows)
    process.stdout.write(`${row.holds ? '✔' : '✖'} ${row.id} ${row.value} ${row.unit}  (goal ${row.goal}; compared to ${row.comparedTo})\n`);
process.exit(failed ? 1 : 0);
