import { ByteReader } from '../byte-reader.ts';
import { readLayout, SECTION, type ModuleLayout } from '../module-layout.ts';
import { refuse } from '../refusal.ts';
import { type Component, type CoreItem, SORT } from './read-component.ts';

/**
 * A lowered import needs the memory of the module that imports it, and so comes to be after that module. Tool chains get around this with two
 * modules of no code of their own: a *shim* whose every function calls through a slot of its table, and a *fixup* that fills the slots
 * (wit-component, `dummy.rs` and `encoding.rs`). Here the two are recognised, to the byte, and what they stand for is used in their place.
 */
export type Wiring = {
  /** The one instance whose module is a program. */
  readonly program: number;
  readonly layout: ModuleLayout;
  /** The core item that an argument of an instance stands for, shims looked through; undefined when there is none of that name. */
  argument(instance: number, argument: string, name: string): CoreItem | undefined;
  /** What a fixup calls when it starts: an export of the program. */
  readonly initialize: string | null;
};

type Shim = { readonly slotOf: ReadonlyMap<string, number>; readonly table: string };

/** @throws Refusal when the component has more than one program, or a wiring that we don't know */
export function readWiring(component: Component): Wiring {
  const layouts = component.modules.map((module) => (WebAssembly.validate(module as BufferSource) ? readLayout(module) : invalid()));
  const shims = new Map<number, Shim>();
  const fixups: number[] = [];
  const programs: number[] = [];
  const layoutOf = (index: number): ModuleLayout => {
    const instance = component.coreInstances[index];
    return (
      (instance?.kind === 'instantiated' ? layouts[instance.module] : undefined) ?? refuse('The component names an instance that it does not have')
    );
  };
  for (const [index, instance] of component.coreInstances.entries()) {
    if (instance.kind !== 'instantiated') continue;
    const layout = layoutOf(index);
    const shim = readShim(layout);
    if (shim !== null) shims.set(index, shim);
    else if (layout.bodies.length === 0) fixups.push(index);
    else programs.push(index);
  }
  const [program, another] = programs;
  if (program === undefined) return refuse('The component has no module with code');
  if (another !== undefined) return refuse('The component is made of several modules with code, which handlers may not; link them into one');

  const directArgument = (index: number, argument: string, name: string): CoreItem | undefined => {
    const instance = component.coreInstances[index];
    const given = instance?.kind === 'instantiated' ? component.coreInstances[instance.args.get(argument) ?? -1] : undefined;
    return given?.kind === 'inline' ? given.items.get(name) : undefined;
  };

  // (shim instance, slot) → what its fixup puts there
  const filled = new Map<string, CoreItem>();
  let initialize: string | null = null;
  for (const index of fixups) {
    const layout = layoutOf(index);
    const slots = readFixup(layout);
    if (layout.foreignImports.length > 0) {
      const [foreign] = layout.foreignImports;
      const item = foreign === undefined ? undefined : directArgument(index, foreign.module, foreign.name);
      const table = item?.sort === SORT.coreTable ? component.coreTables[item.index] : undefined;
      const shim = table === undefined ? undefined : shims.get(table.instance);
      if (table === undefined || shim?.table !== table.name) refuse('The component fills a table that is no shim’s');
      for (const [slot, imported] of slots.entries()) {
        const entry = layout.imports[imported];
        const target = entry === undefined ? undefined : directArgument(index, entry.module, entry.name);
        if (target?.sort !== SORT.coreFunc) return refuse('The component fills a table with something that it does not have');
        filled.set(`${table.instance} ${slot}`, target);
      }
    }
    if (layout.start !== null) {
      const entry = layout.imports[layout.start];
      const item = entry === undefined ? undefined : directArgument(index, entry.module, entry.name);
      const target = item?.sort === SORT.coreFunc ? component.coreFunctions[item.index] : undefined;
      if (target?.kind !== 'export' || target.instance !== program || initialize !== null)
        return refuse('The component starts something else than its program');
      initialize = target.name;
    }
  }

  return {
    program,
    layout: layoutOf(program),
    initialize,
    argument(instance, argument, name) {
      const item = directArgument(instance, argument, name);
      const exported = item?.sort === SORT.coreFunc ? component.coreFunctions[item.index] : undefined;
      const shim = exported?.kind === 'export' ? shims.get(exported.instance) : undefined;
      if (exported?.kind !== 'export' || shim === undefined) return item;
      return filled.get(`${exported.instance} ${shim.slotOf.get(exported.name)}`);
    },
  };
}

/** A module whose function `i` is `local.get 0 … local.get n · i32.const slot · call_indirect`, and nothing else but its table. Null: it is none. */
function readShim(layout: ModuleLayout): Shim | null {
  const { bodies, imports, foreignImports, tables, memory, globalCount, start, types, functionTypes } = layout;
  if (bodies.length === 0 || imports.length + foreignImports.length > 0 || tables.length !== 1) return null;
  if (memory !== null || globalCount > 0 || start !== null || layout.sections.has(SECTION.element)) return null;
  const slots: number[] = [];
  for (const [index, body] of bodies.entries()) {
    const reader = new ByteReader(layout.bytes, body.start, body.end);
    const type = functionTypes[index] ?? -1;
    if (reader.count() !== 0) return null;
    for (let parameter = 0; parameter < (types[type]?.params.length ?? 0); parameter++) {
      if (reader.byte() !== 0x20 || reader.u32() !== parameter) return null;
    }
    if (reader.byte() !== 0x41) return null;
    slots.push(reader.s32());
    if (reader.byte() !== 0x11 || reader.u32() !== type || reader.u32() !== 0 || reader.byte() !== 0x0b || reader.pos !== reader.end) return null;
  }
  const slotOf = new Map<string, number>();
  let table: string | null = null;
  for (const [name, { kind, index }] of layout.exports) {
    if (kind === 0) slotOf.set(name, slots[index] ?? -1);
    else table = name;
  }
  return table === null ? null : { slotOf, table };
}

/** Slots of the one table that a fixup imports → indexes of its imported functions. */
function readFixup({ bytes, sections, imports, foreignImports, memory, tables, globalCount }: ModuleLayout): Map<number, number> {
  const unknown = (): never => refuse('The component has a module without code that wires something we do not know');
  if (memory !== null || tables.length > 0 || globalCount > 0 || sections.has(SECTION.data)) unknown();
  if (foreignImports.length > 1 || foreignImports.some(({ kind }) => kind !== 'table')) unknown();
  const slots = new Map<number, number>();
  const span = sections.get(SECTION.element);
  if (span === undefined) return slots;
  const reader = new ByteReader(bytes, span.start, span.end);
  for (let count = reader.count(); count > 0; count--) {
    if (reader.u32() !== 0 || reader.byte() !== 0x41) unknown(); // active, table 0, functions by index
    const first = reader.s32();
    if (reader.byte() !== 0x0b) unknown();
    for (let length = reader.count(), at = 0; at < length; at++) {
      const index = reader.u32();
      if (index >= imports.length) unknown();
      slots.set(first + at, index);
    }
  }
  return slots;
}

function invalid(): never {
  return refuse('The component holds an invalid WebAssembly module');
}
