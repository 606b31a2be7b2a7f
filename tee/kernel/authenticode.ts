import { createHash } from 'node:crypto';
import { TeaError } from '@tea/protocol';

/**
 * The digest that firmware measures when it starts an EFI binary: SHA-256 of the PE image without its checksum, its certificate table and the entry that
 * points there (Windows Authenticode Portable Executable Signature Format, "Calculating the PE Image Hash"; TCG PC Client Platform Firmware Profile 1.06,
 * 3.3.4.5). So a signature added for Secure Boot leaves it as it is.
 * @throws TeaError `badInput` for what is no 64-bit EFI binary
 */
export function authenticodeDigest(efi: Uint8Array): Uint8Array {
  const view = new DataView(efi.buffer, efi.byteOffset, efi.byteLength);
  const u16 = (at: number): number => (requireInside(at, 2), view.getUint16(at, true));
  const u32 = (at: number): number => (requireInside(at, 4), view.getUint32(at, true));
  if (u16(0) !== 0x5a4d) throw refused('MZ at its beginning');
  const pe = u32(0x3c);
  if (u32(pe) !== 0x4550) throw refused('a PE header');
  const optional = pe + 24;
  if (u16(optional) !== 0x20b) throw refused('a 64-bit header (PE32+)');
  const checksum = optional + 64;
  const certificateEntry = optional + 112 + 4 * 8;
  const headersEnd = u32(optional + 60);
  const certificatesSize = u32(optional + 108) > 4 ? u32(certificateEntry + 4) : 0;

  const hash = createHash('sha256');
  const add = (from: number, to: number): void => {
    if (from > to || to > efi.length) throw refused('parts inside of the file');
    hash.update(efi.subarray(from, to));
  };
  add(0, checksum);
  add(checksum + 4, certificateEntry);
  add(certificateEntry + 8, headersEnd);
  let hashed = headersEnd;
  for (const [from, size] of sections()) {
    add(from, from + size);
    hashed += size;
  }
  const dataEnd = efi.length - certificatesSize;
  if (dataEnd > hashed) add(hashed, dataEnd); // what no section covers
  return new Uint8Array(hash.digest());

  function sections(): (readonly [from: number, size: number])[] {
    const table = optional + u16(pe + 20);
    const found = Array.from({ length: u16(pe + 6) }, (_, index) => [u32(table + 40 * index + 20), u32(table + 40 * index + 16)] as const);
    return found.filter(([, size]) => size > 0).sort(([a], [b]) => a - b);
  }

  function requireInside(at: number, size: number): void {
    if (at + size > efi.length) throw refused('a whole header');
  }
}

function refused(expected: string): TeaError {
  return new TeaError('badInput', 'This is no image', { expected: `an EFI binary: ${expected}`, actual: 'something else', next: 'tea image build' });
}
