import { setTimeout as delay } from 'node:timers/promises';
import type { PolkadotSigner } from 'polkadot-api/signer';
import { TeaError } from '@tea/protocol';
import type { Ledger, VoucherDesk } from '@tea/protocol/ledger';

export type RedeemInTime = AsyncDisposable & {
  /** So much of a channel was used and not redeemed: at the bound it is handed in at once, and not at some block. */
  used(unredeemed: bigint): void;
  /** Everything that was used, not redeemed, and is worth its fee: before this TEE stops. @throws TeaError `timeout` */
  redeemAll(): Promise<void>;
};

export type RedeemInTimeParts = {
  readonly ledger: Pick<Ledger, 'client'>;
  readonly vouchers: Pick<VoucherDesk, 'redeem'>;
  readonly signer: PolkadotSigner;
  /** Whether the node leaves the network: then everything is redeemed at once. */
  readonly isLeaving: () => Promise<boolean>;
  readonly log: (event: string, error?: unknown) => void;
  /** What a channel may owe before it is redeemed: about as much as a TEE that is killed loses of it. Plancks; default 1 TEA. */
  readonly bound?: bigint;
  readonly lastChanceMs?: number;
};

const TEA = 10n ** 12n;
/** Less than this costs more in fees than it brings (one `redeem` is 0.00073 TEA): nobody shall have us pay by opening channels and hardly using them. */
const LEAST = 10n ** 9n;
/** Channels that end are looked at so often: far more often than the desk's margin. */
const EVERY_BLOCKS = 5;
/** A parent waits five seconds before it kills; what was handed in by then needs nobody to wait for its block. */
const LAST_CHANCE_MS = 3_500;

/**
 * Hands vouchers in when there is cause: what was used of a channel has come to a bound, the channel was closed or ends soon, or the node leaves. What
 * fails is tried again some blocks later.
 */
export function redeemInTime(parts: RedeemInTimeParts): RedeemInTime {
  const { ledger, vouchers, signer, isLeaving, log, bound = TEA, lastChanceMs = LAST_CHANCE_MS } = parts;
  let busy: Promise<void> | undefined;

  async function tend(): Promise<void> {
    const received = await vouchers.redeem({ signer, least: LEAST, atLeast: (await isLeaving()) ? LEAST : bound });
    if (received > 0n) log(`redeemed ${received} plancks for calls`);
  }

  function begin(): void {
    busy ??= tend()
      .catch((error: unknown) => log('vouchers could not be redeemed; tried again in some blocks', error))
      .finally(() => (busy = undefined));
  }

  const subscription = ledger.client.finalizedBlock$.subscribe({
    next: ({ number }) => {
      if (number % EVERY_BLOCKS === 0) begin();
    },
    error: (error: unknown) => log('the chain went away', error),
  });

  return {
    used(unredeemed) {
      if (unredeemed >= bound) begin();
    },
    async redeemAll() {
      subscription.unsubscribe();
      const stop = new AbortController();
      const late = delay(lastChanceMs, undefined, { signal: stop.signal }).then(() => {
        throw new TeaError('timeout', 'The chain took no vouchers before this TEE stopped');
      });
      late.catch(() => undefined);
      const all = (async () => (await busy, vouchers.redeem({ signer, least: LEAST })))();
      await Promise.race([all, late]).finally(() => stop.abort());
    },
    [Symbol.asyncDispose]: async () => subscription.unsubscribe(),
  };
}
