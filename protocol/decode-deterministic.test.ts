import assert from 'node:assert/strict';
import { test } from 'node:test';
import { decode, encode } from 'cborg';
import fc from 'fast-check';
import { encodeCbor, equalBytes, type CborValue } from './index.ts';
import { decodeDeterministic } from './decode-deterministic.ts';

const value: fc.Arbitrary<CborValue> = fc.letrec<{ value: CborValue }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 4, withCrossShrink: true },
    fc.oneof(
      fc.constantFrom(null, true, false),
      fc.maxSafeInteger(),
      fc.bigInt({ min: -(2n ** 64n), max: 2n ** 64n - 1n }),
      fc.string({ unit: 'binary', maxLength: 30 }),
      fc.uint8Array({ maxLength: 300 }),
    ),
    fc.array(tie('value'), { maxLength: 30 }),
    fc.dictionary(
      fc.string({ unit: 'binary', maxLength: 30 }).filter((key) => key !== '__proto__'),
      tie('value'),
      { maxKeys: 30 },
    ),
  ),
})).value;

/** What a general decoder makes of bytes that encoding it gives again, when no number is a fraction and no key the prototype's. */
function decodedAlike(bytes: Uint8Array): CborValue | undefined {
  try {
    const options = {
      strict: true,
      allowIndefinite: false,
      allowUndefined: false,
      allowInfinity: false,
      allowNaN: false,
      rejectDuplicateMapKeys: true,
    };
    const decoded = decode(bytes, options) as CborValue;
    return isWhole(decoded) && equalBytes(encode(decoded, { float64: true }), bytes) ? decoded : undefined;
  } catch {
    return undefined;
  }
}

function isWhole(item: CborValue): boolean {
  if (typeof item === 'number') return Number.isSafeInteger(item);
  if (item === null || typeof item !== 'object' || item instanceof Uint8Array) return true;
  return !Object.hasOwn(item, '__proto__') && Object.values<CborValue>(item).every(isWhole);
}

const twice: readonly { readonly name: string; readonly hex: string }[] = [
  { name: 'a number in a longer head', hex: '1817' },
  { name: 'a number in two bytes that fits one', hex: '1900ff' },
  { name: 'a number in four bytes that fits two', hex: '1a0000ffff' },
  { name: 'a number in eight bytes that fits four', hex: '1b00000000ffffffff' },
  { name: 'a length in a longer head', hex: '5801aa' },
  { name: 'keys out of order', hex: 'a2616201616101' },
  { name: 'a longer key before a shorter', hex: 'a262616101616201' },
  { name: 'a key twice', hex: 'a2616101616101' },
  { name: 'a number as a key', hex: 'a10101' },
  { name: 'a float', hex: 'fb3ff0000000000000' },
  { name: 'a half float', hex: 'f93c00' },
  { name: 'undefined', hex: 'f7' },
  { name: 'another simple value', hex: 'e0' },
  { name: 'a tag', hex: 'c001' },
  { name: 'an indefinite array', hex: '9f01ff' },
  { name: 'an indefinite string', hex: '5f4101ff' },
  { name: 'a string that is not UTF-8', hex: '61ff' },
  { name: 'an encoded surrogate', hex: '63eda080' },
  { name: 'an item behind the item', hex: '0101' },
  { name: 'the key that would change what the object is', hex: 'a1695f5f70726f746f5f5fa0' },
  { name: 'nothing', hex: '' },
  { name: 'a string of 2^64 - 1 bytes', hex: '5bffffffffffffffff' },
  { name: 'an array of 2^64 - 1 items', hex: '9bffffffffffffffff' },
  { name: 'a map of 2^32 - 1 entries', hex: 'baffffffff' },
];
for (const { name, hex } of twice) test(`refuses ${name}`, () => assert.equal(decodeDeterministic(Uint8Array.fromHex(hex)), undefined));

test('refuses what is nested without end, without ending the stack', () => {
  assert.equal(decodeDeterministic(new Uint8Array(1 << 20).fill(0x81)), undefined);
});

test('decodes exactly what encodes to the same bytes again, to the same value as a general decoder', () => {
  const altered = fc
    .tuple(value, fc.array(fc.record({ at: fc.nat(), byte: fc.nat(255) }), { maxLength: 3 }))
    .map(([item, edits]) => edits.reduce((bytes, { at, byte }) => bytes.with(at % bytes.length, byte), encodeCbor(item)));
  fc.assert(
    fc.property(fc.oneof(altered, fc.uint8Array({ maxLength: 12 })), (bytes) =>
      assert.deepEqual(decodeDeterministic(bytes), decodedAlike(bytes), bytes.toHex()),
    ),
    { numRuns: 3_000, endOnFailure: true },
  );
});

test('encodes as a general encoder does', () => {
  fc.assert(
    fc.property(value, (item) => assert.deepEqual(encodeCbor(item), new Uint8Array(encode(item, { float64: true })))),
    { numRuns: 3_000, endOnFailure: true },
  );
});

test('refuses to encode what has no deterministic encoding', () => {
  const bad = [
    JSON.parse('{"__proto__":1}'),
    0.5,
    NaN,
    Infinity,
    2 ** 53,
    2n ** 64n,
    -(2n ** 64n) - 1n,
    undefined,
    { a: undefined },
    [() => 0],
    Symbol.iterator,
  ];
  for (const item of bad) assert.throws(() => encodeCbor(item as CborValue), { code: 'badInput' });
});
