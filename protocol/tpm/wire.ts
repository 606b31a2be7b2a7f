import { TeaError } from '../errors.ts';
import { TpmReader } from './reader.ts';
import { TpmWriter } from './writer.ts';

/**
 * The building blocks of the tables in `structures.ts`: each knows how to read and to write one type of Part 2, so a table
 * that names fields in the specification's order is the whole codec of a structure.
 */
export type TpmType<T> = {
  /** @throws TeaError `badMessage` when the bytes are no such value */
  read(reader: TpmReader): T;
  /** @throws TeaError `badInput` when the value has no encoding */
  write(writer: TpmWriter, value: T): void;
  /** A size and that many bytes: what a session can encrypt when it comes first (Part 1, 21.1). */
  readonly isTpm2b?: true;
};

export type ValueOf<C> = C extends TpmType<infer T> ? T : never;

/** Reads exactly one value. `what` names it in errors. @throws TeaError `badMessage`, also for trailing bytes */
export function decodeTpm<T>(type: TpmType<T>, bytes: Uint8Array, what: string): T {
  const reader = new TpmReader(bytes, what);
  const value = type.read(reader);
  reader.end();
  return value;
}

export function encodeTpm<T>(type: TpmType<T>, value: T): Uint8Array {
  const writer = new TpmWriter();
  type.write(writer, value);
  return writer.finish();
}

export const UINT8: TpmType<number> = { read: (reader) => reader.uint8(), write: (writer, value) => writer.uint8(value) };
export const UINT16: TpmType<number> = { read: (reader) => reader.uint16(), write: (writer, value) => writer.uint16(value) };
export const UINT32: TpmType<number> = { read: (reader) => reader.uint32(), write: (writer, value) => writer.uint32(value) };
export const UINT64: TpmType<bigint> = { read: (reader) => reader.uint64(), write: (writer, value) => writer.uint64(value) };

/** Part 2, 9.2: TPMI_YES_NO is 0 or 1, nothing else. */
export const TPMI_YES_NO: TpmType<boolean> = {
  read(reader) {
    const byte = reader.uint8();
    if (byte > 1) throw reader.refuse('TPMI_YES_NO to be 0 or 1', String(byte));
    return byte === 1;
  },
  write: (writer, value) => writer.uint8(value ? 1 : 0),
};

/** A structure without fields, as the arms of a union that carry nothing (TPMS_EMPTY). */
export const TPMS_EMPTY: TpmType<object> = { read: () => ({}), write: () => undefined };

/** Fields in the order of the table. */
export function struct<const F extends Readonly<Record<string, TpmType<unknown>>>>(fields: F): TpmType<{ readonly [K in keyof F]: ValueOf<F[K]> }> {
  type Value = { readonly [K in keyof F]: ValueOf<F[K]> };
  const entries = Object.entries(fields);
  return {
    read(reader) {
      const value: Record<string, unknown> = {};
      for (const [name, type] of entries) value[name] = type.read(reader);
      return value as Value;
    },
    write(writer, value) {
      for (const [name, type] of entries) type.write(writer, value[name]);
    },
  };
}

/** A selector and what it selects (a TPMU union): the value is a union told apart by `tag`. Selectors without an arm are refused. */
export function tagged<const N extends string, const A extends Readonly<Record<string, TpmType<object>>>>(
  tag: N,
  selector: TpmType<string>,
  arms: A,
): TpmType<{ [K in keyof A]: { readonly [P in N]: K } & ValueOf<A[K]> }[keyof A]> {
  type Value = { [K in keyof A]: { readonly [P in N]: K } & ValueOf<A[K]> }[keyof A];
  const known = new Map(Object.entries<TpmType<object>>(arms));
  return {
    read(reader) {
      const name = selector.read(reader);
      const arm = known.get(name);
      if (!arm) throw reader.refuse(`${tag} to be one of ${[...known.keys()].join(', ')}`, name);
      return { [tag]: name, ...arm.read(reader) } as unknown as Value;
    },
    write(writer, value) {
      const name = value[tag];
      const arm = known.get(name as string);
      if (!arm)
        throw new TeaError('badInput', `This TPM structure has no such ${tag}`, { expected: [...known.keys()].join(', '), actual: String(name) });
      selector.write(writer, name as string);
      arm.write(writer, value);
    },
  };
}

/** A constant of the specification under its name. */
export function named<const T extends Readonly<Record<string, number>>>(what: string, base: TpmType<number>, table: T): TpmType<keyof T & string> {
  const byNumber = new Map(Object.entries(table).map(([name, number]) => [number, name]));
  return {
    read(reader) {
      const number = base.read(reader);
      const name = byNumber.get(number);
      if (name === undefined) throw reader.refuse(`a ${what} that TEA knows`, `0x${number.toString(16)}`);
      return name;
    },
    write(writer, name) {
      const number = table[name];
      if (number === undefined)
        throw new TeaError('badInput', `TEA knows no such ${what}`, { expected: Object.keys(table).join(', '), actual: name });
      base.write(writer, number);
    },
  };
}

/** Attribute bits under their names. Reserved bits must be clear. */
export function bits<const T extends Readonly<Record<string, number>>>(
  what: string,
  base: TpmType<number>,
  table: T,
): TpmType<{ readonly [K in keyof T]: boolean }> {
  const entries = Object.entries(table);
  const defined = entries.reduce((mask, [, bit]) => mask + 2 ** bit, 0) >>> 0;
  return {
    read(reader) {
      const word = base.read(reader);
      if ((word & ~defined) !== 0) throw reader.refuse(`the reserved bits of ${what} to be clear`, `0x${word.toString(16)}`);
      return Object.fromEntries(entries.map(([name, bit]) => [name, ((word >>> bit) & 1) === 1])) as { [K in keyof T]: boolean };
    },
    write: (writer, value) =>
      base.write(
        writer,
        entries.reduce((word, [name, bit]) => (value[name] ? word + 2 ** bit : word), 0),
      ),
  };
}

/** A value the specification fixes, such as TPM_GENERATED_VALUE. */
export function constant(what: string, base: TpmType<number>, expected: number): TpmType<number> {
  return {
    read(reader) {
      const number = base.read(reader);
      if (number !== expected) throw reader.refuse(`${what} 0x${expected.toString(16)}`, `0x${number.toString(16)}`);
      return number;
    },
    write: (writer) => base.write(writer, expected),
  };
}

/** TPM2B_…: a 16-bit size and that many bytes, at most `maxSize`. */
export function tpm2b(what: string, maxSize: number): TpmType<Uint8Array> {
  return {
    isTpm2b: true,
    read(reader) {
      const size = reader.uint16();
      if (size > maxSize) throw reader.refuse(`${what} of at most ${maxSize} bytes`, `${size} bytes`);
      return reader.bytes(size);
    },
    write(writer, value) {
      if (value.length > maxSize) {
        throw new TeaError('badInput', `This ${what} is too long for a TPM`, {
          expected: `at most ${maxSize} bytes`,
          actual: `${value.length} bytes`,
        });
      }
      writer.uint16(value.length);
      writer.bytes(value);
    },
  };
}

/** TPM2B_… around a structure: a 16-bit size and exactly one such structure in it. */
export function sized<T>(what: string, type: TpmType<T>): TpmType<T> {
  return {
    isTpm2b: true,
    read(reader) {
      const inner = new TpmReader(reader.bytes(reader.uint16()), what);
      const value = type.read(inner);
      inner.end();
      return value;
    },
    write(writer, value) {
      const bytes = encodeTpm(type, value);
      writer.uint16(bytes.length);
      writer.bytes(bytes);
    },
  };
}

/** An array whose size the specification fixes, such as the digest of a TPMT_HA. */
export function fixed(what: string, size: number): TpmType<Uint8Array> {
  return {
    read: (reader) => reader.bytes(size),
    write(writer, value) {
      if (value.length !== size) throw new TeaError('badInput', `This is no ${what}`, { expected: `${size} bytes`, actual: `${value.length} bytes` });
      writer.bytes(value);
    },
  };
}

/** What is left, undecoded: for a last field whose bytes must stay as the TPM made them. */
export const REST: TpmType<Uint8Array> = { read: (reader) => reader.bytes(reader.remaining), write: (writer, value) => writer.bytes(value) };

/** TPML_…: a 32-bit count, at most `maxCount`, and that many elements. */
export function list<T>(what: string, element: TpmType<T>, maxCount: number): TpmType<readonly T[]> {
  return {
    read(reader) {
      const count = reader.uint32();
      if (count > maxCount) throw reader.refuse(`${what} of at most ${maxCount} elements`, `${count} elements`);
      return Array.from({ length: count }, () => element.read(reader));
    },
    write(writer, values) {
      if (values.length > maxCount) {
        throw new TeaError('badInput', `This ${what} is too long for a TPM`, {
          expected: `at most ${maxCount} elements`,
          actual: `${values.length} elements`,
        });
      }
      writer.uint32(values.length);
      for (const value of values) element.write(writer, value);
    },
  };
}
