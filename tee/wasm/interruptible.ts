import { Script } from 'node:vm';

/** Does work, and says whether it came to its end. */
export type Interruptible = (work: () => void) => 'done' | 'interrupted';

/**
 * Work that SIGINT ends, in the middle of a guest's endless loop too, while this process goes on: so what a guest used can be read from its meter. V8
 * stops it at the next loop or call; nothing the work holds may be relied on after that but single values.
 */
export const untilSigint: Interruptible = (work) => {
  Reflect.set(globalThis, WORK, work);
  try {
    CALL.runInThisContext({ breakOnSigint: true });
    return 'done';
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ERR_SCRIPT_EXECUTION_INTERRUPTED') return 'interrupted';
    throw error;
  }
};

/** For whoever can end the whole process instead. */
export const toItsEnd: Interruptible = (work) => {
  work();
  return 'done';
};

const WORK = Symbol.for('tea: work that may be interrupted');
/** It must be called from inside of the script: what a script returns runs outside of its watch. */
const CALL = new Script(`globalThis[Symbol.for('${WORK.description}')]()`);
