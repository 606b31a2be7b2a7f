import type { ModuleLayout } from './module-layout.ts';

export type ImportRefusal = { readonly outcome: 'refusedImport' | 'refusedModule'; readonly explanation: string };

/** Types are `params:results` with the letters of `opcodes.ts`. */
export type Grants = {
  /** The type of a granted import, or null. */
  typeOf(module: string, name: string): string | null;
  /** What is granted, for the refusal. */
  readonly described: string;
  /** Functions that must be exported, because the host calls them. */
  readonly entries: readonly { readonly name: string; readonly type: string }[];
};

/** Null when the module imports functions that are granted, with exactly their types, and nothing else, and has its entries. */
export function checkImports(layout: ModuleLayout, { typeOf, described, entries }: Grants): ImportRefusal | null {
  const refusedImport = (what: string): ImportRefusal => ({
    outcome: 'refusedImport',
    explanation: `The program imports ${printable(what)}, which is not granted; granted are ${described}`,
  });
  const [foreign] = layout.foreignImports;
  if (foreign !== undefined) return refusedImport(`${foreign.module}.${foreign.name} (a ${foreign.kind})`);
  for (const { module, name, typeIndex } of layout.imports) {
    const expected = typeOf(module, name);
    if (expected === null) return refusedImport(`${module}.${name}`);
    if (typeText(layout, typeIndex) !== expected) {
      return { outcome: 'refusedImport', explanation: `The program imports ${printable(`${module}.${name}`)} with another type than it has` };
    }
  }
  for (const { name, type } of entries) {
    const entry = layout.exports.get(name);
    if (entry?.kind === 0 && typeText(layout, layout.functionTypes[entry.index]) === type) continue;
    return { outcome: 'refusedModule', explanation: `The program has no entry: it must export a function ${printable(name)} ${shapeOf(type)}` };
  }
  return null;
}

function typeText({ types }: ModuleLayout, index: number | undefined): string | undefined {
  const type = types[index ?? -1];
  return type && `${type.params}:${type.results}`;
}

function shapeOf(type: string): string {
  const [params = '', results = ''] = type.split(':');
  if (params + results === '') return 'without parameters and results';
  return `of ${params.length} parameters and ${results.length} results, as the canonical ABI has it`;
}

/** Names come from a stranger and end in logs and terminals. */
function printable(text: string): string {
  const plain = text.replace(/[^\x20-\x7e]/g, '?');
  return plain.length > 120 ? `${plain.slice(0, 120)}…` : plain;
}
