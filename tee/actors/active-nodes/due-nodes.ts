import type { KnownNode } from './known-node.ts';

/** Nodes by when they are due: a binary heap. A node is in it at most once, because it goes in only when it came out, or is new. */
export class DueNodes {
  readonly #heap: KnownNode[] = [];

  get size(): number {
    return this.#heap.length;
  }

  /** When the first one is due; undefined when there is none. */
  get firstMs(): number | undefined {
    return this.#heap[0]?.dueMs;
  }

  add(node: KnownNode): void {
    const heap = this.#heap;
    let at = heap.push(node) - 1;
    while (at > 0) {
      const above = (at - 1) >> 1;
      const parent = heap[above];
      if (parent === undefined || parent.dueMs <= node.dueMs) break;
      heap[at] = parent;
      at = above;
    }
    heap[at] = node;
  }

  /** @returns the first one due at `nowMs`, taken out */
  take(nowMs: number): KnownNode | undefined {
    const heap = this.#heap;
    const first = heap[0];
    if (first === undefined || first.dueMs > nowMs) return undefined;
    const last = heap.pop();
    if (last === undefined || last === first) return first;
    let at = 0;
    for (;;) {
      const left = heap[2 * at + 1];
      const right = heap[2 * at + 2];
      const less = right !== undefined && left !== undefined && right.dueMs < left.dueMs ? right : left;
      if (less === undefined || less.dueMs >= last.dueMs) break;
      heap[at] = less;
      at = 2 * at + (less === right ? 2 : 1);
    }
    heap[at] = last;
    return first;
  }
}
