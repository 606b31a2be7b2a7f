import { OPCODES, OPCODE_SPACE, PREFIX_FD } from './opcodes.ts';

/**
 * Which floating-point values may be a NaN whose bits the specification leaves open (4.3.3, "NaN propagation"). Sign and payload of such a NaN
 * differ between processors, and between V8's compilers. A guest sees them only where it looks at the bits: there, and nowhere else, the
 * meter puts the canonical NaN in place. Values that only went through loads, constants and locals keep their bits, as copies must.
 *
 * A value's status is CLEAN, OPEN, or `local + 1`: as open as that local, which is open once anything open is ever written to it.
 * Parameters, globals and results of calls and blocks count as open. Vectors are made canonical right after each operation instead.
 */
export const CLEAN = 0;
export const OPEN = -1;

const SCALAR_ARITHMETIC = /^f(32|64)\.(add|sub|mul|div|sqrt|min|max|ceil|floor|trunc|nearest|demote_f64|promote_f32)$/;
const VECTOR_ARITHMETIC = /^(f32x4|f64x2)\.(add|sub|mul|div|sqrt|min|max|ceil|floor|trunc|nearest|demote_f64x2_zero|promote_low_f32x4)$/;
const LOOKS_AT_BITS = /^f(32|64)(x\d)?\.(store|copysign|splat|replace_lane)$|^i(32|64)\.reinterpret_f(32|64)$/;
const KEEPS_STATUS = /^f(32|64)\.(abs|neg)$|^local\.tee$/;

/** What an instruction does to NaNs, by flat opcode index. */
export const NAN_ROLE = { none: 0, opens: 1, keeps: 2, looks32: 3, looks64: 4, vector32: 5, vector64: 6 } as const;

export const NAN_ROLES: Uint8Array = Uint8Array.from({ length: OPCODE_SPACE }, (_, index) => {
  const name = OPCODES[index]?.name ?? '';
  if (SCALAR_ARITHMETIC.test(name)) return NAN_ROLE.opens;
  if (KEEPS_STATUS.test(name)) return NAN_ROLE.keeps;
  if (LOOKS_AT_BITS.test(name)) return /f64/.test(name) ? NAN_ROLE.looks64 : NAN_ROLE.looks32;
  const vector = index >= PREFIX_FD ? VECTOR_ARITHMETIC.exec(name) : null;
  if (vector !== null) return vector[1] === 'f32x4' ? NAN_ROLE.vector32 : NAN_ROLE.vector64;
  return NAN_ROLE.none;
});

export class NanStatus {
  /** By operand height. */
  #operands = new Int32Array(64);
  readonly #openLocals = new Set<number>();
  /** Pairs: local, and the local whose status was written to it. */
  readonly #copies: number[] = [];

  constructor(params: number) {
    for (let local = 0; local < params; local++) this.#openLocals.add(local);
  }

  at(height: number): number {
    return this.#operands[height] ?? CLEAN;
  }

  set(height: number, status: number): void {
    if (height < 0) return;
    if (height >= this.#operands.length) {
      const grown = new Int32Array(height * 2);
      grown.set(this.#operands);
      this.#operands = grown;
    }
    this.#operands[height] = status;
  }

  fill(from: number, count: number, status: number): void {
    for (let height = from; height < from + count; height++) this.set(height, status);
  }

  /** `select` of the operands at `height` and above it. */
  merge(height: number): void {
    const first = this.at(height);
    const second = this.at(height + 1);
    this.set(height, first === second || second === CLEAN ? first : first === CLEAN ? second : OPEN);
  }

  write(local: number, status: number): void {
    if (status === OPEN) this.#openLocals.add(local);
    else if (status !== CLEAN && status !== local + 1) this.#copies.push(local, status - 1);
  }

  /** The locals that are open, once the whole function has been seen. */
  settle(): ReadonlySet<number> {
    for (let changed = true; changed;) {
      changed = false;
      for (let index = 0; index < this.#copies.length; index += 2) {
        const to = this.#copies[index] ?? 0;
        if (this.#openLocals.has(to) || !this.#openLocals.has(this.#copies[index + 1] ?? 0)) continue;
        this.#openLocals.add(to);
        changed = true;
      }
    }
    return this.#openLocals;
  }
}
