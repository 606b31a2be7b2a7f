import type { OpcodeRun } from './opcodes.ts';

const COMPARISONS_S_U = ['eq', 'ne', 'lt_s', 'lt_u', 'gt_s', 'gt_u', 'le_s', 'le_u', 'ge_s', 'ge_u'];
const COMPARISONS_F = ['eq', 'ne', 'lt', 'gt', 'le', 'ge'];
const compare = (shape: string, names: readonly string[]) => names.map((name) => `${shape}.${name} vv:v`);
const unary = (...names: string[]) => names.map((name) => `${name} v:v`);
const binary = (...names: string[]) => names.map((name) => `${name} vv:v`);
const shift = (...names: string[]) => names.map((name) => `${name} vi:v`);
const test = (...names: string[]) => names.map((name) => `${name} v:i`);

/** 128-bit SIMD: opcodes after the prefix 0xfd, in the order of the specification's index. Relaxed SIMD (0x100 on) is absent on purpose. */
export const SIMD_ROWS: readonly OpcodeRun[] = [
  {
    prefix: 0xfd,
    first: 0x00,
    rows: [
      'v128.load i:v mem', 'v128.load8x8_s i:v mem', 'v128.load8x8_u i:v mem', 'v128.load16x4_s i:v mem', 'v128.load16x4_u i:v mem',
      'v128.load32x2_s i:v mem', 'v128.load32x2_u i:v mem', 'v128.load8_splat i:v mem', 'v128.load16_splat i:v mem', 'v128.load32_splat i:v mem',
      'v128.load64_splat i:v mem', 'v128.store iv: mem', 'v128.const :v v128', 'i8x16.shuffle vv:v v128', 'i8x16.swizzle vv:v',
      'i8x16.splat i:v', 'i16x8.splat i:v', 'i32x4.splat i:v', 'i64x2.splat I:v', 'f32x4.splat f:v', 'f64x2.splat F:v',
      'i8x16.extract_lane_s v:i lane', 'i8x16.extract_lane_u v:i lane', 'i8x16.replace_lane vi:v lane',
      'i16x8.extract_lane_s v:i lane', 'i16x8.extract_lane_u v:i lane', 'i16x8.replace_lane vi:v lane',
      'i32x4.extract_lane v:i lane', 'i32x4.replace_lane vi:v lane', 'i64x2.extract_lane v:I lane', 'i64x2.replace_lane vI:v lane',
      'f32x4.extract_lane v:f lane', 'f32x4.replace_lane vf:v lane', 'f64x2.extract_lane v:F lane', 'f64x2.replace_lane vF:v lane',
      ...compare('i8x16', COMPARISONS_S_U), ...compare('i16x8', COMPARISONS_S_U), ...compare('i32x4', COMPARISONS_S_U),
      ...compare('f32x4', COMPARISONS_F), ...compare('f64x2', COMPARISONS_F),
      'v128.not v:v', ...binary('v128.and', 'v128.andnot', 'v128.or', 'v128.xor'), 'v128.bitselect vvv:v', 'v128.any_true v:i',
      'v128.load8_lane iv:v memLane', 'v128.load16_lane iv:v memLane', 'v128.load32_lane iv:v memLane', 'v128.load64_lane iv:v memLane',
      'v128.store8_lane iv: memLane', 'v128.store16_lane iv: memLane', 'v128.store32_lane iv: memLane', 'v128.store64_lane iv: memLane',
      'v128.load32_zero i:v mem', 'v128.load64_zero i:v mem', ...unary('f32x4.demote_f64x2_zero', 'f64x2.promote_low_f32x4'),
    ],
  },
  {
    prefix: 0xfd,
    first: 0x60,
    rows: [
      ...unary('i8x16.abs', 'i8x16.neg', 'i8x16.popcnt'), ...test('i8x16.all_true', 'i8x16.bitmask'),
      ...binary('i8x16.narrow_i16x8_s', 'i8x16.narrow_i16x8_u'), ...unary('f32x4.ceil', 'f32x4.floor', 'f32x4.trunc', 'f32x4.nearest'),
      ...shift('i8x16.shl', 'i8x16.shr_s', 'i8x16.shr_u'),
      ...binary('i8x16.add', 'i8x16.add_sat_s', 'i8x16.add_sat_u', 'i8x16.sub', 'i8x16.sub_sat_s', 'i8x16.sub_sat_u'),
      ...unary('f64x2.ceil', 'f64x2.floor'), ...binary('i8x16.min_s', 'i8x16.min_u', 'i8x16.max_s', 'i8x16.max_u'),
      ...unary('f64x2.trunc'), ...binary('i8x16.avgr_u'),
      ...unary('i16x8.extadd_pairwise_i8x16_s', 'i16x8.extadd_pairwise_i8x16_u', 'i32x4.extadd_pairwise_i16x8_s', 'i32x4.extadd_pairwise_i16x8_u'),
      ...unary('i16x8.abs', 'i16x8.neg'), ...binary('i16x8.q15mulr_sat_s'), ...test('i16x8.all_true', 'i16x8.bitmask'),
      ...binary('i16x8.narrow_i32x4_s', 'i16x8.narrow_i32x4_u'),
      ...unary('i16x8.extend_low_i8x16_s', 'i16x8.extend_high_i8x16_s', 'i16x8.extend_low_i8x16_u', 'i16x8.extend_high_i8x16_u'),
      ...shift('i16x8.shl', 'i16x8.shr_s', 'i16x8.shr_u'),
      ...binary('i16x8.add', 'i16x8.add_sat_s', 'i16x8.add_sat_u', 'i16x8.sub', 'i16x8.sub_sat_s', 'i16x8.sub_sat_u'),
      ...unary('f64x2.nearest'), ...binary('i16x8.mul', 'i16x8.min_s', 'i16x8.min_u', 'i16x8.max_s', 'i16x8.max_u'), '', ...binary('i16x8.avgr_u'),
      ...binary('i16x8.extmul_low_i8x16_s', 'i16x8.extmul_high_i8x16_s', 'i16x8.extmul_low_i8x16_u', 'i16x8.extmul_high_i8x16_u'),
    ],
  },
  {
    prefix: 0xfd,
    first: 0xa0,
    rows: [
      ...unary('i32x4.abs', 'i32x4.neg'), '', ...test('i32x4.all_true', 'i32x4.bitmask'), '', '',
      ...unary('i32x4.extend_low_i16x8_s', 'i32x4.extend_high_i16x8_s', 'i32x4.extend_low_i16x8_u', 'i32x4.extend_high_i16x8_u'),
      ...shift('i32x4.shl', 'i32x4.shr_s', 'i32x4.shr_u'), ...binary('i32x4.add'), '', '', ...binary('i32x4.sub'), '', '', '',
      ...binary('i32x4.mul', 'i32x4.min_s', 'i32x4.min_u', 'i32x4.max_s', 'i32x4.max_u', 'i32x4.dot_i16x8_s'), '',
      ...binary('i32x4.extmul_low_i16x8_s', 'i32x4.extmul_high_i16x8_s', 'i32x4.extmul_low_i16x8_u', 'i32x4.extmul_high_i16x8_u'),
      ...unary('i64x2.abs', 'i64x2.neg'), '', ...test('i64x2.all_true', 'i64x2.bitmask'), '', '',
      ...unary('i64x2.extend_low_i32x4_s', 'i64x2.extend_high_i32x4_s', 'i64x2.extend_low_i32x4_u', 'i64x2.extend_high_i32x4_u'),
      ...shift('i64x2.shl', 'i64x2.shr_s', 'i64x2.shr_u'), ...binary('i64x2.add'), '', '', ...binary('i64x2.sub'), '', '', '',
      ...binary('i64x2.mul', 'i64x2.eq', 'i64x2.ne', 'i64x2.lt_s', 'i64x2.gt_s', 'i64x2.le_s', 'i64x2.ge_s'),
      ...binary('i64x2.extmul_low_i32x4_s', 'i64x2.extmul_high_i32x4_s', 'i64x2.extmul_low_i32x4_u', 'i64x2.extmul_high_i32x4_u'),
      ...unary('f32x4.abs', 'f32x4.neg'), '', ...unary('f32x4.sqrt'),
      ...binary('f32x4.add', 'f32x4.sub', 'f32x4.mul', 'f32x4.div', 'f32x4.min', 'f32x4.max', 'f32x4.pmin', 'f32x4.pmax'),
      ...unary('f64x2.abs', 'f64x2.neg'), '', ...unary('f64x2.sqrt'),
      ...binary('f64x2.add', 'f64x2.sub', 'f64x2.mul', 'f64x2.div', 'f64x2.min', 'f64x2.max', 'f64x2.pmin', 'f64x2.pmax'),
      ...unary('i32x4.trunc_sat_f32x4_s', 'i32x4.trunc_sat_f32x4_u', 'f32x4.convert_i32x4_s', 'f32x4.convert_i32x4_u'),
      ...unary('i32x4.trunc_sat_f64x2_s_zero', 'i32x4.trunc_sat_f64x2_u_zero', 'f64x2.convert_low_i32x4_s', 'f64x2.convert_low_i32x4_u'),
    ],
  },
];
