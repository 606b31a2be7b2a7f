import assert from 'node:assert/strict';
import { test } from 'node:test';
import { EVIDENCE_PCRS, recordEvent, replay, type EventRecord, type PcrValue } from '@tea/protocol';
import { ownReferenceValues } from './own-measurements.ts';

const digest = (fill: number): Uint8Array => new Uint8Array(32).fill(fill);
const event = (fill: number) => ({ contentType: 'tea.bundle', content: { sha256: digest(fill), version: '1' } }) as const;
const log: readonly EventRecord[] = [recordEvent([], 12, event(1))];
const pcrsAfter = (measured: readonly EventRecord[]): PcrValue[] => {
  const values = replay(measured);
  return EVIDENCE_PCRS.map((index) => ({ index, digest: values.get(index) ?? digest(0) }));
};
const refused = { name: 'TeaError', code: 'refused' };

test('demands of others what was measured into this TPM', () => {
  assert.deepEqual(
    ownReferenceValues('process', log, pcrsAfter(log)).events.map(({ allowed }) => allowed.map((each) => each.digest)),
    [[log[0]?.digest]],
  );
});

test("refuses a host's log of software that it would like to see admitted", () => {
  assert.throws(() => ownReferenceValues('process', [recordEvent([], 12, event(2))], pcrsAfter(log)), refused);
});

test('refuses a log that leaves something out or adds something', () => {
  assert.throws(() => ownReferenceValues('process', [], pcrsAfter(log)), refused);
  assert.throws(() => ownReferenceValues('process', [...log, recordEvent(log, 12, event(2))], pcrsAfter(log)), refused);
  assert.throws(() => ownReferenceValues('process', [...log, recordEvent(log, 14, event(2))], pcrsAfter(log)), refused);
});

test('refuses an event that shows other content than what was measured', () => {
  const shown = log.map((record) => ({ ...record, content: { sha256: digest(9), version: '1' } }));
  assert.throws(() => ownReferenceValues('process', shown, pcrsAfter(log)), refused);
});
