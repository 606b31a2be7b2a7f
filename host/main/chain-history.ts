import { createReadStream } from 'node:fs';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import * as v from 'valibot';
import { exportChain, importChain } from '@tea/layer1-chain';
import { exitWhenParentGone, runProcess, startLine } from '@tea/platform';

/**
 * The program behind `tea chain export|import`, which starts it and never imports it: one JSON line on stdin says what to do; an export comes out on
 * stdout line by line, an import ends with one JSON line that says what came of it.
 */
const task = v.variant('op', [
  v.strictObject({ op: v.literal('export'), dataDir: v.string() }),
  v.strictObject({ op: v.literal('import'), dataDir: v.string(), file: v.string() }),
]);

await runProcess('chain history', async () => {
  const order = await startLine(task);
  exitWhenParentGone();
  if (order.op === 'export') {
    for await (const line of exportChain(order.dataDir)) if (!process.stdout.write(`${line}\n`)) await once(process.stdout, 'drain');
    // The end of the process must not cut what the pipe hasn't taken yet.
    await new Promise((resolve) => process.stdout.write('', resolve));
    return;
  }
  process.stdout.write(`${JSON.stringify(await importChain(linesOf(order.file), order.dataDir))}\n`);
  await new Promise((resolve) => process.stdout.write('', resolve));
});

/** Opened when the first line is asked for: readline drops what nobody listens to. */
async function* linesOf(file: string): AsyncGenerator<string> {
  yield* createInterface({ input: createReadStream(file), crlfDelay: Number.POSITIVE_INFINITY });
}
