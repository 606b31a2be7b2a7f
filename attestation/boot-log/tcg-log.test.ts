import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { equalBytes, isTeaError } from '@tea/protocol';
import { describeTcgEvent } from './describe-tcg-event.ts';
import { replayTcgLog } from './replay-tcg-log.ts';
import { decodeTcgLog, MAX_TCG_LOG_BYTES, type TcgEvent, type TcgLog } from './tcg-log.ts';
import { REAL_LOGS, realLog } from './testing/real-logs.ts';

const replayed = (log: TcgLog, events: readonly TcgEvent[] = log.events) => {
  const pcrs = replayTcgLog({ ...log, events }, log.algorithms.includes('sha256') ? 'sha256' : 'sha1');
  return JSON.stringify([...pcrs].map(([index, value]) => `${index} ${value.toHex()}`).toSorted());
};
const extended = ({ typeName }: TcgEvent) => typeName !== 'EV_NO_ACTION';

describe('an event log that was tampered with replays to other PCR values', () => {
  for (const name of ['sd-boot-fedora37', 'glinux-alex', 'uefi-sha1']) {
    const log = realLog(name);
    const honest = replayed(log);
    const measured = log.events.filter(extended);
    test(`${name}: each event dropped, doubled, or moved to another PCR`, () => {
      for (const event of measured) {
        const at = event.index;
        assert.notEqual(replayed(log, log.events.toSpliced(at, 1)), honest, `event ${at} dropped`);
        assert.notEqual(replayed(log, log.events.toSpliced(at, 0, event)), honest, `event ${at} doubled`);
        assert.notEqual(replayed(log, log.events.toSpliced(at, 1, { ...event, pcr: event.pcr + 1 })), honest, `event ${at} moved`);
      }
    });
    test(`${name}: neighbours in one PCR swapped`, () => {
      for (const [place, event] of measured.entries()) {
        const next = measured.slice(place + 1).find(({ pcr }) => pcr === event.pcr);
        if (next === undefined || [...event.digests].every(([bank, digest]) => equalBytes(digest, next.digests.get(bank) ?? digest))) continue;
        assert.notEqual(replayed(log, log.events.with(event.index, next).with(next.index, event)), honest, `event ${event.index}`);
      }
    });
    test(`${name}: another startup locality`, () => assert.notEqual(replayed({ ...log, startupLocality: 4 }), honest));
  }

  test('cut off anywhere it is refused, or is an honest log’s beginning', () => {
    const { bytes } = REAL_LOGS.find(({ name }) => name === 'sd-boot-fedora37') ?? { bytes: new Uint8Array() };
    const whole = decodeTcgLog(bytes);
    for (let length = 0; length < bytes.length; length++) {
      try {
        const cut = decodeTcgLog(bytes.subarray(0, length));
        assert.deepEqual(cut.events, whole.events.slice(0, cut.events.length));
      } catch (error) {
        assert.ok(isTeaError(error, 'badMessage'), String(error));
      }
    }
  });
});

test('calls stated, not measured, what a log writer changed behind an unchanged digest', () => {
  const log = realLog('rhel8-uefi');
  const secureBoot = log.events.find((event) => describeTcgEvent(event).text === 'SecureBoot: on');
  assert.ok(secureBoot);
  assert.equal(describeTcgEvent(secureBoot).standing, 'measured');
  const forged = { ...secureBoot, data: secureBoot.data.with(secureBoot.data.length - 1, 0) };
  assert.deepEqual([describeTcgEvent(forged).text, describeTcgEvent(forged).standing], ['SecureBoot: off', 'stated']);
});

test('calls nothing of an event that is never extended measured', () => {
  for (const { events } of REAL_LOGS.map(({ bytes }) => decodeTcgLog(bytes)))
    for (const event of events) if (!extended(event)) assert.equal(describeTcgEvent(event).standing, 'stated');
});

const SPEC_ID = (algorithms: string) =>
  `00000000030000000000000000000000000000000000000000000000${sized(`53706563204944204576656e74303300000000000002000200${algorithms}`)}`;
const sized = (hex: string) => `${Uint8Array.of(hex.length / 2, 0, 0, 0).toHex()}${hex}`.replaceAll(' ', '');
const startupLocality = (locality: string) => `0000000003000000${'00'.repeat(20)}${sized(`537461727475704c6f63616c69747900${locality}`)}`;
const separator = (pcr: string) => `${pcr}00000004000000${'11'.repeat(20)}0400000000000000`;

const hostile: readonly { readonly name: string; readonly hex: string }[] = [
  { name: 'nothing', hex: '' },
  { name: 'an event of 4 GB', hex: `0000000004000000${'00'.repeat(20)}ffffffff` },
  { name: 'a PCR that is none', hex: `1800000004000000${'00'.repeat(20)}00000000` },
  { name: 'a header with 4 billion algorithms', hex: SPEC_ID('ffffffff') },
  { name: 'a header without algorithms', hex: SPEC_ID('0000000000') },
  { name: 'a header with an algorithm twice', hex: SPEC_ID('020000000b0020000b00200000') },
  { name: 'a header with SHA-256 of 20 bytes', hex: SPEC_ID('010000000b00140000') },
  { name: 'a header with bytes behind it', hex: SPEC_ID('010000000b0020000000') },
  { name: 'an event with fewer digests than the header names', hex: `${SPEC_ID('010000000b00200000')}000000000400000000000000` },
  {
    name: 'an event with a digest of an algorithm the header does not name',
    hex: `${SPEC_ID('010000000b00200000')}0000000004000000010000000400${'00'.repeat(20)}00000000`,
  },
  { name: 'two startup localities', hex: startupLocality('03') + startupLocality('00') },
  { name: 'a startup locality that is none', hex: startupLocality('05') },
  { name: 'a startup locality after a measurement into PCR 0', hex: separator('00') + startupLocality('03') },
];
for (const { name, hex } of hostile) {
  test(`refuses ${name}`, () => assert.throws(() => decodeTcgLog(Uint8Array.fromHex(hex)), { code: 'badMessage' }));
}
test('refuses a log larger than firmware writes', () => {
  assert.throws(() => decodeTcgLog(new Uint8Array(MAX_TCG_LOG_BYTES + 1)), { code: 'badMessage' });
});

test('answers altered logs with badMessage or a log, and describes every event of it', () => {
  const logs = fc.constantFrom(...REAL_LOGS.map(({ bytes }) => bytes));
  const edit = fc.record({ at: fc.nat(), by: fc.integer({ min: 1, max: 255 }) });
  fc.assert(
    fc.property(logs, fc.array(edit, { minLength: 1, maxLength: 8 }), (bytes, edits) => {
      const altered = bytes.slice();
      for (const { at, by } of edits) altered[at % bytes.length] = (altered[at % bytes.length] ?? 0) ^ by;
      try {
        for (const event of decodeTcgLog(altered).events) assert.doesNotMatch(describeTcgEvent(event).text, /[\p{Cc}\p{Cf}]/u);
      } catch (error) {
        if (!isTeaError(error, 'badMessage')) throw error;
      }
    }),
    { numRuns: 100 },
  );
});

for (const { name, bytes, pcrs } of REAL_LOGS) {
  if (pcrs.length === 0) continue;
  test(`${name}, a real machine’s log, replays to the ${pcrs.length} PCR values published with it`, () => {
    const log = decodeTcgLog(bytes);
    for (const { bank, index, value } of pcrs) {
      const untouched = (index >= 17 && index <= 22 ? 'ff' : '00').repeat(value.length / 2);
      assert.equal(replayTcgLog(log, bank).get(index)?.toHex() ?? untouched, value, `${bank} PCR ${index}`);
    }
  });
}

test('reads both formats, and where the TPM was started', () => {
  assert.deepEqual([realLog('uefi-sha1').format, realLog('uefi-sha1').algorithms], ['sha1', ['sha1']]);
  assert.deepEqual([realLog('rhel8-uefi').format, realLog('rhel8-uefi').algorithms], ['crypto-agile', ['sha1', 'sha256', 'sha384']]);
  assert.equal(realLog('glinux-alex').startupLocality, 3);
  assert.throws(() => replayTcgLog(realLog('uefi-sha1'), 'sha256'), { code: 'badInput' });
});

test('names what was measured as people know it', () => {
  const said = (name: string) => realLog(name).events.map((event) => `${event.pcr} ${describeTcgEvent(event).text}`);
  const expected: readonly [log: string, line: string][] = [
    ['cos-101-amd-sev', '7 SecureBoot: on'],
    ['cos-101-amd-sev', '7 db: certificate UEFI DB Key v10'],
    ['cos-101-amd-sev', '5 partitions STATE, KERN-A, ROOT-A, KERN-B, ROOT-B, KERN-C, ROOT-C, OEM, reserved, reserved, RWFW, EFI-SYSTEM'],
    ['cos-101-amd-sev', '0 GCE Virtual Firmware v1'],
    ['debian-10', '7 Shim: certificate Debian Secure Boot CA'],
    ['bootorder', '1 BootOrder: Boot0001, Boot0000, Boot0002'],
    ['bootorder', '0 firmware of 917504 bytes at 0x820000'],
    ['bootorder', '7 end of the firmware’s measurements into PCR 7'],
    ['bootorder', '4 application PciRoot(0x0)/Pci(0x6,0x0)/HD(15,GPT,c359e798-596a-42b6-b6f6-eca290429d99)/File(\\EFI\\BOOT\\BOOTX64.EFI)'],
    ['gdc-host', '7 SbatLevel: sbat,1,2021030218'],
    ['glinux-alex', '0 TPM started from locality 3'],
  ];
  for (const [log, line] of expected) assert.ok(said(log).includes(line), `${log}: ${line}`);
});
