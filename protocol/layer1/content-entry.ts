import { TeaError } from '../errors.ts';
import { ScaleReader } from './scale.ts';

/** `Content.Entries[id]` (struct `Entry` of host/layer1/pallets/content), decoded from its SCALE bytes without asking the chain what they mean. */
export type ContentEntry = {
  readonly owner: Uint8Array;
  readonly kind: 'code' | 'data';
  readonly cid: Uint8Array;
  /** of the published bytes: of the sealed ones when sealed */
  readonly sha256: Uint8Array;
  readonly sizeBytes: bigint;
  readonly visibility: 'plain' | 'sealed';
  readonly price: bigint;
  readonly publishedAt: number;
  readonly onSale: boolean;
};

const MAX_CID_BYTES = 64;

/** @throws TeaError `badMessage` unless the bytes are exactly one entry */
export function decodeContentEntry(bytes: Uint8Array): ContentEntry {
  const reader = new ScaleReader(bytes, 'content entry');
  const entry: ContentEntry = {
    owner: reader.bytes(32).slice(),
    kind: oneOf(reader.u8(), ['code', 'data'] as const),
    cid: reader.vector().slice(),
    sha256: reader.bytes(32).slice(),
    sizeBytes: reader.u64(),
    visibility: oneOf(reader.u8(), ['plain', 'sealed'] as const),
    price: reader.u128(),
    publishedAt: reader.u32(),
    onSale: oneOf(reader.u8(), [false, true] as const),
  };
  reader.end();
  if (entry.cid.length === 0 || entry.cid.length > MAX_CID_BYTES) throw bad(`a CID of 1 to ${MAX_CID_BYTES} bytes`, String(entry.cid.length));
  return entry;
}

function oneOf<const T extends readonly unknown[]>(index: number, variants: T): T[number] {
  if (index >= variants.length) throw bad(`a variant below ${variants.length}`, String(index));
  return variants[index];
}

function bad(expected: string, actual: string): TeaError {
  return new TeaError('badMessage', 'This is not a content entry', { expected, actual });
}
