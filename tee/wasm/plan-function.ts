import { ByteReader } from './byte-reader.ts';
import { EDIT, type FunctionPlan } from './function-plan.ts';
import { BOUNDS, OPCODE_GAS } from './gas-schedule.ts';
import { readBlockType, skipImmediate } from './immediates.ts';
import { valueType, type ModuleLayout } from './module-layout.ts';
import { OPCODES, OPCODE_SPACE, PREFIX_FC, PREFIX_FD, refusedFeature } from './opcodes.ts';
import { refuse } from './refusal.ts';

const LABEL = { block: 0x02, loop: 0x03, if: 0x04, else: 0x05, function: 0 } as const;

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
};

/** @param index of the function among the module's own @throws Refusal for an instruction that guests may not use */
export function planFunction(layout: ModuleLayout, index: number): FunctionPlan {
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

  const edits: number[] = [];
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
  };
  const labels: Label[] = [label];
  const outermost = label;

  const charge = (offset: number): void => {
    if (pending > 0) edits.push(offset, EDIT.charge, pending);
    pending = 0;
  };
  const target = (depth: number): void => {
    const found = labels[labels.length - 1 - depth] ?? refuse('A branch leaves its function');
    found.targeted = true;
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

    skipImmediate(reader, immediate, op);

    switch (op) {
      case LABEL.block:
      case LABEL.loop:
      case LABEL.if: {
        const blockType = readBlockType(reader, layout);
        if (op === LABEL.if) {
          height -= dead ? 0 : 1;
          if (!dead) charge(offset);
        }
        if (op === LABEL.loop && !dead) charge(offset);
        const headEdit = op === LABEL.loop && !dead ? edits.push(reader.pos, EDIT.nothing, 0) - 3 : -1;
        label = { kind: op, base: height - blockType.params, ...blockType, targeted: false, dead, bornDead: dead, headEdit };
        labels.push(label);
        continue;
      }
      case LABEL.else:
        if (!label.dead) {
          charge(offset);
          label.targeted = true; // the first arm goes on to the end
        }
        pending = 0;
        label.kind = LABEL.else;
        label.dead = label.bornDead;
        height = label.base + label.params;
        continue;
      case 0x0b: {
        // end
        const ended = label;
        labels.pop();
        const outer = labels.at(-1);
        if (outer === undefined) {
          if (reader.pos !== reader.end) refuse('A function goes on after its end');
          if (!ended.dead) edits.push(offset, ended.targeted ? EDIT.charge : EDIT.chargeAndStore, pending);
          continue;
        }
        const isLoop = ended.kind === LABEL.loop;
        const skips = ended.kind === LABEL.if; // an `if` without else
        if (isLoop && ended.targeted && ended.headEdit >= 0) edits[ended.headEdit + 1] = EDIT.loopHead;
        if (!ended.dead && (skips || ended.kind === LABEL.else || (ended.targeted && !isLoop))) charge(offset);
        label = outer;
        if (ended.dead && !ended.bornDead && !skips && (isLoop || !ended.targeted)) die();
        height = ended.base + ended.results;
        if (height > maxHeight) maxHeight = height;
        continue;
      }
      case 0x0c: // br
        if (dead) reader.skipInteger();
        else {
          target(reader.u32());
          charge(offset);
          die();
        }
        continue;
      case 0x0d: // br_if
        if (dead) reader.skipInteger();
        else {
          target(reader.u32());
          charge(offset);
          height -= 1;
        }
        continue;
      case 0x0e: {
        // br_table
        const count = reader.count();
        for (let entry = 0; entry <= count; entry++) {
          const depth = reader.u32();
          if (!dead) target(depth);
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
          charge(offset);
          edits.push(offset, EDIT.return, labels.length - 1);
          die();
        }
        continue;
      case 0x00: // unreachable
        if (!dead) {
          edits.push(offset, EDIT.chargeAndStore, pending);
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
          edits.push(offset, op <= PREFIX_FC + 11 ? EDIT.chargeBytes : EDIT.chargeElements, pending);
          pending = 0;
          pricesBySize = true;
        }
        break;
      default:
        break;
    }
    if (!dead) {
      height += pushes - pops;
      if (height > maxHeight) maxHeight = height;
    }
  }
  if (labels.length > 0) refuse('A function has no end');

  const slots = localCount + maxHeight + BOUNDS.frameSlots;
  return {
    edits,
    leavesEarly: outermost.targeted,
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
