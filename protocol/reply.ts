import * as v from 'valibot';
import { encodeCbor, decodeCbor, type CborValue } from './cbor.ts';
import { isTeaError, TeaError, TEA_ERROR_CODES } from './errors.ts';

/**
 * What every TEA service answers over NATS: deterministic CBOR, either `{ ok: true, value }` or `{ ok: false, error }`.
 * An error crosses the wire as facts and a correlation id to find it in the service's log: no stack, no cause, no secret.
 */
const wireError = v.strictObject({
  code: v.picklist(TEA_ERROR_CODES),
  summary: v.pipe(v.string(), v.maxLength(1_000)),
  expected: v.optional(v.pipe(v.string(), v.maxLength(1_000))),
  actual: v.optional(v.pipe(v.string(), v.maxLength(1_000))),
  next: v.optional(v.pipe(v.string(), v.maxLength(1_000))),
  correlation: v.pipe(v.string(), v.maxLength(64)),
});

export function encodeReply(value: CborValue): Uint8Array {
  return encodeCbor({ ok: true, value });
}

/** A failure of our own making keeps its facts; anything else becomes `internal` and stays in the service's log under `correlation`. */
export function encodeErrorReply(error: unknown, correlation: string): Uint8Array {
  const known = isTeaError(error)
    ? error
    : new TeaError('internal', 'The service failed', { next: `ask its operator to look for ${correlation} in the log` });
  const facts: Record<string, CborValue> = { code: known.code, summary: known.summary.slice(0, 1_000), correlation };
  for (const key of ['expected', 'actual', 'next'] as const) if (known[key] !== undefined) facts[key] = known[key].slice(0, 1_000);
  return encodeCbor({ ok: false, error: facts });
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
  if (!reply.ok) {
    const { code, summary, correlation, expected, actual, next } = reply.error;
    throw new TeaError(code, summary, {
      ...(expected !== undefined && { expected }),
      ...(actual !== undefined && { actual }),
      ...(next !== undefined && { next }),
      details: { correlation },
    });
  }
  const parsed = v.safeParse(schema, reply.value);
  if (!parsed.success)
    throw new TeaError('badMessage', `This is not a ${what}`, { expected: String(parsed.issues[0].expected), actual: parsed.issues[0].received });
  return parsed.output;
}
