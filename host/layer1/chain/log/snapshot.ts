import { existsSync } from 'node:fs';
import { open, rename } from 'node:fs/promises';
import { concatBytes } from '@tea/protocol';
import { encodeCompact, ScaleReader } from '@tea/protocol/layer1';
import { type Checksum, encodeFrame, readFrames } from './frames.ts';
import type { BlockRecord } from './record.ts';

/** A whole state, so that a start needn't apply every block since genesis. */
export type Snapshot = {
  readonly number: number;
  /** Where in the log the next block's frame begins. */
  readonly logEnd: number;
  readonly block: Pick<BlockRecord, 'header' | 'extrinsics'>;
  readonly entries: Iterable<{ readonly key: Uint8Array; readonly value: Uint8Array }>;
};

const CHUNK_BYTES = 1024 * 1024;

/**
 * Writes the snapshot beside the old one and puts it in its place when it's whole. Frames as in the log: what the snapshot is of, then the
 * entries in pieces of about a megabyte, so that a large state doesn't keep the thread from its work.
 */
export async function writeSnapshot(path: string, snapshot: Snapshot, checksum: Checksum): Promise<void> {
  const file = await open(`${path}.new`, 'w', 0o600);
  try {
    await file.appendFile(encodeFrame(encodeSubject(snapshot), checksum));
    let parts: Uint8Array[] = [];
    let bytes = 0;
    const flush = async (): Promise<void> => {
      await file.appendFile(encodeFrame(concatBytes(...parts), checksum));
      parts = [];
      bytes = 0;
    };
    for (const { key, value } of snapshot.entries) {
      parts.push(vector(key), vector(value));
      bytes += key.length + value.length;
      if (bytes >= CHUNK_BYTES) await flush();
    }
    await flush();
    await file.sync();
  } finally {
    await file.close();
  }
  await rename(`${path}.new`, path);
}

/**
 * @returns null when there's none, or none that can be read: it's a shortcut, and the log has it all. Whether the entries are complete is
 * for the caller to see from the state's root.
 */
export function readSnapshot(path: string, checksum: Checksum): Snapshot | null {
  if (!existsSync(path)) return null;
  try {
    const [subject, ...chunks] = Array.from(readFrames(path, checksum), ({ payload }) => payload.slice());
    return subject === undefined ? null : { ...decodeSubject(subject), entries: chunks.flatMap(decodeChunk) };
  } catch {
    return null;
  }
}

function encodeSubject({ number, logEnd, block }: Snapshot): Uint8Array {
  return concatBytes(
    encodeCompact(number),
    encodeCompact(logEnd),
    vector(block.header),
    encodeCompact(block.extrinsics.length),
    ...block.extrinsics.map(vector),
  );
}

function decodeSubject(bytes: Uint8Array): Omit<Snapshot, 'entries'> {
  const reader = new ScaleReader(bytes, 'snapshot');
  const number = reader.compact();
  const logEnd = reader.compact();
  const header = reader.vector();
  const extrinsics = Array.from({ length: reader.compact() }, () => reader.vector());
  reader.end();
  return { number, logEnd, block: { header, extrinsics } };
}

function decodeChunk(bytes: Uint8Array): { readonly key: Uint8Array; readonly value: Uint8Array }[] {
  const reader = new ScaleReader(bytes, 'snapshot');
  const entries: { readonly key: Uint8Array; readonly value: Uint8Array }[] = [];
  while (reader.remaining > 0) entries.push({ key: reader.vector(), value: reader.vector() });
  return entries;
}

function vector(bytes: Uint8Array): Uint8Array {
  return concatBytes(encodeCompact(bytes.length), bytes);
}
