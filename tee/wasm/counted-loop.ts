/**
 * Loops whose number of rounds has a bound that is known when they begin: `for (i = a; i < n; i += step)` in the shapes compilers give it.
 * Such a loop needs no check in each round. Either the bound is small, or one check before the loop sees that the gas lasts for all rounds.
 *
 * Recognised on the run of instructions, never guessed: the local `i` is written at one place that every round passes, by adding a constant;
 * the other side of the comparison is a constant or a local that the loop does not write; one branch goes back, and only if the comparison holds.
 */

/** What the loop goes on for: `i` less than the bound (or more, counting down), or different from it. */
export type CountedLoop = {
  readonly counter: number;
  readonly step: number;
  readonly bound: { readonly kind: 'constant' | 'local'; readonly value: number };
  readonly until: 'passed' | 'met';
  /** Whether the bound itself still gets a round. */
  readonly inclusive: boolean;
  readonly signed: boolean;
  /** Whether the comparison follows the step, so that the first round runs in any case. */
  readonly testedAfter: boolean;
  /** The most gas one round can take. */
  readonly roundGas: number;
};

/** A loop whose rounds cannot take more than this runs without any check. */
const SMALL_LOOP_GAS = 100_000;

const LOCAL_GET = 0x20;
const LOCAL_SET = 0x21;
const LOCAL_TEE = 0x22;
const I32_CONST = 0x41;
const I32_EQZ = 0x45;
const I32_EQ = 0x46;
const I32_GE_U = 0x4f;
const I32_ADD = 0x6a;
const I32_SUB = 0x6b;
const NEGATED = [0x47, 0x46, 0x4e, 0x4f, 0x4c, 0x4d, 0x4a, 0x4b, 0x48, 0x49]; // of eq, ne, lt_s, lt_u, gt_s, gt_u, le_s, le_u, ge_s, ge_u
const MIRRORED = [0x46, 0x47, 0x4a, 0x4b, 0x48, 0x49, 0x4e, 0x4f, 0x4c, 0x4d]; // the same with left and right changed

type Comparison = { readonly counter: number; readonly bound: CountedLoop['bound']; readonly op: number };

/** The last instructions, in the order they stand; blocks and branches are among them, so that a run of them is straight-line code. */
export class RecentInstructions {
  readonly #ops = new Int32Array(8);
  readonly #immediates = new Int32Array(8);
  #count = 0;

  get count(): number {
    return this.#count;
  }

  push(op: number, immediate: number): void {
    const at = this.#count++ & 7;
    this.#ops[at] = op;
    this.#immediates[at] = immediate;
  }

  /** @param back 1 for the last instruction, at most 8 */
  op(back: number): number {
    return back > this.#count ? -1 : (this.#ops[(this.#count - back) & 7] ?? -1);
  }

  immediate(back: number): number {
    return this.#immediates[(this.#count - back) & 7] ?? 0;
  }

  /** `local.get i · i32.const s · i32.add` ending `back` instructions ago: the step s, or 0. */
  stepOf(local: number, back: number): number {
    const op = this.op(back);
    if ((op !== I32_ADD && op !== I32_SUB) || this.op(back + 1) !== I32_CONST) return 0;
    if (this.op(back + 2) !== LOCAL_GET || this.immediate(back + 2) !== local) return 0;
    const amount = this.immediate(back + 1);
    return op === I32_ADD ? amount : -amount;
  }

  /** A condition on `counter` that has just been computed, or null. `holds` says whether it must be true to go on. */
  condition(counter: number | null, holds: boolean): Comparison | null {
    let back = 1;
    let goesOn = holds;
    if (this.op(back) === I32_EQZ && isComparison(this.op(back + 1))) {
      goesOn = !goesOn;
      back += 1;
    }
    const compare = this.op(back);
    if (!isComparison(compare)) {
      // The counter itself: until it is zero.
      const zero = compare === I32_EQZ;
      const at = zero ? back + 1 : back;
      const found = this.immediate(at);
      if (zero === goesOn || (this.op(at) !== LOCAL_GET && this.op(at) !== LOCAL_TEE) || (counter !== null && found !== counter)) return null;
      return { counter: found, bound: { kind: 'constant', value: 0 }, op: 0x47 };
    }
    const op = goesOn ? compare : (NEGATED[compare - I32_EQ] ?? -1);
    const right = this.op(back + 1);
    const rightValue = this.immediate(back + 1);
    const left = this.op(back + 2);
    if (right === I32_CONST || (right === LOCAL_GET && rightValue !== counter)) {
      if (left !== LOCAL_GET && left !== LOCAL_TEE) return null;
      const found = this.immediate(back + 2);
      if (counter !== null && found !== counter) return null;
      return { counter: found, bound: { kind: right === I32_CONST ? 'constant' : 'local', value: rightValue }, op };
    }
    // bound · counter · compare, where the counter may just have been stepped
    if ((right !== LOCAL_GET && right !== LOCAL_TEE) || counter === null) return null;
    const before = right === LOCAL_TEE ? back + 5 : back + 2;
    if (right === LOCAL_TEE && this.stepOf(rightValue, back + 2) === 0) return null;
    const bound = this.op(before);
    if (bound !== LOCAL_GET && bound !== I32_CONST) return null;
    return {
      counter: rightValue,
      bound: { kind: bound === I32_CONST ? 'constant' : 'local', value: this.immediate(before) },
      op: MIRRORED[op - I32_EQ] ?? -1,
    };
  }

  /** The constant that `local` was set to just now, or null. */
  constantJustSet(): { local: number; value: number } | null {
    if (this.op(1) !== LOCAL_SET || this.op(2) !== I32_CONST) return null;
    return { local: this.immediate(1), value: this.immediate(2) };
  }
}

function isComparison(op: number): boolean {
  return op >= I32_EQ && op <= I32_GE_U;
}

/** Whether the last step can pass this bound by so much that it wraps around. */
export function wrapsBeyond({ step, until, inclusive, signed }: CountedLoop, bound: number): boolean {
  if (until === 'met') return false;
  const margin = Math.abs(step) - (inclusive ? 0 : 1);
  const end = signed ? bound : bound >>> 0;
  return step > 0 ? end > (signed ? 2 ** 31 - 1 : 2 ** 32 - 1) - margin : end < (signed ? -(2 ** 31) : 0) + margin;
}

/** What is known of one loop while the meter passes over it. */
export class LoopCandidate {
  readonly #start: { local: number; value: number } | null;
  readonly #firstInstruction: number;
  readonly #gasBefore: number;
  readonly #writes: number[] = [];
  #refused = false;
  #test: Comparison | null = null;
  #testedAfter = false;
  /** The label inside which every instruction runs once in each round: the loop's own, or that of the `if` it begins with. */
  spine: object;
  #step: { local: number; by: number } | null = null;
  #backEdges = 0;

  constructor(loop: object, recent: RecentInstructions, gasBefore: number) {
    this.spine = loop;
    this.#start = recent.constantJustSet();
    this.#firstInstruction = recent.count + 1; // after the loop instruction itself
    this.#gasBefore = gasBefore;
  }

  /** A call, an inner loop, or anything else that takes more than its own gas. */
  refuse(): void {
    this.#refused = true;
  }

  writes(local: number, recent: RecentInstructions, label: object): void {
    if (this.#writes.length > 64) return this.refuse();
    this.#writes.push(local);
    const by = label === this.spine ? recent.stepOf(local, 1) : 0;
    if (by !== 0 && (this.#test === null || this.#test.counter === local)) this.#step = { local, by };
  }

  /** A condition at the very top of the loop: of an `if` (holds), or of a branch out (does not). */
  topTest(recent: RecentInstructions, holds: boolean, spine: object): void {
    const length = recent.count - this.#firstInstruction;
    if (length < 1 || length > 4) return;
    const condition = recent.condition(null, holds);
    if (condition === null) return;
    this.#test = condition;
    this.spine = spine;
  }

  /** @param conditional whether a `br_if` goes back, on what was just computed */
  backEdge(recent: RecentInstructions, conditional: boolean, label: object): void {
    this.#backEdges += 1;
    if (label !== this.spine || this.#step === null) return this.refuse();
    if (!conditional) return;
    const condition = recent.condition(this.#step.local, true);
    if (condition === null || this.#test !== null) return this.refuse();
    this.#test = condition;
    this.#testedAfter = true;
  }

  /** At the loop's end: `small` needs no check, a CountedLoop one before it begins, null one in each round. */
  conclude(gasNow: number): CountedLoop | 'small' | null {
    const test = this.#test;
    const step = this.#step;
    if (this.#refused || this.#backEdges !== 1 || test === null || step === null || step.local !== test.counter) return null;
    const { counter, bound, op } = test;
    if (this.#writes.filter((local) => local === counter).length !== 1) return null;
    if (bound.kind === 'local' && (bound.value === counter || this.#writes.includes(bound.value))) return null;
    if (Math.abs(step.by) > 1024) return null;
    const until = op === 0x47 ? 'met' : 'passed';
    if (until === 'met' && (Math.abs(step.by) & (Math.abs(step.by) - 1)) !== 0) return null;
    const upward = [0x48, 0x49, 0x4c, 0x4d].includes(op);
    const downward = [0x4a, 0x4b, 0x4e, 0x4f].includes(op);
    if (until === 'passed' && !(step.by > 0 ? upward : downward)) return null;
    const found: CountedLoop = {
      counter,
      step: step.by,
      bound,
      until,
      inclusive: op >= 0x4c,
      signed: op % 2 === 0,
      testedAfter: this.#testedAfter,
      roundGas: gasNow - this.#gasBefore,
    };
    if (this.#mostRounds(found) * found.roundGas <= SMALL_LOOP_GAS) return 'small';
    return bound.kind === 'constant' && wrapsBeyond(found, bound.value) ? null : found;
  }

  /** A bound that holds whatever the locals are when the loop begins; Infinity when there is none. */
  #mostRounds({ counter, bound, until, signed, step, inclusive, testedAfter }: CountedLoop): number {
    if (bound.kind !== 'constant' || step < 0 || (testedAfter && inclusive)) return Infinity;
    const start = this.#start?.local === counter ? this.#start.value : null;
    const end = signed || until === 'met' ? bound.value : bound.value >>> 0;
    if (end < 0 || end > 1_000_000) return Infinity;
    if (until === 'passed' && !signed) return end / step + 2;
    if (start === null || start < 0 || (until === 'met' && (start >= end || (end - start) % step !== 0))) return Infinity;
    return Math.max(0, end - start) / step + 2;
  }
}
