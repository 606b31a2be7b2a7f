import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { WasiName } from './abi.ts';
import { ERRNO } from './errno.ts';
import { collectFiles } from './memory-files.ts';
import { wasiImports } from './preview1.ts';
import { createWorld, type World } from './world.ts';
import { GuestEnd } from '../guest-end.ts';
import { inside, job } from '../testing/guests.ts';

const DATA = 3;
const OUT = 4;
const READ_WRITE = (1n << 1n) | (1n << 6n);
const CREATE = 1;

/** Calls WASI as a guest would: strings and results live in a real memory. */
function guest(outputBytes = 10_000): {
  world: World;
  memory: WebAssembly.Memory;
  call: (name: WasiName, ...params: (number | bigint)[]) => number;
  path: (text: string) => [number, number];
} {
  const world = createWorld(inside(job(new Uint8Array(0), { data: [new TextEncoder().encode('secret input')], limits: { outputBytes } })));
  const memory = new WebAssembly.Memory({ initial: 1 });
  world.memory.attach(memory);
  const imports = wasiImports(world) as Record<WasiName, (...params: (number | bigint)[]) => number>;
  return {
    world,
    memory,
    call: (name, ...params) => imports[name](...params),
    path: (text) => {
      const bytes = new TextEncoder().encode(text);
      new Uint8Array(memory.buffer).set(bytes, 1024);
      return [1024, bytes.length];
    },
  };
}

type Guest = ReturnType<typeof guest>;
const open = ({ call, path }: Guest, fd: number, name: string, flags = 0, rights = READ_WRITE): number =>
  call('path_open', fd, 0, ...path(name), flags, rights, 0n, 0, 64);
const openedFd = ({ memory }: Guest): number => new DataView(memory.buffer).getUint32(64, true);
const write = ({ call, memory }: Guest, fd: number, length: number, pointer = 2048): number => {
  const view = new DataView(memory.buffer);
  view.setUint32(0, pointer, true);
  view.setUint32(4, length, true);
  return call('fd_write', fd, 0, 1, 8);
};

for (const [claim, fd, name, flags, rights, errno] of [
  ['a path that climbs out', OUT, '../data/0', 0, READ_WRITE, 'notcapable'],
  ['a path that climbs out and comes back', OUT, 'a/../../out/x', CREATE, READ_WRITE, 'noent'],
  ['an absolute path', DATA, '/etc/passwd', 0, 2n, 'notcapable'],
  ['writing to an input', DATA, '0', 0, READ_WRITE, 'rofs'],
  ['truncating an input', DATA, '0', 8, 2n, 'rofs'],
  ['a new file among the inputs', DATA, 'new', CREATE, READ_WRITE, 'rofs'],
  ['an input that is not there', DATA, '1', 0, 2n, 'noent'],
  ['a name without end', OUT, 'a'.repeat(256), CREATE, READ_WRITE, 'nametoolong'],
  ['a file used as a directory', DATA, '0/x', 0, 2n, 'notdir'],
  ['a descriptor that is no directory', 1, 'x', CREATE, READ_WRITE, 'notdir'],
  ['a descriptor that is not open', 77, 'x', CREATE, READ_WRITE, 'badf'],
] as const) {
  test(`path_open refuses ${claim}`, () => {
    assert.equal(open(guest(), fd, name, flags, rights), ERRNO[errno]);
  });
}

test('offers no network, no signals, and says so instead of failing to link', () => {
  const { call } = guest();
  assert.equal(call('sock_accept', 3, 0, 0), ERRNO.notsock);
  assert.equal(call('sock_send', 3, 0, 0, 0, 0), ERRNO.notsock);
  assert.equal(call('sock_shutdown', 99, 0), ERRNO.badf);
  assert.equal(call('proc_raise', 9), ERRNO.nosys);
});

test('answers pointers outside memory with EFAULT, whatever the call', () => {
  const outside = [-1, -4, 65_536, 65_533];
  for (const pointer of outside) {
    const { call } = guest();
    assert.equal(call('fd_write', 1, pointer, 1, 8), ERRNO.fault);
    assert.equal(call('random_get', pointer, 8), ERRNO.fault);
    assert.equal(call('clock_time_get', 0, 0n, pointer), ERRNO.fault);
    assert.equal(call('fd_filestat_get', 3, pointer), ERRNO.fault);
    assert.equal(call('path_open', OUT, 0, pointer, 8, 0, 0n, 0n, 0, 64), ERRNO.fault);
  }
  const { call, memory } = guest();
  new DataView(memory.buffer).setUint32(0, 65_530, true);
  new DataView(memory.buffer).setUint32(4, 100, true);
  assert.equal(call('fd_write', 1, 0, 1, 8), ERRNO.fault);
});

test('counts stdout, stderr, files and their names against one budget', () => {
  const small = guest(1000);
  assert.equal(write(small, 1, 400), 0);
  assert.equal(write(small, 2, 400), 0);
  assert.equal(open(small, OUT, 'x', CREATE), 0);
  assert.throws(
    () => write(small, openedFd(small), 200),
    (error) => error instanceof GuestEnd && error.outcome === 'outputTooLarge',
  );
  const sparse = guest(1000);
  open(sparse, OUT, 'x', CREATE);
  assert.throws(() => sparse.call('fd_filestat_set_size', openedFd(sparse), 1n << 40n), GuestEnd);
  assert.throws(() => sparse.call('fd_pwrite', openedFd(sparse), 0, 1, 1n << 40n, 8) || write(sparse, openedFd(sparse), 5000), GuestEnd);
});

test('lets nobody move a directory into itself or nest without end', () => {
  const tree = guest(1_000_000);
  const { call, path, memory } = tree;
  const rename = (from: string, to: string): number => {
    const [, fromLength] = path(from);
    new Uint8Array(memory.buffer).copyWithin(512, 1024, 1024 + fromLength);
    return call('path_rename', OUT, 512, fromLength, OUT, ...path(to));
  };
  assert.equal(call('path_create_directory', OUT, ...path('a')), 0);
  assert.equal(call('path_create_directory', OUT, ...path('a/b')), 0);
  assert.equal(rename('a', 'a/b/c'), ERRNO.inval);
  assert.equal(rename('a', 'a/b'), ERRNO.inval);
  assert.equal(rename('a', 'a'), 0);
  let deep = 'a/b';
  let errno = 0;
  for (let depth = 0; depth < 100 && errno === 0; depth++) {
    deep += '/d';
    errno = call('path_create_directory', OUT, ...path(deep));
  }
  assert.equal(errno, ERRNO.nametoolong);
  // The tree that is as deep as it may be goes nowhere deeper, and is still whole where it was.
  assert.equal(call('path_create_directory', OUT, ...path('x')), 0);
  assert.equal(rename('a', 'x/a'), ERRNO.nametoolong);
  assert.equal(call('path_filestat_get', OUT, 0, ...path(deep.slice(0, -2)), 128), 0);
  assert.equal(rename('a/b/d', 'x/d'), 0);
  assert.equal(call('path_filestat_get', OUT, 0, ...path(deep.slice(0, -2).replace('a/b', 'x')), 128), 0);
});

test('a time that the guest set stays, and nobody sets one on an input', () => {
  const one = guest();
  const { call, memory, path } = one;
  const view = new DataView(memory.buffer);
  const times = (fd: number): bigint[] => {
    assert.equal(call('fd_filestat_get', fd, 128), 0);
    return [168, 176].map((at) => view.getBigUint64(at, true));
  };
  assert.equal(open(one, OUT, 'x', CREATE), 0);
  const fd = openedFd(one);
  assert.deepEqual(times(fd), [1_700_000_000_000_000_000n, 1_700_000_000_000_000_000n]);
  assert.equal(call('fd_filestat_set_times', fd, 0n, 5n, 4), 0);
  assert.deepEqual(times(fd), [1_700_000_000_000_000_000n, 5n]);
  assert.equal(call('path_filestat_set_times', OUT, 0, ...path('x'), 7n, 0n, 1 | 8), 0);
  assert.deepEqual(times(fd), [7n, 1_700_000_000_000_000_000n]);
  assert.equal(call('path_filestat_set_times', DATA, 0, ...path('0'), 7n, 7n, 5), ERRNO.rofs);
  assert.equal(call('path_filestat_set_times', OUT, 0, ...path('x'), 7n, 7n, 3), ERRNO.inval);
});

test('shows the job’s clock, which moves only by sleeping, and the seed’s randomness', () => {
  const { call, memory } = guest();
  const view = new DataView(memory.buffer);
  const now = (): bigint => {
    assert.equal(call('clock_time_get', 0, 0n, 128), 0);
    return view.getBigUint64(128, true);
  };
  assert.equal(now(), 1_700_000_000_000_000_000n);
  assert.equal(now(), 1_700_000_000_000_000_000n);
  view.setBigUint64(256 + 24, 5_000_000n, true); // one relative clock subscription
  assert.equal(call('poll_oneoff', 256, 512, 1, 128), 0);
  assert.equal(view.getUint32(128, true), 1);
  assert.equal(now(), 1_700_000_000_005_000_000n);
  const random = (): string => {
    const fresh = guest();
    assert.equal(fresh.call('random_get', 0, 32), 0);
    return new Uint8Array(fresh.memory.buffer, 0, 32).toHex();
  };
  assert.equal(random(), random());
});

test('files keep what was written, wherever and in whatever order', () => {
  fc.assert(
    fc.property(
      fc.array(fc.record({ at: fc.nat(500), length: fc.integer({ min: 1, max: 60 }), byte: fc.integer({ min: 1, max: 255 }) }), { maxLength: 20 }),
      (writes) => {
        const one = guest();
        assert.equal(open(one, OUT, 'file', CREATE), 0);
        const fd = openedFd(one);
        const expected = new Uint8Array(1000);
        let size = 0;
        for (const { at, length, byte } of writes) {
          new Uint8Array(one.memory.buffer).fill(byte, 2048, 2048 + length);
          const view = new DataView(one.memory.buffer);
          view.setUint32(0, 2048, true);
          view.setUint32(4, length, true);
          assert.equal(one.call('fd_pwrite', fd, 0, 1, BigInt(at), 8), 0);
          expected.fill(byte, at, at + length);
          size = Math.max(size, at + length);
        }
        assert.deepEqual(collectFiles(one.world.out), [['file', expected.subarray(0, size)]]);
      },
    ),
  );
});
