import type { CountedLoop } from './counted-loop.ts';
import type { Span } from './module-layout.ts';

/**
 * Where one function is charged and what else changes in it. Made in one pass over the body; `meter-function.ts` writes the new body from it.
 *
 * Charges are placed at the end of each stretch of code that runs as a whole: before a branch, before a call, before the end of a block
 * somebody branches to. So a total is exact whichever way the code went, and blocks nobody branches to cost no charge of their own.
 */
export type FunctionPlan = {
  /** Triples (offset in the module, EDIT kind, amount), offsets rising. */
  readonly edits: readonly number[];
  /** What EDIT.beforeLoop refers to. */
  readonly countedLoops: readonly CountedLoop[];
  /** Bits of NAN_TYPE: of which types a canonicalisation may be among the edits. */
  readonly nanTypes: number;
  /** Whether anything branches to the function's own label or returns early. */
  readonly leavesEarly: boolean;
  /** Gas not yet charged where code arrives at the function's own label. */
  readonly carriedToEnd: number;
  readonly calls: boolean;
  readonly growsMemory: boolean;
  readonly pricesBySize: boolean;
  /** Gas of all instructions together, each counted once. */
  readonly staticGas: number;
  /** 8-byte slots of one frame, see BOUNDS.callStackSlots. */
  readonly frameSlots: number;
  /** Where the first instruction is, and the run-length groups of locals before it. */
  readonly code: Span;
  readonly locals: Span;
  readonly localGroups: number;
  readonly localCount: number;
};

export const NAN_TYPE = { f32: 1, f64: 2, v128: 4 } as const;

/**
 * `fast` is how a guest runs. What it has spent is exact whenever it calls and when it ends, but a trap loses what the innermost frames had
 * spent since. So after a trap the guest runs once more, `exact`: slower, and with the counter stored at every loop head, it meets the same
 * trap and leaves the total that counts.
 */
export type MeterMode = 'fast' | 'exact';

export const EDIT = {
  /** Subtract `amount`, which may be negative, from the gas local. */
  charge: 0,
  /** The same, and store the local in the global: something that may observe or end the run follows. */
  chargeAndStore: 1,
  /** Load the local from the global: a call has returned. */
  load: 2,
  /** Top of a loop body: check the local, and in `exact` mode store it in the global. */
  loopHead: 3,
  /** Replace the one-byte `return` by a branch out of `amount` labels. */
  return: 4,
  /** Charge for the count on top of the stack: bytes, or table elements. */
  chargeBytes: 5,
  chargeElements: 6,
  /** Replace the two-byte memory.grow by one that is charged for and remembers failure. */
  grow: 7,
  nothing: 8,
  /** Before loop number `amount` of `countedLoops`: see that the gas lasts for all its rounds. */
  beforeLoop: 9,
  /** Put the canonical NaN in place of a NaN on top of the stack, by its type (`nan-status.ts`); `amount` is its status. */
  canonicalF32: 10,
  canonicalF64: 11,
  canonicalF32x4: 12,
  canonicalF64x2: 13,
  /** As chargeAndStore, and give the frame back: the call that follows takes its place. */
  chargeAndLeave: 14,
} as const;
