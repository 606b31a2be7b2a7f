import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { readFragment, unmetOptions, writeFragment } from './kernel-config.ts';

const options = readFragment(readFileSync(new URL('kernel.config', import.meta.url), 'utf8'));
const valueOf = (name: string) => options.find((option) => option.name === name)?.value;

test('names every option once, and each has a reason', () => {
  assert.equal(new Set(options.map(({ name }) => name)).size, options.length);
  assert.deepEqual(
    options.filter(({ reason }) => reason === ''),
    [],
  );
});

test('switches on nothing that loads, traces or replaces code in a running kernel, and no file system but memory’s', () => {
  const forbidden = [
    'MODULES',
    'KEXEC',
    'KEXEC_FILE',
    'BPF_SYSCALL',
    'IO_URING',
    'DEVMEM',
    'DEVPORT',
    'DEBUG_FS',
    'KPROBES',
    'FTRACE',
    'MAGIC_SYSRQ',
  ];
  const disks = ['BLOCK', 'VIRTIO_BLK', 'EXT4_FS', 'VFAT_FS', 'NFS_FS', 'NET_9P', 'FUSE_FS', 'USB', 'HOTPLUG_PCI', 'FW_CFG_SYSFS', 'VT', 'INPUT'];
  for (const name of [...forbidden, ...disks]) assert.equal(valueOf(`CONFIG_${name}`), undefined, name);
  assert.equal(valueOf('CONFIG_LOCK_DOWN_KERNEL_FORCE_CONFIDENTIALITY'), 'y');
});

test('builds the command line in, and reads no other', () => {
  assert.equal(valueOf('CONFIG_CMDLINE_OVERRIDE'), 'y');
  assert.match(valueOf('CONFIG_CMDLINE') ?? '', /rdinit=\/init/);
});

test('tells which options Kconfig dropped or added', () => {
  const fragment = readFragment('# ---- why\nCONFIG_A=y\nCONFIG_B="text" # because\n# CONFIG_C is not set\n');
  assert.equal(writeFragment(fragment), 'CONFIG_A=y\nCONFIG_B="text"\n# CONFIG_C is not set\n');
  assert.deepEqual(unmetOptions(fragment, 'CONFIG_A=y\nCONFIG_B="text"\n'), []);
  const names = (finished: string) => unmetOptions(fragment, finished).map(({ name }) => name);
  assert.deepEqual(names('# CONFIG_A is not set\nCONFIG_B="text"\nCONFIG_C=y\n'), ['CONFIG_A', 'CONFIG_C']);
});

test('refuses lines that are no option', () => {
  assert.throws(() => readFragment('CONFIG_A: y'), RangeError);
});
