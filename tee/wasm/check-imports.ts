import type { ModuleLayout } from './module-layout.ts';
import { isWasiName, WASI_MODULE, WASI_SIGNATURES } from './wasi/abi.ts';

export type ImportRefusal = { readonly outcome: 'refusedImport' | 'refusedModule'; readonly explanation: string };

/**
 * What a guest may import: functions of WASI preview 1 with exactly their types, and AssemblyScript's `env.abort`. Also checks that there is
 * a `_start` to call. Null when all is well.
 */
export function checkImports(layout: ModuleLayout): ImportRefusal | null {
  const [foreign] = layout.foreignImports;
  if (foreign !== undefined) return refusedImport(`${foreign.module}.${foreign.name} (a ${foreign.kind})`);
  for (const { module, name, typeIndex } of layout.imports) {
    const expected = grantedType(module, name);
    if (expected === null) return refusedImport(`${module}.${name}`);
    const type = layout.types[typeIndex];
    if (type === undefined || `${type.params}:${type.results}` !== expected) {
      return { outcome: 'refusedImport', explanation: `The program imports ${printable(`${module}.${name}`)} with another type than it has` };
    }
  }
  const start = layout.exports.get('_start');
  const startType = start?.kind === 0 ? layout.types[layout.functionTypes[start.index] ?? -1] : undefined;
  if (startType === undefined || startType.params !== '' || startType.results !== '') {
    return { outcome: 'refusedModule', explanation: 'The program has no entry: it must export a function _start without parameters and results' };
  }
  return null;
}

function grantedType(module: string, name: string): string | null {
  if (module === WASI_MODULE && isWasiName(name)) return `${WASI_SIGNATURES[name]}:${name === 'proc_exit' ? '' : 'i'}`;
  if (module === 'env' && name === 'abort') return 'iiii:';
  return null;
}

function refusedImport(what: string): ImportRefusal {
  return {
    outcome: 'refusedImport',
    explanation: `The program imports ${printable(what)}, which is not granted; granted are ${WASI_MODULE} and env.abort`,
  };
}

/** Names come from a stranger and end in logs and terminals. */
function printable(text: string): string {
  const plain = text.replace(/[^\x20-\x7e]/g, '?');
  return plain.length > 120 ? `${plain.slice(0, 120)}…` : plain;
}
