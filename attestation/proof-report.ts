import type { AttestationResult, Receipt, TrustClass } from '@tea/protocol';
import type { ErrandRecord } from '@tea/protocol/layer1';

/** One thing a proof file says, and whether it could be checked. `cannotTell` is neither: the file alone can't decide it. */
export type ProofClaim = {
  /** stable, e.g. `receipt.signature`; claims of the appraisal are `attestation.` and their id */
  readonly id: string;
  /** for people: what is claimed */
  readonly what: string;
  readonly outcome: 'ok' | 'failed' | 'cannotTell';
  readonly expected: string;
  readonly actual: string;
  /** what would settle it, or what to do; empty when `ok` */
  readonly next: string;
};

/**
 * `fails` when any claim failed; else `cannotTell` when one that must be decided is open; else `holds`. What no file can show by itself
 * (consensus, the interactive activation, whose reference values these are) stays open without changing the verdict, unless the reader
 * pinned it, and is said in `limits`.
 */
export type ProofReport = {
  readonly verdict: 'holds' | 'fails' | 'cannotTell';
  /** for `tea verify`: 0 holds, 1 fails, 2 can't tell */
  readonly exitCode: 0 | 1 | 2;
  readonly claims: readonly ProofClaim[];
  /** what this file doesn't prove, in sentences for people */
  readonly limits: readonly string[];
  readonly trustClass: TrustClass;
  /** each null when it could not be decoded */
  readonly receipt: Receipt | null;
  readonly errand: ErrandRecord | null;
  /** the reader's own appraisal of the evidence in the file */
  readonly result: AttestationResult | null;
};

/** What the reader already trusts, from elsewhere. Whatever is not pinned is taken from the file and named in `limits`. */
export type ProofPins = {
  readonly genesisHash?: Uint8Array;
  /** hash of a finalised block the reader knows */
  readonly blockHash?: Uint8Array;
  /** `referenceValuesDigest` of the software the reader agrees to */
  readonly referenceValues?: Uint8Array;
  /** DER of the certificate revocation lists the reader has */
  readonly revocationLists?: readonly Uint8Array[];
};
