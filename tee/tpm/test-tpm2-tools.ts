import { execFile } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { createServer, type Socket } from 'node:net';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { requireTool, temporaryDirectory } from '@tea/platform';
import { openResourceManager, type ResourceManager } from './resource-manager.ts';
import { startTestTpm } from './test-swtpm.ts';
import type { TpmTransport } from './transport.ts';

const run = promisify(execFile);
const RELAY = join(import.meta.dirname, 'tcti-relay.child.ts');

/** tpm2-tools and ourselves as callers of one simulator, each behind our resource manager. */
export type ToolsAndTpm = AsyncDisposable & {
  readonly manager: ResourceManager;
  /** Runs `tpm2_NAME`; file arguments are relative to the directory of `file`. @returns what it printed */
  tool(name: string, ...args: readonly string[]): Promise<string>;
  write(name: string, content: Uint8Array): Promise<string>;
  read(name: string): Promise<Uint8Array>;
};

/** @throws TeaError `missingTool`: a machine without tpm2-tools must not seem to have passed */
export async function startToolsAndTpm(): Promise<ToolsAndTpm> {
  requireTool('tpm2_getcap', 'tpm2-tools');
  const stack = new AsyncDisposableStack();
  const directory = stack.use(await temporaryDirectory('tools'));
  const simulator = stack.use(await startTestTpm());
  const manager = stack.use(await openResourceManager({ connect: () => simulator.connect() }));
  const socketPath = join(directory.path, 'manager.sock');
  const tools = stack.use(manager.open()); // one caller, whose sessions go from tool to tool
  const server = createServer((socket) => serve(socket, tools));
  const { promise: listening, resolve } = Promise.withResolvers<void>();
  server.listen(socketPath, resolve);
  await listening;
  stack.defer(() => new Promise<void>((closed) => server.close(() => closed())));
  const env = { ...process.env, TPM2TOOLS_TCTI: `cmd:${process.execPath} ${RELAY} ${socketPath}`, TSS2_LOG: 'all+none' };
  return {
    manager,
    tool: async (name, ...args) => (await run(`tpm2_${name}`, args, { cwd: directory.path, env })).stdout,
    async write(name, content) {
      await writeFile(join(directory.path, name), content);
      return name;
    },
    read: async (name) => new Uint8Array(await readFile(join(directory.path, name))),
    [Symbol.asyncDispose]: () => stack.disposeAsync(),
  };
}

function serve(socket: Socket, transport: TpmTransport): void {
  let received = Buffer.alloc(0);
  socket.on('data', (chunk: Buffer) => {
    received = Buffer.concat([received, chunk]);
    if (received.length < 10 || received.length < received.readUInt32BE(2)) return;
    const command = new Uint8Array(received);
    received = Buffer.alloc(0);
    transport.transmit(command).then(
      (response) => socket.write(response),
      () => socket.destroy(),
    );
  });
  socket.on('error', () => socket.destroy());
}
