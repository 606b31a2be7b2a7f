import { sha1 } from '@noble/hashes/legacy.js';
import { sha256 as nobleSha256 } from '@noble/hashes/sha2.js';
import { concatBytes, equalBytes } from '@tea/protocol';
import { ascii, LittleEndianReader } from './little-endian.ts';

/**
 * Linux's list of what it loaded or ran (security/integrity/ima), as /sys/kernel/security/ima/binary_runtime_measurements of a little-endian
 * machine holds it. Templates ima-ng and ima-sig; the older `ima` has SHA-1 content digests only, and is refused.
 */
export type ImaEntry = {
  readonly index: number;
  readonly pcr: number;
  /** SHA-1 of the template data; zero for a violation: the file was open for writing while it was measured */
  readonly templateDigest: Uint8Array;
  readonly template: 'ima-ng' | 'ima-sig';
  readonly data: Uint8Array;
  readonly algorithm: string;
  readonly digest: Uint8Array;
  /** what was measured: `boot_aggregate` first, then paths. The kernel's word, true as far as the digest replays */
  readonly path: string;
  readonly violation: boolean;
};

export const IMA_PCR = 10;
export const MAX_IMA_LOG_BYTES = 16 << 20;
const MAX_IMA_ENTRIES = 100_000;

/** @throws TeaError `badMessage`, also when an entry's template digest is not the hash of its data */
export function decodeImaLog(bytes: Uint8Array): ImaEntry[] {
  const reader = new LittleEndianReader(bytes, 'list of IMA measurements');
  if (bytes.length > MAX_IMA_LOG_BYTES) throw reader.refuse(`at most ${MAX_IMA_LOG_BYTES} bytes`, `${bytes.length} bytes`);
  const entries: ImaEntry[] = [];
  while (reader.remaining > 0) {
    if (entries.length >= MAX_IMA_ENTRIES) throw reader.refuse(`at most ${MAX_IMA_ENTRIES} entries`, 'more');
    entries.push(readEntry(reader, entries.length));
  }
  return entries;
}

function readEntry(reader: LittleEndianReader, index: number): ImaEntry {
  const pcr = reader.uint32();
  if (pcr !== IMA_PCR) throw reader.refuse(`PCR ${IMA_PCR}`, String(pcr));
  const templateDigest = reader.bytes(20);
  const name = ascii(reader.bytes(reader.uint32()));
  if (name !== 'ima-ng' && name !== 'ima-sig') throw reader.refuse('template ima-ng or ima-sig', name || 'none');
  const data = reader.bytes(reader.uint32());
  const violation = templateDigest.every((byte) => byte === 0);
  if (!violation && !equalBytes(sha1(data), templateDigest)) throw reader.refuse(`entry ${index} to hash to its digest`, templateDigest.toHex());
  const fields = new LittleEndianReader(data, 'IMA template');
  const measured = fields.bytes(fields.uint32());
  const path = fields.bytes(fields.uint32());
  if (name === 'ima-sig') fields.bytes(fields.uint32());
  fields.end();
  const label = measured.indexOf(0); // `sha256:` and a NUL before the digest
  if (label < 2 || measured[label - 1] !== 0x3a || path.indexOf(0) !== path.length - 1)
    throw reader.refuse('a named digest and a path', measured.toHex());
  return {
    index,
    pcr,
    templateDigest,
    template: name,
    data,
    algorithm: ascii(measured.subarray(0, label - 1)),
    digest: measured.subarray(label + 1),
    path: new TextDecoder().decode(path.subarray(0, -1)),
    violation,
  };
}

/**
 * The value of PCR 10 after these entries, as a kernel from 5.8 on extends it: each bank with its own hash of the template data, and ones for a
 * violation.
 */
export function replayImaLog(entries: readonly ImaEntry[], bank: 'sha1' | 'sha256'): Uint8Array {
  const hash = bank === 'sha1' ? sha1 : nobleSha256;
  let pcr: Uint8Array = new Uint8Array(hash.outputLen);
  for (const { data, violation } of entries) pcr = hash(concatBytes(pcr, violation ? new Uint8Array(hash.outputLen).fill(0xff) : hash(data)));
  return pcr;
}
