/**
 * Runs `work` on up to `width` items at once and gives the results in the items' order. Never holds more than `width` results.
 * When one fails, or the reader stops, `work`'s signal is aborted and no further item is taken.
 */
export async function* inOrder<Item, Result>(
  items: AsyncIterable<Item>,
  width: number,
  work: (item: Item, signal: AbortSignal) => Promise<Result>,
  signal?: AbortSignal,
): AsyncGenerator<Result, void, undefined> {
  const stop = new AbortController();
  const either = signal === undefined ? stop.signal : AbortSignal.any([stop.signal, signal]);
  const running: Promise<Result>[] = [];
  const next = async (): Promise<Result> => await (running.shift() as Promise<Result>);
  try {
    for await (const item of items) {
      const result = work(item, either);
      result.catch(() => undefined); // it is awaited in its turn, unless an earlier one fails
      running.push(result);
      if (running.length === width) yield await next();
    }
    while (running.length > 0) yield await next();
  } finally {
    stop.abort();
  }
}
