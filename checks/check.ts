import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { importTableBreaches } from './import-table.ts';
import { layer1Checks } from './layer1-checks.ts';
import { trackedFileBreaches } from './tracked-files.ts';

/** `npm run check [NAME…]`: what can be said about the sources without running them. All checks run; the exit code says whether all held. */
const ROOT = join(import.meta.dirname, '..');

const CHECKS: Readonly<Record<string, () => boolean>> = {
  types: () => tool('tsc', '-p', '.'),
  lint: () => tool('oxlint', '--type-aware', '--deny-warnings', '--report-unused-disable-directives'),
  imports: () => none(importTableBreaches(ROOT)),
  format: () => tool('oxfmt', '--check', '.'),
  'dead code': () => tool('knip', '--no-progress', '--no-config-hints'),
  files: () => none(trackedFileBreaches(ROOT)),
  'layer 1 format': () => layer1Checks(ROOT, ['format']),
  'layer 1 clippy': () => layer1Checks(ROOT, ['clippy']),
};

const wanted = process.argv.slice(2);
const results = Object.entries(CHECKS)
  .filter(([name]) => wanted.length === 0 || wanted.includes(name))
  .map(([name, holds]) => {
    const start = performance.now();
    const ok = holds();
    process.stdout.write(`${ok ? '✔' : '✖'} ${name} (${((performance.now() - start) / 1000).toFixed(1)} s)\n`);
    return ok;
  });
process.exit(results.every(Boolean) && results.length > 0 ? 0 : 1);

function tool(name: string, ...args: string[]): boolean {
  return spawnSync(join(ROOT, 'node_modules/.bin', name), args, { cwd: ROOT, stdio: ['ignore', 'inherit', 'inherit'] }).status === 0;
}

function none(breaches: readonly string[]): boolean {
  for (const breach of breaches) process.stdout.write(`${breach}\n`);
  return breaches.length === 0;
}
