import { ByteReader } from './byte-reader.ts';
import { ByteWriter } from './byte-writer.ts';
import type { MeterMode } from './function-plan.ts';
import { planFunction } from './plan-function.ts';
import { BOUNDS, GAS } from './gas-schedule.ts';
import { writeMeteredFunction, type MeterGlobals } from './meter-function.ts';
import { readLayout, SECTION, valueTypeByte, type ModuleLayout } from './module-layout.ts';
import { Refusal, refuse } from './refusal.ts';

export type Instrumented = {
  readonly ok: true;
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly layout: ModuleLayout;
  /** Names under which the host finds what the meter added; chosen so that no export of the guest has them. */
  readonly exports: { readonly gas: string; readonly depth: string; readonly growthRefused: string; readonly start: string; readonly memory: string };
  /** To be charged before anything runs: compilation, first memory, tables. */
  readonly startGas: bigint;
};

export type InstrumentRefusal = {
  readonly ok: false;
  readonly outcome: 'refusedModule' | 'refusedImport' | 'outOfMemory';
  readonly explanation: string;
};

const PAGE = 65_536;

/**
 * Makes a metered and limited module of a stranger's one. The module must have passed WebAssembly.validate: the pass keeps valid what is
 * valid, but could make valid what is not.
 *
 * The memory's maximum becomes at most `memoryBytes`, tables can't grow, the start function becomes an export for the host to call once the
 * counter is set, custom sections go away. The result depends on the module, METER_VERSION, `memoryBytes` and `mode` only.
 */
export function instrument(module: Uint8Array, memoryBytes: number, mode: MeterMode = 'fast'): Instrumented | InstrumentRefusal {
  try {
    if (module.length > BOUNDS.moduleBytes) refuse(`The module is larger than ${BOUNDS.moduleBytes} bytes`);
    return rewrite(readLayout(module), Math.min(Math.floor(memoryBytes / PAGE), 65_536), mode);
  } catch (error) {
    if (error instanceof Refusal) return { ok: false, outcome: error.outcome, explanation: error.message };
    throw error;
  }
}

function rewrite(layout: ModuleLayout, maxPages: number, mode: MeterMode): Instrumented {
  if (layout.bodies.length !== layout.functionTypes.length - layout.imports.length) refuse('The module has fewer bodies than functions');
  const { memory } = layout;
  if (memory !== null && memory.min > maxPages) {
    throw new Refusal('outOfMemory', `The program starts with ${memory.min * PAGE} bytes of memory and may have ${maxPages * PAGE}`);
  }
  const tableElements = layout.tables.reduce((sum, table) => sum + table.limits.min, 0);
  if (tableElements > BOUNDS.tableElements) refuse(`The module's tables have more than ${BOUNDS.tableElements} elements`);

  const globals: MeterGlobals = { gas: layout.globalCount, depth: layout.globalCount + 1, growthRefused: layout.globalCount + 2 };
  const unused = (name: string): string => (layout.exports.has(name) ? unused(`${name}'`) : name);
  const names = {
    gas: unused('tea:gas'),
    depth: unused('tea:depth'),
    growthRefused: unused('tea:growth-refused'),
    start: unused('tea:start'),
    memory: unused('tea:memory'),
  };

  const out = new ByteWriter(layout.bytes.length * 2);
  out.put(0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00);
  const { types, blockTypes } = withBlockTypes(layout);
  out.section(SECTION.type, types);
  copySection(out, layout, SECTION.import);
  copySection(out, layout, SECTION.function);
  if (layout.tables.length > 0) {
    out.section(
      SECTION.table,
      vector(layout.tables, (content, { refType, limits }) => {
        content.put(refType, 1);
        content.u32(limits.min);
        content.u32(limits.min);
      }),
    );
  }
  if (memory !== null) {
    out.section(
      SECTION.memory,
      vector([memory], (content, { min, max }) => {
        content.byte(1);
        content.u32(min);
        content.u32(Math.min(max ?? maxPages, maxPages));
      }),
    );
  }
  out.section(
    SECTION.global,
    extended(layout, SECTION.global, 3, (content) => {
      content.put(0x7e, 1, 0x42, 0, 0x0b); // gas: mutable i64
      content.put(0x7f, 1, 0x41, 0, 0x0b); // depth: mutable i32
      content.put(0x7f, 1, 0x41, 0, 0x0b); // growthRefused: mutable i32
    }),
  );
  const added: (readonly [string, number, number])[] = [
    [names.gas, 3, globals.gas],
    [names.depth, 3, globals.depth],
    [names.growthRefused, 3, globals.growthRefused],
  ];
  if (memory !== null) added.push([names.memory, 2, 0]);
  if (layout.start !== null) added.push([names.start, 0, layout.start]);
  out.section(
    SECTION.export,
    extended(layout, SECTION.export, added.length, (content) => {
      for (const [name, kind, index] of added) {
        content.name(name);
        content.byte(kind);
        content.u32(index);
      }
    }),
  );
  copySection(out, layout, SECTION.element);
  copySection(out, layout, SECTION.dataCount);
  if (layout.bodies.length > 0) {
    const body = new ByteWriter(65_536);
    out.section(
      SECTION.code,
      vector(layout.bodies, (content, _, index) => {
        const plan = planFunction(layout, index, mode);
        body.clear();
        writeMeteredFunction(body, layout, plan, blockTypes[layout.functionTypes[layout.imports.length + index] ?? 0] ?? [0x40], globals, mode);
        content.u32(body.length);
        content.append(body);
      }),
    );
  }
  copySection(out, layout, SECTION.data);

  const startGas = layout.bytes.length * GAS.moduleByte + (memory?.min ?? 0) * GAS.memoryPage + tableElements * GAS.tableElement;
  return { ok: true, bytes: out.view(), layout, exports: names, startGas: BigInt(startGas) };
}

/**
 * The body of a function that returns early is wrapped in a block with the function's results. For several results that takes a type of its
 * own without parameters, added after the guest's types.
 */
function withBlockTypes(layout: ModuleLayout): { types: ByteWriter; blockTypes: readonly (readonly number[])[] } {
  const added: string[] = [];
  const known = new Map<string, readonly number[]>();
  const blockTypes = layout.types.map(({ results }): readonly number[] => {
    if (results.length === 0) return [0x40];
    if (results.length === 1) return [valueTypeByte(results)];
    const encoded = known.get(results) ?? signedIndex(layout.types.length + added.push(results) - 1);
    known.set(results, encoded);
    return encoded;
  });
  const types = extended(layout, SECTION.type, added.length, (content) => {
    for (const results of added) {
      content.put(0x60, 0);
      content.u32(results.length);
      for (const letter of results) content.byte(valueTypeByte(letter));
    }
  });
  return { types, blockTypes };
}

function signedIndex(index: number): readonly number[] {
  const writer = new ByteWriter(8);
  writer.s64(index);
  return [...writer.view()];
}

/** A section's content with `extra` more items, which `write` appends. */
function extended(layout: ModuleLayout, id: number, extra: number, write: (content: ByteWriter) => void): ByteWriter {
  const span = layout.sections.get(id);
  const content = new ByteWriter(span === undefined ? 256 : span.end - span.start + 256);
  if (span === undefined) {
    content.u32(extra);
  } else {
    const reader = new ByteReader(layout.bytes, span.start, span.end);
    content.u32(reader.u32() + extra);
    content.copy(layout.bytes, reader.pos, span.end);
  }
  write(content);
  return content;
}

function vector<T>(items: readonly T[], write: (content: ByteWriter, item: T, index: number) => void): ByteWriter {
  const content = new ByteWriter(65_536);
  content.u32(items.length);
  for (const [index, item] of items.entries()) write(content, item, index);
  return content;
}

function copySection(out: ByteWriter, layout: ModuleLayout, id: number): void {
  const span = layout.sections.get(id);
  if (span === undefined) return;
  out.byte(id);
  out.u32(span.end - span.start);
  out.copy(layout.bytes, span.start, span.end);
}
