import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isTeaError } from '@tea/protocol';
import { bootDisk } from './boot-disk.ts';

/** Reads /EFI/BOOT/BOOTX64.EFI as firmware does: by the numbers in the boot sector, folder by folder, cluster by cluster. */
function readBinary(disk: Uint8Array): Uint8Array {
  const view = new DataView(disk.buffer);
  const sector = view.getUint16(11, true);
  const cluster = sector * view.getUint8(13);
  const reserved = view.getUint16(14, true);
  const fatSectors = view.getUint16(22, true);
  const rootEntries = view.getUint16(17, true);
  const rootAt = (reserved + view.getUint8(16) * fatSectors) * sector;
  const dataAt = rootAt + rootEntries * 32;
  assert.equal(view.getUint16(19, true) || view.getUint32(32, true), disk.length / sector);

  const next = (number: number): number => view.getUint16(reserved * sector + 2 * number, true);
  const chain = (first: number): Uint8Array => {
    const pieces: Uint8Array[] = [];
    for (let number = first; number < 0xfff8; number = next(number)) {
      const at = dataAt + (number - 2) * cluster;
      assert.ok(number >= 2 && at + cluster <= disk.length, `cluster ${number}`);
      pieces.push(disk.subarray(at, at + cluster));
    }
    return new Uint8Array(Buffer.concat(pieces));
  };
  const find = (folder: Uint8Array, name: string): { cluster: number; size: number } => {
    for (let at = 0; at < folder.length; at += 32) {
      if (Buffer.from(folder.subarray(at, at + 11)).toString('latin1') !== name) continue;
      const entry = new DataView(folder.buffer, folder.byteOffset + at, 32);
      return { cluster: entry.getUint16(26, true), size: entry.getUint32(28, true) };
    }
    throw new Error(`no ${name}`);
  };
  const efi = find(disk.subarray(rootAt, dataAt), 'EFI        ');
  const boot = find(chain(efi.cluster), 'BOOT       ');
  const file = find(chain(boot.cluster), 'BOOTX64 EFI');
  return chain(file.cluster).subarray(0, file.size);
}

for (const size of [1, 8191, 8192, 8193, 40_000_000]) {
  test(`gives firmware back the binary of ${size} bytes that was put on it`, () => {
    const binary = new Uint8Array(size).map((_, index) => index % 251);
    const disk = bootDisk(binary);
    assert.equal(Buffer.compare(readBinary(disk), binary), 0);
    assert.equal(Buffer.compare(bootDisk(binary), disk), 0);
  });
}

test('refuses a binary that no such disk can hold', () => {
  assert.throws(
    () => bootDisk({ length: 600_000_000 } as Uint8Array),
    (error: unknown) => isTeaError(error, 'limit'),
  );
});
