import type { Inspection, Account, Tea } from '@tea/sdk';
import { acceptanceOf, type AcceptedConcerns, concernsOf } from '../accepted-concerns.ts';
import { shortHex, type Screen } from '../screen.ts';
import type { Consent } from './consent.ts';

export type Agreement = {
  readonly tea: Pick<Tea, 'ledger'>;
  readonly inspection: Inspection;
  readonly owner: Account;
  /** The owner, for people. */
  readonly who: string;
  readonly consent: Consent;
  readonly memory: AcceptedConcerns;
  readonly screen: Screen;
  readonly signal: AbortSignal;
};

/**
 * Has an owner agree to what a policy lets pass about this node. What the same owner agreed to before, for this node, policy and software, is said and
 * not asked; everything else is.
 * @returns false when they said no: nothing is remembered then
 */
export async function agreeTo({ tea, inspection, owner, who, consent, memory, screen, signal }: Agreement): Promise<boolean> {
  const { node } = inspection.selection;
  const of = { chain: tea.ledger.genesis, node, owner: owner.publicKey };
  const concerns = concernsOf(inspection).map((concern) => ({ concern, acceptance: acceptanceOf(concern, inspection, of) }));
  const known = concerns.filter(({ acceptance }) => memory.has(acceptance));
  const open = concerns.filter((each) => !known.includes(each));
  for (const { concern } of known) screen.note(`            ${who} accepted before: ${concern.text}`);
  if (open.length === 0) return true;
  const { name } = inspection.appraisal.result.policy;
  const list = open.map(({ concern }, place) => `  ${place + 1}. ${concern.text}`).join('\n');
  if (
    !(await consent(`Policy ${name} lets node ${shortHex(node)} pass though\n${list}\nAccept this for this node and this policy? (${who})`, signal))
  )
    return false;
  for (const { acceptance } of open) await memory.add(acceptance);
  return true;
}
