import type { Writing } from './ipfs-node.ts';

export type GcGate = {
  /** Waits for a collection that is under way, then keeps the next one away until `done`. */
  enter(): Promise<Writing>;
  /** Collects once nobody writes. */
  collect(): Promise<void>;
  /** Resolves when no collection is under way. */
  quiet(): Promise<void>;
};

/**
 * Writers and the collector exclude each other: a block that was just written is not pinned yet, and looks like garbage.
 * @param collectGarbage must not throw: what it couldn't delete stays until the next time
 */
export function gcGate(collectGarbage: () => Promise<void>): GcGate {
  let writers = 0;
  let wanted = false;
  let collecting: Promise<void> | undefined;
  const waiting: (() => void)[] = [];

  const startIfPossible = (): void => {
    if (!wanted || writers > 0 || collecting !== undefined) return;
    wanted = false;
    const served = waiting.splice(0);
    collecting = collectGarbage().finally(() => {
      collecting = undefined;
      for (const resolve of served) resolve();
      startIfPossible();
    });
  };

  const quiet = async (): Promise<void> => {
    while (collecting !== undefined) await collecting;
  };

  return {
    quiet,
    async enter() {
      await quiet();
      writers++;
      let isDone = false;
      return {
        done(left) {
          if (isDone) return;
          isDone = true;
          writers--;
          wanted ||= left === 'garbage';
          startIfPossible();
        },
      };
    },
    collect: () =>
      new Promise((resolve) => {
        wanted = true;
        waiting.push(resolve);
        startIfPossible();
      }),
  };
}
