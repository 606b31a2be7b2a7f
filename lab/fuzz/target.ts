import type { TeaErrorCode } from '@tea/protocol';

/** A decoder under test, with honest inputs to start from. */
export type FuzzTarget = {
  readonly name: string;
  readonly seeds: readonly [Uint8Array, ...Uint8Array[]];
  /** Messages are also changed below their codec. */
  readonly form: 'bytes' | 'cbor' | 'proof';
  /** Decodes; what it returns is dropped. May only throw TeaError of `codes`, or nothing where a verdict is a value. */
  readonly decode: (bytes: Uint8Array) => unknown;
  readonly codes: readonly TeaErrorCode[];
  /** Out of how many executions this target takes one part; slow ones take fewer. */
  readonly share: number;
  /** Honest-looking inputs of about so many bytes, beside the general ones of scaling.ts. */
  readonly grow?: (sizeBytes: number) => Uint8Array;
};

/** A target of bytes without further structure, which its decoder refuses as `badMessage`. */
export function structure(
  name: string,
  seeds: Uint8Array | FuzzTarget['seeds'],
  decode: FuzzTarget['decode'],
  change: Partial<FuzzTarget> = {},
): FuzzTarget {
  return { name, seeds: seeds instanceof Uint8Array ? [seeds] : seeds, form: 'bytes', decode, codes: ['badMessage'], share: 1, ...change };
}
