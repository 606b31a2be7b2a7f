import * as v from 'valibot';
import { isTeaError, TEA_ERROR_CODES, TeaError } from './errors.ts';

const MAX_TEXT = 1_000;
const text = v.pipe(v.string(), v.maxLength(MAX_TEXT));

/** How an error crosses a wire: as facts, and a correlation id to find it in the service's log. No stack, no cause, no secret. */
export const wireError = v.strictObject({
  code: v.picklist(TEA_ERROR_CODES),
  summary: text,
  expected: v.exactOptional(text),
  actual: v.exactOptional(text),
  next: v.exactOptional(text),
  correlation: v.pipe(v.string(), v.maxLength(64)),
});
export type WireError = v.InferOutput<typeof wireError>;

/** A failure of our own making keeps its facts; anything else becomes `internal` and stays in the service's log under `correlation`. */
export function wireErrorOf(error: unknown, correlation: string): WireError {
  const { code, summary, expected, actual, next } = isTeaError(error)
    ? error
    : new TeaError('internal', 'The service failed', { next: `ask its operator to look for ${correlation} in the log` });
  return {
    code,
    summary: summary.slice(0, MAX_TEXT),
    ...(expected !== undefined && { expected: expected.slice(0, MAX_TEXT) }),
    ...(actual !== undefined && { actual: actual.slice(0, MAX_TEXT) }),
    ...(next !== undefined && { next: next.slice(0, MAX_TEXT) }),
    correlation,
  };
}

/** The error as its caller throws it, the correlation id in `details`. */
export function teaErrorOf({ code, summary, correlation, expected, actual, next }: WireError): TeaError {
  return new TeaError(code, summary, {
    ...(expected !== undefined && { expected }),
    ...(actual !== undefined && { actual }),
    ...(next !== undefined && { next }),
    details: { correlation },
  });
}
