/**
 * Every instruction a guest may use, as a table that reads like the specification's appendix (WebAssembly 2.0, "Index of Instructions",
 * plus saturating conversions, bulk memory, 128-bit SIMD and tail calls). What is not in here is refused by name.
 *
 * A row is `name signature immediates`. A signature `ab:c` pops b then a and pushes c, with i = i32, I = i64, f = f32, F = f64, v = v128,
 * r = reference; `*` means the operands depend on the immediates and the meter looks at them itself.
 */
import { SIMD_ROWS, type OpcodeRun } from './opcodes-simd.ts';

export type Immediate =
  | 'none'
  | 'block'
  | 'label'
  | 'labels'
  | 'func'
  | 'callIndirect'
  | 'local'
  | 'global'
  | 'table'
  | 'mem'
  | 'i32'
  | 'i64'
  | 'f32'
  | 'f64'
  | 'v128'
  | 'lane'
  | 'memLane'
  | 'types'
  | 'refType'
  | 'memoryIndex'
  | 'twoMemories'
  | 'dataMemory'
  | 'data'
  | 'elementTable'
  | 'element'
  | 'twoTables';

const CORE_ROWS: readonly OpcodeRun[] = [
  { prefix: 0, first: 0x00, rows: ['unreachable :', 'nop :', 'block * block', 'loop * block', 'if * block', 'else *'] },
  {
    prefix: 0,
    first: 0x0b,
    rows: [
      'end *',
      'br * label',
      'br_if * label',
      'br_table * labels',
      'return *',
      'call * func',
      'call_indirect * callIndirect',
      'return_call * func',
      'return_call_indirect * callIndirect',
    ],
  },
  { prefix: 0, first: 0x1a, rows: ['drop *', 'select *', 'select.typed * types'] },
  { prefix: 0, first: 0x20, rows: ['local.get * local', 'local.set * local', 'local.tee * local', 'global.get * global', 'global.set * global'] },
  { prefix: 0, first: 0x25, rows: ['table.get i:r table', 'table.set ir: table'] },
  {
    prefix: 0,
    first: 0x28,
    rows: [
      'i32.load i:i mem',
      'i64.load i:I mem',
      'f32.load i:f mem',
      'f64.load i:F mem',
      'i32.load8_s i:i mem',
      'i32.load8_u i:i mem',
      'i32.load16_s i:i mem',
      'i32.load16_u i:i mem',
      'i64.load8_s i:I mem',
      'i64.load8_u i:I mem',
      'i64.load16_s i:I mem',
      'i64.load16_u i:I mem',
      'i64.load32_s i:I mem',
      'i64.load32_u i:I mem',
      'i32.store ii: mem',
      'i64.store iI: mem',
      'f32.store if: mem',
      'f64.store iF: mem',
      'i32.store8 ii: mem',
      'i32.store16 ii: mem',
      'i64.store8 iI: mem',
      'i64.store16 iI: mem',
      'i64.store32 iI: mem',
      'memory.size :i memoryIndex',
      'memory.grow i:i memoryIndex',
      'i32.const :i i32',
      'i64.const :I i64',
      'f32.const :f f32',
      'f64.const :F f64',
      'i32.eqz i:i',
      'i32.eq ii:i',
      'i32.ne ii:i',
      'i32.lt_s ii:i',
      'i32.lt_u ii:i',
      'i32.gt_s ii:i',
      'i32.gt_u ii:i',
      'i32.le_s ii:i',
      'i32.le_u ii:i',
      'i32.ge_s ii:i',
      'i32.ge_u ii:i',
      'i64.eqz I:i',
      'i64.eq II:i',
      'i64.ne II:i',
      'i64.lt_s II:i',
      'i64.lt_u II:i',
      'i64.gt_s II:i',
      'i64.gt_u II:i',
      'i64.le_s II:i',
      'i64.le_u II:i',
      'i64.ge_s II:i',
      'i64.ge_u II:i',
      'f32.eq ff:i',
      'f32.ne ff:i',
      'f32.lt ff:i',
      'f32.gt ff:i',
      'f32.le ff:i',
      'f32.ge ff:i',
      'f64.eq FF:i',
      'f64.ne FF:i',
      'f64.lt FF:i',
      'f64.gt FF:i',
      'f64.le FF:i',
      'f64.ge FF:i',
      'i32.clz i:i',
      'i32.ctz i:i',
      'i32.popcnt i:i',
      'i32.add ii:i',
      'i32.sub ii:i',
      'i32.mul ii:i',
      'i32.div_s ii:i',
      'i32.div_u ii:i',
      'i32.rem_s ii:i',
      'i32.rem_u ii:i',
      'i32.and ii:i',
      'i32.or ii:i',
      'i32.xor ii:i',
      'i32.shl ii:i',
      'i32.shr_s ii:i',
      'i32.shr_u ii:i',
      'i32.rotl ii:i',
      'i32.rotr ii:i',
      'i64.clz I:I',
      'i64.ctz I:I',
      'i64.popcnt I:I',
      'i64.add II:I',
      'i64.sub II:I',
      'i64.mul II:I',
      'i64.div_s II:I',
      'i64.div_u II:I',
      'i64.rem_s II:I',
      'i64.rem_u II:I',
      'i64.and II:I',
      'i64.or II:I',
      'i64.xor II:I',
      'i64.shl II:I',
      'i64.shr_s II:I',
      'i64.shr_u II:I',
      'i64.rotl II:I',
      'i64.rotr II:I',
      'f32.abs f:f',
      'f32.neg f:f',
      'f32.ceil f:f',
      'f32.floor f:f',
      'f32.trunc f:f',
      'f32.nearest f:f',
      'f32.sqrt f:f',
      'f32.add ff:f',
      'f32.sub ff:f',
      'f32.mul ff:f',
      'f32.div ff:f',
      'f32.min ff:f',
      'f32.max ff:f',
      'f32.copysign ff:f',
      'f64.abs F:F',
      'f64.neg F:F',
      'f64.ceil F:F',
      'f64.floor F:F',
      'f64.trunc F:F',
      'f64.nearest F:F',
      'f64.sqrt F:F',
      'f64.add FF:F',
      'f64.sub FF:F',
      'f64.mul FF:F',
      'f64.div FF:F',
      'f64.min FF:F',
      'f64.max FF:F',
      'f64.copysign FF:F',
      'i32.wrap_i64 I:i',
      'i32.trunc_f32_s f:i',
      'i32.trunc_f32_u f:i',
      'i32.trunc_f64_s F:i',
      'i32.trunc_f64_u F:i',
      'i64.extend_i32_s i:I',
      'i64.extend_i32_u i:I',
      'i64.trunc_f32_s f:I',
      'i64.trunc_f32_u f:I',
      'i64.trunc_f64_s F:I',
      'i64.trunc_f64_u F:I',
      'f32.convert_i32_s i:f',
      'f32.convert_i32_u i:f',
      'f32.convert_i64_s I:f',
      'f32.convert_i64_u I:f',
      'f32.demote_f64 F:f',
      'f64.convert_i32_s i:F',
      'f64.convert_i32_u i:F',
      'f64.convert_i64_s I:F',
      'f64.convert_i64_u I:F',
      'f64.promote_f32 f:F',
      'i32.reinterpret_f32 f:i',
      'i64.reinterpret_f64 F:I',
      'f32.reinterpret_i32 i:f',
      'f64.reinterpret_i64 I:F',
      'i32.extend8_s i:i',
      'i32.extend16_s i:i',
      'i64.extend8_s I:I',
      'i64.extend16_s I:I',
      'i64.extend32_s I:I',
    ],
  },
  { prefix: 0, first: 0xd0, rows: ['ref.null :r refType', 'ref.is_null r:i', 'ref.func :r func'] },
  {
    prefix: 0xfc,
    first: 0,
    rows: [
      'i32.trunc_sat_f32_s f:i',
      'i32.trunc_sat_f32_u f:i',
      'i32.trunc_sat_f64_s F:i',
      'i32.trunc_sat_f64_u F:i',
      'i64.trunc_sat_f32_s f:I',
      'i64.trunc_sat_f32_u f:I',
      'i64.trunc_sat_f64_s F:I',
      'i64.trunc_sat_f64_u F:I',
      'memory.init iii: dataMemory',
      'data.drop : data',
      'memory.copy iii: twoMemories',
      'memory.fill iii: memoryIndex',
      'table.init iii: elementTable',
      'elem.drop : element',
      'table.copy iii: twoTables',
      '', // 15, table.grow: refused
      'table.size :i table',
      'table.fill iri: table',
    ],
  },
];

export type Opcode = {
  readonly name: string;
  /** Popped, deepest first; null when the operands depend on the immediates. */
  readonly pops: string | null;
  readonly pushes: string;
  readonly immediate: Immediate;
};

/** Index of an opcode in the flat tables below: 0x000-0x0ff plain, 0x100-0x1ff after 0xfc, 0x200-0x2ff after 0xfd. */
export const OPCODE_SPACE = 0x300;
export const PREFIX_FC = 0x100;
export const PREFIX_FD = 0x200;

export const OPCODES: readonly (Opcode | undefined)[] = buildTable([...CORE_ROWS, ...SIMD_ROWS]);

function buildTable(runs: readonly OpcodeRun[]): (Opcode | undefined)[] {
  const table: (Opcode | undefined)[] = Array.from({ length: OPCODE_SPACE }, () => undefined);
  for (const { prefix, first, rows } of runs) {
    const base = prefix === 0 ? 0 : prefix === 0xfc ? PREFIX_FC : PREFIX_FD;
    for (const [index, row] of rows.entries()) {
      if (row === '') continue;
      const [name = '', signature = '*', immediate = 'none'] = row.split(' ');
      const [pops = '', pushes = ''] = signature.split(':');
      table[base + first + index] = { name, pops: signature === '*' ? null : pops, pushes, immediate: immediate as Immediate };
    }
  }
  return table;
}

/** Instructions known to exist and refused, for a refusal that names its feature. */
export function refusedFeature(prefix: number, code: number): string {
  if (prefix === 0xfe) return 'threads (atomic instructions)';
  if (prefix === 0xfb) return 'garbage-collected references';
  if (prefix === 0xfd && code >= 0x100) return 'relaxed SIMD';
  if (prefix === 0xfc && code === 15) return 'table.grow';
  if (prefix === 0 && ((code >= 0x06 && code <= 0x0a) || code === 0x18 || code === 0x19 || code === 0x1f)) return 'exceptions';
  if (prefix === 0 && (code === 0x14 || code === 0x15 || (code >= 0xd3 && code <= 0xd6))) return 'typed function references';
  return `the instruction ${prefix === 0 ? '' : `0x${prefix.toString(16)} `}0x${code.toString(16)}`;
}
