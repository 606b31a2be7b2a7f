import { sha256 } from './bytes.ts';
import { encodeCbor, equalBytes, type CborValue } from './cbor.ts';
import { readHead, readItem, type CborReader } from './decode-deterministic.ts';
import { TeaError } from './errors.ts';
import { FIRMWARE_EVENT, MAX_EVENTS, type EventRecord } from './event-log.ts';

/**
 * Reads event logs in one walk, record by record in the order their keys have in deterministic CBOR. A verifier reads one of some kilobytes for each
 * piece of evidence, so this is worth a reader of its own: what is measured is the encoding of `content_type` and `content`, which stand in the log
 * as they were hashed.
 */

/** Decodes a log without judging it: see `replay` and `misdigestedEvents`. @throws TeaError `badMessage` */
export function decodeEventLog(bytes: Uint8Array): EventRecord[] {
  return readLog(bytes, () => {});
}

/** The log with the records whose digest is not of their content, as `misdigestedEvents` finds them. @throws TeaError `badMessage` */
export function decodeMeasuredLog(bytes: Uint8Array): { readonly events: EventRecord[]; readonly misdigested: EventRecord[] } {
  const misdigested: EventRecord[] = [];
  const events = readLog(bytes, (record, content, contentType) => {
    if (record.contentType !== FIRMWARE_EVENT && !equalBytes(sha256(MEASURED_HEAD, content, CONTENT_TYPE, contentType), record.digest))
      misdigested.push(record);
  });
  return { events, misdigested };
}

const text = (value: string) => encodeCbor(value);
const join = (...parts: readonly Uint8Array[]) => Uint8Array.from(parts.flatMap((part) => [...part]));

const MAP_OF_FIVE = 0xa5;
const PCR = text('pcr');
const RECNUM = text('recnum');
const CONTENT = text('content');
const DIGESTS = join(text('digests'), Uint8Array.of(0x81, 0xa2), text('digest'), Uint8Array.of(0x58, 32));
const HASH_ALG = join(text('hashAlg'), text('sha256'));
const CONTENT_TYPE = text('content_type');

/** What stands before the two in `{ content_type, content }`: see `eventDigest`. */
const MEASURED_HEAD = join(Uint8Array.of(0xa2), CONTENT);

type EncodedPart = (record: EventRecord, content: Uint8Array, contentType: Uint8Array) => void;

function readLog(bytes: Uint8Array, each: EncodedPart): EventRecord[] {
  const reader: CborReader = { bytes, at: 0, argument: 0 };
  const initial = bytes[0] ?? 0;
  if (initial >> 5 !== 4 || !readHead(reader, initial)) throw refuse(reader, 'an array of records');
  const count = reader.argument;
  if (count > MAX_EVENTS) throw refuse(reader, `at most ${MAX_EVENTS} records`);
  const records: EventRecord[] = [];
  for (let index = 0; index < count; index++) records.push(readRecord(reader, each));
  if (reader.at !== bytes.length) throw refuse(reader, 'nothing behind the records');
  return records;
}

function readRecord(reader: CborReader, each: EncodedPart): EventRecord {
  const { bytes } = reader;
  if (bytes[reader.at++] !== MAP_OF_FIVE) throw refuse(reader, 'a record of pcr, recnum, content, digests and content_type');
  expectBytes(reader, PCR, 'pcr');
  const pcr = readNumber(reader, 23);
  expectBytes(reader, RECNUM, 'recnum');
  const recnum = readNumber(reader, MAX_EVENTS);
  expectBytes(reader, CONTENT, 'content');
  const contentStart = reader.at;
  const content = readContent(reader);
  const encodedContent = bytes.subarray(contentStart, reader.at);
  expectBytes(reader, DIGESTS, 'digests of one SHA-256 digest');
  const digest = new Uint8Array(bytes.subarray(reader.at, reader.at + 32));
  if (digest.length !== 32) throw refuse(reader, 'a digest of 32 bytes');
  reader.at += 32;
  expectBytes(reader, HASH_ALG, 'hashAlg sha256');
  expectBytes(reader, CONTENT_TYPE, 'content_type');
  const typeStart = reader.at;
  const contentType = readItem(reader, 0);
  if (typeof contentType !== 'string' || contentType.length === 0 || contentType.length > 64)
    throw refuse(reader, 'a content type of 1 to 64 characters');
  const record = { recnum, pcr, digest, contentType, content };
  each(record, encodedContent, bytes.subarray(typeStart, reader.at));
  return record;
}

function expectBytes(reader: CborReader, expected: Uint8Array, what: string): void {
  const { bytes, at } = reader;
  for (let index = 0; index < expected.length; index++) if (bytes[at + index] !== expected[index]) throw refuse(reader, what);
  reader.at = at + expected.length;
}

function readNumber(reader: CborReader, highest: number): number {
  const value = readItem(reader, 0);
  if (typeof value === 'number' && value >= 0 && value <= highest) return value;
  throw refuse(reader, `a number from 0 to ${highest}`);
}

/** Content is flat: so it can be shown in a table, and no reader of it needs a stack. */
function readContent(reader: CborReader): EventRecord['content'] {
  const content = readItem(reader, 0);
  if (isFlatMap(content)) return content;
  throw refuse(reader, 'content of names up to 64 characters with plain values');
}

function isFlatMap(value: CborValue | undefined): value is { readonly [key: string]: CborValue } {
  if (typeof value !== 'object' || value === null || Array.isArray(value) || value instanceof Uint8Array) return false;
  const map = value as { readonly [key: string]: CborValue };
  for (const name of Object.keys(map)) {
    const item = map[name];
    if (name.length > 64 || (typeof item === 'object' && item !== null && !(item instanceof Uint8Array))) return false;
  }
  return true;
}

function refuse({ bytes, at }: CborReader, expected: string): TeaError {
  return new TeaError('badMessage', 'This is not a canonical event log', { expected, actual: `something else near byte ${at} of ${bytes.length}` });
}
