import assert from 'node:assert/strict';
import { test } from 'node:test';
import { consoleLog } from './console-log.ts';

function lines(...pieces: string[]): { shown: string[]; tail: string } {
  const shown: string[] = [];
  const log = consoleLog((line) => shown.push(line));
  for (const piece of pieces) log.take(Buffer.from(piece, 'latin1'));
  return { shown, tail: log.tail() };
}

test('lets no escape sequence or control character of a machine reach a terminal', () => {
  const { shown } = lines('\u001b[2J\u001b[01;01Hboot\u0007ing\r\n\u001b]0;title\u0007x\n');
  assert.deepEqual(shown, ['booting', ']0;titlex']);
});

test('joins lines that come in pieces, and keeps the last ones', () => {
  const { shown, tail } = lines('pan', 'ic\nre', ...Array.from({ length: 100 }, (_, index) => `${index}\n`), 'unfinished');
  assert.deepEqual(shown.slice(0, 2), ['panic', 're0']);
  assert.equal(tail.split('\n').length, 41);
  assert.ok(tail.endsWith('99\nunfinished'));
});

test('holds no more than a line’s worth of what never ends', () => {
  assert.ok(lines('x'.repeat(100_000), 'y'.repeat(100_000)).tail.length <= 1000);
});
