import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { decodeMeasuredLog, encodeEventLog, FIRMWARE_EVENT, isTeaError, replay, sha256 } from '@tea/protocol';
import { canonicalMachineLog } from './machine-log.ts';

const EV_NO_ACTION = 3;
const EV_SEPARATOR = 4;

type Event = { readonly pcr: number; readonly type: number; readonly data: Uint8Array };

/** A crypto-agile log with one digest of this algorithm for each event (PC Client Platform Firmware Profile 1.06, 10.2.2 and 10.4.5.1). */
function log(events: readonly Event[], algorithm = { id: 0x0b, sizeBytes: 32 }): Uint8Array {
  const u16 = (value: number) => Uint8Array.of(value & 255, value >> 8);
  const u32 = (value: number) => new Uint8Array(Uint32Array.of(value).buffer);
  const specId = Buffer.concat([
    Buffer.from('Spec ID Event03\0'),
    u32(0),
    Uint8Array.of(0, 2, 0, 2),
    u32(1),
    u16(algorithm.id),
    u16(algorithm.sizeBytes),
    Uint8Array.of(0),
  ]);
  const head = [u32(0), u32(EV_NO_ACTION), new Uint8Array(20), u32(specId.length), specId];
  const rest = events.flatMap(({ pcr, type, data }) => {
    const digest = new Uint8Array(algorithm.sizeBytes);
    digest.set(sha256(data).subarray(0, algorithm.sizeBytes));
    return [u32(pcr), u32(type), u32(1), u16(algorithm.id), digest, u32(data.length), data];
  });
  return new Uint8Array(Buffer.concat([...head, ...rest]));
}

const separator: Event = { pcr: 4, type: EV_SEPARATOR, data: new Uint8Array(4) };

test('keeps what was extended, in order, and leaves out what only informs', () => {
  const informs: Event = { pcr: 0, type: EV_NO_ACTION, data: Uint8Array.of(1) };
  const events = canonicalMachineLog(log([informs, separator, { ...separator, pcr: 5 }]));
  assert.deepEqual(
    events.map(({ recnum, pcr, contentType }) => [recnum, pcr, contentType]),
    [
      [0, 4, FIRMWARE_EVENT],
      [1, 5, FIRMWARE_EVENT],
    ],
  );
  assert.deepEqual(replay(events).get(4), sha256(new Uint8Array(32), sha256(separator.data)));
});

test('survives being evidence', () => {
  const events = canonicalMachineLog(log([separator]));
  assert.deepEqual(decodeMeasuredLog(encodeEventLog(events)), { events, misdigested: [] });
});

test('refuses a firmware that measures into another bank, and a TPM that began elsewhere', () => {
  const locality3: Event = { pcr: 0, type: EV_NO_ACTION, data: new Uint8Array([...new TextEncoder().encode('StartupLocality\0'), 3]) };
  for (const bytes of [log([separator], { id: 4, sizeBytes: 20 }), log([locality3, separator])])
    assert.throws(
      () => canonicalMachineLog(bytes),
      (error: unknown) => isTeaError(error, 'refused'),
    );
  assert.throws(
    () => canonicalMachineLog(readFileSync(new URL(import.meta.url))),
    (error: unknown) => isTeaError(error, 'badMessage'),
  );
});
