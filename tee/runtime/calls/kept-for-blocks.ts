const MAX_KEPT = 1024;

/**
 * Remembers what layer 1 said for some blocks: a read with proof is a conversation with the chain, and calls come faster than blocks.
 * @param blocks after so many it is read again; what failed, or is not there yet, is not remembered
 */
export function keptForBlocks<A extends readonly bigint[], T>(
  blockNumber: () => number,
  blocks: number,
  read: (...of: A) => Promise<T>,
): (...of: A) => Promise<T> {
  const kept = new Map<string, { readonly at: number; readonly value: Promise<T> }>();
  return (...of) => {
    const name = of.join();
    const known = kept.get(name);
    if (known !== undefined && blockNumber() - known.at < blocks) return known.value;
    const value = read(...of);
    kept.delete(name);
    kept.set(name, { at: blockNumber(), value });
    const forget = (): void => {
      if (kept.get(name)?.value === value) kept.delete(name);
    };
    value.then((found) => found === null && forget(), forget);
    for (const oldest of kept.keys()) {
      if (kept.size <= MAX_KEPT) break;
      kept.delete(oldest);
    }
    return value;
  };
}
