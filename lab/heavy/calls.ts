import { isTeaError } from '@tea/protocol';
import type { Ledger } from '@tea/protocol/ledger';
import { type Account, ss58 } from '@tea/sdk';

/** What became of each call that was submitted: how often it was applied, and how often refused with which error. */
export type Exercised = ReadonlyMap<string, ReadonlyMap<string, number>>;
export type Transaction = Parameters<Ledger['submit']>[0];
type Call = Transaction['decodedCall'];

export const TEA = 10n ** 12n;
export const digest = (byte: number): string => `0x${byte.toString(16).padStart(2, '0').repeat(32)}`;
export const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
export const variant = <T extends string>(type: T): { type: T; value: undefined } => ({ type, value: undefined });
export const address = (account: Account) => ({ type: 'Id' as const, value: ss58(account.publicKey) });

/** Submits, and writes down what became of it. A refused call is in the block all the same. */
export class Calls {
  readonly ledger: Ledger;
  readonly #governor: Account;
  readonly #seen = new Map<string, Map<string, number>>();

  constructor(ledger: Ledger, governor: Account) {
    this.ledger = ledger;
    this.#governor = governor;
  }

  get seen(): Exercised {
    return this.#seen;
  }

  async submit(account: Account, call: Transaction) {
    try {
      const { events } = await this.ledger.submit(call, account.signer);
      this.#note(call.decodedCall, 'ok');
      const [judged] = this.ledger.api.event.Sudo.Sudid.filter(events);
      const inner = innerCall(call.decodedCall);
      if (inner !== undefined) this.#note(inner, judged?.payload.sudo_result.success === false ? 'refused' : 'ok');
      return events;
    } catch (error) {
      if (!isTeaError(error, 'chain')) throw error;
      this.#note(call.decodedCall, error.actual ?? error.message);
      return [];
    }
  }

  /** As governance, which here is one account. */
  govern(call: Transaction) {
    return this.submit(this.#governor, this.ledger.api.tx.Sudo.sudo({ call: call.decodedCall }));
  }

  #note(call: Call, became: string): void {
    const name = `${call.type}.${call.value.type}`;
    const outcomes = this.#seen.get(name) ?? new Map<string, number>();
    outcomes.set(became, (outcomes.get(became) ?? 0) + 1);
    this.#seen.set(name, outcomes);
  }
}

function innerCall(call: Call): Call | undefined {
  return call.type === 'Sudo' ? (call.value.value as { call?: Call } | undefined)?.call : undefined;
}
