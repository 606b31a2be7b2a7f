import { PROCESS_MODE_PCR, recordEvent, replay, sha256, type EventRecord, type ReferenceValues } from '@tea/protocol';
import { nameOf } from '@tea/protocol/tpm';
import type { AppraisalInput } from '../appraisal.ts';
import { evidencePcrs, sealingAuthPolicy } from '../expected-state.ts';
import { activationOf, attest, honestNode, inputFor } from './scenario.ts';
import { sealingPublic, syntheticTpm } from './synthetic-tpm.ts';

const VERSIONS = 4;

/**
 * What a verifier meets that knows none of the nodes it is asked about: each has its own TPM, EK certificate, attestation key, sealing key and event
 * log, of `events` events of which each is of one of four versions the one set of reference values allows. They share their TPMs' maker.
 * @param size at most 4^events
 */
export async function fleetOf(size: number, events: number): Promise<readonly AppraisalInput[]> {
  const first = await honestNode();
  const referenceValues: ReferenceValues = {
    ...first.referenceValues,
    events: Array.from({ length: events }, (_, place) => ({
      pcr: PROCESS_MODE_PCR,
      contentType: 'tea.bundle',
      name: `program ${place}`,
      allowed: Array.from({ length: VERSIONS }, (_, version) => ({ digest: recordAt(place, version).digest, version: String(version) })),
    })),
  };
  const nodeAt = async (node: number): Promise<AppraisalInput> => {
    const tpm = await syntheticTpm();
    const log = Array.from({ length: events }, (_, place) => recordAt(place, Math.floor(node / VERSIONS ** place) % VERSIONS));
    for (const { pcr, digest } of log) tpm.extend(pcr, digest);
    const publicArea = await sealingPublic(sealingAuthPolicy(evidencePcrs(replay(log))));
    const ekCertificate = await first.maker.issueEk(tpm.ek.publicKey, { serialNumber: Uint8Array.of(1, node >> 8, node & 0xff) });
    const binding = { ...first.evidence.binding, sealingKeyName: nameOf(publicArea), account: sha256(Uint8Array.of(node >> 8, node & 0xff)) };
    const evidence = await attest(
      tpm,
      [ekCertificate, first.maker.intermediate, first.maker.root],
      log,
      { public: publicArea, ...(await tpm.certify(publicArea)) },
      binding,
    );
    const expected = { ...first.expected, account: binding.account, node: tpm.akName.slice(2) };
    return inputFor({ ...first, tpm, evidence, log, referenceValues, expected, activation: await activationOf(tpm, ekCertificate) });
  };
  return Promise.all(Array.from({ length: size }, (_, node) => nodeAt(node)));
}

function recordAt(place: number, version: number): EventRecord {
  const event = { contentType: 'tea.bundle', content: { sha256: sha256(Uint8Array.of(place, version)), version: String(version) } } as const;
  return { ...recordEvent([], PROCESS_MODE_PCR, event), recnum: place };
}
