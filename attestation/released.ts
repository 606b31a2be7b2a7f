import { equalBytes, type AppraisalPolicy, type ReferenceValues } from '@tea/protocol';
import { imagesMeasured, standingAt, type AcceptedRelease, type ReleasedDocument, type Software, type SoftwareStanding } from '@tea/protocol/layer1';
import { isKnown } from './appraise-log.ts';
import { recallEventLog, type ReadEventLog } from './event-log-memory.ts';
import { laptopPolicy, releasedPolicy } from './policies.ts';

/** What layer 1 released: of `readReleases` and the library of `@tea/protocol/ledger`, or out of a file. */
export type ReleasedSoftware = {
  /** The block whose state this is of, or an earlier one that is asked about. */
  readonly atBlock: number;
  /** All that layer 1 accepted, complete. */
  readonly records: readonly AcceptedRelease[];
  /** The documents of those records that could be had. */
  readonly documents: readonly ReleasedDocument[];
};

/**
 * What evidence is to be compared with, as a committee does it.
 * - `local`: no release came into force so far, so there is nothing to compare with but what the verifier itself knows, under `laptopPolicy`
 * - `released`: a set of reference values of layer 1, and a policy that takes it only in force and signed with the release key
 * - `unread`: the evidence fits no document there is, and it may fit one of these, which could not be had
 */
export type ExpectedSoftware =
  | { readonly kind: 'local'; readonly policy: AppraisalPolicy; readonly standings: readonly SoftwareStanding[] }
  | {
      readonly kind: 'released';
      readonly policy: AppraisalPolicy;
      readonly referenceValues: ReferenceValues;
      /** Of the reference values, where the evidence fits them, and of the images it says were started. */
      readonly standings: readonly SoftwareStanding[];
    }
  | { readonly kind: 'unread'; readonly digests: readonly Uint8Array[] };

/**
 * Chooses by nothing but layer 1 and the evidence, so that anybody who knows both comes to the same. Once a release has come into force there is no way
 * back to `local`, whatever was revoked since.
 * @param eventLog of the evidence; null, or what doesn't decode, fits nothing
 * @param releaseKey whose signature alone counts, where the verifier was built with one; else the document's signer counts, since governance accepted it
 */
export function expectedSoftware(eventLog: Uint8Array | null, software: ReleasedSoftware, releaseKey?: Uint8Array): ExpectedSoftware {
  const { atBlock } = software;
  // What was accepted later did not stand here yet: old blocks can be asked about, because nothing is ever rewritten.
  const records = software.records.filter(({ acceptedAt }) => acceptedAt <= atBlock);
  const log = eventLog && readLog(eventLog);
  const standingOf = (software: Software): SoftwareStanding => ({ ...standingAt(recordOf(software, records), atBlock), ...software });
  const images = imagesMeasured(log?.events ?? []).map(standingOf);
  const released = records.filter(({ kind }) => kind === 'referenceValues').toSorted((a, b) => (a.version < b.version ? 1 : -1));
  if (!released.some(({ activeFrom }) => activeFrom <= atBlock)) return { kind: 'local', policy: laptopPolicy, standings: images };

  const shelf = released.map((record) => ({
    record,
    inForce: standingAt(record, atBlock).standing === 'inForce',
    values: software.documents.find(({ digest }) => equalBytes(digest, record.digest))?.values,
  }));
  const fits = ({ values }: (typeof shelf)[number]): boolean => values !== undefined && log !== null && isKnown(log, values)[0];
  const fitting = shelf.find((each) => each.inForce && fits(each));
  const unread = shelf.filter(({ values, inForce }) => values === undefined && inForce);
  if (fitting === undefined && unread.length > 0) return { kind: 'unread', digests: unread.map(({ record }) => record.digest) };
  // What fits and is not in force says more of why it is refused than what is and does not fit.
  const closest =
    fitting ?? shelf.find(fits) ?? shelf.find(({ inForce, values }) => inForce && values !== undefined) ?? shelf.find(({ values }) => values);
  const values = closest?.values;
  if (closest === undefined || values === undefined) return { kind: 'unread', digests: released.map(({ digest }) => digest) };
  const signer = values.provenance.kind === 'signed' ? values.provenance.key : undefined;
  return {
    kind: 'released',
    policy: releasedPolicy(releaseKey ?? signer),
    referenceValues: values,
    standings: [...(fits(closest) ? [standingOf({ of: 'referenceValues', digest: closest.record.digest })] : []), ...images],
  };
}

function recordOf({ of, digest }: Software, records: readonly AcceptedRelease[]): AcceptedRelease | null {
  return records.find((each) => each.kind === of && equalBytes(each.digest, digest)) ?? null;
}

/** Null for what is no event log; the appraisal says so. */
function readLog(eventLog: Uint8Array): ReadEventLog | null {
  try {
    return recallEventLog(eventLog);
  } catch {
    return null;
  }
}
