import { ByteWriter } from '../byte-writer.ts';
import { SECTION } from '../module-layout.ts';
import { HOST_INSTANCE } from './read-handler.ts';

/**
 * Makes a component of the world `tea:guest/handler` of a core module, for languages whose tool chain stops there. It is what wit-component makes,
 * with the same shim and fixup (`wiring.ts`).
 *
 * @param module imports at most `log`, `gas-left` and `caller` from `tea:guest/host@0.1.0`, and exports `memory`, `cabi_realloc`, `handle` and
 *   `cabi_post_handle`, with the types of the canonical ABI. Not checked here: a component that doesn't fit is refused when it is read.
 */
export function wrapHandler(module: Uint8Array): Uint8Array<ArrayBuffer> {
  const out = new ByteWriter(module.length + 2048);
  out.put(0x00, 0x61, 0x73, 0x6d, 0x0d, 0x00, 0x01, 0x00);
  out.section(7, items([hostType]));
  out.section(10, items([(w) => (externName(w, HOST_INSTANCE), w.put(0x05, 0))]));
  for (const core of [module, shimModule(), fixupModule()]) {
    const content = new ByteWriter(core.length);
    content.copy(core, 0, core.length);
    out.section(1, content);
  }
  // Core functions 0 and 1 are the shim's, 2 is gas-left: it needs no memory.
  out.section(2, items([instantiate(1, [])]));
  out.section(6, items([coreAlias(0x00, 0, '0'), coreAlias(0x00, 0, '1'), hostAlias('gas-left')]));
  out.section(8, items([lower(0, [])]));
  out.section(
    2,
    items([
      inlineInstance([
        ['log', 0x00, 0],
        ['gas-left', 0x00, 2],
        ['caller', 0x00, 1],
      ]),
      instantiate(0, [[HOST_INSTANCE, 1]]),
    ]),
  );
  // 3 is the guest's realloc, 4 and 5 are what the shim's slots hold.
  out.section(
    6,
    items([coreAlias(0x02, 2, 'memory'), coreAlias(0x01, 0, '$imports'), coreAlias(0x00, 2, 'cabi_realloc'), hostAlias('log'), hostAlias('caller')]),
  );
  out.section(
    8,
    items([
      lower(1, [UTF8, [0x03, 0]]),
      lower(2, [
        [0x03, 0],
        [0x04, 3],
      ]),
    ]),
  );
  out.section(
    2,
    items([
      inlineInstance([
        ['$imports', 0x01, 0],
        ['0', 0x00, 4],
        ['1', 0x00, 5],
      ]),
      instantiate(2, [['', 3]]),
    ]),
  );
  out.section(7, items([(w) => w.put(0x70, 0x7d), (w) => w.put(0x6a, 1, 1, 1, 0x73), handleType]));
  out.section(6, items([coreAlias(0x00, 2, 'handle'), coreAlias(0x00, 2, 'cabi_post_handle')]));
  out.section(8, items([(w) => (w.put(0x00, 0x00, 6), canonOptions(w, [UTF8, [0x03, 0], [0x04, 3], [0x05, 7]]), w.put(3))]));
  out.section(11, items([(w) => (externName(w, 'handle'), w.put(0x01, 3, 0))]));
  return out.view();
}

type Write = (out: ByteWriter) => void;
const UTF8 = [0x00] as const;

function items(writes: readonly Write[]): ByteWriter {
  const content = new ByteWriter(256);
  content.u32(writes.length);
  for (const write of writes) write(content);
  return content;
}

function externName(out: ByteWriter, name: string): void {
  out.byte(0);
  out.name(name);
}

/** The instance type of tee/wit's interface `host`. */
function hostType(out: ByteWriter): void {
  const exported = (name: string, type: number): void => {
    out.byte(0x04);
    externName(out, name);
    out.put(0x01, type);
  };
  out.put(0x42, 7);
  out.put(0x01, 0x40, 1);
  out.name('message');
  out.put(0x73, 0x01, 0x00);
  exported('log', 0);
  out.put(0x01, 0x40, 0, 0x00, 0x77);
  exported('gas-left', 1);
  out.put(0x01, 0x70, 0x7d);
  out.put(0x01, 0x40, 0, 0x00, 2);
  exported('caller', 3);
}

/** Types 1 and 2 are `list<u8>` and `result<list<u8>, string>`. */
function handleType(out: ByteWriter): void {
  out.put(0x40, 2);
  out.name('function');
  out.byte(0x73);
  out.name('input');
  out.put(1, 0x00, 2);
}

const instantiate =
  (module: number, args: readonly (readonly [name: string, instance: number])[]): Write =>
  (out) => {
    out.put(0x00, module, args.length);
    for (const [name, instance] of args) {
      out.name(name);
      out.put(0x12, instance);
    }
  };

const inlineInstance =
  (exported: readonly (readonly [name: string, sort: number, index: number])[]): Write =>
  (out) => {
    out.put(0x01, exported.length);
    for (const [name, sort, index] of exported) {
      out.name(name);
      out.put(sort, index);
    }
  };

const coreAlias =
  (sort: number, instance: number, name: string): Write =>
  (out) => {
    out.put(0x00, sort, 0x01, instance);
    out.name(name);
  };

const hostAlias =
  (name: string): Write =>
  (out) => {
    out.put(0x01, 0x00, 0);
    out.name(name);
  };

const lower =
  (func: number, options: readonly (readonly number[])[]): Write =>
  (out) => {
    out.put(0x01, 0x00, func);
    canonOptions(out, options);
  };

function canonOptions(out: ByteWriter, options: readonly (readonly number[])[]): void {
  out.u32(options.length);
  for (const option of options) out.put(...option);
}

/** Function 0 is log's stand-in (two parameters), function 1 caller's (one). */
function shimModule(): Uint8Array {
  const out = coreModule();
  out.section(SECTION.type, items([(w) => w.put(0x60, 2, 0x7f, 0x7f, 0), (w) => w.put(0x60, 1, 0x7f, 0)]));
  out.section(SECTION.function, items([(w) => w.put(0), (w) => w.put(1)]));
  out.section(SECTION.table, items([(w) => w.put(0x70, 1, 2, 2)]));
  const exported =
    (name: string, kind: number, index: number): Write =>
    (w) => (w.name(name), w.put(kind, index));
  out.section(SECTION.export, items([exported('0', 0, 0), exported('1', 0, 1), exported('$imports', 1, 0)]));
  const body =
    (...code: number[]): Write =>
    (w) =>
      w.put(code.length, ...code);
  out.section(SECTION.code, items([body(0, 0x20, 0, 0x20, 1, 0x41, 0, 0x11, 0, 0, 0x0b), body(0, 0x20, 0, 0x41, 1, 0x11, 1, 0, 0x0b)]));
  return out.view();
}

function fixupModule(): Uint8Array {
  const out = coreModule();
  out.section(SECTION.type, items([(w) => w.put(0x60, 2, 0x7f, 0x7f, 0), (w) => w.put(0x60, 1, 0x7f, 0)]));
  const imported =
    (name: string, ...what: number[]): Write =>
    (w) => (w.name(''), w.name(name), w.put(...what));
  out.section(SECTION.import, items([imported('0', 0x00, 0), imported('1', 0x00, 1), imported('$imports', 0x01, 0x70, 1, 2, 2)]));
  out.section(SECTION.element, items([(w) => w.put(0x00, 0x41, 0, 0x0b, 2, 0, 1)]));
  return out.view();
}

function coreModule(): ByteWriter {
  const out = new ByteWriter(256);
  out.put(0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00);
  return out;
}
