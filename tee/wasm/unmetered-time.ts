import { UNREAD_GAS_PER_MS } from './gas-schedule.ts';

/** Less than this says nothing: a meter that is read is as exact as that. */
const UNNOTICED_MS = 10;
const LOOK_EVERY_MS = 1;

/**
 * What a guest may have used since its meter was last seen. Between host calls the fast form keeps its counter where nobody outside can read it, in a
 * loop without calls for as long as that runs: whoever ends a run there would bill nothing for it. So processor time is billed for it, at
 * `UNREAD_GAS_PER_MS`; time in which the guest waits for its host is none.
 */
export class UnmeteredTime {
  #seenAtMs = performance.now();
  #seenProcessorMs = processorMs();
  #seenGas = 0n;

  /** At a host call, where the meter is exact. @param gas used up to here */
  see(gas: bigint): void {
    const now = performance.now();
    if (now - this.#seenAtMs < LOOK_EVERY_MS) return;
    this.#seenAtMs = now;
    this.#seenProcessorMs = processorMs();
    this.#seenGas = gas;
  }

  /** @param gas that the meter shows @returns what was used, as far as can be told */
  used(gas: bigint): bigint {
    const unseenMs = processorMs() - this.#seenProcessorMs - UNNOTICED_MS;
    const byTime = this.#seenGas + BigInt(Math.max(Math.floor(unseenMs), 0)) * UNREAD_GAS_PER_MS;
    return byTime > gas ? byTime : gas;
  }
}

/** Of this thread; of the whole process on older versions of Node, which tests compare with. */
function processorMs(): number {
  const { user, system } = 'threadCpuUsage' in process ? process.threadCpuUsage() : (process as NodeJS.Process).cpuUsage();
  return (user + system) / 1_000;
}
