import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { test } from 'node:test';
import { isTeaError } from '@tea/protocol';
import { authenticodeDigest } from './authenticode.ts';

const HEADERS_END = 0x200;
const PE = 0x80;
const OPTIONAL = PE + 24;
const CHECKSUM = OPTIONAL + 64;
const CERTIFICATES = OPTIONAL + 112 + 32;

/** The least that is an EFI binary: two sections, the later one in the file listed first. */
function binary(): Uint8Array {
  const bytes = new Uint8Array(HEADERS_END + 0x300);
  const view = new DataView(bytes.buffer);
  view.setUint16(0, 0x5a4d, true);
  view.setUint32(0x3c, PE, true);
  view.setUint32(PE, 0x4550, true);
  view.setUint16(PE + 6, 2, true); // sections
  view.setUint16(PE + 20, 240, true); // size of the optional header
  view.setUint16(OPTIONAL, 0x20b, true);
  view.setUint32(OPTIONAL + 60, HEADERS_END, true);
  view.setUint32(OPTIONAL + 108, 16, true); // entries of the data directory
  for (const [place, at, size] of [
    [0, HEADERS_END + 0x100, 0x200],
    [1, HEADERS_END, 0x100],
  ] as const) {
    const section = OPTIONAL + 240 + 40 * place;
    view.setUint32(section + 16, size, true);
    view.setUint32(section + 20, at, true);
  }
  bytes.fill(1, HEADERS_END, HEADERS_END + 0x100);
  bytes.fill(2, HEADERS_END + 0x100);
  return bytes;
}

test('leaves out the checksum, the certificates and where they are, and nothing else', () => {
  const original = authenticodeDigest(binary());
  for (let at = 0; at < binary().length; at++) {
    const changed = binary();
    changed[at] = (changed[at] ?? 0) ^ 0x80;
    let digest: Uint8Array | undefined;
    try {
      digest = authenticodeDigest(changed);
    } catch (error) {
      assert.ok(isTeaError(error, 'badInput'), String(error));
    }
    const isLeftOut = (at >= CHECKSUM && at < CHECKSUM + 4) || (at >= CERTIFICATES && at < CERTIFICATES + 4);
    // the size of the certificates decides what belongs to the image
    if (at >= CERTIFICATES + 4 && at < CERTIFICATES + 8) continue;
    assert.equal(digest !== undefined && Buffer.compare(digest, original) === 0, isLeftOut, `byte ${at}`);
  }
});

test('is the same for a binary that was signed for Secure Boot', () => {
  const unsigned = binary();
  const certificates = new Uint8Array(64).fill(7);
  const signed = new Uint8Array([...unsigned, ...certificates]);
  const view = new DataView(signed.buffer);
  view.setUint32(CHECKSUM, 0x1234, true);
  view.setUint32(CERTIFICATES, unsigned.length, true);
  view.setUint32(CERTIFICATES + 4, certificates.length, true);
  assert.deepEqual(authenticodeDigest(signed), authenticodeDigest(unsigned));
});

test('hashes sections in the order of the file', () => {
  const bytes = binary();
  const hash = createHash('sha256')
    .update(bytes.subarray(0, CHECKSUM))
    .update(bytes.subarray(CHECKSUM + 4, CERTIFICATES));
  hash.update(bytes.subarray(CERTIFICATES + 8));
  assert.deepEqual(authenticodeDigest(bytes), new Uint8Array(hash.digest()));
});

test('refuses what is no 64-bit EFI binary, cut off anywhere', () => {
  for (const bytes of [new Uint8Array(), new Uint8Array(1000), ...[10, 0x81, 0x100, 0x150, HEADERS_END].map((end) => binary().subarray(0, end))])
    assert.throws(
      () => authenticodeDigest(bytes),
      (error: unknown) => isTeaError(error, 'badInput'),
    );
});
