import type { RunOutcome } from '../receipt.ts';
import type { ReleasePart } from '../release.ts';

/**
 * An errand as layer 1 keeps it, `Errands.Errands[id]` (struct `Errand` of host/layer1/pallets/errands/src/types.rs), decoded from its
 * SCALE bytes: the same reading for a TEE, a client and the offline verifier. Without a storage proof it is the host's word.
 */
export type ErrandState = (typeof ERRAND_STATES)[number];
/** In the order of the pallet's enum: SCALE knows variants by position. */
export const ERRAND_STATES = [
  'Created',
  'Funded',
  'Selected',
  'Attested',
  'KeysReleased',
  'Running',
  'Proved',
  'Disputed',
  'Settled',
  'Refunded',
] as const;

export type RefundReason =
  | {
      readonly kind:
        | 'ConsumerDidNotFund'
        | 'ConsumerCancelled'
        | 'NoCandidate'
        | 'ExecutorDidNotAttest'
        | 'ExecutorDidNotStart'
        | 'ExecutorDidNotProve'
        | 'DisputeUpheld';
    }
  | { readonly kind: 'OwnerDidNotRelease'; readonly part: ReleasePart }
  | { readonly kind: 'OwnerDeclined'; readonly part: ReleasePart; readonly reason: string };

export type ErrandInput = {
  readonly cid: Uint8Array;
  readonly sha256: Uint8Array;
  readonly sizeBytes: bigint;
  readonly visibility: 'plain' | 'sealed';
};

/** The terms of one part as they were when the errand was created. */
export type ErrandPart = {
  readonly part: ReleasePart;
  readonly owner: Uint8Array;
  readonly price: bigint;
  readonly sealed: boolean;
  /** of the published bytes */
  readonly sha256: Uint8Array;
  /** what its owner recorded when it released the key */
  readonly release: { readonly digest: Uint8Array; readonly atBlock: number } | null;
};

export type ErrandSelection = {
  readonly block: number;
  readonly seed: Uint8Array;
  readonly candidates: number;
  readonly candidatesDigest: Uint8Array;
  readonly node: Uint8Array;
  readonly teeAccount: Uint8Array;
  readonly operator: Uint8Array;
  readonly hostAccount: Uint8Array;
  /** plancks for 1,000,000 gas */
  readonly gasPrice: bigint;
};

export type ErrandRun = {
  readonly outcome: RunOutcome;
  readonly gasUsed: bigint;
  readonly receiptDigest: Uint8Array;
  /** of the `ResultPackage`, which holds receipt and sealed output key */
  readonly resultCid: Uint8Array;
  readonly resultDigest: Uint8Array;
  readonly atBlock: number;
};

export type PaymentRole = 'code' | `data/${number}` | 'executor' | 'host';
export type ErrandPayment = { readonly account: Uint8Array; readonly amount: bigint; readonly role: PaymentRole };
export type ErrandSettlement = { readonly payments: readonly ErrandPayment[]; readonly refunded: bigint; readonly atBlock: number };

export type ErrandRecord = {
  readonly state: ErrandState;
  /** why, when the state is `Refunded` */
  readonly refund: RefundReason | null;
  /** the first block that is too late for the party who must act; in an end state the block of the end */
  readonly deadline: number;
  readonly consumer: Uint8Array;
  readonly code: bigint;
  readonly data: readonly bigint[];
  readonly input: ErrandInput | null;
  readonly gasLimit: bigint;
  readonly maxPrice: bigint;
  readonly policy: Uint8Array;
  readonly resultKey: Uint8Array;
  readonly createdAt: number;
  readonly held: bigint;
  readonly parts: readonly ErrandPart[];
  readonly selection: ErrandSelection | null;
  readonly evidence: { readonly cid: Uint8Array; readonly digest: Uint8Array; readonly atBlock: number } | null;
  readonly run: ErrandRun | null;
  readonly dispute: string | null;
  readonly settlement: ErrandSettlement | null;
};
