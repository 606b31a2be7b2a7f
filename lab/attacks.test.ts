import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { test } from 'node:test';
import { onCall } from './attacks/attack.ts';
import { CORPUS } from './attacks/corpus.ts';
import { refusalOf } from './attacks/refusal.ts';
import { withTable } from './attacks/table.ts';

test('an attack that succeeds, or is refused for another reason, is told from one that is refused as it must be', async () => {
  assert.equal((await refusalOf(onCall('a', 'succeeds', 'refused', () => undefined))).ok, false);
  assert.equal((await refusalOf({ id: 'b', title: 'fails otherwise', claims: ['x'], attempt: async () => ['x', 'y'] })).ok, false);
  assert.equal(
    (await refusalOf({ id: 'c', title: 'crashes', claims: ['error refused'], attempt: onCall('c', '', 'refused', () => assert.fail()).attempt })).ok,
    false,
  );
  assert.equal((await refusalOf({ id: 'd', title: 'fails', claims: ['y', 'x'], attempt: async () => ['x', 'y'] })).ok, true);
});

for (const { id: area, on, attacks } of CORPUS) {
  test(`every attack on ${on} is refused, for the reason it must be refused for`, async (t) => {
    for (const attack of attacks) {
      await t.test(`${area}: ${attack.title}`, async () => {
        const { ok, words } = await refusalOf(attack);
        assert.ok(ok, words);
      });
    }
  });
}

test('the corpus holds at least 80 attacks, each under a name of its own, and its README lists them as they are', async () => {
  const ids = CORPUS.flatMap(({ attacks }) => attacks.map(({ id }) => id));
  assert.ok(ids.length >= 80);
  assert.equal(new Set(ids).size, ids.length);
  const readme = await readFile(new URL('attacks/README.md', import.meta.url), 'utf8');
  assert.equal(readme, withTable(readme), 'run node lab/attacks/write-table.ts');
});
