import assert from 'node:assert/strict';
import { Writable } from 'node:stream';
import { test } from 'node:test';
import { operatorLog } from './operator-log.ts';

test('shows whole lines, however they come, and nothing that moves a cursor', () => {
  const said: string[] = [];
  const show = operatorLog(
    new Writable({
      decodeStrings: false,
      write(chunk: string, _encoding, done) {
        said.push(chunk);
        done();
      },
    }),
  );
  for (const piece of ['tee-runtime: it re', 'news\n\ntee-runtime: \u001b[2Jgone\nhalf']) show(piece);
  assert.deepEqual(said, ['tee-runtime: it renews\n', 'tee-runtime: ·[2Jgone\n']);
});
