import { TeaError } from '@tea/protocol';

/**
 * A disk that firmware starts one EFI binary from: a FAT16 file system without partitions (Microsoft FAT specification 1.03) that holds
 * /EFI/BOOT/BOOTX64.EFI, where UEFI looks on removable media (UEFI 2.10, 3.5.1.1). The kernel in the image has no driver for disks: only firmware reads it.
 */
const SECTOR = 512;
const SECTORS_PER_CLUSTER = 16;
const CLUSTER = SECTOR * SECTORS_PER_CLUSTER;
const ROOT_ENTRIES = 512;
/** Below that it would be FAT12, above FAT32. */
const FEWEST_CLUSTERS = 4085;
const MOST_CLUSTERS = 65_524;
const END_OF_CHAIN = 0xffff;
const FOLDER = 0x10;
const ENTRY = 32;
/** 1 January 1980: every time on it, so that the same binary gives the same disk. */
const DATE = 0x0021;

export function bootDisk(efi: Uint8Array): Uint8Array {
  const fileClusters = Math.ceil(efi.length / CLUSTER);
  const used = 2 + fileClusters; // /EFI, /EFI/BOOT, the binary
  const clusters = Math.max(used, FEWEST_CLUSTERS);
  if (clusters > MOST_CLUSTERS) throw new TeaError('limit', 'The image is too large for its disk', { actual: `${efi.length} bytes` });
  const fatSectors = Math.ceil(((clusters + 2) * 2) / SECTOR);
  const rootAt = (1 + 2 * fatSectors) * SECTOR;
  const dataAt = rootAt + ROOT_ENTRIES * ENTRY;
  const disk = new Uint8Array(dataAt + clusters * CLUSTER);
  const view = new DataView(disk.buffer);
  writeBootSector(disk, view, disk.length / SECTOR, fatSectors);

  // Clusters are numbered from 2: the two folders, then the binary in one run.
  const next = [0xfff8, END_OF_CHAIN, END_OF_CHAIN, END_OF_CHAIN];
  for (let cluster = 0; cluster < fileClusters; cluster++) next.push(cluster === fileClusters - 1 ? END_OF_CHAIN : 5 + cluster);
  for (const copy of [0, 1]) next.forEach((value, cluster) => view.setUint16((1 + copy * fatSectors) * SECTOR + 2 * cluster, value, true));

  const at = (cluster: number): number => dataAt + (cluster - 2) * CLUSTER;
  writeEntry(disk, rootAt, { name: 'EFI        ', attributes: FOLDER, cluster: 2 });
  writeFolder(disk, at(2), 2, 0);
  writeEntry(disk, at(2) + 2 * ENTRY, { name: 'BOOT       ', attributes: FOLDER, cluster: 3 });
  writeFolder(disk, at(3), 3, 2);
  writeEntry(disk, at(3) + 2 * ENTRY, { name: 'BOOTX64 EFI', attributes: 0, cluster: 4, size: efi.length });
  disk.set(efi, at(4));
  return disk;
}

function writeBootSector(disk: Uint8Array, view: DataView, sectors: number, fatSectors: number): void {
  disk.set([0xeb, 0x3c, 0x90]);
  disk.set(new TextEncoder().encode('TEA     '), 3);
  view.setUint16(11, SECTOR, true);
  view.setUint8(13, SECTORS_PER_CLUSTER);
  view.setUint16(14, 1, true); // reserved: this sector
  view.setUint8(16, 2); // copies of the FAT
  view.setUint16(17, ROOT_ENTRIES, true);
  if (sectors < 0x10000) view.setUint16(19, sectors, true);
  else view.setUint32(32, sectors, true);
  view.setUint8(21, 0xf8); // fixed disk
  view.setUint16(22, fatSectors, true);
  view.setUint16(24, 63, true);
  view.setUint16(26, 255, true);
  view.setUint8(36, 0x80);
  view.setUint8(38, 0x29);
  view.setUint32(39, 0x0000_7ea0, true); // volume id
  disk.set(new TextEncoder().encode('TEA        FAT16   '), 43);
  view.setUint16(510, 0xaa55, true);
}

function writeFolder(disk: Uint8Array, at: number, own: number, parent: number): void {
  writeEntry(disk, at, { name: '.          ', attributes: FOLDER, cluster: own });
  writeEntry(disk, at + ENTRY, { name: '..         ', attributes: FOLDER, cluster: parent });
}

type Entry = { readonly name: string; readonly attributes: number; readonly cluster: number; readonly size?: number };

function writeEntry(disk: Uint8Array, at: number, { name, attributes, cluster, size = 0 }: Entry): void {
  disk.set(new TextEncoder().encode(name), at);
  const view = new DataView(disk.buffer, disk.byteOffset + at, ENTRY);
  view.setUint8(11, attributes);
  for (const date of [16, 18, 24]) view.setUint16(date, DATE, true);
  view.setUint16(26, cluster, true);
  view.setUint32(28, size, true);
}
