import { ByteReader } from './byte-reader.ts';
import { type CountedLoop, LoopCandidate, RecentInstructions } from './counted-loop.ts';
import { EDIT, type FunctionPlan, type MeterMode, NAN_TYPE } from './function-plan.ts';
import { BOUNDS, OPCODE_GAS } from './gas-schedule.ts';
import { readBlockType, skipImmediate } from './immediates.ts';
import { valueType, type ModuleLayout } from './module-layout.ts';
import { CLEAN, NAN_ROLE, NAN_ROLES, NanStatus, OPEN } from './nan-status.ts';
import { OPCODES, OPCODE_SPACE, PREFIX_FC, PREFIX_FD, refusedFeature } from './opcodes.ts';
import { refuse } from './refusal.ts';

const LABEL = { block: 0x02, loop: 0x03, if: 0x04, else: 0x05, function: 0 } as const;

const BR = 0x0c;
const BR_IF = 0x0d;
const LOCAL_GET = 0x20;
const I32_CONST = 0x41;
const CALL = 0x10;
const CALL_INDIRECT = 0x11;
const SELECT = 0x1b;
const SELECT_TYPED = 0x1c;
const GLOBAL_GET = 0x23;
const COPYSIGN_F32 = 0x98;
const COPYSIGN_F64 = 0xa6;

// Flat copies of the table, for speed.
const IMMEDIATE = OPCODES.map((opcode) => opcode?.immediate ?? null);
const POPS = Int8Array.from({ length: OPCODE_SPACE }, (_, index) => OPCODES[index]?.pops?.length ?? -1);
const PUSHES = Int8Array.from({ length: OPCODE_SPACE }, (_, index) => OPCODES[index]?.pushes.length ?? 0);

type Label = {
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

/**
 * @param index of the function among the module's own
 * @param mode see MeterMode
 * @throws Refusal for an instruction that guests may not use
 */
export function planFunction(layout: ModuleLayout, index: number, mode: MeterMode): FunctionPlan {
  const settled = new Set<number>();
  const plan = planWith(layout, index, mode, settled);
  // A br_table arrives at several labels at once, so none of them may have been promised something else: those labels get nothing carried.
  return plan ?? planWith(layout, index, mode, settled) ?? refuse('The meter cannot plan a function');
}

/** @param settled ordinals of labels where nothing may be carried; filled in, with null as the answer, when that is learnt too late */
function planWith(layout: ModuleLayout, index: number, mode: MeterMode, settled: Set<number>): FunctionPlan | null {
  const body = layout.bodies[index] ?? refuse('The module has fewer bodies than functions');
  const type = layout.types[layout.functionTypes[layout.imports.length + index] ?? -1] ?? refuse('A function has no type');
  const reader = new ByteReader(layout.bytes, body.start, body.end);

  const localGroups = reader.count();
  const localsStart = reader.pos;
  let localCount = type.params.length;
  let wide = type.params.includes('v') || type.results.includes('v');
  for (let group = 0; group < localGroups; group++) {
    localCount += reader.u32();
    if (localCount > BOUNDS.localsPerFunction) refuse(`A function has more than ${BOUNDS.localsPerFunction} locals`);
    if (valueType(reader.byte()) === 'v') wide = true;
  }
  const codeStart = reader.pos;

  const carries = mode === 'fast';
  let conflict = false;
  let labelCount = 1;
  const edits: number[] = [];
  const countedLoops: CountedLoop[] = [];
  const recent = new RecentInstructions();
  const nans = new NanStatus(type.params.length);
  let nanTypes = 0;
  let pending = 0; // gas of the current stretch, not yet charged
  let staticGas = 0;
  let height = 0;
  let maxHeight = 0;
  let calls = false;
  let growsMemory = false;
  let pricesBySize = false;

  let label: Label = {
    kind: LABEL.function,
    base: 0,
    params: 0,
    results: type.results.length,
    targeted: false,
    dead: false,
    bornDead: false,
    headEdit: -1,
    ordinal: 0,
    carried: carries && !settled.has(0) ? -1 : 0,
    entered: 0,
    candidate: null,
  };
  const labels: Label[] = [label];
  const outermost = label;

  /** Charges all but `carried`, which may be more than there is: then the difference is given back. */
  const charge = (offset: number, carried = 0): void => {
    if (pending !== carried) edits.push(offset, EDIT.charge, pending - carried);
    pending = carried;
  };
  const target = (depth: number): Label => {
    const found = labels[labels.length - 1 - depth] ?? refuse('A branch leaves its function');
    found.targeted = true;
    return found;
  };
  /** A loop of which something inside an inner loop goes back has no bound that we know. */
  const goBack = (to: Label, conditional: boolean): void => {
    if (to.candidate !== label.candidate) to.candidate?.refuse();
    else to.candidate?.backEdge(recent, conditional, label);
  };
  /** Arrives at a label: the first to do so decides what is carried there, all others settle the difference. */
  const arrive = (offset: number, at: Label): void => {
    if (at.carried < 0) at.carried = pending;
    else charge(offset, at.carried);
  };
  const die = (): void => {
    label.dead = true;
    pending = 0;
  };

  while (reader.pos < reader.end) {
    const offset = reader.pos;
    const first = reader.byte();
    let op = first;
    if (first >= 0xfb) {
      const code = reader.u32();
      op = first === 0xfc && code < 0x100 ? PREFIX_FC + code : first === 0xfd && code < 0x100 ? PREFIX_FD + code : -1;
      if (op < 0 || IMMEDIATE[op] === null) refuse(`The module uses ${refusedFeature(first, code)}, which guests may not`);
      if (first === 0xfd) wide = true;
    }
    const immediate = IMMEDIATE[op] ?? refuse(`The module uses ${refusedFeature(0, first)}, which guests may not`);
    const dead = label.dead;
    const gas = OPCODE_GAS[op] ?? 0;
    if (!dead) {
      pending += gas;
      staticGas += gas;
    }
    let pops = POPS[op] ?? 0;
    let pushes = PUSHES[op] ?? 0;

    let operand = 0;
    if (immediate === 'local') {
      operand = reader.u32();
      if (op !== LOCAL_GET && !dead) {
        label.candidate?.writes(operand, recent, label);
        nans.write(operand, nans.at(height - 1));
      }
    } else if (op === I32_CONST) operand = reader.s32();
    else skipImmediate(reader, immediate, op);
    if (op > LABEL.else && op !== BR_IF && op !== BR) recent.push(op, operand);

    switch (op) {
      case LABEL.block:
      case LABEL.loop:
      case LABEL.if: {
        const blockType = readBlockType(reader, layout);
        if (op === LABEL.if) {
          height -= dead ? 0 : 1;
        }
        const ordinal = labelCount++;
        const mayCarry = carries && !settled.has(ordinal);
        if (op !== LABEL.block && !dead && !mayCarry) charge(offset);
        if (op === LABEL.loop && !dead) edits.push(offset, EDIT.nothing, 0);
        const headEdit = op === LABEL.loop && !dead ? edits.push(reader.pos, EDIT.nothing, 0) - 3 : -1;
        const carried = !mayCarry ? 0 : op === LABEL.block ? -1 : pending;
        const base = height - blockType.params;
        nans.fill(base, blockType.params, OPEN);
        const outer = label;
        if (op === LABEL.loop) outer.candidate?.refuse();
        const candidate = op !== LABEL.loop ? outer.candidate : carries && !dead ? new LoopCandidate({}, recent, staticGas) : null;
        label = { kind: op, base, ...blockType, targeted: false, dead, bornDead: dead, headEdit, ordinal, carried, entered: pending, candidate };
        if (op === LABEL.loop && candidate !== null) candidate.spine = label;
        if (op === LABEL.if && outer.kind === LABEL.loop) candidate?.topTest(recent, true, label);
        recent.push(op, 0);
        labels.push(label);
        continue;
      }
      case LABEL.else:
        if (!label.dead) {
          // Now that nothing goes past it, an `if` nobody left yet may carry what its first arm has.
          if (carries && !label.targeted && !settled.has(label.ordinal)) label.carried = pending;
          charge(offset, label.carried);
          label.targeted = true; // the first arm goes on to the end
        }
        pending = label.entered;
        label.kind = LABEL.else;
        label.dead = label.bornDead;
        height = label.base + label.params;
        nans.fill(label.base, label.params, OPEN);
        continue;
      case 0x0b: {
        // end
        const ended = label;
        labels.pop();
        const outer = labels.at(-1);
        if (outer === undefined) {
          if (reader.pos !== reader.end) refuse('A function goes on after its end');
          if (!ended.targeted) {
            if (!ended.dead) edits.push(offset, EDIT.chargeAndStore, pending);
          } else if (!ended.dead) arrive(offset, ended);
          continue;
        }
        const isLoop = ended.kind === LABEL.loop;
        const skips = ended.kind === LABEL.if; // an `if` without else
        if (isLoop && ended.targeted && ended.headEdit >= 0) {
          const counted = ended.candidate?.conclude(staticGas) ?? null;
          if (counted === null) edits[ended.headEdit + 1] = EDIT.loopHead;
          else if (counted !== 'small') {
            edits[ended.headEdit - 2] = EDIT.beforeLoop; // reserved just before the loop
            edits[ended.headEdit - 1] = countedLoops.push(counted) - 1;
          }
        }
        const joins = !ended.bornDead && (skips || (ended.targeted && !isLoop));
        if (joins) {
          if (!ended.dead) arrive(offset, ended);
          pending = ended.carried;
        }
        label = outer;
        if (ended.dead && !ended.bornDead && !joins) die();
        height = ended.base + ended.results;
        nans.fill(ended.base, ended.results, OPEN);
        if (height > maxHeight) maxHeight = height;
        continue;
      }
      case 0x0c: // br
        if (dead) reader.skipInteger();
        else {
          const to = target(reader.u32());
          if (to.kind === LABEL.loop) goBack(to, false);
          arrive(offset, to);
          die();
        }
        continue;
      case 0x0d: // br_if
        if (dead) reader.skipInteger();
        else {
          const to = target(reader.u32());
          if (to.kind === LABEL.loop) goBack(to, true);
          else if (label.kind === LABEL.loop) label.candidate?.topTest(recent, false, label);
          arrive(offset, to);
          recent.push(op, 0);
          height -= 1;
        }
        continue;
      case 0x0e: {
        // br_table
        const count = reader.count();
        for (let entry = 0; entry <= count; entry++) {
          const depth = reader.u32();
          if (dead) continue;
          const at = target(depth);
          if (at.carried < 0) at.carried = 0;
          if (at.kind === LABEL.loop) at.candidate?.refuse();
          settled.add(at.ordinal);
          conflict ||= at.carried !== 0;
        }
        if (!dead) {
          charge(offset);
          die();
        }
        continue;
      }
      case 0x0f: // return
        if (!dead) {
          outermost.targeted = true;
          arrive(offset, outermost);
          edits.push(offset, EDIT.return, labels.length - 1);
          die();
        }
        continue;
      case 0x00: // unreachable
        if (!dead) {
          if (mode === 'exact') edits.push(offset, EDIT.chargeAndStore, pending);
          die();
        }
        continue;
      case 0x10: // call
      case 0x11: {
        // call_indirect
        const callee = reader.u32();
        if (op === 0x11) reader.skipInteger();
        if (dead) continue;
        const calleeType = layout.types[op === 0x11 ? callee : (layout.functionTypes[callee] ?? -1)] ?? refuse('A call has no type');
        edits.push(offset, EDIT.chargeAndStore, pending, reader.pos, EDIT.load, 0);
        pending = 0;
        calls = true;
        label.candidate?.refuse();
        pops = calleeType.params.length + (op === 0x11 ? 1 : 0);
        pushes = calleeType.results.length;
        break;
      }
      case 0x1a: // drop
      case 0x21: // local.set
      case 0x24: // global.set
        pops = 1;
        pushes = 0;
        break;
      case 0x1b: // select
        pops = 3;
        pushes = 1;
        break;
      case 0x1c: // select with types
        for (let count = reader.count(); count > 0; count--) valueType(reader.byte());
        pops = 3;
        pushes = 1;
        break;
      case 0x20: // local.get
      case 0x23: // global.get
        pops = 0;
        pushes = 1;
        break;
      case 0x22: // local.tee
        pops = 0;
        pushes = 0;
        break;
      case 0x40: // memory.grow
        if (!dead) {
          charge(offset);
          label.candidate?.refuse();
          edits.push(offset, EDIT.grow, 0);
          growsMemory = true;
        }
        break;
      case PREFIX_FC + 8: // memory.init
      case PREFIX_FC + 10: // memory.copy
      case PREFIX_FC + 11: // memory.fill
      case PREFIX_FC + 12: // table.init
      case PREFIX_FC + 14: // table.copy
      case PREFIX_FC + 17: // table.fill
        if (!dead) {
          label.candidate?.refuse();
          edits.push(offset, op <= PREFIX_FC + 11 ? EDIT.chargeBytes : EDIT.chargeElements, pending);
          pending = 0;
          pricesBySize = true;
        }
        break;
      default:
        break;
    }
    if (!dead) {
      const role = NAN_ROLES[op] ?? 0;
      if (role >= NAN_ROLE.vector32) {
        edits.push(reader.pos, role === NAN_ROLE.vector32 ? EDIT.canonicalF32x4 : EDIT.canonicalF64x2, OPEN);
        nanTypes |= NAN_TYPE.v128;
      } else if (role >= NAN_ROLE.looks32 && nans.at(height - 1) !== CLEAN) {
        edits.push(offset, role === NAN_ROLE.looks32 ? EDIT.canonicalF32 : EDIT.canonicalF64, nans.at(height - 1));
        nanTypes |= role === NAN_ROLE.looks32 ? NAN_TYPE.f32 : NAN_TYPE.f64;
      }
      height += pushes - pops;
      if (height > maxHeight) maxHeight = height;
      if (op === SELECT || op === SELECT_TYPED) nans.merge(height - 1);
      else if (op === COPYSIGN_F32 || op === COPYSIGN_F64) continue; // the first operand's status stays
      else if (op === LOCAL_GET) nans.set(height - 1, operand + 1);
      else if (op === CALL || op === CALL_INDIRECT) nans.fill(height - pushes, pushes, OPEN);
      else if (pushes === 1 && role !== NAN_ROLE.keeps) nans.set(height - 1, role === NAN_ROLE.opens || op === GLOBAL_GET ? OPEN : CLEAN);
    }
  }
  if (labels.length > 0) refuse('A function has no end');
  if (conflict) return null;
  if (nanTypes !== 0) keepOnlyOpen(edits, nans.settle());

  const slots = localCount + maxHeight + BOUNDS.frameSlots;
  return {
    edits,
    countedLoops,
    nanTypes,
    leavesEarly: outermost.targeted,
    carriedToEnd: Math.max(0, outermost.carried),
    calls,
    growsMemory,
    pricesBySize,
    staticGas,
    frameSlots: wide ? slots * 2 : slots,
    code: { start: codeStart, end: body.end },
    locals: { start: localsStart, end: codeStart },
    localGroups,
    localCount,
  };
}

/** Drops the canonicalisation of values that turned out to be clean: copies of locals that never held anything open. */
function keepOnlyOpen(edits: number[], openLocals: ReadonlySet<number>): void {
  for (let index = 0; index < edits.length; index += 3) {
    const kind = edits[index + 1];
    const status = edits[index + 2] ?? OPEN;
    if ((kind === EDIT.canonicalF32 || kind === EDIT.canonicalF64) && status !== OPEN && !openLocals.has(status - 1)) edits[index + 1] = EDIT.nothing;
  }
}
