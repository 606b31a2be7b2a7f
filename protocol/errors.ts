/**
 * The one error type of TEA. Verdicts are values; a `TeaError` is for what its caller must act on.
 *
 * `message` says what was expected, what came and what to do next. `details` carries the same as data. Across a wire only
 * `code`, `message` and a correlation id travel: never a stack, never a secret (see `toWireError`).
 */
export const TEA_ERROR_CODES = [
  'badInput', // the caller's own argument or file is wrong
  'badMessage', // bytes from another party did not decode
  'notFound',
  'refused', // a rule of ours said no
  'wrongKey', // the key does not open this content
  'corrupt', // authenticated content was altered, truncated or reordered
  'timeout',
  'cancelled',
  'unavailable', // a part that should answer does not (bus, chain, TPM, store)
  'conflict', // already done, or another state than the call needs
  'limit', // a bound was reached: size, count, rate, money
  'storage', // the disk is full or failing
  'missingTool', // something must be installed
  'tpm', // the TPM answered with a response code
  'chain', // the runtime refused an extrinsic
  'internal',
] as const;

export type TeaErrorCode = (typeof TEA_ERROR_CODES)[number];

export type TeaErrorOptions = {
  readonly expected?: string;
  readonly actual?: string;
  readonly next?: string;
  readonly details?: Readonly<Record<string, string | number | boolean>>;
  readonly cause?: unknown;
};

export class TeaError extends Error {
  override readonly name = 'TeaError';
  readonly code: TeaErrorCode;
  readonly summary: string;
  readonly expected: string | undefined;
  readonly actual: string | undefined;
  readonly next: string | undefined;
  readonly details: Readonly<Record<string, string | number | boolean>>;

  constructor(code: TeaErrorCode, summary: string, options: TeaErrorOptions = {}) {
    super(describe(summary, options), options.cause === undefined ? undefined : { cause: options.cause });
    this.code = code;
    this.summary = summary;
    this.expected = options.expected;
    this.actual = options.actual;
    this.next = options.next;
    this.details = options.details ?? {};
  }
}

export function isTeaError(value: unknown, code?: TeaErrorCode): value is TeaError {
  return value instanceof TeaError && (code === undefined || value.code === code);
}

function describe(summary: string, { expected, actual, next }: TeaErrorOptions): string {
  const facts = [expected && `expected ${expected}`, actual && `got ${actual}`].filter(Boolean).join(', ');
  return [facts ? `${summary}: ${facts}` : summary, next && `Next: ${next}`].filter(Boolean).join('. ');
}
