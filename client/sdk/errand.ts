import { CID } from 'multiformats/cid';
import { equalBytes, policyDigest, type AppraisalPolicy } from '@tea/protocol';
import type { ErrandRecord, ErrandState } from '@tea/protocol/layer1';
import { readErrand } from '@tea/protocol/ledger';
import { TeaError } from '@tea/protocol';
import type { Account } from './account.ts';
import { describeRefund } from './explain.ts';
import type { StoredInput } from './publish.ts';
import type { Tea } from './tea.ts';

export type ErrandRequest = {
  readonly consumer: Account;
  /** Content ids on layer 1. */
  readonly code: bigint;
  readonly data: readonly bigint[];
  /** What the guest finds on stdin, as `storeInput` stored it; nothing without it. A sealed one's key is released as `input`. */
  readonly input?: StoredInput;
  readonly gasLimit: bigint;
  /** Price ceiling in plancks: held from the consumer until the end, and what isn't used comes back. */
  readonly maxPrice: bigint;
  /** What the executor's evidence must satisfy before a key is released. */
  readonly policy: AppraisalPolicy;
  /** P-256 point the result is sealed to, 65 bytes. */
  readonly resultKey: Uint8Array;
  readonly signal?: AbortSignal;
};

/** Records an errand. It is not funded yet. @returns its number on layer 1 */
export async function createErrand({ ledger }: Tea, request: ErrandRequest): Promise<bigint> {
  const { events } = await ledger.submit(
    ledger.api.tx.Errands.create({
      code: request.code,
      data: [...request.data],
      input: request.input && inputCall(request.input),
      gas_limit: request.gasLimit,
      max_price: request.maxPrice,
      policy: `0x${policyDigest(request.policy).toHex()}`,
      result_key: request.resultKey,
    }),
    request.consumer.signer,
    { ...(request.signal && { signal: request.signal }) },
  );
  const [created] = ledger.api.event.Errands.Created.filter(events);
  if (created === undefined) throw new TeaError('internal', 'Layer 1 recorded the errand but said no number');
  return created.payload.id;
}

function inputCall({ cid, sha256, sizeBytes, sealed }: StoredInput) {
  const visibility = { type: sealed ? 'Sealed' : 'Plain', value: undefined } as const;
  return { cid: CID.parse(cid).bytes, sha256: `0x${sha256.toHex()}` as const, size: BigInt(sizeBytes), visibility };
}

/** Holds the price ceiling from the consumer's account. */
export async function fundErrand({ ledger }: Tea, id: bigint, consumer: Account): Promise<void> {
  await ledger.submit(ledger.api.tx.Errands.fund({ id }), consumer.signer);
}

/**
 * The consumer ends an errand that has no executor yet and gets everything back. Of one that runs, the executor is asked to end it: it then proves the
 * outcome `cancelled`, which costs the gas that was used, or what it came to first. `cancellationOf` says what may be cancelled at what price.
 */
export async function cancelErrand({ ledger }: Tea, id: bigint, consumer: Account): Promise<void> {
  await ledger.submit(ledger.api.tx.Errands.cancel({ id }), consumer.signer);
}

/** The consumer accepts a proved errand: everybody is paid at once. */
export async function settleErrand({ ledger }: Tea, id: bigint, consumer: Account): Promise<void> {
  await ledger.submit(ledger.api.tx.Errands.settle({ id }), consumer.signer);
}

const ORDER: readonly ErrandState[] = ['Created', 'Funded', 'Selected', 'Attested', 'KeysReleased', 'Running', 'Proved', 'Settled'];

/**
 * Waits until the errand has come to `state`, or further.
 * @throws TeaError `refused` as soon as it is refunded instead, with the reason; `conflict` when its executor began again meanwhile and owners must
 *   look and release again; `timeout`; `cancelled`
 */
export async function waitForState(
  tea: Tea,
  id: bigint,
  state: ErrandState,
  options: { readonly signal?: AbortSignal; readonly deadlineMs?: number } = {},
): Promise<ErrandRecord> {
  const reached = ({ state: now }: ErrandRecord): boolean => now === 'Refunded' || now === 'Disputed' || ORDER.indexOf(now) >= ORDER.indexOf(state);
  let evidence: Uint8Array | null = null;
  const beganAgain = (now: ErrandRecord): boolean => {
    evidence ??= now.evidence?.digest ?? null;
    return now.state === 'Attested' && evidence !== null && now.evidence !== null && !equalBytes(now.evidence.digest, evidence);
  };
  const read = (): Promise<ErrandRecord> => readErrand(tea.ledger, id);
  const errand = await tea.ledger.waitFor(`errand ${id} to be ${state}`, read, (now) => reached(now) || beganAgain(now), options);
  if (!reached(errand)) {
    throw new TeaError('conflict', `The executor of errand ${id} was started anew and lost the keys it was given`, {
      expected: `it to be ${state}`,
      actual: 'fresh evidence, and no key released on it',
      next: `tea inspect ${id}, then release again: tea release ${id}`,
    });
  }
  if (errand.state !== 'Refunded' || errand.refund === null) return errand;
  throw new TeaError('refused', `Errand ${id} ended without a result and the consumer's money went back`, {
    expected: `it to be ${state}`,
    actual: describeRefund(errand.refund),
    next: `tea explain ${id}`,
    details: { refund: errand.refund.kind },
  });
}
