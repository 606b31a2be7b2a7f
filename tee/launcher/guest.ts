import { open, readFile, stat, writeFile } from 'node:fs/promises';
import * as v from 'valibot';
import { TeaError } from '@tea/protocol';
import { exitWhenParentGone, runProcess, sayReady, startLine } from '@tea/platform';
import { GUEST_LIMITS, isComponent, runGuest, type GuestInput, type GuestResult } from '@tea/wasm';
import { wrapHandler } from '@tea/wasm/handler-shell';

/**
 * A guest without a network: the sandbox, meter and limits of the TEE for somebody who writes a guest. Nothing here is attested or proven; it is
 * the same code, started by its user.
 */
const hex = v.pipe(
  v.string(),
  v.regex(/^([0-9a-f]{2})*$/),
  v.transform((text) => Uint8Array.fromHex(text)),
);
const settings = v.variant('op', [
  v.strictObject({
    op: v.literal('run'),
    module: v.string(),
    function: v.string(),
    caller: hex,
    input: v.nullable(v.string()),
    data: v.array(v.string()),
    gas: v.pipe(
      v.string(),
      v.regex(/^\d{1,19}$/),
      v.transform((text) => BigInt(text)),
    ),
    clockMs: v.number(),
    seed: hex,
  }),
  v.strictObject({ op: v.literal('wrap'), module: v.string(), out: v.string() }),
]);

/** Files of this size and more are held by nobody: the guest reads them piece by piece. */
const HELD_BYTES = 64 * 1024 * 1024;

await runProcess('guest', async (signal) => {
  const task = await startLine(settings);
  exitWhenParentGone();
  if (task.op === 'wrap') {
    await writeFile(task.out, wrapHandler(await read(task.module)));
    return sayReady({ bytes: (await read(task.out)).length });
  }
  await using files = new AsyncDisposableStack();
  const module = await read(task.module);
  const data = await Promise.all(task.data.map((path) => inputOf(path, false, files)));
  const stdin = task.input === null ? new Uint8Array() : await inputOf(task.input, isComponent(module), files);
  const job = { module, data, args: ['guest'], env: {}, stdin };
  const { clockMs, seed, gas, caller } = task;
  sayReady(
    asJson(await runGuest({ ...job, call: { function: task.function, caller }, clockMs, seed, limits: { ...GUEST_LIMITS, gas } }, { signal })),
  );
});

/** A file as a guest's input: held when it is small, or must be, and else read piece by piece. */
async function inputOf(path: string, wantsWhole: boolean, files: AsyncDisposableStack): Promise<GuestInput> {
  const sizeBytes = (await stat(path).catch(() => undefined))?.size ?? 0; // a pipe has none, and is held
  if (wantsWhole || sizeBytes < HELD_BYTES) return read(path);
  const file = files.use(await open(path));
  return {
    sizeBytes,
    read: async (offset, length) => {
      const { buffer, bytesRead } = await file.read(new Uint8Array(length), 0, length, offset);
      return buffer.subarray(0, bytesRead);
    },
  };
}

async function read(path: string): Promise<Uint8Array> {
  return readFile(path).catch((cause: NodeJS.ErrnoException) => {
    throw new TeaError('badInput', `The file ${path} can't be read`, { expected: 'a readable file', actual: cause.message, cause });
  });
}

function asJson({ gasUsed, stdout, stderr, out, instrumentedSha256, ...rest }: GuestResult): unknown {
  return {
    ...rest,
    gasUsed: String(gasUsed),
    stdout: stdout.toBase64(),
    stderr: stderr.toBase64(),
    out: Array.from(out, ([name, content]) => [name, content.toBase64()]),
    instrumentedSha256: instrumentedSha256?.toHex() ?? null,
  };
}
