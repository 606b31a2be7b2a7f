import { ascii, LittleEndianReader, utf16 } from './little-endian.ts';

/** EISA ids of the two PCI root bridges, PNP0A03 and PNP0A08. */
const PCI_ROOT = 0x0a0341d0;
const PCIE_ROOT = 0x0a0841d0;
const END = 0x7f;
const MAX_NODES = 64;

/**
 * An EFI device path (UEFI 2.10, 10) in its text form (10.6), as `efibootmgr -v` shows it. Nodes nobody here knows show as `Path(type,subtype,hex)`.
 * @throws TeaError `badMessage` when a node's length leads out of the path
 */
export function describeDevicePath(bytes: Uint8Array): string {
  const reader = new LittleEndianReader(bytes, 'device path');
  const nodes: string[] = [];
  while (reader.remaining > 0) {
    if (nodes.length >= MAX_NODES) throw reader.refuse(`at most ${MAX_NODES} nodes`, 'more');
    const type = reader.uint8();
    const subtype = reader.uint8();
    const length = reader.uint16();
    if (length < 4) throw reader.refuse('a node of at least 4 bytes', String(length));
    const content = new LittleEndianReader(reader.bytes(length - 4), 'device path node');
    if (type === END) {
      if (subtype === 0xff) break; // vendors pad what follows
      continue;
    }
    nodes.push(describeNode(type, subtype, content));
  }
  return nodes.join('/');
}

function describeNode(type: number, subtype: number, node: LittleEndianReader): string {
  const hex = (value: number) => `0x${value.toString(16)}`;
  switch (`${type}.${subtype}`) {
    case '1.1': {
      const pciFunction = node.uint8();
      return `Pci(${hex(node.uint8())},${hex(pciFunction)})`;
    }
    case '2.1': {
      const id = node.uint32();
      const uid = hex(node.uint32());
      return id === PCI_ROOT ? `PciRoot(${uid})` : id === PCIE_ROOT ? `PcieRoot(${uid})` : `Acpi(${hex(id)},${uid})`;
    }
    case '3.1':
      return `Ata(${node.uint8()},${node.uint8()},${node.uint16()})`;
    case '3.2':
      return `Scsi(${hex(node.uint16())},${hex(node.uint16())})`;
    case '3.5':
      return `USB(${hex(node.uint8())},${hex(node.uint8())})`;
    case '3.11':
      return `MAC(${node.bytes(6).toHex()})`;
    case '3.12':
      return 'IPv4()';
    case '3.13':
      return 'IPv6()';
    case '3.18':
      return `Sata(${hex(node.uint16())},${hex(node.uint16())},${hex(node.uint16())})`;
    case '3.23':
      return `NVMe(${hex(node.uint32())},${node.bytes(8).toReversed().toHex()})`;
    case '3.24':
      return `Uri(${ascii(node.rest())})`;
    case '4.1': {
      const partition = node.uint32();
      node.bytes(16); // first block and size
      const signature = node.bytes(16);
      const format = node.uint8();
      const isGpt = format === 2;
      return `HD(${partition},${isGpt ? 'GPT' : 'MBR'},${isGpt ? new LittleEndianReader(signature, 'GUID').guid() : signature.subarray(0, 4).toHex()})`;
    }
    case '4.2':
      return `CDROM(${hex(node.uint32())})`;
    case '4.3':
      return `VenMedia(${node.guid()})`;
    case '4.4':
      return `File(${utf16(node.rest())})`;
    case '4.6':
      return `FvFile(${node.guid()})`;
    case '4.7':
      return `Fv(${node.guid()})`;
    case '4.8': {
      node.uint32();
      const range = [node.bytes(8), node.bytes(8)].map(
        (offset) =>
          `0x${offset
            .toReversed()
            .toHex()
            .replace(/^0+(?=.)/, '')}`,
      );
      return `Offset(${range.join(',')})`;
    }
    case '5.1': {
      node.uint16();
      node.uint16();
      return `BBS(${ascii(node.rest())})`;
    }
    default:
      return `Path(${type},${subtype},${node.rest().toHex()})`;
  }
}
