import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type CpioEntry, writeCpio } from './cpio.ts';

const bytes = (text: string) => new TextEncoder().encode(text);

test('refuses paths that leave the archive or stand twice', () => {
  for (const path of ['/etc/x', '../x', 'a/../b', 'a//b', '', 'a b', './a', 'a/.'])
    assert.throws(() => writeCpio([{ kind: 'file', path, bytes: bytes(''), mode: 0o444 }]), RangeError, path);
  const twice: CpioEntry = { kind: 'file', path: 'a', bytes: bytes('1'), mode: 0o444 };
  assert.throws(() => writeCpio([twice, { ...twice, bytes: bytes('2') }]), RangeError);
});

test('gives the same bytes whatever the order of entries', () => {
  const entries: CpioEntry[] = [
    { kind: 'file', path: 'bin/b', bytes: bytes('b'), mode: 0o555 },
    { kind: 'file', path: 'bin/a', bytes: bytes('aa'), mode: 0o444 },
    { kind: 'directory', path: 'tmp' },
    { kind: 'link', path: 'lib64', target: 'lib' },
  ];
  assert.deepEqual(writeCpio(entries), writeCpio(entries.toReversed()));
});

test('holds no time, no owner and no device of the machine that builds', () => {
  const archive = Buffer.from(writeCpio([{ kind: 'file', path: 'a', bytes: bytes('a'), mode: 0o444 }])).toString('latin1');
  const field = (index: number) => archive.slice(6 + 8 * index, 14 + 8 * index);
  for (const index of [2, 3, 5, 7, 8, 12]) assert.equal(field(index), '00000000'); // uid, gid, mtime, device, check
});
