import { OPCODES, OPCODE_SPACE } from './opcodes.ts';

/**
 * The price list. One unit is about one simple instruction, a third of a nanosecond of this decade's processors.
 *
 * Any change to a price, to where charges are placed or to what is refused gets a new version, because the version stands in every receipt
 * and a re-run must give the same total.
 */
export const METER_VERSION = 'tea-meter/4';

export const GAS = {
  /** Validating, metering and compiling one byte of the module. */
  moduleByte: 10,
  /** One 64 KiB page of linear memory, at start or by memory.grow. */
  memoryPage: 4096,
  /** One table element at start. */
  tableElement: 4,
  /** memory.copy, memory.fill, memory.init: bytes for one unit, as a power of two. */
  bulkBytesShift: 3,
  /** One WASI call, one call of a handler's host, one list or string that is copied into a handler; and each 2^`hostBytesShift` bytes it moves. */
  hostCall: 500,
  hostBytesShift: 3,
} as const;

/**
 * What a run that was ended costs for each ms it had, where its meter can't be read: it was ended while its sandbox still started, or its module was being
 * compiled. A third of what a processor of this decade does, and never more than the gas limit.
 */
export const UNREAD_GAS_PER_MS = 1_000_000n;

/** Bounds the guest meets whatever its limits say. */
export const BOUNDS = {
  moduleBytes: 128 * 1024 * 1024,
  tableElements: 1_000_000,
  localsPerFunction: 40_000,
  /** Frames are weighed in 8-byte slots: parameters, locals, deepest operand stack, and a fixed part. */
  callStackSlots: 1_000_000,
  frameSlots: 8,
  /** A function that calls nothing and has a frame up to this size isn't counted: at most one such frame is on the stack. */
  uncountedLeafSlots: 1024,
} as const;

const STRUCTURE = new Set(['nop', 'block', 'loop', 'else', 'end']);
const PRICES: readonly (readonly [RegExp, number])[] = [
  [/^(i32|i64)\.(div|rem)_/, 12],
  [/^f(32|64)(x\d)?\.(div|sqrt)$/, 8],
  [/\.(load|store)/, 2],
  [/^table\.(get|set)$/, 3],
  [/^(memory|table)\.(copy|fill|init)$|^(data|elem)\.drop$|^memory\.grow$/, 20],
  [/^(return_)?call$/, 4],
  [/^(return_)?call_indirect$/, 8],
  [/^br_table$/, 4],
  [/\.shuffle$|\.swizzle$|extmul|trunc_sat_f|^i64x2\.mul$/, 3],
];

/** Units by flat opcode index (`opcodes.ts`). Structure costs nothing because it makes no machine code; every taken branch costs at least one. */
export const OPCODE_GAS: Uint8Array = Uint8Array.from({ length: OPCODE_SPACE }, (_, index) => {
  const name = OPCODES[index]?.name;
  if (name === undefined || STRUCTURE.has(name)) return 0;
  return PRICES.find(([pattern]) => pattern.test(name))?.[1] ?? 1;
});
