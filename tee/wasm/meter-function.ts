import type { ByteWriter } from './byte-writer.ts';
import { writeRoundsCheck } from './rounds-check.ts';
import { EDIT, type FunctionPlan, type MeterMode, NAN_TYPE } from './function-plan.ts';
import { BOUNDS, GAS } from './gas-schedule.ts';
import type { ModuleLayout } from './module-layout.ts';

/** Indexes of the globals the meter adds; no instruction of the guest can name them, because they come after all the guest's own. */
export type MeterGlobals = { readonly gas: number; readonly depth: number; readonly growthRefused: number };

/**
 * Functions whose instructions cost at most this, all together, check the counter only on entry and at loop heads; larger ones also when a
 * call returns, and very large ones at every charge. So the overdraft stays below depth x `checkCalls`, some tenths of a second of work.
 */
const CHECK = { calls: 4096, charges: 65_536, tinyLeaf: 512 } as const;

const I32 = 0x7f;
const I64 = 0x7e;
const OP = {
  unreachable: 0x00,
  block: 0x02,
  loop: 0x03,
  if: 0x04,
  end: 0x0b,
  br: 0x0c,
  select: 0x1b,
  localGet: 0x20,
  localSet: 0x21,
  localTee: 0x22,
  globalGet: 0x23,
  globalSet: 0x24,
  memoryGrow: 0x40,
  i32Const: 0x41,
  i64Const: 0x42,
  i32Eq: 0x46,
  i32LtS: 0x48,
  i64LtS: 0x53,
  i32Sub: 0x6b,
  i32Or: 0x72,
  i64Add: 0x7c,
  i64Sub: 0x7d,
  i64Mul: 0x7e,
  i64ShrU: 0x88,
  i64ExtendI32U: 0xad,
} as const;
const EMPTY = 0x40;

const NAN_TEMPORARIES: readonly { readonly bit: number; readonly type: number; readonly kinds: readonly number[] }[] = [
  { bit: NAN_TYPE.f32, type: 0x7d, kinds: [EDIT.canonicalF32] },
  { bit: NAN_TYPE.f64, type: 0x7c, kinds: [EDIT.canonicalF64] },
  { bit: NAN_TYPE.v128, type: 0x7b, kinds: [EDIT.canonicalF32x4, EDIT.canonicalF64x2] },
];
const NAN_F32 = [0x00, 0x00, 0xc0, 0x7f];
const NAN_F64 = [0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0xf8, 0x7f];
/** The constant instruction. */
const CANONICAL_NAN: Readonly<Record<number, readonly number[]>> = {
  [EDIT.canonicalF32]: [0x43, ...NAN_F32],
  [EDIT.canonicalF64]: [0x44, ...NAN_F64],
  [EDIT.canonicalF32x4]: [0xfd, 0x0c, ...NAN_F32, ...NAN_F32, ...NAN_F32, ...NAN_F32],
  [EDIT.canonicalF64x2]: [0xfd, 0x0c, ...NAN_F64, ...NAN_F64],
};
/** Compares the value with itself, which only a NaN doesn't equal, and takes it or the constant: `eq · select`, or `eq · v128.bitselect`. */
const EQUAL_OR_NAN: Readonly<Record<number, readonly number[]>> = {
  [EDIT.canonicalF32]: [0x5b, 0x1b],
  [EDIT.canonicalF64]: [0x61, 0x1b],
  [EDIT.canonicalF32x4]: [0xfd, 0x41, 0xfd, 0x52],
  [EDIT.canonicalF64x2]: [0xfd, 0x47, 0xfd, 0x52],
};

/**
 * Writes the metered body of one function, size prefix excluded.
 *
 * The counter lives in a local between calls (one subtraction a stretch) and in a global at calls, loop heads and returns, which is what the
 * host sees after a trap. Every insertion leaves the operand stack as it found it.
 *
 * @param resultType an encoded block type (5.4.1) without parameters and with the function's results
 */
export function writeMeteredFunction(
  out: ByteWriter,
  layout: ModuleLayout,
  plan: FunctionPlan,
  resultType: readonly number[],
  globals: MeterGlobals,
  mode: MeterMode,
): void {
  const { bytes } = layout;
  const counted = plan.calls || plan.frameSlots > BOUNDS.uncountedLeafSlots;
  const checkCalls = plan.staticGas > CHECK.calls;
  const checkCharges = plan.staticGas > CHECK.charges;
  const gas = plan.localCount;
  const depth = gas + 1;
  const count = counted ? depth + 1 : depth; // i32 temporaries, present only where used
  const grown = count + 1;
  const needsTemporaries = plan.growsMemory || plan.pricesBySize;
  const i32Locals = (counted ? 1 : 0) + (needsTemporaries ? 2 : 0);

  const op = (code: number, index: number): void => {
    out.byte(code);
    out.u32(index);
  };
  const constant = (code: number, value: number): void => {
    out.byte(code);
    out.s64(value);
  };
  const check = (): void => {
    op(OP.localGet, gas);
    constant(OP.i64Const, 0);
    out.put(OP.i64LtS, OP.if, EMPTY);
    op(OP.localGet, gas);
    op(OP.globalSet, globals.gas);
    out.put(OP.unreachable, OP.end);
  };
  const charge = (amount: number, destination: 'local' | 'global'): void => {
    op(OP.localGet, gas);
    if (amount !== 0) {
      constant(OP.i64Const, Math.abs(amount));
      out.byte(amount > 0 ? OP.i64Sub : OP.i64Add);
    }
    if (destination === 'local') op(OP.localSet, gas);
    else op(OP.globalSet, globals.gas);
  };
  /** Charges the i32 count on top of the stack, one unit per 2^shift, and leaves it there. */
  const chargeCount = (shift: number): void => {
    op(OP.localTee, count);
    op(OP.localGet, gas);
    op(OP.localGet, count);
    out.byte(OP.i64ExtendI32U);
    constant(OP.i64Const, shift);
    out.put(OP.i64ShrU, OP.i64Sub);
    op(OP.localSet, gas);
    check();
  };

  const nanTypes = NAN_TEMPORARIES.filter(({ bit }) => (plan.nanTypes & bit) !== 0);
  const firstNanLocal = gas + 1 + i32Locals;

  out.u32(plan.localGroups + 1 + (i32Locals > 0 ? 1 : 0) + nanTypes.length);
  out.copy(bytes, plan.locals.start, plan.locals.end);
  out.u32(1);
  out.byte(I64);
  if (i32Locals > 0) {
    out.u32(i32Locals);
    out.byte(I32);
  }
  for (const { type } of nanTypes) out.put(1, type);

  if (counted) {
    op(OP.globalGet, globals.depth);
    op(OP.localTee, depth);
    constant(OP.i32Const, plan.frameSlots);
    out.byte(OP.i32Sub);
    op(OP.globalSet, globals.depth);
    op(OP.localGet, depth);
    constant(OP.i32Const, plan.frameSlots);
    out.put(OP.i32LtS, OP.if, EMPTY, OP.unreachable, OP.end);
  }
  op(OP.globalGet, globals.gas);
  op(OP.localSet, gas);
  if (counted || plan.staticGas > CHECK.tinyLeaf) check();
  if (plan.leavesEarly) {
    out.byte(OP.block);
    out.put(...resultType);
  }

  let copied = plan.code.start;
  for (let index = 0; index < plan.edits.length; index += 3) {
    const offset = plan.edits[index] ?? 0;
    const kind = plan.edits[index + 1];
    const amount = plan.edits[index + 2] ?? 0;
    out.copy(bytes, copied, offset);
    copied = offset;
    switch (kind) {
      case EDIT.charge:
        if (amount === 0) break;
        charge(amount, 'local');
        if (checkCharges) check();
        break;
      case EDIT.chargeAndStore:
        charge(amount, 'global');
        break;
      case EDIT.chargeAndLeave:
        charge(amount, 'global');
        if (counted) {
          op(OP.localGet, depth);
          op(OP.globalSet, globals.depth);
        }
        break;
      case EDIT.load:
        op(OP.globalGet, globals.gas);
        op(OP.localSet, gas);
        if (checkCalls) check();
        break;
      case EDIT.loopHead:
        if (mode === 'fast') {
          check();
          break;
        }
        op(OP.localGet, gas);
        op(OP.globalSet, globals.gas);
        op(OP.localGet, gas);
        constant(OP.i64Const, 0);
        out.put(OP.i64LtS, OP.if, EMPTY, OP.unreachable, OP.end);
        break;
      case EDIT.beforeLoop: {
        const loop = plan.countedLoops[amount];
        if (loop !== undefined) writeRoundsCheck(out, loop, gas);
        break;
      }
      case EDIT.canonicalF32:
      case EDIT.canonicalF64:
      case EDIT.canonicalF32x4:
      case EDIT.canonicalF64x2: {
        const temporary = firstNanLocal + nanTypes.findIndex(({ kinds }) => kinds.includes(kind));
        op(OP.localTee, temporary);
        out.put(...(CANONICAL_NAN[kind] ?? []));
        op(OP.localGet, temporary);
        op(OP.localGet, temporary);
        out.put(...(EQUAL_OR_NAN[kind] ?? []));
        break;
      }
      case EDIT.return:
        op(OP.br, amount);
        copied = offset + 1;
        break;
      case EDIT.chargeBytes:
        if (amount > 0) charge(amount, 'local');
        chargeCount(GAS.bulkBytesShift);
        break;
      case EDIT.chargeElements:
        if (amount > 0) charge(amount, 'local');
        chargeCount(0);
        break;
      case EDIT.grow:
        op(OP.localTee, count);
        out.put(OP.memoryGrow, 0);
        op(OP.localTee, grown);
        op(OP.localGet, gas);
        constant(OP.i32Const, 0);
        op(OP.localGet, count);
        op(OP.localGet, grown);
        out.put(OP.i32Const, 0x7f, OP.i32Eq, OP.select, OP.i64ExtendI32U); // -1: nothing was grown, nothing is charged
        constant(OP.i64Const, GAS.memoryPage);
        out.put(OP.i64Mul, OP.i64Sub);
        op(OP.localSet, gas);
        op(OP.globalGet, globals.growthRefused);
        op(OP.localGet, grown);
        out.put(OP.i32Const, 0x7f, OP.i32Eq, OP.i32Or);
        op(OP.globalSet, globals.growthRefused);
        check();
        copied = offset + 2;
        break;
      default:
        break;
    }
  }
  // The last byte is the function's `end`.
  out.copy(bytes, copied, plan.code.end - 1);
  if (plan.leavesEarly) {
    out.byte(OP.end);
    charge(plan.carriedToEnd, 'global');
  }
  if (counted) {
    op(OP.localGet, depth);
    op(OP.globalSet, globals.depth);
  }
  out.byte(OP.end);
}
