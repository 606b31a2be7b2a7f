import initWabt from 'wabt';

/** Compiles WebAssembly text. */
export async function wasmOf(text: string): Promise<Uint8Array> {
  const wabt = await initWabt();
  const module = wabt.parseWat('test.wat', text);
  return module.toBinary({}).buffer;
}

/**
 * The least that this chain starts: a runtime without rules, one authority and a slot of 2^40 ms, so that it never makes a block.
 * `Spin` doesn't end.
 */
export function tinyRuntime(authority: Uint8Array): Promise<Uint8Array> {
  const answers: [string, readonly number[]][] = [
    // names "t" and "t", versions 1, no APIs, transaction version 1, system version 1
    ['Core_version', [4, 0x74, 4, 0x74, ...u32(1), ...u32(1), ...u32(1), 0, ...u32(1), 1]],
    ['GenesisBuilder_get_preset', [1, 8, 0x7b, 0x7d]],
    ['GenesisBuilder_build_state', [0]],
    ['AuraApi_slot_duration', [0, 0, 0, 0, 0, 1, 0, 0]],
    ['AuraApi_authorities', [4, ...authority]],
  ];
  let address = 16;
  const parts = answers.map(([name, bytes]) => {
    const at = address;
    address += bytes.length;
    const escaped = bytes.map((byte) => `\\${byte.toString(16).padStart(2, '0')}`).join('');
    return `(data (i32.const ${at}) "${escaped}")
      (func (export "${name}") (param i32 i32) (result i64) (i64.const ${(BigInt(bytes.length) << 32n) | BigInt(at)}))`;
  });
  return wasmOf(`(module
    (import "env" "memory" (memory 1))
    (global (export "__heap_base") i32 (i32.const 1024))
    ${parts.join('\n')}
    (func (export "Spin") (param i32 i32) (result i64) (loop (br 0)) (i64.const 0)))`);
}

function u32(value: number): number[] {
  return [value, 0, 0, 0];
}
