import { expectedSoftware } from '@tea/attestation';
import { decodeEventLog, decodeEvidence, referenceValuesDigest, TeaError, type ReferenceValues } from '@tea/protocol';
import { imagesMeasured, type SoftwareStanding } from '@tea/protocol/layer1';
import { openReleaseLibrary, readStandings } from '@tea/protocol/ledger';
import type { Tea } from './tea.ts';

/** What a program is compared with: these values and no others, or those layer 1 released, and `otherwise` while it has released none. */
export type ReferenceSource = ReferenceValues | { readonly otherwise: () => Promise<ReferenceValues> };

export type ResolvedReferences = {
  readonly referenceValues: ReferenceValues;
  /** `layer1`: a release whose digest governance accepted. */
  readonly from: 'given' | 'layer1' | 'otherwise';
  /** How layer 1 stands to them, and to the images that the evidence says were started. */
  readonly standings: readonly SoftwareStanding[];
};

/**
 * The reference values for this evidence, chosen as a committee chooses them.
 * @throws TeaError `unavailable` when it may fit a release that nobody has; as `ReleaseLibrary.read`
 */
export async function resolveReferences(
  { ledger, ipfs }: Pick<Tea, 'ledger' | 'ipfs'>,
  evidence: Uint8Array,
  source: ReferenceSource,
  signal?: AbortSignal,
): Promise<ResolvedReferences> {
  const eventLog = logOf(evidence);
  if ('otherwise' in source) {
    const software = expectedSoftware(eventLog, await openReleaseLibrary({ ledger, ipfs }).read(signal));
    if (software.kind === 'unread') {
      throw new TeaError('unavailable', 'What layer 1 released can not be had, and this node may run it', {
        expected: `the content of ${software.digests.map((digest) => digest.toHex()).join(', ')}`,
        actual: 'nobody who has it',
        next: 'try again later, or name reference values you have (--reference-values FILE)',
      });
    }
    if (software.kind === 'released') return { referenceValues: software.referenceValues, from: 'layer1', standings: software.standings };
  }
  const referenceValues = 'otherwise' in source ? await source.otherwise() : source;
  const images = imagesMeasured(eventLog === null ? [] : decodedLog(eventLog));
  const { value } = await readStandings(ledger, [{ of: 'referenceValues', digest: referenceValuesDigest(referenceValues) }, ...images]);
  return { referenceValues, from: 'otherwise' in source ? 'otherwise' : 'given', standings: value };
}

/** Null for evidence that does not decode; the appraisal says so. */
function logOf(evidence: Uint8Array): Uint8Array | null {
  try {
    return decodeEvidence(evidence).eventLog;
  } catch {
    return null;
  }
}

function decodedLog(eventLog: Uint8Array): ReturnType<typeof decodeEventLog> {
  try {
    return decodeEventLog(eventLog);
  } catch {
    return [];
  }
}
