import { concatBytes } from '@tea/protocol';
import { encodeCompact, ScaleReader } from '@tea/protocol/layer1';

/** What a block did to the state: a key's new value, or null when it went. */
export type StateChange = readonly [key: Uint8Array, value: Uint8Array | null];

/** A block as the log keeps it. Changes are kept so that a start applies them instead of executing everything again. */
export type BlockRecord = {
  /** SCALE, seal included. */
  readonly header: Uint8Array;
  readonly extrinsics: readonly Uint8Array[];
  readonly changes: readonly StateChange[];
};

/** SCALE: header, extrinsics, changes as (key, Option<value>). */
export function encodeBlockRecord(record: BlockRecord): Uint8Array {
  const parts: Uint8Array[] = [];
  const push = (bytes: Uint8Array): void => void parts.push(encodeCompact(bytes.length), bytes);
  push(record.header);
  parts.push(encodeCompact(record.extrinsics.length));
  record.extrinsics.forEach(push);
  parts.push(encodeCompact(record.changes.length));
  for (const [key, value] of record.changes) {
    push(key);
    parts.push(Uint8Array.of(value === null ? 0 : 1));
    if (value !== null) push(value);
  }
  return concatBytes(...parts);
}

/** @throws TeaError `badMessage` */
export function decodeBlockRecord(bytes: Uint8Array): BlockRecord {
  const reader = new ScaleReader(bytes, 'block record');
  const header = reader.vector();
  const extrinsics = Array.from({ length: reader.compact() }, () => reader.vector());
  const changes = Array.from({ length: reader.compact() }, (): StateChange => [reader.vector(), reader.u8() === 0 ? null : reader.vector()]);
  reader.end();
  return { header, extrinsics, changes };
}
