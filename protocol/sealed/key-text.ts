import { sha256 } from '../bytes.ts';
import { TeaError } from '../errors.ts';
import { CONTENT_KEY_BYTES } from './format.ts';
import { gf32Multiply, gf32Power } from './gf32.ts';

/**
 * A content key for paper and fingers: `TEA-KEY-` and 13 groups of 5 characters of Crockford's base32 (no I, L, O, U).
 *
 * 52 characters carry the 256 bits of the key and 4 bits of its SHA-256. The fifth character of each group checks its other four and the group's place, as
 * a weighted sum in GF(2⁵) with distinct non-zero weights: any one wrong character, any two swapped ones, and any two swapped
 * groups are found, and found *in their group*.
 */
const ALPHABET = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
const PREFIX = 'TEA-KEY-';
const GROUPS = 13;
const GROUP_DATA = 4;
const GROUP_LENGTH = GROUP_DATA + 1;

/** @throws TeaError `badInput` unless the key is 32 bytes */
export function formatContentKey(key: Uint8Array): string {
  if (key.length !== CONTENT_KEY_BYTES) {
    throw new TeaError('badInput', 'This is not a content key', { expected: `${CONTENT_KEY_BYTES} bytes`, actual: `${key.length} bytes` });
  }
  let bits = (BigInt(`0x${key.toHex()}`) << 4n) | BigInt(keyChecksum(key));
  const digits: number[] = [];
  for (let index = 0; index < GROUPS * GROUP_DATA; index++) {
    digits.unshift(Number(bits & 31n));
    bits >>= 5n;
  }
  const groups = Array.from({ length: GROUPS }, (_, group) => {
    const data = digits.slice(group * GROUP_DATA, (group + 1) * GROUP_DATA);
    return [...data, groupCheck(data, group)].map((digit) => ALPHABET.charAt(digit)).join('');
  });
  return PREFIX + groups.join('-');
}

/**
 * Reads what a person typed: any case, O for 0, I or L for 1, and spaces or dashes wherever they like.
 * @throws TeaError `badInput` naming the first group with a mistake; the text is never quoted, since it is a secret
 */
export function parseContentKey(text: string): Uint8Array {
  const typed = text.toUpperCase().replaceAll(/[\s-]+/g, '');
  const digits = typed
    .replace(/^TEAKEY/, '')
    .replaceAll('O', '0')
    .replaceAll(/[IL]/g, '1');
  if (!typed.startsWith('TEAKEY')) throw badKey(`text that starts with ${PREFIX}`, 'another start');
  const values = Array.from(digits, (digit) => ALPHABET.indexOf(digit));
  for (let group = 0; group * GROUP_LENGTH < values.length && group < GROUPS; group++) {
    const place = `group ${group + 1} of ${GROUPS}`;
    const typedGroup = values.slice(group * GROUP_LENGTH, (group + 1) * GROUP_LENGTH);
    if (typedGroup.includes(-1)) throw badKey(`only the characters ${ALPHABET}`, `another one in ${place}`, group + 1);
    if (typedGroup.length < GROUP_LENGTH) throw badKey(`${GROUP_LENGTH} characters in ${place}`, `${typedGroup.length}`, group + 1);
    const data = typedGroup.slice(0, GROUP_DATA);
    if (groupCheck(data, group) !== typedGroup[GROUP_DATA]) throw badKey('every group as it was printed', `a mistake in ${place}`, group + 1);
  }
  if (values.length !== GROUPS * GROUP_LENGTH) {
    throw badKey(`${GROUPS} groups of ${GROUP_LENGTH} characters`, `${values.length} characters`);
  }
  const data = values.filter((_, index) => index % GROUP_LENGTH !== GROUP_DATA);
  const bits = data.reduce((sum, digit) => (sum << 5n) | BigInt(digit), 0n);
  const key = Uint8Array.fromHex((bits >> 4n).toString(16).padStart(CONTENT_KEY_BYTES * 2, '0'));
  if (keyChecksum(key) !== Number(bits & 15n)) throw badKey('the key as it was printed', 'several mistakes that cancel out');
  return key;
}

function groupCheck(data: readonly number[], group: number): number {
  return data.reduce((sum, digit, index) => sum ^ gf32Multiply(digit, gf32Power(index + 1)), gf32Multiply(group + 1, gf32Power(GROUP_DATA + 1)));
}

function keyChecksum(key: Uint8Array): number {
  return (sha256(key)[0] ?? 0) >>> 4;
}

function badKey(expected: string, actual: string, group?: number): TeaError {
  return new TeaError('badInput', 'This is not a printed content key', {
    expected,
    actual,
    next: group === undefined ? 'compare it with the paper' : `compare group ${group} with the paper`,
    ...(group !== undefined && { details: { group } }),
  });
}
