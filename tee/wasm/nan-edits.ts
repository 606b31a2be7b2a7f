import type { ControlPlan } from './control-plan.ts';
import { EDIT, NAN_TYPE } from './function-plan.ts';
import { CLEAN, NAN_ROLE, NAN_ROLES, OPEN } from './nan-status.ts';

const CALL = 0x10;
const CALL_INDIRECT = 0x11;
const SELECT = 0x1b;
const SELECT_TYPED = 0x1c;
const LOCAL_GET = 0x20;
const GLOBAL_GET = 0x23;
const COPYSIGN_F32 = 0x98;
const COPYSIGN_F64 = 0xa6;

/** Where a NaN is made canonical, decided while a function is read (`nan-status.ts` says when it must be). */
export class NanEdits {
  /** Bits of NAN_TYPE. */
  types = 0;
  readonly #control: ControlPlan;

  constructor(control: ControlPlan) {
    this.#control = control;
  }

  /** A local gets what is on top of the stack. */
  written(local: number): void {
    const { nans, height } = this.#control;
    nans.write(local, nans.at(height - 1));
  }

  /** With the operands of `op` still on the stack. */
  before(op: number, offset: number, after: number): void {
    const role = NAN_ROLES[op] ?? 0;
    if (role < NAN_ROLE.looks32) return;
    const { edits, nans, height } = this.#control;
    if (role >= NAN_ROLE.vector32) {
      edits.push(after, role === NAN_ROLE.vector32 ? EDIT.canonicalF32x4 : EDIT.canonicalF64x2, OPEN);
      this.types |= NAN_TYPE.v128;
    } else if (nans.at(height - 1) !== CLEAN) {
      edits.push(offset, role === NAN_ROLE.looks32 ? EDIT.canonicalF32 : EDIT.canonicalF64, nans.at(height - 1));
      this.types |= role === NAN_ROLE.looks32 ? NAN_TYPE.f32 : NAN_TYPE.f64;
    }
  }

  /** With the results of `op` on the stack. */
  after(op: number, operand: number, pushes: number): void {
    const { nans, height } = this.#control;
    const role = NAN_ROLES[op] ?? 0;
    if (op === SELECT || op === SELECT_TYPED) nans.merge(height - 1);
    else if (op === COPYSIGN_F32 || op === COPYSIGN_F64) return; // the first operand's status stays
    else if (op === LOCAL_GET) nans.set(height - 1, operand + 1);
    else if (op === CALL || op === CALL_INDIRECT) nans.fill(height - pushes, pushes, OPEN);
    else if (pushes === 1 && role !== NAN_ROLE.keeps) nans.set(height - 1, role === NAN_ROLE.opens || op === GLOBAL_GET ? OPEN : CLEAN);
  }

  /** Drops the canonicalisation of values that turned out to be clean: copies of locals that never held anything open. */
  settle(): void {
    if (this.types === 0) return;
    const { edits, nans } = this.#control;
    const openLocals = nans.settle();
    for (let index = 0; index < edits.length; index += 3) {
      const kind = edits[index + 1];
      const status = edits[index + 2] ?? OPEN;
      if ((kind === EDIT.canonicalF32 || kind === EDIT.canonicalF64) && status !== OPEN && !openLocals.has(status - 1))
        edits[index + 1] = EDIT.nothing;
    }
  }
}
