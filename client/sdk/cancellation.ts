import type { ErrandRecord } from '@tea/protocol/layer1';

/** Whether the consumer may end an errand now, and what that costs: the rules of pallet `tea-errands`, said to a person. */
export type Cancellation =
  | { readonly allowed: true; readonly rule: string; /** In plancks. */ readonly atMost: bigint }
  | { readonly allowed: false; readonly because: string };

const GAS_PER_PRICE = 1_000_000n;

export function cancellationOf({ state, deadline, gasLimit, selection }: ErrandRecord): Cancellation {
  const no = (because: string): Cancellation => ({ allowed: false, because });
  const comesBack = `everything comes back at block ${deadline} if nothing is proved by then`;
  switch (state) {
    case 'Created':
      return { allowed: true, rule: 'Nothing was held for it, so nothing is paid.', atMost: 0n };
    case 'Funded':
      return { allowed: true, rule: 'It has no executor yet: everything that was held comes back.', atMost: 0n };
    case 'Running': {
      const atMost = (gasLimit * (selection?.gasPrice ?? 0n) + GAS_PER_PRICE - 1n) / GAS_PER_PRICE;
      const rule =
        'Its executor is asked to end it. What its meter shows by then is paid at the node’s gas price; code and data are not paid; the rest comes back. ' +
        'If it ends by itself first, it is paid as any other.';
      return { allowed: true, rule, atMost };
    }
    case 'Selected':
    case 'Attested':
    case 'KeysReleased':
      return no(`an executor was chosen and has work with it; ${comesBack}. Owners of sealed parts may decline.`);
    case 'Proved':
    case 'Disputed':
      return no('its run is proved: it is accepted or disputed now');
    case 'Settled':
    case 'Refunded':
      return no('it is over');
  }
}
