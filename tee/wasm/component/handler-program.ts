import { checkImports } from '../check-imports.ts';
import { GAS } from '../gas-schedule.ts';
import { GuestEnd } from '../guest-end.ts';
import type { GuestCall } from '../guest-job.ts';
import type { Program } from '../program.ts';
import { WasiError } from '../wasi/errno.ts';
import type { World } from '../wasi/world.ts';
import { type Handler, HOST_FUNCTIONS, HOST_INSTANCE, type HostFunction } from './read-handler.ts';

const UTF8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/**
 * A call of a handler's `handle` by the canonical ABI (CanonicalABI.md, "lifting" and "lowering"), for exactly this world. Strings and lists are
 * copied in and out of the guest's memory and charged by size. The answer is stdout, an error's text is stdout with exit code 1, logs are stderr.
 */
export function handlerProgram({ module, imports, exports: names }: Handler, call: GuestCall): Program {
  const entries = [
    { name: names.handle, type: 'iiii:i' },
    { name: names.realloc, type: 'iiii:i' },
    ...(names.postReturn === null ? [] : [{ name: names.postReturn, type: 'i:' }]),
    ...(names.initialize === null ? [] : [{ name: names.initialize, type: ':' }]),
  ];
  const hostFunction = (from: string, name: string): HostFunction | undefined => imports.get(`${from}\0${name}`);
  let exports: WebAssembly.Exports = {};
  let mayLeave = false;
  const callGuest = (name: string, ...params: number[]): number => {
    const entry = exports[name];
    return typeof entry === 'function' ? Number((entry as (...params: number[]) => unknown)(...params) ?? 0) : 0;
  };
  /** The guest's own allocator makes room; nothing that it does meanwhile may call out. */
  const copyIn = (world: World, bytes: Uint8Array): readonly [pointer: number, length: number] => {
    world.charge(GAS.hostCall + (bytes.length >>> GAS.hostBytesShift));
    const before = mayLeave;
    mayLeave = false;
    const pointer = callGuest(names.realloc, 0, 0, 1, bytes.length) >>> 0;
    mayLeave = before;
    inMemory(() => world.memory.bytes(pointer, bytes.length)).set(bytes);
    return [pointer, bytes.length];
  };

  return {
    module,
    check: (layout) =>
      checkImports(layout, {
        typeOf(from, name) {
          const found = hostFunction(from, name);
          return found === undefined ? null : HOST_FUNCTIONS[found];
        },
        described: HOST_INSTANCE,
        entries,
      }),
    imports(world) {
      mayLeave = false;
      const leaving = (): void => {
        if (!mayLeave) trap('The program called the host where a component may not');
        world.charge(GAS.hostCall);
      };
      const host: Readonly<Record<HostFunction, (...params: number[]) => unknown>> = {
        log(pointer = 0, length = 0) {
          leaving();
          world.charge((length >>> 0) >>> GAS.hostBytesShift);
          const line = textOf(inMemory(() => world.memory.bytes(pointer, length)));
          world.stderr.write(world.stderr.size, new TextEncoder().encode(`${line}\n`));
        },
        'gas-left'() {
          leaving();
          return world.gasLeft();
        },
        caller(result = 0) {
          leaving();
          const [pointer, length] = copyIn(world, call.caller);
          if (result % 4 !== 0) trap('The program asks for a result at an address that is not aligned');
          inMemory(() => {
            world.memory.setU32(result, pointer);
            world.memory.setU32(result + 4, length);
          });
        },
      };
      const linked: Record<string, Record<string, (...params: number[]) => unknown>> = {};
      for (const [key, name] of imports) {
        const [from = '', as = ''] = key.split('\0');
        (linked[from] ??= {})[as] = host[name];
      }
      return linked;
    },
    run(instance, world) {
      exports = instance;
      if (names.initialize !== null) callGuest(names.initialize);
      const name = copyIn(world, new TextEncoder().encode(call.function));
      const input = copyIn(world, call.input);
      mayLeave = true;
      const result = callGuest(names.handle, ...name, ...input) >>> 0;
      mayLeave = false;
      if (result % 4 !== 0) trap('The program returns its answer at an address that is not aligned');
      const failed = inMemory(() => world.memory.bytes(result, 1))[0];
      if (failed !== 0 && failed !== 1) trap('The program returns neither an answer nor an error');
      const answer = inMemory(() => world.memory.bytes(world.memory.u32(result + 4), world.memory.u32(result + 8)));
      world.charge(answer.length >>> GAS.hostBytesShift);
      if (failed === 1) textOf(answer);
      world.budget.take(answer.length);
      const kept = answer.slice();
      if (names.postReturn !== null) callGuest(names.postReturn, result);
      world.budget.giveBack(kept.length);
      world.stdout.write(0, kept);
      if (failed === 1) throw new GuestEnd('ok', 'The function answered with an error', 1);
    },
  };
}

function trap(explanation: string): never {
  throw new GuestEnd('trap', explanation);
}

/** The ABI traps where WASI answers EFAULT. */
function inMemory<T>(access: () => T): T {
  try {
    return access();
  } catch (error) {
    if (error instanceof WasiError) return trap('The program names bytes outside of its memory');
    throw error;
  }
}

function textOf(bytes: Uint8Array): string {
  try {
    return UTF8.decode(bytes);
  } catch {
    return trap('The program hands over a text that is not UTF-8');
  }
}
