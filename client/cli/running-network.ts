import { once } from 'node:events';
import { chmod, lstat, mkdir, readdir, rm } from 'node:fs/promises';
import { connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import * as v from 'valibot';
import { BUS_USERS, sha256, TeaError, type NatsCredentials } from '@tea/protocol';

/**
 * How one `tea` finds the network another `tea` keeps up: a unix socket only its user can open, that hands out the bus credentials. They
 * touch no disk, and are gone with the process.
 */
const offer = v.strictObject({
  stateDir: v.string(),
  client: v.strictObject({ servers: v.array(v.string()), user: v.picklist(BUS_USERS), pass: v.string(), inboxPrefix: v.string() }),
});
export type RunningNetwork = { readonly stateDir: string; readonly client: NatsCredentials };

const DEADLINE_MS = 2_000;
const MAX_OFFER_BYTES = 16 * 1024;

export async function offerNetwork(network: RunningNetwork, roots: readonly string[] = socketRoots()): Promise<AsyncDisposable> {
  const path = join(await socketFolder(roots), socketName(network.stateDir));
  await rm(path, { force: true });
  const server = createServer((socket) => {
    socket.on('error', () => undefined); // the asker went away
    socket.end(JSON.stringify(network));
  });
  server.listen(path);
  await once(server, 'listening');
  await chmod(path, 0o600);
  return {
    [Symbol.asyncDispose]: async () => {
      server.close();
      await rm(path, { force: true });
    },
  };
}

/** @throws TeaError `notFound` when no network runs, or none of `stateDir`; `badInput` when several do and none was named */
export async function findNetwork(stateDir: string | undefined, roots: readonly string[] = socketRoots()): Promise<RunningNetwork> {
  const folder = await socketFolder(roots);
  const sockets = (await readdir(folder)).filter((name) => name.endsWith('.sock'));
  const running = (await Promise.all(sockets.map((name) => ask(join(folder, name))))).filter((network) => network !== undefined);
  const wanted = stateDir === undefined ? running : running.filter((network) => resolve(network.stateDir) === resolve(stateDir));
  const [only, another] = wanted;
  if (only === undefined) {
    throw new TeaError('notFound', 'No TEA network runs here', {
      expected: 'one that was left up',
      actual: stateDir ?? 'none',
      next: 'tea demo --keep',
    });
  }
  if (another !== undefined) {
    throw new TeaError('badInput', 'Several TEA networks run here', {
      expected: '--dir DIR',
      actual: wanted.map((network) => network.stateDir).join(', '),
    });
  }
  return only;
}

async function ask(path: string): Promise<RunningNetwork | undefined> {
  try {
    const socket = connect(path).setTimeout(DEADLINE_MS, () => socket.destroy(new TeaError('timeout', 'no answer')));
    let text = '';
    for await (const piece of socket.setEncoding('utf8')) {
      text += String(piece);
      if (text.length > MAX_OFFER_BYTES) return undefined;
    }
    return v.parse(offer, JSON.parse(text));
  } catch {
    return undefined; // a socket that a killed process left behind
  }
}

/** sockaddr_un.sun_path is 108 bytes with its terminating zero. */
const MAX_SOCKET_PATH = 107;

/** Where sockets may go, best first: both may be unset, too deep for a socket, or another user's, as `su` leaves them. */
function socketRoots(): string[] {
  return [process.env['XDG_RUNTIME_DIR'] ?? '', tmpdir(), '/tmp'].filter((root) => root !== '');
}

async function socketFolder(roots: readonly string[]): Promise<string> {
  const uid = process.getuid?.() ?? 0;
  for (const root of roots) {
    const folder = join(root, `tea-${uid}`);
    if (Buffer.byteLength(join(folder, socketName(''))) > MAX_SOCKET_PATH) continue;
    const made = await mkdir(folder, { mode: 0o700 }).catch((error: NodeJS.ErrnoException) => error.code);
    if (made !== undefined && made !== 'EEXIST') continue;
    const found = await lstat(folder);
    if (found.isDirectory() && found.uid === uid && (found.mode & 0o077) === 0) return folder;
    throw new TeaError('refused', `${folder} can't be trusted`, {
      expected: 'a folder that only you may enter',
      actual: 'one that others may',
      next: `remove ${folder}`,
    });
  }
  throw new TeaError('storage', 'There is no place for a socket', {
    expected: 'a folder that you may write to, not too deep for a unix socket',
    actual: roots.join(', '),
    next: 'set TMPDIR to such a folder',
  });
}

function socketName(stateDir: string): string {
  const name = sha256(new TextEncoder().encode(resolve(stateDir))).toHex();
  return `${name.slice(0, 16)}.sock`;
}
