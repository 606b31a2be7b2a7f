import * as v from 'valibot';
import { bytesOf, bytesUpTo } from './bytes.ts';
import { decodeCbor, encodeCbor } from './cbor.ts';
import { quoteEvidenceSchema } from './evidence.ts';
import { u32 } from './integers.ts';
import { inclusionProofSchema } from './merkle.ts';
import type { ReceiptBundle } from './receipt.ts';

/** What a run left behind. Sealed to the consumer as sealed content; only its digest is public. */
export type GuestOutput = {
  readonly v: 1;
  readonly stdout: Uint8Array;
  readonly stderr: Uint8Array;
  /** Files of `/out`, by path. A guest chose the names: `__proto__` is one of many. */
  readonly files: ReadonlyMap<string, Uint8Array>;
};

/**
 * What an executor publishes when it proves an errand: its receipt with the quote behind it, and the key of the sealed output
 * (named by `receipt.result`), HPKE-sealed to the errand's result key with `resultInfo`. Public, and holds nothing secret.
 */
export type ResultPackage = {
  readonly v: 1;
  readonly receipt: ReceiptBundle;
  readonly sealedKey: { readonly enc: Uint8Array; readonly ciphertext: Uint8Array };
};

export const MAX_RESULT_PACKAGE_BYTES = 64 * 1024;

/** Folders below /out nest 64 deep, and each name in a path has up to 255 characters. */
const MAX_FILE_NAME = 65 * 256;

const guestOutputSchema = v.strictObject({
  v: v.literal(1),
  stdout: v.instance(Uint8Array),
  stderr: v.instance(Uint8Array),
  files: v.pipe(
    v.array(v.strictTuple([v.pipe(v.string(), v.minLength(1), v.maxLength(MAX_FILE_NAME)), v.instance(Uint8Array)])),
    v.check((files) => new Set(files.map(([name]) => name)).size === files.length, 'each name once'),
    v.transform((files) => new Map(files)),
  ),
});

const resultPackageSchema = v.strictObject({
  v: v.literal(1),
  receipt: v.strictObject({
    cose: bytesUpTo(8 * 1024),
    inclusion: inclusionProofSchema,
    quote: v.strictObject({ root: bytesOf(32), size: u32, ...quoteEvidenceSchema.entries }),
  }),
  sealedKey: v.strictObject({ enc: bytesOf(65), ciphertext: bytesOf(48) }),
});

export function encodeGuestOutput(output: GuestOutput): Uint8Array {
  return encodeCbor({ ...output, files: [...output.files] });
}

/** @throws TeaError `badMessage` */
export function decodeGuestOutput(bytes: Uint8Array): GuestOutput {
  return decodeCbor(bytes, guestOutputSchema, 'guest output');
}

export function encodeResultPackage({ v: version, receipt, sealedKey }: ResultPackage): Uint8Array {
  const { inclusion, quote } = receipt;
  return encodeCbor({
    v: version,
    receipt: { cose: receipt.cose, inclusion: { ...inclusion }, quote: { ...quote, pcrs: quote.pcrs.map((pcr) => ({ ...pcr })) } },
    sealedKey: { ...sealedKey },
  });
}

/** @throws TeaError `badMessage` */
export function decodeResultPackage(bytes: Uint8Array): ResultPackage {
  return decodeCbor(bytes, resultPackageSchema, 'result package');
}

/** The HPKE `info` of a result key: this errand's output, by this node, of these sealed bytes. */
export function resultInfo(of: {
  readonly chain: Uint8Array;
  readonly errand: bigint;
  readonly node: Uint8Array;
  readonly content: Uint8Array;
}): Uint8Array {
  return encodeCbor({ domain: 'tea/result/1', chain: of.chain, errand: of.errand, node: of.node, content: of.content });
}
