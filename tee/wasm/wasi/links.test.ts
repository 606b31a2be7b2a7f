import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { GuestEnd } from '../guest-end.ts';
import { inside, job } from '../testing/guests.ts';
import type { WasiName } from './abi.ts';
import { ERRNO } from './errno.ts';
import { collectFiles, Directory, SymbolicLink, WritableFile } from './memory-files.ts';
import { OutputBudget } from './output-budget.ts';
import { wasiImports } from './preview1.ts';
import { resolvePath } from './resolve-path.ts';
import { createWorld } from './world.ts';

const DATA = 3;
const OUT = 4;
const FOLLOW = 1;
const CREATE = 1;
const TRUNCATE = 8;
const READ_WRITE = (1n << 1n) | (1n << 6n);

function guest(outputBytes = 100_000) {
  const world = createWorld(inside(job(new Uint8Array(0), { data: [new TextEncoder().encode('secret input')], limits: { outputBytes } })));
  const memory = new WebAssembly.Memory({ initial: 2 });
  world.memory.attach(memory);
  let charged = 0;
  world.charge = (units) => void (charged += units);
  const imports = wasiImports(world) as Record<WasiName, (...params: (number | bigint)[]) => number>;
  const at = (pointer: number, text: string): [number, number] => {
    const bytes = new TextEncoder().encode(text);
    new Uint8Array(memory.buffer).set(bytes, pointer);
    return [pointer, bytes.length];
  };
  const view = new DataView(memory.buffer);
  return {
    world,
    gas: () => charged,
    call: (name: WasiName, ...params: (number | bigint)[]): number => imports[name](...params),
    symlink: (target: string, name: string, fd = OUT): number => imports.path_symlink(...at(1024, target), fd, ...at(8192, name)),
    hardLink: (from: string, to: string, fd = OUT): number => imports.path_link(fd, 0, ...at(1024, from), OUT, ...at(8192, to)),
    open: (path: string, flags = 0, lookup = FOLLOW, rights = READ_WRITE, fd = OUT): number =>
      imports.path_open(fd, lookup, ...at(1024, path), flags, rights, 0n, 0, 64),
    fd: () => view.getUint32(64, true),
    write: (fd: number, text: string): number => {
      const [pointer, length] = at(1024, text);
      view.setUint32(0, pointer, true);
      view.setUint32(4, length, true);
      return imports.fd_write(fd, 0, 1, 8);
    },
  };
}

test('a link leads nowhere that its directory is not: not up, not to the root, not by way of another link', () => {
  for (const target of ['/etc/passwd', '/', '']) assert.ok(guest().symlink(target, 'l') !== 0, target);
  for (const target of ['..', '../data/0', 'a/../../data/0', './..']) {
    const { symlink, open, call } = guest();
    call('path_create_directory', OUT, 0, 0);
    assert.equal(symlink(target, 'l'), 0);
    assert.ok(
      [ERRNO.notcapable, ERRNO.noent].some((errno) => errno === open('l')),
      target,
    );
    assert.ok(
      [ERRNO.notcapable, ERRNO.noent].some((errno) => errno === open('l/x', CREATE)),
      target,
    );
  }
  const { symlink, open } = guest();
  symlink('.', 'here');
  symlink('here/here/..', 'up');
  assert.equal(open('up/data'), ERRNO.notcapable);
});

test('links that go round end in ELOOP, and each one followed is paid for', () => {
  const { symlink, open, gas } = guest();
  symlink('b', 'a');
  symlink('a', 'b');
  symlink('self/x', 'self');
  const before = gas();
  assert.equal(open('a'), ERRNO.loop);
  assert.equal(open('self'), ERRNO.loop);
  assert.ok(gas() - before > 80 * 500, `${gas() - before} gas`);
  for (let index = 0; index < 41; index++) symlink(index === 40 ? '.' : `c${index + 1}`, `c${index}`);
  assert.equal(open('c0'), ERRNO.loop);
  assert.equal(open('c1'), 0);
});

test('a link is followed where the call says so, and is itself otherwise', () => {
  const { symlink, open, fd, write, world } = guest();
  assert.equal(open('file', CREATE), 0);
  symlink('file', 'link');
  assert.equal(open('link', 0, 0), ERRNO.loop);
  assert.equal(open('link'), 0);
  assert.equal(write(fd(), 'through the link'), 0);
  symlink('not/there', 'dangling');
  assert.equal(open('dangling', CREATE), ERRNO.noent);
  symlink('made', 'maker');
  assert.equal(open('maker', CREATE), 0);
  assert.equal(open('maker', CREATE | 4), ERRNO.exist);
  const files = new Map(collectFiles(world.out));
  assert.deepEqual([...files.keys()], ['file', 'made'], 'links do not leave the sandbox');
  assert.equal(new TextDecoder().decode(files.get('file')), 'through the link');
});

test('inputs take no links, neither in nor out', () => {
  const { symlink, hardLink } = guest();
  assert.equal(symlink('0', 'l', DATA), ERRNO.rofs);
  assert.equal(hardLink('0', 'mine', DATA), ERRNO.rofs);
});

test('a file of many names is charged for each: it leaves the sandbox once for each', () => {
  const { open, fd, write, hardLink, call, world } = guest(3_000);
  open('a', CREATE);
  write(fd(), 'x'.repeat(1_000));
  assert.equal(hardLink('a', 'b'), 0);
  assert.throws(() => hardLink('a', 'c'), GuestEnd);
  const grown = guest(3_000);
  grown.open('a', CREATE);
  const file = grown.fd();
  grown.write(file, 'x'.repeat(900));
  assert.equal(grown.hardLink('a', 'b'), 0);
  assert.throws(() => grown.write(file, 'y'.repeat(600)), GuestEnd);
  assert.equal(call('path_unlink_file', OUT, 1024, 0), ERRNO.noent);
  const total = collectFiles(world.out).reduce((sum, [, bytes]) => sum + bytes.length, 0);
  assert.equal(total, 2_000);
});

test('rights that were given up don’t come back, not even in what is opened through the directory later', () => {
  const { call, open, fd, write } = guest();
  const ALL = (1n << 30n) - 1n;
  open('a', CREATE);
  const file = fd();
  const noWriting = ALL & ~((1n << 6n) | (1n << 8n) | (1n << 22n));
  const seen = (): bigint => noWriting & ~(1n << 1n);
  assert.equal(call('fd_fdstat_set_rights', file, seen(), 0n), 0);
  assert.equal(write(file, 'no'), ERRNO.notcapable);
  assert.equal(call('fd_fdstat_set_rights', file, seen() | (1n << 6n), 0n), ERRNO.notcapable);
  assert.equal(call('fd_fdstat_set_rights', file, ALL << 30n, 0n), ERRNO.notcapable);
  const ofDirectory = noWriting & ~((1n << 2n) | (1n << 5n));
  assert.equal(call('fd_fdstat_set_rights', OUT, ofDirectory & ~(1n << 19n), noWriting), 0);
  assert.equal(open('a', TRUNCATE), ERRNO.notcapable);
  assert.equal(open('a'), 0);
  assert.equal(write(fd(), 'no'), ERRNO.notcapable);
});

test('whatever links there are, a path ends below the directory it started at, or in an error', () => {
  const names = ['a', 'b', 'c'];
  const piece = fc.constantFrom(...names, '..', '.', 'a/b', 'b/../c', '../a', 'c/');
  const target = fc.array(piece, { minLength: 1, maxLength: 4 }).map((parts) => parts.join('/').replaceAll('//', '/'));
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.constantFrom(...names), target), { maxLength: 6 }), fc.array(target, { maxLength: 6 }), (links, paths) => {
      const budget = new OutputBudget(1_000_000);
      const outside = new Directory(1n, budget);
      const root = new Directory(2n, budget);
      outside.mount('root', root);
      const below = new Directory(3n, budget, 1);
      root.mount('a', below);
      below.mount('b', new WritableFile(4n, budget));
      for (const [index, [name, to]] of links.entries()) {
        const into = index % 2 === 0 ? root : below;
        if (into.get(name) === undefined) into.mount(name, new SymbolicLink(BigInt(10 + index), to));
      }
      for (const path of paths) {
        try {
          const { parent } = resolvePath(root, path, { last: true, followed: () => undefined });
          assert.ok(root.holds(parent), path);
        } catch (error) {
          assert.equal((error as Error).name, 'WasiError', String(error));
        }
      }
    }),
    { numRuns: 500 },
  );
});
