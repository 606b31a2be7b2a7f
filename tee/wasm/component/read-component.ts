import { ByteReader } from '../byte-reader.ts';
import { Refusal, refuse } from '../refusal.ts';
import { readExternName, readExternType, readType, type TypeText } from './component-types.ts';

/** An item of a core instance: what sort it is (func, table, memory, global) and its index in that sort's space. */
export type CoreItem = { readonly sort: number; readonly index: number };
export type CoreInstance =
  | { readonly kind: 'instantiated'; readonly module: number; readonly args: ReadonlyMap<string, number> }
  | { readonly kind: 'inline'; readonly items: ReadonlyMap<string, CoreItem> };
/** A core function, table or memory that some instance exports. */
export type CoreExport = { readonly kind: 'export'; readonly instance: number; readonly name: string };
export type CanonOptions = { readonly memory: number | null; readonly realloc: number | null; readonly postReturn: number | null };
export type CoreFunction = CoreExport | { readonly kind: 'lowered'; readonly func: number; readonly options: CanonOptions };
export type ComponentFunction =
  | { readonly kind: 'imported'; readonly instance: string; readonly name: string }
  | { readonly kind: 'lifted'; readonly core: number; readonly options: CanonOptions; readonly type: TypeText };

/** The definitions of a flat component, each in its index space, in the order in which they stand. */
export type Component = {
  readonly modules: readonly Uint8Array[];
  readonly coreInstances: readonly CoreInstance[];
  readonly coreFunctions: readonly CoreFunction[];
  readonly coreTables: readonly CoreExport[];
  readonly coreMemories: readonly CoreExport[];
  readonly functions: readonly ComponentFunction[];
  readonly exports: ReadonlyMap<string, { readonly sort: number; readonly index: number }>;
};

/** What a component may import: instances by name, each with the type it has. */
export type GrantedInstances = {
  readonly types: ReadonlyMap<string, TypeText>;
  /** Why an instance is not granted, where there is more to say than its name. */
  readonly whyNot?: (name: string) => string | null;
};

export const SORT = { coreFunc: 0, coreTable: 1, coreMemory: 2, func: 1, type: 3, instance: 5 } as const;
const MAX_ITEMS = 10_000;
/** A program, and what tool chains wire it up with. */
const MAX_MODULES = 16;

const FOUR = (bytes: Uint8Array, at: number): number => new DataView(bytes.buffer, bytes.byteOffset + at, 4).getUint32(0, true);

/** The preamble of a component: version 13, layer 1 (Binary.md, "Component Definitions"). */
export function isComponent(bytes: Uint8Array): boolean {
  return bytes.length >= 8 && FOUR(bytes, 0) === 0x6d736100 && FOUR(bytes, 4) === 0x0001000d;
}

/**
 * Reads a component that nests no other. It is not validated: whoever uses a definition checks that it fits.
 *
 * @throws Refusal naming what handlers may not have
 */
export function readComponent(bytes: Uint8Array, granted: GrantedInstances): Component {
  const modules: Uint8Array[] = [];
  const coreInstances: CoreInstance[] = [];
  const coreFunctions: CoreFunction[] = [];
  const coreTables: CoreExport[] = [];
  const coreMemories: CoreExport[] = [];
  const functions: ComponentFunction[] = [];
  const instances: string[] = [];
  const types: TypeText[] = [];
  const exports = new Map<string, { sort: number; index: number }>();
  const outer = new ByteReader(bytes, 8);
  let items = 0;

  refuseOtherImports(bytes, granted);
  while (outer.pos < outer.end) {
    const id = outer.byte();
    const size = outer.u32();
    const start = outer.pos;
    outer.skip(size);
    if (id === 0) continue;
    if (id === 1) {
      if (modules.push(bytes.subarray(start, outer.pos)) > MAX_MODULES) refuse(`The component has more than ${MAX_MODULES} modules`);
      continue;
    }
    if (id === 4 || id === 5) refuse('The component nests components, which handlers may not');
    if (id === 3 || id === 9 || id > 11) refuse(`The component has a section ${id}, which handlers may not`);
    const reader = new ByteReader(bytes, start, outer.pos);
    const read = { 2: coreInstance, 6: alias, 7: type, 8: canon, 10: imported, 11: exported }[id];
    for (let count = reader.count(); count > 0; count--) {
      if (++items > MAX_ITEMS) refuse(`The component has more than ${MAX_ITEMS} definitions`);
      read?.(reader);
    }
    if (reader.pos !== reader.end) refuse('A section of the component goes on after its end');
  }
  return { modules, coreInstances, coreFunctions, coreTables, coreMemories, functions, exports };

  function coreInstance(reader: ByteReader): void {
    const kind = reader.byte();
    if (kind === 0) {
      const module = reader.u32();
      const args = Array.from({ length: reader.count() }, () => {
        const name = reader.name();
        if (reader.byte() !== 0x12) refuse('The component gives a module something else than an instance');
        return [name, reader.u32()] as const;
      });
      coreInstances.push({ kind: 'instantiated', module, args: new Map(args) });
    } else if (kind === 1) {
      const inline = Array.from({ length: reader.count() }, () => [reader.name(), { sort: reader.byte(), index: reader.u32() }] as const);
      coreInstances.push({ kind: 'inline', items: new Map(inline) });
    } else refuse('The component has a core instance of an unknown kind');
  }

  function alias(reader: ByteReader): void {
    const sort = reader.byte();
    const coreSort = sort === 0 ? reader.byte() : -1;
    const target = reader.byte();
    const instance = reader.u32();
    if (target === 1) {
      const found: CoreExport = { kind: 'export', instance, name: reader.name() };
      if (coreSort === SORT.coreFunc) coreFunctions.push(found);
      else if (coreSort === SORT.coreTable) coreTables.push(found);
      else if (coreSort === SORT.coreMemory) coreMemories.push(found);
      else refuse('The component shares a global between its modules, which handlers may not');
    } else if (target === 0 && sort === SORT.func) {
      functions.push({
        kind: 'imported',
        instance: instances[instance] ?? refuse('The component names an instance that it does not have'),
        name: reader.name(),
      });
    } else refuse('The component has an alias that handlers may not have');
  }

  function type(reader: ByteReader): void {
    types.push(readType(reader, types));
  }

  function canon(reader: ByteReader): void {
    const kind = reader.byte();
    if (kind > 1) refuse('The component uses a built-in function (of resources or tasks), which handlers may not');
    if (reader.byte() !== 0) refuse('The component has a lift or lowering of an unknown kind');
    const index = reader.u32();
    const options = canonOptions(reader);
    if (kind === 1) coreFunctions.push({ kind: 'lowered', func: index, options });
    else {
      const text = types[reader.u32()] ?? refuse('The component names a type that it does not have');
      functions.push({ kind: 'lifted', core: index, options, type: text });
    }
  }

  function imported(reader: ByteReader): void {
    const name = readExternName(reader);
    const { sort, type: text } = readExternType(reader, types);
    const type = granted.types.get(name);
    if (sort !== 'instance' || type === undefined) return refuseImport(name, granted);
    if (!isPartOf(text, type)) throw new Refusal('refusedImport', `The component imports ${name} with another type than it has`);
    instances.push(name);
  }

  function exported(reader: ByteReader): void {
    const name = readExternName(reader);
    const sort = reader.byte();
    if (sort === 0) reader.byte();
    const index = reader.u32();
    if (reader.byte() === 1) readExternType(reader, types);
    if (exports.has(name)) refuse(`The component exports ${name} twice`);
    exports.set(name, { sort, index });
    // An export is a new item of its sort.
    if (sort === SORT.func) functions.push(functions[index] ?? refuse('The component exports a function that it does not have'));
    else if (sort === SORT.type) types.push(types[index] ?? refuse('The component exports a type that it does not have'));
    else if (sort === SORT.instance) refuse('The component exports an instance, which handlers may not');
  }
}

/** Before the types: who asks for more than there is should read what, and not which type it has. */
function refuseOtherImports(bytes: Uint8Array, granted: GrantedInstances): void {
  const outer = new ByteReader(bytes, 8);
  while (outer.pos < outer.end) {
    const id = outer.byte();
    const size = outer.u32();
    const start = outer.pos;
    outer.skip(size);
    if (id !== 10) continue;
    const reader = new ByteReader(bytes, start, outer.pos);
    for (let count = reader.count(); count > 0; count--) {
      const name = readExternName(reader);
      if (!granted.types.has(name)) refuseImport(name, granted);
      const kind = reader.byte();
      if (kind === 0 || (kind === 3 && reader.byte() === 0)) reader.skip(kind === 0 ? 1 : 0);
      reader.u32();
    }
  }
}

function refuseImport(name: string, { types, whyNot }: GrantedInstances): never {
  const plain = name.replace(/[^\x20-\x7e]/g, '?').slice(0, 120);
  const why = whyNot?.(name) ?? `which is not granted; granted is ${[...types.keys()].join(', ')}`;
  throw new Refusal('refusedImport', `The component imports ${plain}, ${why}`);
}

/** Whether an instance type asks for no more than another gives; each as `instance{ a: func(); b: func() }`. */
function isPartOf(wanted: TypeText, given: TypeText): boolean {
  const members = (text: TypeText): string[] => text.slice('instance{ '.length, -' }'.length).split('; ').filter(Boolean);
  const has = new Set(members(given));
  return wanted.startsWith('instance{ ') && members(wanted).every((member) => has.has(member));
}

function canonOptions(reader: ByteReader): CanonOptions {
  let options: CanonOptions = { memory: null, realloc: null, postReturn: null };
  for (let count = reader.count(); count > 0; count--) {
    const kind = reader.byte();
    if (kind === 0) continue; // UTF-8, the default
    if (kind === 3) options = { ...options, memory: reader.u32() };
    else if (kind === 4) options = { ...options, realloc: reader.u32() };
    else if (kind === 5) options = { ...options, postReturn: reader.u32() };
    else refuse(`The component lifts or lowers ${kind < 3 ? 'strings other than UTF-8' : 'asynchronously'}, which handlers may not`);
  }
  return options;
}
