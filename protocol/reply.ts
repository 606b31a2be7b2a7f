import * as v from 'valibot';
import { encodeCbor, decodeCbor, type CborValue } from './cbor.ts';
import { TeaError } from './errors.ts';
import { teaErrorOf, wireError, wireErrorOf } from './wire-error.ts';

/** What every TEA service answers over NATS: deterministic CBOR, either `{ ok: true, value }` or `{ ok: false, error }`. */
export function encodeReply(value: CborValue): Uint8Array {
  return encodeCbor({ ok: true, value });
}

/** See `wireErrorOf`. */
export function encodeErrorReply(error: unknown, correlation: string): Uint8Array {
  return encodeCbor({ ok: false, error: wireErrorOf(error, correlation) });
}

/**
 * @returns the value of a successful reply, checked against `schema`
 * @throws TeaError the service's own error (its correlation id in `details`), or `badMessage`
 */
export function decodeReply<const S extends v.GenericSchema>(bytes: Uint8Array, schema: S, what: string): v.InferOutput<S> {
  const reply = decodeCbor(
    bytes,
    v.variant('ok', [v.strictObject({ ok: v.literal(true), value: v.unknown() }), v.strictObject({ ok: v.literal(false), error: wireError })]),
    `reply holding a ${what}`,
  );
  if (!reply.ok) throw teaErrorOf(reply.error);
  const parsed = v.safeParse(schema, reply.value);
  if (!parsed.success)
    throw new TeaError('badMessage', `This is not a ${what}`, { expected: String(parsed.issues[0].expected), actual: parsed.issues[0].received });
  return parsed.output;
}
