import { assemblyScriptAbort } from './assemblyscript-abort.ts';
import { checkImports } from './check-imports.ts';
import type { Program } from './program.ts';
import { refuse } from './refusal.ts';
import { isWasiName, WASI_MODULE, WASI_SIGNATURES } from './wasi/abi.ts';
import { wasiImports } from './wasi/preview1.ts';

/** A WASI preview 1 command: may import WASI with exactly its types and AssemblyScript's `env.abort`, and exports `_start`. @param isKnown it passed here before @throws Refusal */
export function taskProgram(module: Uint8Array, isKnown = false): Program {
  // Before anything else: a module that V8 refuses must not become a valid one by our rewriting.
  if (!isKnown && !WebAssembly.validate(module as BufferSource)) refuse('This is not a valid WebAssembly module');
  return {
    module,
    check: (layout) => checkImports(layout, { typeOf, described: `${WASI_MODULE} and env.abort`, entries: [{ name: '_start', type: ':' }] }),
    imports: (world) => ({ [WASI_MODULE]: wasiImports(world), env: { abort: assemblyScriptAbort(world) } }),
    run(exports) {
      const entry = exports['_start'];
      if (typeof entry === 'function') (entry as () => void)();
    },
  };
}

function typeOf(module: string, name: string): string | null {
  if (module === WASI_MODULE && isWasiName(name)) return `${WASI_SIGNATURES[name]}:${name === 'proc_exit' ? '' : 'i'}`;
  return module === 'env' && name === 'abort' ? 'iiii:' : null;
}
