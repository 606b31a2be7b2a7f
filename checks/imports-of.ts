import { parseSync, Visitor } from 'oxc-parser';

/** One import of a source file, type-only ones included: a type is a dependency too. `specifier` is `undefined` where it is computed. */
export type Import = { readonly specifier: string | undefined; readonly line: number };

/** Every module that a TypeScript source names: imports, re-exports, `import()`, `import('…').Type`. Text in comments and strings is none. */
export function importsOf(fileName: string, source: string): Import[] {
  const { program, errors } = parseSync(fileName, source);
  const [error] = errors;
  if (error !== undefined) throw new Error(`${fileName} can't be parsed: ${error.message}`);
  const found: Import[] = [];
  const note = (node: { start: number }, from: { type: string; value?: unknown } | null): void => {
    if (from === null) return;
    const specifier = from.type === 'Literal' && typeof from.value === 'string' ? from.value : undefined;
    found.push({ specifier, line: source.slice(0, node.start).split('\n').length });
  };
  new Visitor({
    ImportDeclaration: (node) => note(node, node.source),
    ExportNamedDeclaration: (node) => note(node, node.source),
    ExportAllDeclaration: (node) => note(node, node.source),
    ImportExpression: (node) => note(node, node.source),
    TSImportType: (node) => note(node, node.source),
  }).visit(program);
  return found;
}
