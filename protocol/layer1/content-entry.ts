import { RecordReader } from './record-reader.ts';

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

/** @throws TeaError `badMessage` unless the bytes are exactly one entry */
export function decodeContentEntry(bytes: Uint8Array): ContentEntry {
  const reader = new RecordReader(bytes, 'content entry');
  const entry: ContentEntry = {
    owner: reader.id(),
    kind: reader.oneOf(['code', 'data']),
    cid: reader.cid(),
    sha256: reader.id(),
    sizeBytes: reader.u64(),
    visibility: reader.oneOf(['plain', 'sealed']),
    price: reader.u128(),
    publishedAt: reader.u32(),
    onSale: reader.flag(),
  };
  reader.end();
  return entry;
}
