import * as v from 'valibot';
import { decodeDeterministic } from './decode-deterministic.ts';
import { encodeDeterministic } from './encode-deterministic.ts';
import { TeaError } from './errors.ts';

/**
 * Deterministic CBOR (RFC 8949, 4.2.1): shortest lengths, sorted keys, no indefinite items, no floats, no `undefined`.
 * Everything TEA hashes or signs is encoded here, and decoding refuses any other encoding of the same value.
 */
export type CborValue = null | boolean | number | bigint | string | Uint8Array | readonly CborValue[] | { readonly [key: string]: CborValue };

/** @throws TeaError `badInput` when the value holds something that has no deterministic encoding. */
export function encodeCbor(value: CborValue): Uint8Array {
  return encodeDeterministic(value);
}

/**
 * Decodes hostile bytes and checks them against `schema`.
 * @param what names the message in the error, e.g. `'evidence'`
 * @throws TeaError `badMessage` on any byte that deterministic CBOR of that shape would not hold
 */
export function decodeCbor<const S extends v.GenericSchema>(bytes: Uint8Array, schema: S, what: string): v.InferOutput<S> {
  const value = decodeDeterministic(bytes);
  if (value === undefined) {
    throw new TeaError('badMessage', `This is not a ${what}`, { expected: 'deterministic CBOR', actual: `another ${bytes.length} bytes` });
  }
  const parsed = v.safeParse(schema, value);
  if (!parsed.success) {
    const issue = parsed.issues[0];
    throw new TeaError('badMessage', `This is not a ${what}`, {
      expected: `${v.getDotPath(issue) ?? 'the whole message'} to be ${issue.expected ?? 'valid'}`,
      actual: issue.received,
    });
  }
  return parsed.output;
}

export function equalBytes(a: Uint8Array, b: Uint8Array): boolean {
  if (a.length !== b.length) return false;
  for (let index = 0; index < a.length; index++) if (a[index] !== b[index]) return false;
  return true;
}
