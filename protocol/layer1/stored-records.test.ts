import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { concatBytes } from '../bytes.ts';
import { isTeaError } from '../errors.ts';
import { decodeAcceptanceRecord } from './acceptance-record.ts';
import { decodeAppraisalRecord } from './appraisal-record.ts';
import { decodeAuraAuthorities } from './aura-seal.ts';
import { decodeChannelRecord } from './channel-record.ts';
import { decodeContentEntry } from './content-entry.ts';
import { decodeDrawRecord } from './draw-record.ts';
import { encodeHeaderJson } from './header-json.ts';
import { decodeNodeRecord } from './node-record.ts';
import { encodeCompact, encodeU64 } from './scale.ts';
import { filled, STORED_RECORDS } from './testing/stored-records.ts';
import { twox64Concat } from './twox.ts';

const { node, appraisal, content, channel, acceptance, draw, authorities } = STORED_RECORDS;

describe('a stored record', () => {
  const decoders: readonly [name: string, decode: (bytes: Uint8Array) => unknown, bytes: Uint8Array, atVariant: number][] = [
    ['node', decodeNodeRecord, node, 96],
    ['appraisal', decodeAppraisalRecord, appraisal, 133],
    ['content', decodeContentEntry, content, 32],
    ['channel', decodeChannelRecord, channel, channel.length - 1],
    ['acceptance', decodeAcceptanceRecord, acceptance, 0],
    ['draw', decodeDrawRecord, draw, 0],
    ['authorities', decodeAuraAuthorities, authorities, 0],
  ];
  for (const [name, decode, bytes, atVariant] of decoders) {
    test(`refuses every cut, every appended byte and an unknown variant: ${name}`, () => {
      for (let length = 0; length < bytes.length; length++) {
        assert.throws(
          () => decode(bytes.subarray(0, length)),
          (error) => isTeaError(error, 'badMessage'),
          `${length} bytes`,
        );
      }
      for (const other of [concatBytes(bytes, filled(0, 1)), bytes.with(atVariant, 0xfd)]) {
        assert.throws(
          () => decode(other),
          (error) => isTeaError(error, 'badMessage'),
        );
      }
    });
  }

  test('reads as the pallets write it', () => {
    const { trustClass, status, reason, gasPrice, dueAt, transports, bootstrap, ...rest } = decodeNodeRecord(node);
    assert.deepEqual([trustClass, status, reason, gasPrice, dueAt], ['simulated', 'Active', 'Admitted', 6n + (1n << 64n), 13]);
    assert.deepEqual([transports, bootstrap, rest.appraisal, rest.expiresAt], [['aaa'], true, 9n, 14]);
    const { draw, votesClose, seats, outcome, closedAt } = decodeAppraisalRecord(appraisal);
    assert.deepEqual([draw, votesClose, outcome, closedAt], [5n, 7, 'Refused', null]);
    assert.deepEqual(
      seats.map(({ vote }) => vote && [vote.pass, vote.atBlock]),
      [[false, 13], null],
    );
    const { kind, visibility, price, onSale } = decodeContentEntry(content);
    assert.deepEqual([kind, visibility, price, onSale], ['data', 'sealed', 5n + (1n << 64n), false]);
  });

  test('refuses a CID of no byte, and one longer than the pallets keep', () => {
    for (const [record, decode, at] of [
      [node, decodeNodeRecord, 97],
      [content, decodeContentEntry, 33],
      [acceptance, decodeAcceptanceRecord, 1],
      [appraisal, decodeAppraisalRecord, 64],
    ] as const) {
      for (const cid of [encodeCompact(0), concatBytes(encodeCompact(65), filled(1, 65))]) {
        assert.equal(record[at], 36 << 2);
        const other = concatBytes(record.subarray(0, at), cid, record.subarray(at + 37));
        assert.throws(
          () => decode(other),
          (error) => isTeaError(error, 'badMessage') && /CID/.test(error.expected ?? ''),
        );
      }
    }
  });

  test('refuses a transport that could not be printed', () => {
    const control = node.with(node.length - 2, 0x0a);
    assert.throws(
      () => decodeNodeRecord(control),
      (error) => isTeaError(error, 'badMessage'),
    );
  });

  test('is found under a key hashed as xxHash64 does', () => {
    // Values of the reference implementation (Cyan4973/xxHash), seed 0, little endian.
    assert.equal(twox64Concat(new Uint8Array()).toHex(), '99e9d85137db46ef');
    assert.equal(twox64Concat(encodeU64(1n)).subarray(0, 8).toHex(), '9599a4a217cb299f');
    assert.throws(
      () => twox64Concat(filled(0)),
      (error) => isTeaError(error, 'badInput'),
    );
  });

  test('refuses a header that is not the JSON of one', () => {
    const header = { parentHash: `0x${'00'.repeat(32)}`, number: '0x1', stateRoot: `0x${'00'.repeat(32)}`, extrinsicsRoot: `0x${'00'.repeat(32)}` };
    assert.equal(encodeHeaderJson({ ...header, digest: { logs: [] } }).length, 98);
    for (const other of [null, header, { ...header, digest: { logs: ['0x0'] } }, { ...header, number: '0x-1', digest: { logs: [] } }]) {
      assert.throws(
        () => encodeHeaderJson(other),
        (error) => isTeaError(error, 'badMessage'),
      );
    }
  });
});
