import * as v from 'valibot';

/** A u64 in a CBOR message: always a `bigint` in memory, whatever its size. */
export const u64 = v.pipe(
  v.union([v.pipe(v.number(), v.safeInteger()), v.bigint()]),
  v.transform((value: number | bigint) => BigInt(value)),
  v.check((value) => value >= 0n && value <= 0xffff_ffff_ffff_ffffn, 'an unsigned 64-bit integer'),
);

export const u32 = v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(0xffff_ffff));

/** A whole number that survives a trip through a JavaScript number, e.g. milliseconds. */
export const safeUint = v.pipe(v.number(), v.safeInteger(), v.minValue(0));

export const i32 = v.pipe(v.number(), v.integer(), v.minValue(-0x8000_0000), v.maxValue(0x7fff_ffff));
