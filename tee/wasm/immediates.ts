import type { ByteReader } from './byte-reader.ts';
import { valueType, type ModuleLayout } from './module-layout.ts';
import type { Immediate } from './opcodes.ts';
import { refuse } from './refusal.ts';

const CALL = 0x10;
const RETURN_CALL = 0x12;

/** Passes over what follows an opcode, except where its value matters: blocks, branches, calls and typed select. */
export function skipImmediate(reader: ByteReader, immediate: Immediate, op: number): void {
  switch (immediate) {
    case 'none':
      break;
    case 'local':
    case 'global':
    case 'table':
    case 'func':
    case 'i32':
    case 'i64':
    case 'data':
    case 'element':
    case 'memoryIndex':
      if (op !== CALL && op !== RETURN_CALL) reader.skipInteger();
      break;
    case 'mem':
    case 'memLane':
      if ((reader.bytes[reader.pos] ?? 0) & 0x40) refuse('The module uses multi-memory, which guests may not');
      reader.skipInteger();
      reader.skipInteger();
      if (immediate === 'memLane') reader.skip(1);
      break;
    case 'lane':
    case 'refType':
      reader.skip(1);
      break;
    case 'f32':
      reader.skip(4);
      break;
    case 'f64':
      reader.skip(8);
      break;
    case 'v128':
      reader.skip(16);
      break;
    case 'dataMemory':
    case 'twoMemories':
    case 'elementTable':
    case 'twoTables':
      reader.skipInteger();
      reader.skipInteger();
      break;
    default:
      break; // structured control, branches, calls and typed select, which the caller reads itself
  }
}

/** Operand counts of a block (5.4.1): nothing, one value, or a function type. */
export function readBlockType(reader: ByteReader, layout: ModuleLayout): { params: number; results: number } {
  const next = reader.bytes[reader.pos] ?? 0;
  if (next === 0x40) {
    reader.skip(1);
    return { params: 0, results: 0 };
  }
  if (next >= 0x60 && next < 0x80) {
    reader.skip(1);
    valueType(next);
    return { params: 0, results: 1 };
  }
  const index = reader.u32(); // a positive s33: for indexes below 2^32 the bytes read the same
  const type = layout.types[index] ?? refuse('A block has no type');
  return { params: type.params.length, results: type.results.length };
}
