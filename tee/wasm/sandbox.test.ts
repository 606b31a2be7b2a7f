import assert from 'node:assert/strict';
import { createServer } from 'node:net';
import { writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { findTool, spawnSandbox } from './sandbox.ts';

/**
 * What a guest could do that had taken over its process: JavaScript of our own in the same sandbox tries everything, once with Node's
 * permission model and once without it, so that the kernel's walls are seen to stand alone.
 */
const PROBE = (port: number): string => `
import fs from 'node:fs'; import net from 'node:net'; import dgram from 'node:dgram'; import { spawnSync } from 'node:child_process';
import { Worker } from 'node:worker_threads'; import os from 'node:os';
const tried = {};
const attempt = async (name, action) => { try { tried[name] = 'DONE ' + String(await action()).slice(0, 80); } catch (error) { tried[name] = error.code ?? error.message; } };
const connect = (options) => new Promise((resolve, reject) => net.connect(options).on('connect', () => resolve('connected')).on('error', reject));
await attempt('readPasswd', () => fs.readFileSync('/etc/passwd', 'utf8'));
await attempt('listHome', () => fs.readdirSync('/root'));
await attempt('listProc', () => fs.readdirSync('/proc'));
await attempt('writeTmp', () => fs.writeFileSync('/tmp/x', 'x'));
await attempt('writeRoot', () => fs.writeFileSync('/x', 'x'));
await attempt('writeRunner', () => fs.writeFileSync('/guest/runner/x', 'x'));
await attempt('overwriteNode', () => fs.writeFileSync('/guest/node', 'x'));
await attempt('connectTcp', () => connect({ port: ${port}, host: '127.0.0.1' }));
await attempt('connectUnix', () => connect({ path: '/run/docker.sock' }));
await attempt('listen', () => new Promise((resolve, reject) => net.createServer().on('error', reject).listen(0, () => resolve('listening'))));
await attempt('udp', () => new Promise((resolve, reject) => dgram.createSocket('udp4').on('error', reject).bind(0, () => resolve('bound'))));
await attempt('spawnNode', () => { const r = spawnSync('/guest/node', ['--version']); if (r.error) throw r.error; return r.stdout; });
await attempt('spawnShell', () => { const r = spawnSync('/bin/sh', ['-c', 'id']); if (r.error) throw r.error; return r.stdout; });
await attempt('killOthers', () => process.kill(-1, 'SIGTERM'));
await attempt('seeOthers', () => process.kill(process.ppid, 0));
await attempt('setuid', () => process.setuid(0));
await attempt('setPriority', () => os.setPriority(0, -10));
await attempt('link', () => fs.symlinkSync('/etc/passwd', '/guest/runner/p'));
await attempt('environment', () => { if (Object.keys(process.env).some((name) => !['PWD'].includes(name))) return Object.keys(process.env); throw new Error('empty'); });
await attempt('hostname', () => { if (os.hostname() !== 'guest') return os.hostname(); throw new Error('hidden'); });
await attempt('reachNetwork', () => { const seen = Object.keys(os.networkInterfaces()); if (seen.length > 0) return seen; throw new Error('none'); });
fs.writeSync(1, JSON.stringify(tried));
process.exit(0);
`;

let directory = '';
const server = createServer((socket) => socket.end('hello'));

before(async () => {
  directory = await mkdtemp(join(tmpdir(), 'tea-sandbox-'));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
});
after(async () => {
  server.close();
  await rm(directory, { recursive: true });
});

async function runProbe(nodeFlags: readonly string[]): Promise<Readonly<Record<string, string>>> {
  const address = server.address();
  const runnerPath = join(directory, 'probe.mjs');
  writeFileSync(runnerPath, PROBE(typeof address === 'object' && address !== null ? address.port : 0));
  const child = await spawnSandbox({
    isolation: 'namespaces+seccomp',
    runnerPath,
    nodePath: process.execPath,
    bwrapPath: findTool('bwrap', 'bubblewrap'),
    prlimitPath: findTool('prlimit', 'util-linux'),
    processMemoryBytes: 2 * 1024 ** 3,
    cpuSeconds: 20,
    waits: false,
    nodeFlags,
  });
  let stdout = '';
  let stderr = '';
  child.stdout?.on('data', (chunk: Buffer) => (stdout += chunk.toString()));
  child.stderr?.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
  child.stdin?.end();
  await new Promise((resolve) => child.on('close', resolve));
  assert.notEqual(stdout, '', stderr);
  return JSON.parse(stdout) as Record<string, string>;
}

for (const [claim, flags] of [
  ['with Node’s permission model', []],
  ['with the kernel alone', ['--allow-fs-read=*', '--allow-fs-write=*', '--allow-child-process', '--allow-worker', '--allow-net', '--allow-addons']],
] as const) {
  test(`a guest that owns its process reads no file, reaches no network, starts no process: ${claim}`, async () => {
    const tried = await runProbe(flags);
    assert.ok(Object.keys(tried).length >= 20);
    for (const [attempt, answer] of Object.entries(tried)) assert.doesNotMatch(answer, /^DONE/, `${attempt}: ${answer}`);
  });
}
