import type { ErrandRecord, RefundReason } from '@tea/protocol/layer1';

/** Where an errand stands, in sentences: what happened, who must act, by when, and what happens if they don't. */
export type Explanation = {
  readonly state: string;
  readonly happened: readonly string[];
  readonly next: string;
  readonly actor: string | null;
  readonly deadlineBlock: number | null;
};

/** The same rules that pallet `tea-errands` enforces, said to a person. */
const DUTIES: Readonly<
  Record<Exclude<ErrandRecord['state'], 'Settled' | 'Refunded'>, { readonly actor: string; readonly must: string; readonly otherwise: string }>
> = {
  Created: { actor: 'the consumer', must: 'fund it', otherwise: 'it ends; nothing was held' },
  Funded: {
    actor: 'layer 1',
    must: 'choose an executor among the Active nodes that are cheap enough',
    otherwise: 'the consumer gets everything back',
  },
  Selected: { actor: 'the executor', must: 'publish fresh evidence', otherwise: 'the consumer gets everything back' },
  Attested: {
    actor: 'the owners of the sealed parts',
    must: "look at the executor's attestation result and release their keys, or decline",
    otherwise: 'the consumer gets everything back',
  },
  KeysReleased: { actor: 'the executor', must: 'start', otherwise: 'the consumer gets everything back' },
  Running: { actor: 'the executor', must: 'prove the run', otherwise: 'the consumer gets everything back' },
  Proved: { actor: 'the consumer', must: 'accept or dispute', otherwise: 'silence is acceptance: everybody is paid by the receipt' },
  Disputed: { actor: 'governance', must: 'resolve the dispute', otherwise: 'the receipt stands: everybody is paid by it' },
};

export function explainErrand(errand: ErrandRecord): Explanation {
  const happened = history(errand);
  if (errand.state === 'Settled') return { state: errand.state, happened, next: 'Nothing: it is done.', actor: null, deadlineBlock: null };
  if (errand.state === 'Refunded')
    return { state: errand.state, happened, next: 'Nothing: it is over. Create a new errand to try again.', actor: null, deadlineBlock: null };
  const { actor, must, otherwise } = DUTIES[errand.state];
  const by = errand.deadline - 1;
  return {
    state: errand.state,
    happened,
    next: `${capital(actor)} must ${must} in block ${by} at the latest; otherwise ${otherwise}.`,
    actor,
    deadlineBlock: by,
  };
}

export function describeRefund(reason: RefundReason): string {
  switch (reason.kind) {
    case 'ConsumerDidNotFund':
      return 'the consumer did not fund it in time';
    case 'ConsumerCancelled':
      return 'the consumer cancelled it';
    case 'NoCandidate':
      return 'no Active node was cheap enough for its price ceiling';
    case 'ExecutorDidNotAttest':
      return 'the executor published no evidence in time';
    case 'OwnerDidNotRelease':
      return `the owner of ${reason.part} did not release its key in time`;
    case 'OwnerDeclined':
      return `the owner of ${reason.part} declined: ${reason.reason}`;
    case 'ExecutorDidNotStart':
      return 'the executor had the keys and did not start in time';
    case 'ExecutorDidNotProve':
      return 'the executor started and proved nothing in time: it was stopped, cut off, or could not open what it was given';
    case 'DisputeUpheld':
      return 'governance found for the consumer in a dispute';
  }
}

function history({ createdAt, selection, evidence, parts, run, dispute, settlement, refund, deadline }: ErrandRecord): string[] {
  const lines = [`block ${createdAt}: created`];
  if (selection !== null)
    lines.push(`block ${selection.block}: node ${selection.node.toHex().slice(0, 8)}… chosen among ${selection.candidates} candidate(s)`);
  if (evidence !== null) lines.push(`block ${evidence.atBlock}: the executor attested`);
  for (const { part, release } of parts) if (release !== null) lines.push(`block ${release.atBlock}: key for ${part} released`);
  if (run !== null) lines.push(`block ${run.atBlock}: proved with outcome ${run.outcome}, ${run.gasUsed} gas`);
  if (dispute !== null) lines.push(`disputed: ${dispute}`);
  if (settlement !== null) lines.push(`block ${settlement.atBlock}: settled`);
  if (refund !== null) lines.push(`block ${deadline}: refunded, because ${describeRefund(refund)}`);
  return lines;
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
