import { GAS } from './gas-schedule.ts';
import { GuestEnd } from './guest-end.ts';
import { WasiError } from './wasi/errno.ts';
import type { World } from './wasi/world.ts';

/**
 * AssemblyScript's `env.abort(message, file, line, column)`: a trap. The message goes to stderr, where the consumer alone reads it, and not
 * into the explanation, which others see too and which must not carry the guest's data.
 */
export function assemblyScriptAbort(world: World): (message: number, file: number, line: number, column: number) => never {
  return (message, file, line, column) => {
    world.charge(GAS.hostCall);
    const text = `abort: ${readString(world, message)} in ${readString(world, file)} (${line >>> 0}:${column >>> 0})\n`;
    world.stderr.write(world.stderr.size, new TextEncoder().encode(text));
    throw new GuestEnd('trap', 'The program called abort; its message is in its stderr');
  };
}

/** An AssemblyScript string: UTF-16 at the pointer, its length in bytes 4 bytes before. */
function readString(world: World, pointer: number): string {
  if (pointer === 0) return '';
  try {
    const length = world.memory.u32((pointer >>> 0) - 4);
    const bytes = world.memory.bytes(pointer, Math.min(length, 2048));
    return new TextDecoder('utf-16le').decode(bytes);
  } catch (error) {
    if (error instanceof WasiError) return '?';
    throw error;
  }
}
