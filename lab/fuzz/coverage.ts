import { Session } from 'node:inspector';

/**
 * Which ways the project's own code was gone, as V8 counts it: of each function that ran, which of its blocks did. V8 names a block only where it ran
 * more or less often than the one around it, so what is compared is the whole of a function's blocks.
 */
export type Coverage = AsyncDisposable & {
  /** the ways gone since the last call, through functions of this repository's files */
  take(): Promise<readonly string[]>;
};

type Answer = { readonly result: readonly { readonly scriptId: string; readonly url: string; readonly functions: readonly CoveredFunction[] }[] };
type CoveredFunction = { readonly ranges: readonly { readonly startOffset: number; readonly endOffset: number; readonly count: number }[] };

const ROOT = new URL('../../', import.meta.url).href;
const isOurs = (url: string): boolean => url.startsWith(ROOT) && !url.includes('/node_modules/') && !url.startsWith(`${ROOT}lab/fuzz/`);

/**
 * Counts slow everything down, and stop when disposed. V8 counts blocks only in functions that it compiles from now on: start before what is to be seen runs
 * for the first time.
 */
export async function startCoverage(): Promise<Coverage> {
  const session = new Session();
  session.connect();
  const post = (method: string, parameters?: object): Promise<unknown> =>
    new Promise((resolve, reject) =>
      session.post(method, parameters, (error, result: unknown) => (error === null ? resolve(result) : reject(error))),
    );
  await post('Profiler.enable');
  await post('Profiler.startPreciseCoverage', { callCount: true, detailed: true });
  return {
    async take() {
      const { result } = (await post('Profiler.takePreciseCoverage')) as Answer;
      return result
        .filter(({ url }) => isOurs(url))
        .flatMap(({ scriptId, functions }) =>
          functions
            .filter(({ ranges: [whole] }) => whole !== undefined && whole.count > 0)
            .map(
              ({ ranges }) =>
                `${scriptId}:${ranges.map(({ startOffset, endOffset, count }) => `${startOffset}-${endOffset}${count > 0 ? '+' : '-'}`).join()}`,
            ),
        );
    },
    async [Symbol.asyncDispose]() {
      await post('Profiler.stopPreciseCoverage');
      session.disconnect();
    },
  };
}
