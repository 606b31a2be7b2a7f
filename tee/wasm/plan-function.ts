import { ByteReader } from './byte-reader.ts';
import { ControlPlan, LABEL } from './control-plan.ts';
import { EDIT, type FunctionPlan, type MeterMode } from './function-plan.ts';
import { BOUNDS, OPCODE_GAS } from './gas-schedule.ts';
import { readBlockType, skipImmediate } from './immediates.ts';
import { valueType, type ModuleLayout } from './module-layout.ts';
import { NanEdits } from './nan-edits.ts';
import { OPCODES, OPCODE_SPACE, PREFIX_FC, PREFIX_FD, refusedFeature } from './opcodes.ts';
import { refuse } from './refusal.ts';

const END = 0x0b;
const BR = 0x0c;
const BR_IF = 0x0d;
const CALL = 0x10;
const CALL_INDIRECT = 0x11;
const RETURN_CALL = 0x12;
const RETURN_CALL_INDIRECT = 0x13;
const LOCAL_GET = 0x20;
const I32_CONST = 0x41;

// Flat copies of the table, for speed.
const IMMEDIATE = OPCODES.map((opcode) => opcode?.immediate ?? null);
const POPS = Int8Array.from({ length: OPCODE_SPACE }, (_, index) => OPCODES[index]?.pops?.length ?? -1);
const PUSHES = Int8Array.from({ length: OPCODE_SPACE }, (_, index) => OPCODES[index]?.pushes.length ?? 0);

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
  const locals = readLocals(reader, type.params.length);
  let wide = locals.wide || type.params.includes('v') || type.results.includes('v');
  const codeStart = reader.pos;

  const control = new ControlPlan({ params: type.params.length, results: type.results.length }, mode, settled);
  const { edits, recent } = control;
  const nans = new NanEdits(control);
  let calls = false;
  let growsMemory = false;
  let pricesBySize = false;

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
    const { dead } = control.label;
    const gas = OPCODE_GAS[op] ?? 0;
    if (!dead) {
      control.pending += gas;
      control.staticGas += gas;
    }
    let pops = POPS[op] ?? 0;
    let pushes = PUSHES[op] ?? 0;

    let operand = 0;
    if (immediate === 'local') {
      operand = reader.u32();
      if (op !== LOCAL_GET && !dead) {
        control.label.candidate?.writes(operand, recent, control.label);
        nans.written(operand);
      }
    } else if (op === I32_CONST) operand = reader.s32();
    else skipImmediate(reader, immediate, op);
    if (op > LABEL.else && op !== BR_IF && op !== BR) recent.push(op, operand);

    switch (op) {
      case LABEL.block:
      case LABEL.loop:
      case LABEL.if: {
        const blockType = readBlockType(reader, layout);
        control.open(op, blockType, offset, reader.pos);
        continue;
      }
      case LABEL.else:
        control.otherwise(offset);
        continue;
      case END:
        if (control.end(offset) && reader.pos !== reader.end) refuse('A function goes on after its end');
        continue;
      case BR:
        if (dead) reader.skipInteger();
        else control.branch(offset, reader.u32());
        continue;
      case BR_IF:
        if (dead) reader.skipInteger();
        else {
          control.branchIf(offset, reader.u32());
          recent.push(op, 0);
        }
        continue;
      case 0x0e: {
        // br_table
        const count = reader.count();
        for (let entry = 0; entry <= count; entry++) {
          const depth = reader.u32();
          if (!dead) control.tableTarget(depth);
        }
        if (!dead) control.branchTable(offset);
        continue;
      }
      case 0x0f: // return
        if (!dead) control.leave(offset);
        continue;
      case 0x00: // unreachable
        if (!dead) control.unreachable(offset);
        continue;
      case CALL:
      case CALL_INDIRECT:
      case RETURN_CALL:
      case RETURN_CALL_INDIRECT: {
        const isIndirect = op === CALL_INDIRECT || op === RETURN_CALL_INDIRECT;
        const callee = reader.u32();
        if (isIndirect) reader.skipInteger();
        if (dead) continue;
        calls = true;
        const calleeType = layout.types[isIndirect ? callee : (layout.functionTypes[callee] ?? -1)] ?? refuse('A call has no type');
        if (op >= RETURN_CALL) {
          control.tailCall(offset);
          continue;
        }
        control.call(offset, reader.pos);
        pops = calleeType.params.length + (isIndirect ? 1 : 0);
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
          control.charge(offset);
          control.label.candidate?.refuse();
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
          control.label.candidate?.refuse();
          edits.push(offset, op <= PREFIX_FC + 11 ? EDIT.chargeBytes : EDIT.chargeElements, control.pending);
          control.pending = 0;
          pricesBySize = true;
        }
        break;
      default:
        break;
    }
    if (!dead) {
      nans.before(op, offset, reader.pos);
      control.height += pushes - pops;
      if (control.height > control.maxHeight) control.maxHeight = control.height;
      nans.after(op, operand, pushes);
    }
  }
  if (control.isOpen) refuse('A function has no end');
  if (control.conflict) return null;
  nans.settle();

  const slots = locals.count + control.maxHeight + BOUNDS.frameSlots;
  return {
    edits,
    countedLoops: control.countedLoops,
    nanTypes: nans.types,
    leavesEarly: control.outermost.targeted,
    carriedToEnd: Math.max(0, control.outermost.carried),
    calls,
    growsMemory,
    pricesBySize,
    staticGas: control.staticGas,
    frameSlots: wide ? slots * 2 : slots,
    code: { start: codeStart, end: body.end },
    locals: { start: locals.start, end: codeStart },
    localGroups: locals.groups,
    localCount: locals.count,
  };
}

/** The run-length groups of locals before a body's code. */
function readLocals(reader: ByteReader, params: number): { groups: number; start: number; count: number; wide: boolean } {
  const groups = reader.count();
  const start = reader.pos;
  let count = params;
  let wide = false;
  for (let group = 0; group < groups; group++) {
    count += reader.u32();
    if (count > BOUNDS.localsPerFunction) refuse(`A function has more than ${BOUNDS.localsPerFunction} locals`);
    if (valueType(reader.byte()) === 'v') wide = true;
  }
  return { groups, start, count, wide };
}
