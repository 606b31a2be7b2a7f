import type { ByteReader } from '../byte-reader.ts';
import { refuse } from '../refusal.ts';

/**
 * Types of a component as text, written as WIT writes them: `func(string, list<u8>) -> result<list<u8>, string>`. Names of parameters and
 * fields don't matter to the canonical ABI and are left out. Component Model, Binary.md, "Type Definitions".
 */
export type TypeText = string;

const PRIMITIVES: Readonly<Record<number, string>> = {
  0x7f: 'bool',
  0x7e: 's8',
  0x7d: 'u8',
  0x7c: 's16',
  0x7b: 'u16',
  0x7a: 's32',
  0x79: 'u32',
  0x78: 's64',
  0x77: 'u64',
  0x76: 'f32',
  0x75: 'f64',
  0x74: 'char',
  0x73: 'string',
  0x64: 'error-context',
};
const MAX_DEPTH = 16;
/** Types name types, so their text can double at every step. Those of the world are short. */
const MAX_TEXT = 4096;

/** One item of a type section. */
export function readType(reader: ByteReader, known: readonly TypeText[], depth = 0): TypeText {
  if (depth > MAX_DEPTH) refuse('The component nests types too deep');
  const text = readTypeText(reader, known, depth);
  return text.length > MAX_TEXT ? refuse('The component has a type without end') : text;
}

function readTypeText(reader: ByteReader, known: readonly TypeText[], depth: number): TypeText {
  const list = (open: string, close: string, read: () => string): string =>
    `${open}${Array.from({ length: reader.count() }, read).join(', ')}${close}`;
  const value = (): string => readValueType(reader, known);
  const labelled = (): string => {
    reader.name();
    return value();
  };
  const optional = (): string => (reader.byte() === 0 ? '_' : value());
  const tag = reader.byte();
  switch (tag) {
    case 0x40:
      return `${list('func(', ')', labelled)}${readResult(reader, known)}`;
    case 0x41:
    case 0x42:
      return readDeclarations(reader, depth, tag === 0x41);
    case 0x72:
      return list('record{', '}', labelled);
    case 0x71:
      return list('variant{', '}', () => {
        reader.name();
        const payload = optional();
        reader.byte();
        return payload;
      });
    case 0x70:
      return `list<${value()}>`;
    case 0x6f:
      return list('tuple<', '>', value);
    case 0x6e:
    case 0x6d:
      return list(tag === 0x6e ? 'flags{' : 'enum{', '}', () => reader.name());
    case 0x6b:
      return `option<${value()}>`;
    case 0x6a:
      return `result<${optional()}, ${optional()}>`;
    case 0x3f:
    case 0x68:
    case 0x69:
      return refuse('The component has resources, which handlers may not');
    case 0x43:
    case 0x65:
    case 0x66:
      return refuse('The component has asynchronous types, which handlers may not');
    default:
      return PRIMITIVES[tag] ?? refuse(`The component has a type of the unknown kind 0x${tag.toString(16)}`);
  }
}

function readValueType(reader: ByteReader, known: readonly TypeText[]): TypeText {
  const primitive = PRIMITIVES[reader.bytes[reader.pos] ?? 0];
  if (primitive === undefined) return known[reader.u32()] ?? refuse('The component names a type that it does not have'); // a positive s33
  reader.skip(1);
  return primitive;
}

function readResult(reader: ByteReader, known: readonly TypeText[]): string {
  if (reader.byte() === 0) return ` -> ${readValueType(reader, known)}`;
  return reader.byte() === 0 ? '' : refuse('The component has a function with named results, which handlers may not');
}

/** An instance type (0x42) or component type (0x41): its exported functions by name, `instance{ log: func(string) }`. */
function readDeclarations(reader: ByteReader, depth: number, isComponent: boolean): TypeText {
  const types: TypeText[] = [];
  const exported: string[] = [];
  for (let count = reader.count(); count > 0; count--) {
    const kind = reader.byte();
    if (kind === 1) types.push(readType(reader, types, depth + 1));
    else if (kind === 4) {
      const name = readExternName(reader);
      const described = readExternType(reader, types);
      if (described.sort === 'type') types.push(described.type);
      exported.push(`${name}: ${described.type}`);
    } else
      refuse(
        `The component has a type with ${kind === 2 ? 'aliases' : kind === 3 && isComponent ? 'imports' : 'core types'}, which handlers may not`,
      );
  }
  return `instance{ ${exported.join('; ')} }`;
}

export type ExternType = { readonly sort: 'func' | 'type' | 'instance' | 'other'; readonly type: TypeText };

/** externdesc: what an import or export is. */
export function readExternType(reader: ByteReader, known: readonly TypeText[]): ExternType {
  const named = (): TypeText => known[reader.u32()] ?? refuse('The component names a type that it does not have');
  const kind = reader.byte();
  if (kind === 1) return { sort: 'func', type: named() };
  if (kind === 5) return { sort: 'instance', type: named() };
  if (kind === 3) return reader.byte() === 0 ? { sort: 'type', type: named() } : refuse('The component has resources, which handlers may not');
  if (kind === 0) reader.skip(1); // the core sort
  if (kind === 2) refuse('The component has values, which handlers may not');
  reader.u32();
  return { sort: 'other', type: '' };
}

/** importname' and exportname': the discriminant, and the name. */
export function readExternName(reader: ByteReader): string {
  const kind = reader.byte();
  const name = reader.name();
  if (kind > 1) refuse('The component has a name of an unknown kind');
  return name;
}
