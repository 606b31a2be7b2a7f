import { sealingAuthPolicy } from '@tea/attestation';
import { bindingDigest, encodeEventLog, EVIDENCE_PCRS, recordEvent, sha256, type EventRecord, type TeaEvent } from '@tea/protocol';
import { nameOf } from '@tea/protocol/tpm';
import { nodeOf, withMeasured } from '../../attestation/testing/attacker.ts';
import { EVENTS, inputFor } from '../../attestation/testing/scenario.ts';
import { sealingPublic, syntheticTpm } from '../../attestation/testing/synthetic-tpm.ts';
import { onAppraisal, type AttackGroup } from './attack.ts';
import { honest } from './victims.ts';

const foreign: TeaEvent = { contentType: 'tea.bundle', content: { sha256: sha256(Uint8Array.of(66)), version: '0.1.0' } };
const [first, second] = honest.log;
if (first === undefined || second === undefined) throw new Error('the honest log has two events');
const showing = (id: string, title: string, claims: readonly string[], log: readonly EventRecord[]) =>
  onAppraisal(id, title, claims, () => inputFor(honest, { eventLog: encodeEventLog(log) }));

/** A node that extended one more event into a PCR of its own choice, and says so in its log. */
const extending = async (pcr: number) => {
  const tpm = await syntheticTpm({ ek: honest.tpm.ek });
  const extra = recordEvent(honest.log, pcr, foreign);
  for (const event of [...honest.log, extra]) tpm.extend(event.pcr, event.digest);
  return nodeOf({ ...honest, tpm }, { eventLog: encodeEventLog([...honest.log, extra]) });
};

export const onEventLogs: AttackGroup = {
  id: 'event-log',
  on: 'the event log',
  wouldGain: 'another program runs behind the log of a known one',
  attacks: [
    showing('log-dropped', 'leaves an event out', ['log.replay', 'log.known'], [first]),
    showing('log-empty', 'shows no event at all', ['log.replay', 'log.known'], []),
    showing('log-doubled', 'shows an event twice', ['log.replay', 'log.known'], [first, second, { ...second, recnum: 2 }]),
    showing(
      'log-reordered',
      'shows the events in another order',
      ['log.replay', 'log.known'],
      [
        { ...second, recnum: 0 },
        { ...first, recnum: 1 },
      ],
    ),
    onAppraisal(
      'nothing-measured',
      'measures nothing, logs nothing, and binds the sealing key to empty PCRs',
      ['log.known', 'sealing.policy'],
      async () => {
        const empty = { ...honest, log: [], tpm: await syntheticTpm({ ek: honest.tpm.ek }) };
        const nothing = EVIDENCE_PCRS.map((index) => ({ index, digest: new Uint8Array(32) }));
        const publicArea = await sealingPublic(sealingAuthPolicy(nothing));
        const binding = { ...honest.evidence.binding, sealingKeyName: nameOf(publicArea) };
        const sealing = { public: publicArea, ...(await empty.tpm.certify(publicArea)) };
        return nodeOf(empty, { binding, sealing, quote: await empty.tpm.quote(bindingDigest(binding)), eventLog: encodeEventLog([]) });
      },
    ),
    onAppraisal('log-same-digest', 'extends a known event twice, once under its own number', ['log.known'], async () => {
      const log = [first, second, { ...second, recnum: 2 }];
      const tpm = await syntheticTpm({ ek: honest.tpm.ek });
      for (const { pcr, digest } of log) tpm.extend(pcr, digest);
      return nodeOf({ ...honest, tpm }, { eventLog: encodeEventLog(log) });
    }),
    showing('log-gap', 'leaves a gap in the record numbers', ['log.replay'], [first, { ...second, recnum: 5 }]),
    showing(
      'log-other-content',
      'shows other content than was measured',
      ['log.digests'],
      [first, { ...second, content: { ...second.content, version: '9.9.9' } }],
    ),
    showing(
      'log-other-kind',
      'shows an event as one of another kind',
      ['log.digests', 'log.known'],
      [first, { ...second, contentType: 'tea.node-binary' }],
    ),
    showing(
      'log-other-digest',
      'shows another digest than was extended',
      ['log.digests', 'log.replay', 'log.known'],
      [first, { ...second, digest: sha256() }],
    ),
    showing('log-other-pcr', 'says an event went into another PCR', ['log.replay', 'log.known'], [first, { ...second, pcr: 4 }]),
    showing(
      'log-outside-quote',
      'logs an event in a PCR no quote covers',
      ['log.replay', 'log.known'],
      [...honest.log, recordEvent(honest.log, 10, foreign)],
    ),
    onAppraisal('unknown-program', 'runs a program nobody knows', ['log.known'], () => withMeasured(honest, [...EVENTS.slice(0, 1), foreign])),
    onAppraisal('unknown-event', 'runs something more after the known program', ['log.known'], () => withMeasured(honest, [...EVENTS, foreign])),
    onAppraisal('known-log-over-unknown-program', 'shows a known log for a program nobody knows', ['log.replay'], () =>
      withMeasured(honest, [...EVENTS.slice(0, 1), foreign], honest.evidence.eventLog),
    ),
    onAppraisal('unused-pcr', 'extends an event into PCR 4', ['log.known', 'pcr.unused'], () => extending(4)),
    onAppraisal('log-not-decodable', 'shows a log that is no log', ['evidence.decodes', 'log.digests', 'log.replay', 'log.known', 'pcr.unused'], () =>
      inputFor(honest, { eventLog: Uint8Array.of(0x9f, 0xff) }),
    ),
  ],
};

/** What was tried on real machines (direct boot under SeaBIOS and OVMF, a forged simulator), as a verifier meets it. */
export const onMachines: AttackGroup = {
  id: 'machine',
  on: 'the machine below the program',
  wouldGain: 'a machine that measures nothing, or a simulator that measures anything, counts as the real one',
  attacks: [
    onAppraisal('direct-boot-seabios', 'boots another kernel directly under SeaBIOS: no PCR shows it, and nothing was measured', ['log.known'], () =>
      withMeasured(honest, []),
    ),
    onAppraisal('direct-boot-ovmf', 'boots another initrd directly under OVMF, which measures it into PCR 9', ['log.known', 'pcr.unused'], () =>
      extending(9),
    ),
    onAppraisal(
      'log-replayed-into-simulator',
      'replays a real machine’s log into a simulated TPM with a certificate of its own making',
      ['policy.trustClass'],
      () => inputFor(honest, {}, { policy: { ...honest.policy, acceptedClasses: ['tpm', 'vtpm', 'tpm+memory-encryption'] } }),
    ),
  ],
};
