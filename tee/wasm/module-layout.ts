import { ByteReader } from './byte-reader.ts';
import { OPCODES, PREFIX_FC, PREFIX_FD, refusedFeature } from './opcodes.ts';
import { refuse } from './refusal.ts';

/** Value types as letters, see `opcodes.ts`; here r = funcref and x = externref. */
export type FunctionType = { readonly params: string; readonly results: string };
export type FunctionImport = { readonly module: string; readonly name: string; readonly typeIndex: number };
export type ForeignImport = { readonly module: string; readonly name: string; readonly kind: 'table' | 'memory' | 'global' | 'tag' };
export type Limits = { readonly min: number; readonly max: number | null };
export type Table = { readonly refType: number; readonly limits: Limits };
export type Span = { readonly start: number; readonly end: number };

/** Where everything is in a module that WebAssembly.validate accepted. Only what the meter must know is decoded; the rest stays as spans. */
export type ModuleLayout = {
  readonly bytes: Uint8Array;
  readonly types: readonly FunctionType[];
  readonly imports: readonly FunctionImport[];
  readonly foreignImports: readonly ForeignImport[];
  /** Type index of every function, imported ones first. */
  readonly functionTypes: readonly number[];
  readonly tables: readonly Table[];
  readonly memory: Limits | null;
  readonly globalCount: number;
  readonly exports: ReadonlyMap<string, { readonly kind: number; readonly index: number }>;
  readonly start: number | null;
  readonly bodies: readonly Span[];
  /** Contents of the sections that are copied as they are, without id and size. */
  readonly sections: ReadonlyMap<number, Span>;
};

export const SECTION = {
  type: 1,
  import: 2,
  function: 3,
  table: 4,
  memory: 5,
  global: 6,
  export: 7,
  start: 8,
  element: 9,
  code: 10,
  data: 11,
  dataCount: 12,
} as const;

const VALUE_TYPES: ReadonlyMap<number, string> = new Map([
  [0x7f, 'i'],
  [0x7e, 'I'],
  [0x7d, 'f'],
  [0x7c, 'F'],
  [0x7b, 'v'],
  [0x70, 'r'],
  [0x6f, 'x'],
]);
const VALUE_TYPE_BYTES: ReadonlyMap<string, number> = new Map(Array.from(VALUE_TYPES, ([byte, letter]) => [letter, byte]));

export function valueTypeByte(letter: string): number {
  return VALUE_TYPE_BYTES.get(letter) ?? 0;
}

export function valueType(byte: number): string {
  return VALUE_TYPES.get(byte) ?? refuse('The module uses garbage-collected or typed references, which guests may not');
}

/** @throws Refusal naming the first feature that guests may not use */
export function readLayout(bytes: Uint8Array): ModuleLayout {
  const reader = new ByteReader(bytes, 8);
  const sections = new Map<number, Span>();
  while (reader.pos < reader.end) {
    const id = reader.byte();
    const size = reader.u32();
    const start = reader.pos;
    reader.skip(size);
    if (id === 0) continue;
    if (id === 13) refuse('The module uses exceptions (a tag section), which guests may not');
    if (id > 13 || sections.has(id)) refuse(`The module has an unknown or repeated section ${id}`);
    sections.set(id, { start, end: reader.pos });
  }
  const open = (id: number): ByteReader | null => {
    const span = sections.get(id);
    return span === undefined ? null : new ByteReader(bytes, span.start, span.end);
  };
  const items = <T>(id: number, read: (section: ByteReader) => T): T[] => {
    const section = open(id);
    return section === null ? [] : Array.from({ length: section.count() }, () => read(section));
  };

  const types = items(SECTION.type, readFunctionType);
  const allImports = items(SECTION.import, readImport);
  const imports = allImports.filter((entry) => 'typeIndex' in entry);
  const functionTypes = [...imports.map((entry) => entry.typeIndex), ...items(SECTION.function, (section) => section.u32())];
  const memories = items(SECTION.memory, (section) => readLimits(section, 'memory'));
  if (memories.length > 1) refuse('The module uses multi-memory, which guests may not');
  const exports = items(SECTION.export, (section) => [section.name(), { kind: section.byte(), index: section.u32() }] as const);
  return {
    bytes,
    types,
    imports,
    foreignImports: allImports.filter((entry) => 'kind' in entry),
    functionTypes,
    tables: items(SECTION.table, readTable),
    memory: memories[0] ?? null,
    globalCount: items(SECTION.global, skipGlobal).length,
    exports: new Map(exports),
    start: open(SECTION.start)?.u32() ?? null,
    bodies: items(SECTION.code, (section) => {
      const size = section.u32();
      const start = section.pos;
      section.skip(size);
      return { start, end: section.pos };
    }),
    sections,
  };
}

function readFunctionType(section: ByteReader): FunctionType {
  if (section.byte() !== 0x60) refuse('The module uses garbage-collected types (struct, array or recursive types), which guests may not');
  const letters = (): string => Array.from({ length: section.count() }, () => valueType(section.byte())).join('');
  return { params: letters(), results: letters() };
}

function readImport(section: ByteReader): FunctionImport | ForeignImport {
  const module = section.name();
  const name = section.name();
  const kind = section.byte();
  if (kind === 0) return { module, name, typeIndex: section.u32() };
  if (kind === 1) {
    readTable(section);
    return { module, name, kind: 'table' };
  }
  if (kind === 2) {
    readLimits(section, 'memory');
    return { module, name, kind: 'memory' };
  }
  if (kind === 3) {
    section.skip(2);
    return { module, name, kind: 'global' };
  }
  return refuse(`The import ${module}.${name} is a tag (exceptions), which guests may not use`);
}

function readTable(section: ByteReader): Table {
  const refType = section.byte();
  if (refType !== 0x70 && refType !== 0x6f) refuse('The module uses typed function references, which guests may not');
  return { refType, limits: readLimits(section, 'table') };
}

/** Limits (5.3.12), flags 0 and 1 only. */
function readLimits(section: ByteReader, what: 'memory' | 'table'): Limits {
  const flags = section.byte();
  if (flags & 2) refuse('The module uses threads (shared memory), which guests may not');
  if (flags & 4) refuse(`The module uses memory64 (a 64-bit ${what}), which guests may not`);
  if (flags & ~1) refuse(`The module's ${what} has limits of an unknown kind`);
  const min = section.u32();
  return { min, max: flags & 1 ? section.u32() : null };
}

function skipGlobal(section: ByteReader): void {
  valueType(section.byte());
  section.byte();
  skipConstantExpression(section);
}

/** A constant expression (3.3.10), extended constants included, up to and with its `end`. */
function skipConstantExpression(section: ByteReader): void {
  for (;;) {
    const first = section.byte();
    if (first === 0x0b) return;
    const prefixed = first === 0xfc || first === 0xfd || first === 0xfb || first === 0xfe;
    const code = prefixed ? section.u32() : first;
    const index = first === 0xfd ? PREFIX_FD + code : first === 0xfc ? PREFIX_FC + code : code;
    const opcode = first === 0xfb || first === 0xfe || (prefixed && code > 0xff) ? undefined : OPCODES[index];
    const immediate = opcode?.immediate;
    if (immediate === 'i32' || immediate === 'i64' || immediate === 'global' || immediate === 'func') section.skipInteger();
    else if (immediate === 'f32') section.skip(4);
    else if (immediate === 'f64') section.skip(8);
    else if (immediate === 'v128') section.skip(16);
    else if (immediate === 'refType') section.skip(1);
    else if (immediate !== 'none') refuse(`A constant expression uses ${refusedFeature(prefixed ? first : 0, code)}, which guests may not`);
  }
}
