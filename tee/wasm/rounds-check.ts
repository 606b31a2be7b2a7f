import type { ByteWriter } from './byte-writer.ts';
import type { CountedLoop } from './counted-loop.ts';

const OP = {
  unreachable: 0x00,
  if: 0x04,
  end: 0x0b,
  localGet: 0x20,
  i32Const: 0x41,
  i64Const: 0x42,
  i64LtS: 0x53,
  i64GtS: 0x55,
  i32Add: 0x6a,
  i32Sub: 0x6b,
  i32And: 0x71,
  i32Or: 0x72,
  i64Add: 0x7c,
  i64Sub: 0x7d,
  i64Mul: 0x7e,
  i64ShrU: 0x88,
  i64ShrS: 0x87,
  i64ExtendI32S: 0xac,
  i64ExtendI32U: 0xad,
} as const;
const EMPTY = 0x40;

/**
 * Before a counted loop: trap unless the counter lasts for all its rounds and its counter comes to the bound without wrapping around. The
 * trap is no verdict: after any trap the exact run decides, so here it is enough to err on the safe side.
 */
export function writeRoundsCheck(out: ByteWriter, loop: CountedLoop, gas: number): void {
  const { counter, step, bound, until, inclusive, signed, testedAfter, roundGas } = loop;
  const size = Math.abs(step);
  const shift = 31 - Math.clz32(size);
  const up = step > 0;
  const local = (index: number): void => {
    out.byte(OP.localGet);
    out.u32(index);
  };
  const i32 = (value: number): void => {
    out.byte(OP.i32Const);
    out.s64(value);
  };
  const i64 = (value: number): void => {
    out.byte(OP.i64Const);
    out.s64(value);
  };
  const boundValue = (): void => (bound.kind === 'constant' ? i32(bound.value) : local(bound.value));
  const wide = (): void => out.byte(signed ? OP.i64ExtendI32S : OP.i64ExtendI32U);
  const rounds = (): void => {
    if (shift > 0) {
      i64(shift);
      out.byte(until === 'met' ? OP.i64ShrU : OP.i64ShrS);
    }
    i64(2);
    out.byte(OP.i64Add);
    i64(roundGas);
    out.put(OP.i64Mul, OP.i64LtS);
  };

  if (until === 'met') {
    /** How far the counter has to go, modulo 2^32: then the bound is met, if at all. */
    const distance = (): void => {
      if (up) boundValue();
      local(counter);
      if (!up) boundValue();
      out.byte(OP.i32Sub);
      if (testedAfter) {
        i32(size);
        out.byte(OP.i32Sub);
      }
    };
    local(gas);
    distance();
    out.byte(OP.i64ExtendI32U);
    rounds();
    if (size > 1) {
      distance();
      i32(size - 1);
      out.put(OP.i32And, OP.i32Or);
    }
  } else {
    const most = signed ? 2 ** 31 - 1 : 2 ** 32 - 1;
    const least = signed ? -(2 ** 31) : 0;
    local(gas);
    if (up) boundValue();
    else local(counter);
    wide();
    if (up) local(counter);
    else boundValue();
    wide();
    out.byte(OP.i64Sub);
    rounds();
    // A last step beyond the bound must not wrap around, nor must the first one where it comes before the comparison.
    const tooClose = (value: () => void, margin: number): void => {
      if (margin === 0) return;
      value();
      wide();
      i64(up ? most - margin : least + margin);
      out.put(up ? OP.i64GtS : OP.i64LtS, OP.i32Or);
    };
    if (bound.kind === 'local') tooClose(boundValue, size - (inclusive ? 0 : 1));
    if (testedAfter) tooClose(() => local(counter), size);
  }
  out.put(OP.if, EMPTY, OP.unreachable, OP.end);
}
