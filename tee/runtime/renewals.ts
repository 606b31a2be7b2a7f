import { equalBytes, isTeaError } from '@tea/protocol';
import type { NodeRecord, SoftwareStanding } from '@tea/protocol/layer1';
import type { JoinEvidence } from './join-evidence.ts';
import type { OwnSoftware } from './own-software.ts';

/** What evidence was made under: once any of it has changed, the evidence is of a machine or a network that is no more. */
export type Circumstances = {
  /** The TPM's counts of resets (Part 2, 10.11.1). */
  readonly boot: { readonly resetCount: number; readonly restartCount: number };
  readonly software: OwnSoftware;
};

export type RenewalsParts = {
  /** This node as layer 1 records it; null while nobody registered it. */
  readonly node: () => Promise<Pick<NodeRecord, 'status' | 'reason' | 'evidenceDigest' | 'expiresAt'> | null>;
  readonly circumstances: () => Promise<Circumstances>;
  /** Blocks that evidence is taken for. */
  readonly lifetime: () => Promise<number>;
  /** Attests anew and publishes. */
  readonly publish: () => Promise<JoinEvidence>;
  /** Brings it to layer 1, where others appraise it. */
  readonly submit: (evidence: JoinEvidence) => Promise<void>;
  readonly log: (event: string, error?: unknown) => void;
};

export type Renewals = {
  /** Notes what evidence was made under. To be told of all that this process publishes, whoever registers it. */
  published(evidence: JoinEvidence, circumstances: Circumstances): void;
  /** To be called at every final block: renews the evidence if there is cause. */
  tend(block: number): Promise<void>;
};

/** Evidence is renewed in the last quarter of its life, which leaves time for several attempts. */
const LAST_PART = 4;
const FIRST_RETRY_BLOCKS = 4;
const LAST_RETRY_BLOCKS = 600;
/** Of this process's evidence, so much is in mind beside the registered one. */
const MAX_REMEMBERED = 16;

type Made = { readonly digest: Uint8Array; readonly circumstances: Circumstances };

/**
 * Keeps this node admitted: brings new evidence before the old one expires, after a restart of TEE or TPM, and when committees would judge its software
 * otherwise than before: by another policy, because layer 1 released, activated or revoked something, or because the period of its release ended. Evidence
 * that was found wanting it does not bring again, and layer 1 would not take it from a TEE: the node is Inactive until its operator acts. The log says when
 * that is worth it.
 */
export function createRenewals({ node, circumstances, lifetime, publish, submit, log }: RenewalsParts): Renewals {
  let made: Made[] = [];
  let attempts = 0;
  let notBefore = 0;
  let told: string | undefined;

  async function causeFor(record: NonNullable<Awaited<ReturnType<typeof node>>>, block: number): Promise<string | undefined> {
    if (record.status === 'Expired') return `layer 1 says ${record.reason}`;
    if (record.status !== 'Active' && record.status !== 'Inactive') return undefined;
    const registered = made.find(({ digest }) => equalBytes(digest, record.evidenceDigest));
    if (registered === undefined) return 'the TEE started anew, with another receipt key';
    const [now, before] = [await circumstances(), registered.circumstances];
    if (now.boot.resetCount !== before.boot.resetCount || now.boot.restartCount !== before.boot.restartCount) return 'the TPM was reset';
    const changed = changeOf(before.software, now.software);
    if (changed !== undefined) return changed;
    return record.expiresAt - block <= (await lifetime()) / LAST_PART ? `it expires at block ${record.expiresAt}` : undefined;
  }

  /** Says once that the operator must act, and once more when the software that failed has come into force since. */
  async function tell({ evidenceDigest }: Pick<NodeRecord, 'evidenceDigest'>): Promise<void> {
    const failed = made.find(({ digest }) => equalBytes(digest, evidenceDigest))?.circumstances.software;
    const isReleasedNow = failed !== undefined && failed.released !== true && (await circumstances()).software.released === true;
    const advice = isReleasedNow
      ? 'layer 1 has its software in force now: tea node renew NODE brings it back'
      : 'its evidence was found wanting, and it gets no errands: tea node status NODE says why; once that is mended, tea node renew NODE';
    const about = `${evidenceDigest.toHex()} ${advice}`;
    if (told !== about) log(advice);
    told = about;
  }

  return {
    published({ digest }, under) {
      made = [...made, { digest, circumstances: under }];
    },
    async tend(block) {
      const record = await node();
      if (record === null) return;
      const others = made.filter(({ digest }) => !equalBytes(digest, record.evidenceDigest));
      made = made.filter((each) => !others.slice(0, -MAX_REMEMBERED).includes(each));
      if (record.reason === 'FoundWanting') return tell(record);
      const cause = await causeFor(record, block);
      if (cause === undefined && record.status === 'Active') attempts = 0;
      if (cause === undefined || block < notBefore) return;
      notBefore = block + Math.min(FIRST_RETRY_BLOCKS * 2 ** attempts++, LAST_RETRY_BLOCKS);
      log(`renews its evidence: ${cause}`);
      try {
        await submit(await publish());
      } catch (error) {
        if (!isTeaError(error)) throw error;
        log(`its evidence could not be renewed; it tries again at block ${notBefore}`, error);
      }
    },
  };
}

function changeOf(before: OwnSoftware, now: OwnSoftware): string | undefined {
  if (!equalBytes(before.policy.digest, now.policy.digest))
    return before.policy.name === now.policy.name
      ? `nodes are judged by another ${now.policy.name} policy`
      : `nodes are judged by policy ${now.policy.name}, no longer by ${before.policy.name}`;
  if (textOf(before.standings) !== textOf(now.standings)) return 'layer 1 stands otherwise to this software';
  return before.released === now.released ? undefined : 'the period of its reference values began or ended';
}

/** What a change of is a change of mind; the block at which it was read is none. */
function textOf(standings: readonly SoftwareStanding[]): string {
  return standings.map(({ of, digest, standing }) => `${of} ${digest.toHex()} ${standing}`).join();
}
