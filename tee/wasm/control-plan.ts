import { type CountedLoop, LoopCandidate, RecentInstructions } from './counted-loop.ts';
import { EDIT, type MeterMode } from './function-plan.ts';
import { NanStatus, OPEN } from './nan-status.ts';
import { refuse } from './refusal.ts';

export const LABEL = { block: 0x02, loop: 0x03, if: 0x04, else: 0x05, function: 0 } as const;

export type Label = {
  kind: number;
  /** Operand height below the label's own operands. */
  readonly base: number;
  readonly params: number;
  readonly results: number;
  targeted: boolean;
  /** Whether code at this point cannot be reached; a label inside dead code is dead from start to end. */
  dead: boolean;
  readonly bornDead: boolean;
  /** Index in `edits` of a loop's head. */
  readonly headEdit: number;
  /** Which label of the function this is, in the order they open. */
  readonly ordinal: number;
  /** Gas still uncharged wherever code arrives at this label; -1 while nobody has branched to it. */
  carried: number;
  /** Gas uncharged where an `if` begins: what its second arm, or the way past it, starts with. */
  readonly entered: number;
  /** Of a loop, and of what is inside it: the innermost loop's chance to be a counted one. */
  readonly candidate: LoopCandidate | null;
};

type BlockType = { readonly params: number; readonly results: number };

/** Structured control of one function while it is read: open labels, operand height, and where what has been spent is charged. */
export class ControlPlan {
  /** Triples, as FunctionPlan has them. */
  readonly edits: number[] = [];
  readonly countedLoops: CountedLoop[] = [];
  readonly recent = new RecentInstructions();
  readonly nans: NanStatus;
  /** The innermost open label. */
  label: Label;
  readonly outermost: Label;
  /** Gas of the current stretch, not yet charged. */
  pending = 0;
  /** Gas of all live instructions so far. */
  staticGas = 0;
  height = 0;
  maxHeight = 0;
  /** A br_table arrived at labels that had been promised something else. */
  conflict = false;
  readonly #labels: Label[];
  readonly #carries: boolean;
  readonly #exact: boolean;
  readonly #settled: Set<number>;
  #labelCount = 1;

  /** @param settled ordinals of labels where nothing may be carried; those that are learnt of too late are added */
  constructor(type: BlockType, mode: MeterMode, settled: Set<number>) {
    this.#carries = mode === 'fast';
    this.#exact = mode === 'exact';
    this.#settled = settled;
    this.nans = new NanStatus(type.params);
    const carried = this.#carries && !settled.has(0) ? -1 : 0;
    const own = { targeted: false, dead: false, bornDead: false, headEdit: -1, ordinal: 0, carried, entered: 0, candidate: null };
    this.label = { kind: LABEL.function, base: 0, params: 0, results: type.results, ...own };
    this.outermost = this.label;
    this.#labels = [this.label];
  }

  get isOpen(): boolean {
    return this.#labels.length > 0;
  }

  /** Charges all but `carried`, which may be more than there is: then the difference is given back. */
  charge(offset: number, carried = 0): void {
    if (this.pending !== carried) this.edits.push(offset, EDIT.charge, this.pending - carried);
    this.pending = carried;
  }

  /** @param offset of the instruction @param after its end, where a loop's body begins */
  open(kind: number, blockType: BlockType, offset: number, after: number): void {
    const outer = this.label;
    const { dead } = outer;
    if (kind === LABEL.if && !dead) this.height -= 1;
    const ordinal = this.#labelCount++;
    const mayCarry = this.#carries && !this.#settled.has(ordinal);
    if (kind !== LABEL.block && !dead && !mayCarry) this.charge(offset);
    if (kind === LABEL.loop && !dead) this.edits.push(offset, EDIT.nothing, 0);
    const headEdit = kind === LABEL.loop && !dead ? this.edits.push(after, EDIT.nothing, 0) - 3 : -1;
    const carried = !mayCarry ? 0 : kind === LABEL.block ? -1 : this.pending;
    const base = this.height - blockType.params;
    this.nans.fill(base, blockType.params, OPEN);
    if (kind === LABEL.loop) outer.candidate?.refuse();
    const candidate = kind !== LABEL.loop ? outer.candidate : this.#carries && !dead ? new LoopCandidate({}, this.recent, this.staticGas) : null;
    const { params, results } = blockType;
    const entered = this.pending;
    this.label = { kind, base, params, results, targeted: false, dead, bornDead: dead, headEdit, ordinal, carried, entered, candidate };
    if (kind === LABEL.loop && candidate !== null) candidate.spine = this.label;
    if (kind === LABEL.if && outer.kind === LABEL.loop) candidate?.topTest(this.recent, true, this.label);
    this.recent.push(kind, 0);
    this.#labels.push(this.label);
  }

  otherwise(offset: number): void {
    const { label } = this;
    if (!label.dead) {
      // Now that nothing goes past it, an `if` nobody left yet may carry what its first arm has.
      if (this.#carries && !label.targeted && !this.#settled.has(label.ordinal)) label.carried = this.pending;
      this.charge(offset, label.carried);
      label.targeted = true; // the first arm goes on to the end
    }
    this.pending = label.entered;
    label.kind = LABEL.else;
    label.dead = label.bornDead;
    this.height = label.base + label.params;
    this.nans.fill(label.base, label.params, OPEN);
  }

  /** @returns whether it was the function's own */
  end(offset: number): boolean {
    const ended = this.label;
    this.#labels.pop();
    const outer = this.#labels.at(-1);
    if (outer === undefined) {
      if (!ended.targeted) {
        if (!ended.dead) this.edits.push(offset, EDIT.chargeAndStore, this.pending);
      } else if (!ended.dead) this.#arrive(offset, ended);
      return true;
    }
    const isLoop = ended.kind === LABEL.loop;
    if (isLoop && ended.targeted && ended.headEdit >= 0) this.#concludeLoop(ended);
    const skips = ended.kind === LABEL.if; // an `if` without else
    const joins = !ended.bornDead && (skips || (ended.targeted && !isLoop));
    if (joins) {
      if (!ended.dead) this.#arrive(offset, ended);
      this.pending = ended.carried;
    }
    this.label = outer;
    if (ended.dead && !ended.bornDead && !joins) this.die();
    this.height = ended.base + ended.results;
    this.nans.fill(ended.base, ended.results, OPEN);
    if (this.height > this.maxHeight) this.maxHeight = this.height;
    return false;
  }

  branch(offset: number, depth: number): void {
    const to = this.#target(depth);
    if (to.kind === LABEL.loop) this.#goBack(to, false);
    this.#arrive(offset, to);
    this.die();
  }

  branchIf(offset: number, depth: number): void {
    const to = this.#target(depth);
    if (to.kind === LABEL.loop) this.#goBack(to, true);
    else if (this.label.kind === LABEL.loop) this.label.candidate?.topTest(this.recent, false, this.label);
    this.#arrive(offset, to);
    this.height -= 1;
  }

  /** One of a table's targets; `branchTable` follows. */
  tableTarget(depth: number): void {
    const at = this.#target(depth);
    if (at.carried < 0) at.carried = 0;
    if (at.kind === LABEL.loop) at.candidate?.refuse();
    this.#settled.add(at.ordinal);
    this.conflict ||= at.carried !== 0;
  }

  branchTable(offset: number): void {
    this.charge(offset);
    this.die();
  }

  leave(offset: number): void {
    this.outermost.targeted = true;
    this.#arrive(offset, this.outermost);
    this.edits.push(offset, EDIT.return, this.#labels.length - 1);
    this.die();
  }

  unreachable(offset: number): void {
    if (this.#exact) this.edits.push(offset, EDIT.chargeAndStore, this.pending);
    this.die();
  }

  call(offset: number, after: number): void {
    this.edits.push(offset, EDIT.chargeAndStore, this.pending, after, EDIT.load, 0);
    this.pending = 0;
    this.label.candidate?.refuse();
  }

  /** A call that takes this function's frame: nothing comes back here. */
  tailCall(offset: number): void {
    this.edits.push(offset, EDIT.chargeAndLeave, this.pending);
    this.label.candidate?.refuse();
    this.die();
  }

  die(): void {
    this.label.dead = true;
    this.pending = 0;
  }

  #target(depth: number): Label {
    const found = this.#labels[this.#labels.length - 1 - depth] ?? refuse('A branch leaves its function');
    found.targeted = true;
    return found;
  }

  /** A loop of which something inside an inner loop goes back has no bound that we know. */
  #goBack(to: Label, conditional: boolean): void {
    if (to.candidate !== this.label.candidate) to.candidate?.refuse();
    else to.candidate?.backEdge(this.recent, conditional, this.label);
  }

  /** Arrives at a label: the first to do so decides what is carried there, all others settle the difference. */
  #arrive(offset: number, at: Label): void {
    if (at.carried < 0) at.carried = this.pending;
    else this.charge(offset, at.carried);
  }

  #concludeLoop(ended: Label): void {
    const counted = ended.candidate?.conclude(this.staticGas) ?? null;
    if (counted === null) this.edits[ended.headEdit + 1] = EDIT.loopHead;
    else if (counted !== 'small') {
      this.edits[ended.headEdit - 2] = EDIT.beforeLoop; // reserved just before the loop
      this.edits[ended.headEdit - 1] = this.countedLoops.push(counted) - 1;
    }
  }
}
