import { decodeMeasuredLog, equalBytes, replay, type EventRecord } from '@tea/protocol';

/**
 * What an event log says by itself, whoever sent it: it depends on nothing but its bytes, and all nodes that run one program send the same. So the
 * last few are kept, with the bytes they were read from.
 */
export type ReadEventLog = {
  readonly events: readonly EventRecord[];
  /** PCR values it accounts for */
  readonly replayed: ReadonlyMap<number, Uint8Array>;
  /** records whose digest is not of their content */
  readonly misdigested: readonly EventRecord[];
};

const MAX_KEPT = 16;
const MAX_KEPT_BYTES = 64 * 1024;
const kept: { readonly bytes: Uint8Array; readonly log: ReadEventLog }[] = [];

/** @throws TeaError `badMessage`, each time anew */
export function recallEventLog(bytes: Uint8Array): ReadEventLog {
  const known = kept.find((each) => equalBytes(each.bytes, bytes));
  if (known !== undefined) return known.log;
  const own = new Uint8Array(bytes); // the caller may change its bytes afterwards
  const { events, misdigested } = decodeMeasuredLog(own);
  const log = { events, replayed: replay(events), misdigested };
  if (own.length <= MAX_KEPT_BYTES) {
    if (kept.length >= MAX_KEPT) kept.shift();
    kept.push({ bytes: own, log });
  }
  return log;
}
