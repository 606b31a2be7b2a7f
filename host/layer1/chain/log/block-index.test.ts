import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { test } from 'node:test';
import { BlockIndex } from './block-index.ts';

const hashOf = (number: number): Uint8Array => new Uint8Array(createHash('sha256').update(String(number)).digest());

test('an index of many blocks finds each by number and by hash, and none that it does not hold', () => {
  const index = new BlockIndex();
  const blocks = 50_000;
  for (let number = 0; number < blocks; number++) index.add(hashOf(number), number * 1_000);
  assert.equal(index.length, blocks);
  for (let number = 0; number < blocks; number += 7) {
    assert.equal(index.offsetOf(number), number * 1_000);
    assert.equal(index.candidate(hashOf(number)), number);
  }
  for (const number of [-1, blocks, 0.5]) assert.equal(index.offsetOf(number), undefined);
  for (let other = blocks; other < blocks + 1_000; other++) assert.equal(index.candidate(hashOf(other)), undefined);
});

test('hashes that crowd at the table’s end are found too, around the corner', () => {
  const index = new BlockIndex();
  const crowded = Array.from({ length: 300 }, (_, at) => Uint8Array.of(255, 255, 255, 255, at >> 8, at & 255));
  for (const [number, hash] of crowded.entries()) index.add(hash, number);
  for (const [number, hash] of crowded.entries()) assert.equal(index.candidate(hash), number);
  assert.equal(index.candidate(Uint8Array.of(255, 255, 255, 255, 255, 255)), undefined);
});

test('an index takes no more than forty bytes a block', () => {
  const index = new BlockIndex();
  // One buffer for all, so that nothing but the index is counted.
  const hash = new Uint8Array(32);
  const view = new DataView(hash.buffer);
  const before = process.memoryUsage().arrayBuffers;
  for (let number = 0; number < 100_000; number++) {
    view.setUint32(0, Math.imul(number, 0x9e37_79b1) >>> 0);
    index.add(hash, number);
  }
  assert.ok(process.memoryUsage().arrayBuffers - before < 40 * 100_000 + 1_000_000);
  assert.equal(index.length, 100_000);
});
