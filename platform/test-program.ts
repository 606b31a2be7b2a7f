import { connect } from 'node:net';
import { fileURLToPath } from 'node:url';
import * as v from 'valibot';
import { type Child, exitWhenParentGone, sayReady, spawnChild, startLine, stopSignal } from './index.ts';

/**
 * What the tests of this package start: `node test-program.ts ROLE [PORT]`. With a port it holds a connection there for as long
 * as it lives, so that a test sees its end without polling.
 */
const [, path = fileURLToPath(import.meta.url), role = '', port] = process.argv;
if (port !== undefined)
  connect(Number(port), '127.0.0.1')
    .on('error', () => undefined)
    .write(`${role}\n`);
const stayAlive = (): void => void setInterval(() => undefined, 60_000);
const startNext = (next: string): Promise<Child> => spawnChild({ name: next, command: process.execPath, args: [path, next, port ?? ''] });

const roles: Record<string, () => unknown> = {
  parent: () => (startNext('child'), stayAlive()),
  child: () => (startNext('grandchild'), stayAlive()),
  grandchild: stayAlive,
  'watching-parent': () => (exitWhenParentGone(), startNext('watching-child'), stayAlive()),
  'watching-child': () => (exitWhenParentGone(), stayAlive()),
  stubborn: () => (process.on('SIGTERM', () => undefined), sayReady({ ready: true }), stayAlive()),
  polite: () => (stopSignal().addEventListener('abort', () => process.exit(7)), sayReady({ ready: true }), stayAlive()),
  'last-act': async () => {
    const child = await startNext('printing');
    await child.exited;
    sayReady({ exited: true });
  },
  printing: () => sayReady({ text: 'that nobody reads' }),
  silent: () => (process.stderr.write('no space left for the chain log\n'), stayAlive()),
  failing: () => (process.stderr.write('listen EADDRINUSE 127.0.0.1:4222\n'), process.exit(3)),
  chatty: () => (sayReady({ port: 4222 }), process.stdout.write('x'.repeat(1024 * 1024)), process.stdout.write('', () => process.exit(0))),
  babbling: () => (process.stdout.write('Debugger attached.\n'), stayAlive()),
  secretive: async () => sayReady({ length: (await startLine(v.object({ password: v.string() }))).password.length, env: Object.keys(process.env) }),
};
await roles[role]?.();
