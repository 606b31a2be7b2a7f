/** Numbers that repeat with their seed (xorshift32, Marsaglia 2003): a finding can be found again. Not for secrets. */
export type Seeded = {
  /** @returns a whole number from 0 below `limit` */
  below(limit: number): number;
  pick<T>(items: readonly [T, ...(readonly T[])]): T;
};

export function seeded(seed: number): Seeded {
  let state = seed >>> 0 || 1;
  const below = (limit: number): number => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) % limit;
  };
  return { below, pick: (items) => items[below(items.length)] ?? items[0] };
}
