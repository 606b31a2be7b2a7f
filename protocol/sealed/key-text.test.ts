import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import * as fc from 'fast-check';
import { isTeaError } from '@tea/protocol';
import { formatContentKey, parseContentKey } from './key-text.ts';

const ALPHABET = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
const PREFIX_LENGTH = 'TEA-KEY-'.length;
const aKey = fc.uint8Array({ minLength: 32, maxLength: 32 });

function mistakeIn(text: string): { group: unknown; message: string } {
  try {
    parseContentKey(text);
  } catch (error) {
    assert.ok(isTeaError(error, 'badInput'), String(error));
    return { group: error.details['group'], message: error.message };
  }
  return assert.fail('was accepted');
}

describe('a printed content key', () => {
  test('refuses any one wrong character and names its group', () => {
    const printed = formatContentKey(new Uint8Array(32).map((_, index) => index * 7));
    for (let place = PREFIX_LENGTH; place < printed.length; place++) {
      if (printed[place] === '-') continue;
      for (const wrong of ALPHABET) {
        if (wrong === printed[place]) continue;
        const group = Math.floor((place - PREFIX_LENGTH) / 6) + 1;
        assert.equal(mistakeIn(printed.slice(0, place) + wrong + printed.slice(place + 1)).group, group);
      }
    }
  });

  test('refuses two swapped neighbours in a group and names it', () => {
    fc.assert(
      fc.property(aKey, fc.nat(12), fc.nat(3), (key, group, at) => {
        const printed = formatContentKey(key);
        const place = PREFIX_LENGTH + group * 6 + at;
        const [a, b] = [printed.charAt(place), printed.charAt(place + 1)];
        fc.pre(a !== b);
        assert.equal(mistakeIn(printed.slice(0, place) + b + a + printed.slice(place + 2)).group, group + 1);
      }),
    );
  });

  test('refuses two swapped groups and names the first', () => {
    const groups = formatContentKey(new Uint8Array(32)).slice(PREFIX_LENGTH).split('-');
    const [first = '', second = '', ...others] = groups;
    assert.equal(mistakeIn(`TEA-KEY-${[second, first, ...others].join('-')}`).group, 1);
  });

  test('refuses a missing or an added character, an unknown one, and another start', () => {
    const printed = formatContentKey(new Uint8Array(32).fill(9));
    assert.equal(mistakeIn(printed.slice(0, -1)).group, 13);
    assert.equal(mistakeIn(printed.slice(0, PREFIX_LENGTH + 12)).group, undefined);
    assert.equal(mistakeIn(`${printed}0`).group, undefined);
    assert.equal(mistakeIn(printed.replace(/^(TEA-KEY-.{13})./, '$1!')).group, 3);
    assert.match(mistakeIn('my secret').message, /starts with TEA-KEY-/);
    assert.match(mistakeIn('').message, /starts with TEA-KEY-/);
  });

  test('never quotes what was typed', () => {
    const printed = formatContentKey(new Uint8Array(32).fill(9));
    const wrong = printed.replace(/.$/, (last) => (last === '0' ? '1' : '0'));
    for (const group of wrong.slice(PREFIX_LENGTH).split('-')) assert.ok(!mistakeIn(wrong).message.includes(group));
  });

  test('reads back whatever was printed, in any case and spacing, with O for 0 and l for 1', () => {
    fc.assert(
      fc.property(aKey, (key) => {
        const printed = formatContentKey(key);
        assert.match(printed, /^TEA-KEY(-[0-9A-HJKMNP-TV-Z]{5}){13}$/);
        const sloppy = ` ${printed.toLowerCase().replaceAll('-', ' ').replaceAll('0', 'o').replaceAll('1', 'l')}\n`;
        assert.deepEqual(parseContentKey(printed), key);
        assert.deepEqual(parseContentKey(sloppy), key);
      }),
    );
  });
});
