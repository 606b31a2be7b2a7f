import { TeaError } from '@tea/protocol';
import { binaryen } from './tools.ts';

const MAGIC = Buffer.from([0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00]);
const LEAST_ENGINE_BYTES = 500_000;
type Section = { readonly name: string | null; readonly bytes: Uint8Array };

/**
 * The componentizer's QuickJS, as it has it inside, with three things changed: its hash seed and its clocks are constant. They are asked for once, when
 * the script is evaluated and the memory is kept, so without this no two builds were alike.
 */
export async function steadyEngine(binding: Uint8Array): Promise<Buffer> {
  const engine = smallestEngine(Buffer.from(binding));
  const text = new TextDecoder().decode(await binaryen('wasm-dis', ['engine.wasm'], { 'engine.wasm': engine }, 'engine.wat'));
  let steady = text;
  for (const [module, name, instead] of [
    ['wasi:random/insecure-seed', 'insecure-seed', 'drop'],
    ['wasi:clocks/wall-clock', 'now', 'drop'],
    ['wasi:clocks/monotonic-clock', 'now', 'i64.const 0'],
  ] as const) {
    const imported = new RegExp(`\\(import "${module}@[^"]*" "${name}" \\(func (\\$\\S+)`).exec(text)?.[1];
    const call = `(call ${imported ?? ''}`;
    const calls = [...steady.matchAll(new RegExp(`${RegExp.escape(call)}(?=[\\s)])`, 'g'))];
    const [only] = calls;
    if (imported === undefined || only === undefined || calls.length > 1) throw unknown(`one call of ${module}.${name}`, `${calls.length}`);
    steady = `${steady.slice(0, only.index)}(${instead}${steady.slice(only.index + call.length)}`;
  }
  const assembled = await binaryen('wasm-as', ['steady.wat'], { 'steady.wat': steady }, 'steady.wasm');
  // Binaryen leaves out what says which worlds it is for.
  const own = sectionsOf(engine);
  const first = own.filter(({ name }) => name === 'dylink.0');
  const last = own.filter(({ name }) => name !== null && name !== 'dylink.0');
  const code = sectionsOf(Buffer.from(assembled)).filter(({ name }) => name === null);
  return Buffer.concat([MAGIC, ...[...first, ...code, ...last].map(({ bytes }) => bytes)]);
}

/** It has four: with and without asynchronous calls, each fast and small. The small one without is the smallest. */
function smallestEngine(binding: Buffer): Buffer {
  const found: Buffer[] = [];
  for (let at = binding.indexOf(MAGIC); at >= 0; at = binding.indexOf(MAGIC, at + 1)) {
    const sections = sectionsOf(binding.subarray(at));
    if (sections[0]?.name !== 'dylink.0') continue;
    const length = MAGIC.length + sections.reduce((sum, { bytes }) => sum + bytes.length, 0);
    if (length > LEAST_ENGINE_BYTES) found.push(binding.subarray(at, at + length));
  }
  const [smallest] = found.toSorted((a, b) => a.length - b.length);
  if (smallest === undefined || found.length !== 4) throw unknown('four builds of QuickJS', String(found.length));
  return smallest;
}

/** Sections up to where none can be any more. */
export function sectionsOf(module: Uint8Array): Section[] {
  const sections: Section[] = [];
  let at = MAGIC.length;
  const leb = (): number => {
    let value = 0;
    for (let shift = 0; ; shift += 7) {
      const byte = module[at++] ?? 0;
      value += (byte & 0x7f) * 2 ** shift;
      if (byte < 0x80) return value;
    }
  };
  while (at < module.length) {
    const start = at;
    const id = module[at++] ?? 255;
    const end = id > 13 ? Infinity : leb() + at;
    if (end > module.length || end === at) break;
    const nameLength = id === 0 ? leb() : 0;
    const name = id === 0 ? new TextDecoder().decode(module.subarray(at, at + nameLength)) : null;
    at = end;
    sections.push({ name, bytes: module.subarray(start, end) });
  }
  return sections;
}

export function unknown(expected: string, actual: string): TeaError {
  return new TeaError('internal', 'This componentizer makes something else than the one that this was written for', { expected, actual });
}
