import { ByteWriter } from '../byte-writer.ts';
import { readLayout, SECTION } from '../module-layout.ts';
import { refuse } from '../refusal.ts';
import { type ActorFunction, actorFunction, coreType } from './actor-world.ts';

type Import = ActorFunction & { readonly instance: string; readonly name: string };

/**
 * Makes a component of a core module: it imports those of the world's interfaces that the module imports from. With shim and fixup, as wit-component
 * makes them (`component/wiring.ts`).
 *
 * @param module imports functions of `tea:actor` and nothing else, and exports `memory`, `cabi_realloc`, `handle` and `cabi_post_handle`
 * @throws Refusal naming an import that the world has not
 */
export function wrapActor(module: Uint8Array): Uint8Array<ArrayBuffer> {
  const imports = readLayout(module).imports.map(({ module: instance, name }): Import => {
    const known = actorFunction(instance, name) ?? refuse(`The world has no ${instance} with a function ${name}`);
    return { ...known, instance, name };
  });
  const instances = [...new Set(imports.map(({ instance }) => instance))];
  const out = new ByteWriter(module.length + 4096);
  out.put(0x00, 0x61, 0x73, 0x6d, 0x0d, 0x00, 0x01, 0x00);
  out.section(7, items(instances.map((instance) => instanceTypeOf(imports.filter((each) => each.instance === instance)))));
  out.section(10, items(instances.map((instance, index) => (w) => (externName(w, instance), w.put(0x05), w.u32(index)))));
  for (const core of [module, shimModule(imports), fixupModule(imports)]) {
    const content = new ByteWriter(core.length);
    content.copy(core, 0, core.length);
    out.section(1, content);
  }
  const count = imports.length;
  // Core instances: 0 the shim, then one inline for each instance, then the program, the fixup's arguments, the fixup.
  const program = instances.length + 1;
  out.section(2, items([(w) => w.put(0x00, 1, 0)]));
  out.section(6, items(imports.map((_, index) => coreAlias(0x00, 0, String(index)))));
  out.section(
    2,
    items([
      ...instances.map((instance) =>
        inline(imports.flatMap((each, index) => (each.instance === instance ? [[each.name, 0x00, index] as const] : []))),
      ),
      (w) => {
        w.put(0x00, 0);
        w.u32(instances.length);
        for (const [index, instance] of instances.entries()) {
          w.name(instance);
          w.put(0x12);
          w.u32(index + 1);
        }
      },
    ]),
  );
  out.section(
    6,
    items([
      coreAlias(0x02, program, 'memory'),
      coreAlias(0x01, 0, '$imports'),
      coreAlias(0x00, program, 'cabi_realloc'),
      ...imports.map(
        ({ instance, name }): Write =>
          (w) => (w.put(0x01, 0x00), w.u32(instances.indexOf(instance)), w.name(name)),
      ),
    ]),
  );
  out.section(8, items(imports.map((_, index) => (w) => (w.put(0x01, 0x00), w.u32(index), w.put(2, 0x00, 0x03, 0)))));
  out.section(
    2,
    items([
      inline([['$imports', 0x01, 0] as const, ...imports.map((_, index) => [String(index), 0x00, count + 1 + index] as const)]),
      (w) => (w.put(0x00, 2, 1), w.name(''), w.put(0x12), w.u32(program + 1)),
    ]),
  );
  const types = instances.length;
  out.section(7, items([(w) => w.put(0x70, 0x7d), (w) => (w.put(0x6a, 1), w.u32(types), w.put(1, 0x73)), handleType(types)]));
  out.section(6, items([coreAlias(0x00, program, 'handle'), coreAlias(0x00, program, 'cabi_post_handle')]));
  const lifted = 2 * count + 1;
  out.section(
    8,
    items([
      (w) => {
        w.put(0x00, 0x00);
        w.u32(lifted);
        w.put(4, 0x00, 0x03, 0, 0x04);
        w.u32(count);
        w.put(0x05);
        w.u32(lifted + 1);
        w.u32(types + 2);
      },
    ]),
  );
  out.section(11, items([(w) => (externName(w, 'handle'), w.put(0x01), w.u32(count), w.put(0))]));
  return out.view();
}

type Write = (out: ByteWriter) => void;

function items(writes: readonly Write[]): ByteWriter {
  const content = new ByteWriter(1024);
  content.u32(writes.length);
  for (const write of writes) write(content);
  return content;
}

function externName(out: ByteWriter, name: string): void {
  out.byte(0);
  out.name(name);
}

/** Each function's type, behind one `list<u8>` that they share. */
function instanceTypeOf(functions: readonly Import[]): Write {
  return (w) => {
    w.put(0x42);
    w.u32(1 + 2 * functions.length);
    w.put(0x01, 0x70, 0x7d);
    for (const [index, { name, parameters, result }] of functions.entries()) {
      w.put(0x01, 0x40, parameters.length);
      for (const [place, parameter] of parameters.entries()) {
        w.name(`p${place}`);
        w.byte({ u32: 0x79, string: 0x73, 'list<u8>': 0 }[parameter]);
      }
      w.put(...(result === undefined ? [0x01, 0x00] : [0x00, result === 'u32' ? 0x79 : 0x77]));
      w.put(0x04);
      externName(w, name);
      w.put(0x01);
      w.u32(index + 1);
    }
  };
}

/** `types` is the index of `list<u8>`, behind it `result<list<u8>, string>`. */
function handleType(types: number): Write {
  return (w) => {
    w.put(0x40, 2);
    w.name('event');
    w.byte(0x73);
    w.name('input');
    w.u32(types);
    w.put(0x00);
    w.u32(types + 1);
  };
}

const inline =
  (exported: readonly (readonly [name: string, sort: number, index: number])[]): Write =>
  (w) => {
    w.put(0x01);
    w.u32(exported.length);
    for (const [name, sort, index] of exported) {
      w.name(name);
      w.put(sort);
      w.u32(index);
    }
  };

const coreAlias =
  (sort: number, instance: number, name: string): Write =>
  (w) => {
    w.put(0x00, sort, 0x01);
    w.u32(instance);
    w.name(name);
  };

/** Function `i` calls what slot `i` of its table holds. */
function shimModule(imports: readonly Import[]): Uint8Array {
  const out = coreModule();
  out.section(SECTION.type, items(imports.map(functionType)));
  out.section(SECTION.function, items(imports.map((_, index) => (w) => w.u32(index))));
  out.section(SECTION.table, items([(w) => (w.put(0x70, 1), w.u32(imports.length), w.u32(imports.length))]));
  const names = imports.map(
    (_, index): Write =>
      (w) => (w.name(String(index)), w.put(0), w.u32(index)),
  );
  out.section(SECTION.export, items([...names, (w) => (w.name('$imports'), w.put(1, 0))]));
  out.section(
    SECTION.code,
    items(
      imports.map((each, index) => (w) => {
        const body = new ByteWriter(64);
        body.put(0);
        for (let parameter = 0; parameter < coreType(each).indexOf(':'); parameter++) body.put(0x20, parameter);
        body.put(0x41);
        body.s64(index);
        body.put(0x11);
        body.u32(index);
        body.put(0, 0x0b);
        w.u32(body.length);
        w.append(body);
      }),
    ),
  );
  return out.view();
}

function fixupModule(imports: readonly Import[]): Uint8Array {
  const out = coreModule();
  out.section(SECTION.type, items(imports.map(functionType)));
  const functions = imports.map(
    (_, index): Write =>
      (w) => (w.name(''), w.name(String(index)), w.put(0x00), w.u32(index)),
  );
  const table: Write = (w) => (w.name(''), w.name('$imports'), w.put(0x01, 0x70, 1), w.u32(imports.length), w.u32(imports.length));
  out.section(SECTION.import, items([...functions, table]));
  const slots: Write = (w) => {
    w.put(0x00, 0x41, 0, 0x0b);
    w.u32(imports.length);
    for (const index of imports.keys()) w.u32(index);
  };
  out.section(SECTION.element, items([slots]));
  return out.view();
}

function functionType(each: Import): Write {
  const [parameters = '', results = ''] = coreType(each).split(':');
  return (w) => {
    w.put(
      0x60,
      parameters.length,
      ...Array.from(parameters, () => 0x7f),
      results.length,
      ...Array.from(results, (result) => (result === 'i' ? 0x7f : 0x7e)),
    );
  };
}

function coreModule(): ByteWriter {
  const out = new ByteWriter(256);
  out.put(0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00);
  return out;
}
