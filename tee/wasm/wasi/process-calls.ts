import { GuestEnd } from '../guest-end.ts';
import { GAS } from '../gas-schedule.ts';
import type { WasiCalls } from './abi.ts';
import { fail } from './errno.ts';
import type { World } from './world.ts';

/** Arguments, environment, clocks, randomness, waiting and exit. */
export function processCalls(world: World): WasiCalls {
  const { memory } = world;
  const list = (strings: readonly Uint8Array[], pointers: number, buffer: number): void => {
    let at = buffer >>> 0;
    for (const [index, text] of strings.entries()) {
      memory.setU32((pointers >>> 0) + index * 4, at);
      memory.bytes(at, text.length).set(text);
      at += text.length;
    }
  };
  const sizes = (strings: readonly Uint8Array[], countPointer: number, sizePointer: number): void => {
    memory.setU32(countPointer, strings.length);
    memory.setU32(
      sizePointer,
      strings.reduce((sum, text) => sum + text.length, 0),
    );
  };
  const knownClock = (clock: number): void => {
    if (clock >>> 0 > 3) fail('inval');
  };

  const notSocket = (fd: number): void => {
    world.descriptors.get(fd);
    fail('notsock');
  };

  return {
    args_get: (pointers, buffer) => list(world.args, pointers, buffer),
    args_sizes_get: (count, size) => sizes(world.args, count, size),
    environ_get: (pointers, buffer) => list(world.environ, pointers, buffer),
    environ_sizes_get: (count, size) => sizes(world.environ, count, size),
    clock_res_get: (clock, result) => {
      knownClock(clock);
      memory.setU64(result, 1_000_000n);
    },
    clock_time_get: (clock, _precision, result) => {
      knownClock(clock);
      memory.setU64(result, world.clockNs);
    },
    random_get: (pointer, length) => {
      const target = memory.bytes(pointer, length);
      world.charge(target.length >>> GAS.hostBytesShift);
      target.set(world.random(target.length));
    },
    sched_yield: () => {},
    proc_exit: (code) => {
      const exitCode = code >>> 0;
      throw new GuestEnd('ok', exitCode === 0 ? 'The program ended normally' : `The program ended with exit code ${exitCode}`, exitCode);
    },
    // There are no sockets, so whatever is open is none.
    sock_accept: notSocket,
    sock_recv: notSocket,
    sock_send: notSocket,
    sock_shutdown: notSocket,
    poll_oneoff: (input, output, count, resultPointer) => {
      memory.setU32(resultPointer, pollOnce(world, input, output, count));
    },
  };
}

const SUBSCRIPTION_BYTES = 48;
const EVENT_BYTES = 32;
const FOREVER = (1n << 64n) - 1n;

/** Streams and files are always ready; if only clocks are waited for, the nearest is reached at once and the guest's clock moves there. */
function pollOnce(world: World, input: number, output: number, count: number): number {
  const { memory } = world;
  const total = count >>> 0;
  if (total === 0 || total > 1024) fail('inval');
  const subscriptions = Array.from({ length: total }, (_, index) => {
    const at = (input >>> 0) + index * SUBSCRIPTION_BYTES;
    const tag = memory.bytes(at + 8, 1)[0] ?? 0;
    if (tag > 2) fail('inval');
    const absolute = tag === 0 && (memory.bytes(at + 40, 1)[0] ?? 0) % 2 === 1;
    const timeout = tag === 0 ? memory.u64(at + 24) : 0n;
    return { userData: memory.u64(at), tag, due: tag !== 0 ? 0n : absolute ? timeout : world.clockNs + timeout };
  });
  const anyStream = subscriptions.some(({ tag }) => tag !== 0);
  const nearest = subscriptions.reduce((least, { tag, due }) => (tag === 0 && due < least ? due : least), FOREVER);
  if (!anyStream && nearest > world.clockNs) world.clockNs = nearest;
  const ready = subscriptions.filter(({ tag, due }) => tag !== 0 || due <= world.clockNs);
  for (const [index, { userData, tag }] of ready.entries()) {
    const at = (output >>> 0) + index * EVENT_BYTES;
    memory.bytes(at, EVENT_BYTES).fill(0);
    memory.setU64(at, userData);
    memory.setU8(at + 10, tag);
    if (tag !== 0) memory.setU64(at + 16, 1n);
  }
  return ready.length;
}
