import { readdir, readFile, readlink } from 'node:fs/promises';
import { isIPv4 } from 'node:net';

export type ListeningSocket = { readonly address: string; readonly port: number };

const LISTEN = '0A'; // TCP_LISTEN in include/net/tcp_states.h

/** The TCP sockets that a process really listens on, by the kernel's own account (proc(5), /proc/net/tcp and tcp6). */
export async function listeningSockets(pid: number): Promise<readonly ListeningSocket[]> {
  const inodes = await socketInodes(pid);
  const tables = await Promise.all(['tcp', 'tcp6'].map((table) => readFile(`/proc/${pid}/net/${table}`, 'utf8').catch(() => '')));
  return tables
    .flatMap((table) => parseTable(table))
    .filter(({ inode }) => inodes.has(inode))
    .map(({ address, port }) => ({ address, port }));
}

/** 127.0.0.0/8, ::1, and 127.0.0.0/8 written as IPv6. */
export function isLoopback(address: string): boolean {
  const bare = address.replace(/^::ffff:(?=\d+\.)/i, '');
  return (isIPv4(bare) && bare.startsWith('127.')) || bare === '::1';
}

async function socketInodes(pid: number): Promise<ReadonlySet<string>> {
  const folder = `/proc/${pid}/fd`;
  const targets = await Promise.all((await readdir(folder)).map((fd) => readlink(`${folder}/${fd}`).catch(() => ''))); // closed meanwhile
  return new Set(targets.flatMap((target) => /^socket:\[(\d+)\]$/.exec(target)?.[1] ?? []));
}

export function parseTable(table: string): readonly (ListeningSocket & { readonly inode: string })[] {
  return table
    .split('\n')
    .slice(1)
    .flatMap((line) => {
      const [, local = '', , state, , , , , , inode = ''] = line.trim().split(/\s+/);
      const [host = '', port = ''] = local.split(':');
      return state === LISTEN ? [{ address: parseAddress(host), port: Number.parseInt(port, 16), inode }] : [];
    });
}

/** The kernel prints each 32-bit word of an address in the machine's byte order, which is little-endian wherever Node runs. */
function parseAddress(hex: string): string {
  const words = hex.match(/.{8}/g) ?? [];
  const bytes = words.flatMap((word) => [...Uint8Array.fromHex(word)].reverse());
  if (bytes.length === 4) return bytes.join('.');
  const isMapped = bytes.slice(0, 10).every((byte) => byte === 0) && bytes[10] === 0xff && bytes[11] === 0xff;
  if (isMapped) return `::ffff:${bytes.slice(12).join('.')}`;
  const groups = Array.from({ length: 8 }, (_, index) => (((bytes[index * 2] ?? 0) << 8) | (bytes[index * 2 + 1] ?? 0)).toString(16));
  return new URL(`http://[${groups.join(':')}]/`).hostname.slice(1, -1);
}
