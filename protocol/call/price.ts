import { TeaError } from '../errors.ts';

/** A node's price is in plancks for so many units of gas (`GAS_PRICE_UNIT` of host/layer1/pallets/errands). */
const GAS_PRICE_UNIT = 1_000_000n;
const MAX_BALANCE = (1n << 128n) - 1n;

/**
 * What every call that reaches a sandbox costs besides its own gas, in gas: a process is started, watched and ended for it, also for a guest that is refused or
 * ends at once.
 */
export const CALL_BASE_GAS = 10_000_000n;

/** Plancks for a call of so much gas. @throws TeaError as `gasFee` */
export function callFee(gas: bigint, gasPrice: bigint): bigint {
  return gasFee(gas + CALL_BASE_GAS, gasPrice);
}

/**
 * What so much gas costs: `ceil(gas × gasPrice / 1,000,000)` plancks, as the errands pallet reckons it.
 * @param gas 0 to 2^64 - 1 @param gasPrice plancks for 1,000,000 gas
 * @throws TeaError `limit` when it is more than a balance can say
 */
export function gasFee(gas: bigint, gasPrice: bigint): bigint {
  const fee = (gas * gasPrice + GAS_PRICE_UNIT - 1n) / GAS_PRICE_UNIT;
  if (fee > MAX_BALANCE) throw new TeaError('limit', 'This much gas costs more than anybody can have', { actual: `${gas} gas` });
  return fee;
}
