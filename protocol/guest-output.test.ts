import assert from 'node:assert/strict';
import { test } from 'node:test';
import { encodeCbor } from './cbor.ts';
import { decodeGuestOutput, encodeGuestOutput } from './result.ts';

const text = (value: string): Uint8Array => new TextEncoder().encode(value);

for (const name of [
  '__proto__',
  'constructor',
  'prototype',
  'toString',
  'a/b',
  'ü',
  '\u001b[2J',
  'x'.repeat(255),
  Array(60).fill('y'.repeat(255)).join('/'),
]) {
  test(`what a guest wrote to ${JSON.stringify(name.slice(0, 30))} is what the consumer reads`, () => {
    const files = new Map([[name, text('content')]]);
    const read = decodeGuestOutput(encodeGuestOutput({ v: 1, stdout: text('out'), stderr: new Uint8Array(), files }));
    assert.deepEqual(read.files, files);
  });
}

test('refuses two files of one name', () => {
  const twice = encodeCbor({
    v: 1,
    stdout: text(''),
    stderr: text(''),
    files: [
      ['a', text('1')],
      ['a', text('2')],
    ],
  });
  assert.throws(() => decodeGuestOutput(twice), { name: 'TeaError', code: 'badMessage' });
});
