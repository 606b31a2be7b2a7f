/** Which errands are under way here, bounded: the host says which there are, and one consumer may bring many. */
export type Admission = {
  /** @returns whether it may be under way; then it is until `leave` */
  enter(id: bigint, consumer: string): boolean;
  leave(id: bigint): void;
  /** Those that were refused since somebody left: they need not be asked about again before. */
  isLeftAlone(id: bigint): boolean;
  readonly leftAlone: number;
};

/** Beyond so many it is not remembered who was refused. */
const MAX_LEFT_ALONE = 16_384;

/**
 * @param most errands at a time
 * @param mostOfOne of one consumer's: so that no single one fills the node
 */
export function admission(most: number, mostOfOne: number): Admission {
  const consumers = new Map<bigint, string>();
  const counts = new Map<string, number>();
  const refused = new Set<bigint>();
  return {
    enter(id, consumer) {
      if (consumers.has(id)) return true;
      const count = counts.get(consumer) ?? 0;
      if (consumers.size >= most || count >= mostOfOne) {
        if (refused.size < MAX_LEFT_ALONE) refused.add(id);
        return false;
      }
      refused.delete(id);
      consumers.set(id, consumer);
      counts.set(consumer, count + 1);
      return true;
    },
    leave(id) {
      const consumer = consumers.get(id);
      if (consumer === undefined) return;
      consumers.delete(id);
      const count = (counts.get(consumer) ?? 1) - 1;
      if (count === 0) counts.delete(consumer);
      else counts.set(consumer, count);
      refused.clear();
    },
    isLeftAlone: (id) => refused.has(id),
    get leftAlone() {
      return refused.size;
    },
  };
}
