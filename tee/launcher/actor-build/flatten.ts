import { binaryen } from './tools.ts';
import { unknown } from './engine.ts';

/**
 * One core module of the several that a QuickJS component is wired of: memory and table, engine, bindings, and a fixup of the table. What the engine would
 * ask of WASI traps: an actor is granted nothing of it.
 */
export async function flatten(component: Uint8Array): Promise<Uint8Array> {
  const modules = coreModules(component);
  const texts = await Promise.all(
    modules.map(async (module) => new TextDecoder().decode(await binaryen('wasm-dis', ['m.wasm'], { 'm.wasm': module }, 'm.wat'))),
  );
  const pick = (what: string, has: (text: string) => boolean): string => texts.find(has) ?? missing(what);
  const main = pick('memory', (text) => /\(export "componentize_qjs_runtime\.wasm:memory_base"/.test(text));
  const engine = pick('engine', (text) => /\(export "wit_dylib_initialize"/.test(text));
  const bindings = pick('bindings', (text) => /\(export "cabi_post_handle"/.test(text));
  const fixup = pick('fixup', (text) => /\(import "componentize_qjs_runtime\.wasm" /.test(text));

  const stubs = new Map<string, string>();
  const parts: Readonly<Record<string, string>> = {
    main: relinked(main, 'main', stubs),
    engine: relinked(engine, 'componentize_qjs_runtime.wasm', stubs),
    bindings: relinked(bindings, 'wit-dylib.wasm', stubs),
    stub: `(module ${[...stubs].map(([name, shape]) => `(func (export "${name}") ${shape} ${name.includes('reset_adapter') ? '' : 'unreachable'})`).join('\n')})`,
    fixup: fixupOf(fixup),
  };
  const assembled: Record<string, Uint8Array> = {};
  for (const [name, text] of Object.entries(parts)) assembled[`${name}.wasm`] = await binaryen('wasm-as', ['p.wat'], { 'p.wat': text }, 'p.wasm');
  const order = ['main', 'stub', 'engine', 'bindings', 'fixup'].flatMap((name) => [`${name}.wasm`, name]);
  const merged = await binaryen('wasm-merge', [...order, '--rename-export-conflicts'], assembled, 'merged.wasm');
  const exported = withOwnExports(new TextDecoder().decode(await binaryen('wasm-dis', ['m.wasm'], { 'm.wasm': merged }, 'm.wat')));
  return binaryen('wasm-opt', ['m.wat', '-Os', '--strip-producers'], { 'm.wat': exported }, 'm.wasm');
}

const IMPORT = /^ \(import "([^"]*)" "([^"]*)" (\((func|global|table|memory) .*\))\)$/;

/** Names each import by where it comes from after merging. */
function relinked(text: string, own: string, stubs: Map<string, string>): string {
  const target = (module: string, name: string, kind: string, shape: string): readonly [string, string] => {
    if (module === 'env' && ['memory', '__indirect_function_table', '__stack_pointer'].includes(name)) return ['main', name];
    if (module === 'env' && name === '__memory_base') return ['main', `${own}:memory_base`];
    if (module === 'env' && name === '__table_base') return ['main', `${own}:table_base`];
    if (module === 'GOT.func') return ['main', `${own}:${name}`];
    if (module === 'GOT.mem') return ['main', name];
    if (module === 'env' && kind === 'func' && own === 'wit-dylib.wasm') return ['engine', name];
    if (module.startsWith('tea:actor/')) return [module, name];
    if (kind !== 'func') throw unknown('an import that is known', `${module}.${name}`);
    stubs.set(`${module}|${name}`, shape);
    return ['stub', `${module}|${name}`];
  };
  return text
    .split('\n')
    .map((line) => {
      const [, module, name, described = '', kind = ''] = IMPORT.exec(line) ?? [];
      if (module === undefined || name === undefined) return line;
      const [from, as] = target(module, name, kind, shapeOf(described));
      return ` (import "${from}" "${as}" ${described})`;
    })
    .join('\n');
}

/** Only what fills the program's own table: the slots of shims are looked through. */
function fixupOf(text: string): string {
  const sources: Readonly<Record<string, string>> = { 'componentize_qjs_runtime.wasm': 'engine', 'wit-dylib.wasm': 'bindings' };
  const table = /\(import "main" "__indirect_function_table" \(table (\$\S+)/.exec(text)?.[1] ?? missing('table');
  const functions = new Map(
    [...text.matchAll(/\(import "([^"]*)" "([^"]*)" \(func (\$\S+?)( .*)?\)\)/g)].map(([, module = '', name = '', id = '', shape = '']) => [
      id,
      `(import "${sources[module] ?? module}" "${name}" (func ${id} ${shapeOf(shape)}))`,
    ]),
  );
  const filled = [...text.matchAll(/\(elem \$\S+ \(table (\$\S+)\) \(i32\.const (\d+)\) func ([^)]*)\)/g)].filter(([, of]) => of === table);
  const used = filled.flatMap(([, , , ids = '']) => ids.split(' ').filter(Boolean));
  return `(module (import "main" "__indirect_function_table" (table 0 funcref)) ${used.map((id) => functions.get(id) ?? missing(id)).join(' ')}
    ${filled.map(([, , at, ids]) => `(elem (i32.const ${at}) func ${ids})`).join(' ')})`;
}

const EXPORT = /^ \(export "([^"]*)" \((func|memory|global|table) /;

/** What the host meets; of the two `cabi_realloc` the engine's, which came second. */
function withOwnExports(text: string): string {
  const names: Readonly<Record<string, string>> = { memory: 'memory', handle: 'handle', cabi_post_handle: 'cabi_post_handle' };
  const realloc = [...text.matchAll(/^ \(export "(cabi_realloc_\d+)" \(func /gm)][0]?.[1] ?? missing('cabi_realloc');
  return text
    .split('\n')
    .flatMap((line) => {
      const name = EXPORT.exec(line)?.[1];
      if (name === undefined) return [line];
      const as = name === realloc ? 'cabi_realloc' : names[name];
      return as === undefined ? [] : [line.replace(`"${name}"`, `"${as}"`)];
    })
    .join('\n');
}

function shapeOf(described: string): string {
  return [...described.matchAll(/\((?:param|result)[^)]*\)/g)].join(' ');
}

/** The core modules of a component and of those inside it. */
function coreModules(component: Uint8Array): Uint8Array[] {
  const modules: Uint8Array[] = [];
  let at = 8;
  const leb = (): number => {
    let value = 0;
    for (let shift = 0; ; shift += 7) {
      const byte = component[at++] ?? 0;
      value += (byte & 0x7f) * 2 ** shift;
      if (byte < 0x80) return value;
    }
  };
  while (at < component.length) {
    const id = component[at++];
    const end = leb() + at;
    const content = component.subarray(at, end);
    if (id === 1) modules.push(content);
    if (id === 4) modules.push(...coreModules(content));
    at = end;
  }
  return modules;
}

function missing(what: string): never {
  throw unknown(`a component with its ${what}`, 'none');
}
