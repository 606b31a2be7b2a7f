import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';

const ROOT = join(import.meta.dirname, '..');

/** Ids as benches print them; what is put in at run time (`demo.${step}Ms`) stands as `*`. */
function printedIds(): string[] {
  const ids = new Set<string>();
  for (const source of globSync('lab/bench/**/*.ts', { cwd: ROOT })) {
    for (const [, , id = ''] of readFileSync(join(ROOT, source), 'utf8').matchAll(/(?:\b(?:row|ratio|line)\(|\bid: )\s*(['`])([^'`]+)\1/g))
      ids.add(id.replaceAll(/\$\{[^}]*\}/g, '*'));
  }
  return [...ids].toSorted();
}

function documentedRows(): { readonly id: string; readonly cells: readonly string[] }[] {
  const page = readFileSync(join(ROOT, 'docs/PERFORMANCE.md'), 'utf8');
  return Array.from(page.matchAll(/^\| `([^`]+)` \|(.*)\|$/gm), ([, id = '', rest = '']) => ({
    id,
    cells: rest.split('|').map((cell) => cell.trim()),
  }));
}

test('docs/PERFORMANCE.md lists every figure that a benchmark prints, once, and no other', () => {
  const ids = printedIds();
  assert.ok(ids.length > 20);
  assert.deepEqual(
    documentedRows()
      .map(({ id }) => id)
      .toSorted(),
    ids,
  );
});

test('each figure says how it is measured, its goal, and what came out last', () => {
  for (const { id, cells } of documentedRows()) {
    assert.equal(cells.length, 3, id);
    for (const cell of cells) assert.notEqual(cell, '', id);
  }
});
