import assert from 'node:assert/strict';
import { test } from 'node:test';
import { swapAreas } from './swap.ts';

const HEADINGS = 'Filename\t\t\t\tType\t\tSize\t\tUsed\t\tPriority\n';

test('names every place that memory may be swapped to, and none where there is none', () => {
  assert.deepEqual(swapAreas(HEADINGS), []);
  assert.deepEqual(swapAreas(''), []);
  const table = `${HEADINGS}/swap.img                               file\t\t4194300\t\t0\t\t-2\n/dev/zram0   partition\t1\t0\t100\n`;
  assert.deepEqual(swapAreas(table), ['/swap.img', '/dev/zram0']);
});
