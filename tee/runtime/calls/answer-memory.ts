import { equalBytes, TeaError } from '@tea/protocol';

export type AnswerMemory = {
  /**
   * Does the work of an order the first time it comes, and gives the same answer whenever it comes again.
   * @param sequence its number in the channel, from 1 @param order digest of what was ordered
   * @throws TeaError `conflict` when the number stands for another order, or is too old for it to be told; otherwise what `work` throws
   */
  once(channel: bigint, sequence: bigint, order: Uint8Array, work: () => Promise<Uint8Array>): Promise<Uint8Array>;
  /** The lowest number that was not used yet. */
  next(channel: bigint): bigint;
  /** When the channel is no more: its number is never given again. */
  forget(channel: bigint): void;
};

/** `answer` is null once it was dropped: then it is still known that the order was served. */
type Entry = { readonly order: Uint8Array; answer: Promise<Uint8Array> | null; sizeBytes: number };
/** No order of a number up to `floor` is served that isn't among the entries. */
type ChannelMemory = { floor: bigint; highest: bigint; readonly entries: Map<bigint, Entry> };

/**
 * What was answered to which order. A number is used up by its first order, also by one that was refused: an order that a host held back, or replays, is
 * served once or never. The memory is of this process, as are the keys that orders are sealed with: what was recorded before opens nowhere.
 * @param maxBytes answers kept altogether; the oldest are dropped first @param maxOrders kept a channel; older ones are refused
 * @param maxOrdersInAll where there are more, those of the channel not used for longest are no longer kept
 */
export function openAnswerMemory({ maxBytes = 64 << 20, maxOrders = 256, maxOrdersInAll = 65_536 } = {}): AnswerMemory {
  const channels = new Map<bigint, ChannelMemory>();
  const kept = new Set<Entry>();
  let bytes = 0;
  let orders = 0;

  function keep(entry: Entry, sizeBytes: number): void {
    if (entry.answer === null) return;
    entry.sizeBytes = sizeBytes;
    kept.add(entry);
    bytes += sizeBytes;
    for (const oldest of kept) {
      if (bytes <= maxBytes) break;
      drop(oldest);
    }
  }

  /** Of the channel not used for longest: what it was used for up to now is then refused, as too old. */
  function makeRoom(but: ChannelMemory): void {
    for (const memory of channels.values()) {
      if (orders <= maxOrdersInAll) return;
      if (memory === but) continue;
      for (const entry of memory.entries.values()) drop(entry);
      orders -= memory.entries.size;
      memory.entries.clear();
      memory.floor = memory.highest;
    }
  }

  function drop(entry: Entry): void {
    entry.answer = null;
    if (kept.delete(entry)) bytes -= entry.sizeBytes;
  }

  return {
    async once(channel, sequence, order, work) {
      const memory = channels.get(channel) ?? { floor: 0n, highest: 0n, entries: new Map<bigint, Entry>() };
      channels.delete(channel);
      channels.set(channel, memory);
      const known = memory.entries.get(sequence);
      if (known === undefined) {
        if (sequence <= memory.floor) throw tooOld(sequence, memory.floor);
        const entry: Entry = { order, answer: null, sizeBytes: 0 };
        const answer = work();
        entry.answer = answer;
        memory.entries.set(sequence, entry);
        orders++;
        if (sequence > memory.highest) memory.highest = sequence;
        for (const [number, oldest] of memory.entries) {
          if (memory.entries.size <= maxOrders) break;
          memory.entries.delete(number);
          orders--;
          drop(oldest);
          if (number > memory.floor) memory.floor = number;
        }
        makeRoom(memory);
        const made = await answer;
        keep(entry, made.length);
        return made;
      }
      if (!equalBytes(known.order, order)) {
        throw new TeaError('conflict', `Call ${sequence} of this channel was another one`, {
          expected: 'the same order, when it is sent again',
          actual: 'another under the same number',
          next: 'open the channel again, and call under its next number',
        });
      }
      if (known.answer === null) {
        throw new TeaError('conflict', `Call ${sequence} was served, and its answer is no longer kept`, { next: 'call again, under another number' });
      }
      return known.answer;
    },
    next: (channel) => (channels.get(channel)?.highest ?? 0n) + 1n,
    forget(channel) {
      const memory = channels.get(channel);
      if (memory === undefined) return;
      for (const entry of memory.entries.values()) drop(entry);
      orders -= memory.entries.size;
      channels.delete(channel);
    },
  };
}

function tooOld(sequence: bigint, floor: bigint): TeaError {
  return new TeaError('conflict', `Call ${sequence} of this channel is too old to tell whether it was served`, {
    expected: `a number above ${floor}`,
    actual: String(sequence),
    next: 'open the channel again, and call under its next number',
  });
}
