import type { Pooled } from './pooled.ts';

/** The order in which a block takes extrinsics: highest priority first, then first come; never before those whose tags it requires. */
export function* readyOrder(pooled: Iterable<Pooled>): Generator<Pooled> {
  const waitingFor = new Map<string, Waiting[]>();
  const ready: Pooled[] = [];
  const pool = [...pooled];
  const provided = new Set(pool.flatMap((entry) => entry.provides));
  for (const entry of pool) {
    if (entry.requires.length === 0) {
      ready.push(entry);
      continue;
    }
    // What nobody in the pool provides is still to come: such an extrinsic waits (a future nonce).
    if (!entry.requires.every((tag) => provided.has(tag))) continue;
    const waiting: Waiting = { entry, missing: new Set(entry.requires) };
    for (const tag of entry.requires) waitingFor.set(tag, [...(waitingFor.get(tag) ?? []), waiting]);
  }
  ready.sort(compare);
  for (let next = ready.shift(); next !== undefined; next = ready.shift()) {
    yield next;
    for (const tag of next.provides) {
      for (const waiting of waitingFor.get(tag) ?? []) {
        if (waiting.missing.delete(tag) && waiting.missing.size === 0) ready.splice(position(ready, waiting.entry), 0, waiting.entry);
      }
    }
  }
}

type Waiting = { readonly entry: Pooled; readonly missing: Set<string> };

export function compare(a: Pooled, b: Pooled): number {
  if (a.priority !== b.priority) return a.priority > b.priority ? -1 : 1;
  return a.arrival - b.arrival;
}

function position(sorted: readonly Pooled[], entry: Pooled): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    const other = sorted[middle];
    if (other !== undefined && compare(other, entry) < 0) low = middle + 1;
    else high = middle;
  }
  return low;
}
