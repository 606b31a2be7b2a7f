import assert from 'node:assert/strict';
import { test } from 'node:test';
import { styleText } from 'node:util';
import { TeaError } from '@tea/protocol';
import { printable, printableText, shellWord } from './printable.ts';
import { describeError } from './screen.ts';

const ATTACKS = [
  '\u001b[2J\u001b[H',
  '\u009b31m',
  '\r\u001b[A✓ proved',
  '\u202Etxt.exe',
  '\u200bhidden',
  '\u2028next line',
  '\u0007',
  '\u001b]0;title\u0007',
];
// eslint-disable-next-line no-control-regex -- control characters are what this is about
const DANGEROUS = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u200b-\u200f\u202a-\u202e\u2028\u2029]/;

for (const attack of ATTACKS) {
  test(`${JSON.stringify(attack)} does nothing to a terminal`, () => {
    assert.doesNotMatch(printable(attack), DANGEROUS);
    assert.doesNotMatch(printableText(new TextEncoder().encode(attack)), DANGEROUS);
  });
}

test('an error of a hostile node can not write on the screen in our name', () => {
  const shown = describeError(new TeaError('refused', '\u001b[1A✓ released\n✓ all is well', { expected: '\u001b[2J', actual: '\r', next: '\u202E' }));
  assert.doesNotMatch(shown.replaceAll(styleText('red', '✗'), '✗'), DANGEROUS); // but for our own colour
  assert.equal(shown.split('\n').length, 4);
});

test('a guest keeps its lines and tabs, and fills no screen', () => {
  assert.equal(printableText(new TextEncoder().encode('a\tb\nc')), 'a\tb\nc');
  assert.ok(printableText(new Uint8Array(50_000_000).fill(97)).length < 20_000);
});

test('a path can be typed as it is shown', () => {
  assert.equal(shellWord('.tea/demo-1/proof.json'), '.tea/demo-1/proof.json');
  assert.equal(shellWord("a b'c"), "'a b'\\''c'");
});
