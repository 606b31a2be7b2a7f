/**
 * The program inside the sandbox: one job from stdin, one result to stdout, nothing else. It needs nothing but Node's own modules, and asks
 * for none of the rights it does not have.
 */
import { readSync, writeSync } from 'node:fs';
import { encodeExecution } from './execution-frame.ts';
import { executeGuest } from './execute-guest.ts';
import { decodeJob, encodeJob } from './frame.ts';

if (process.argv.includes('--warm-up')) warmUp();
const job = decodeJob(readAll());
for (const part of encodeExecution(executeGuest(job, job.streams ? readSome : undefined))) writeAll(part);

/** Runs a program of our own, so that V8 has compiled what a job needs before a tenant's comes. Nothing of it stays. */
function warmUp(): void {
  // (module (import "wasi_snapshot_preview1" "sched_yield" (func (result i32))) (memory 1) (func (export "_start") (drop (call 0))))
  const module = Uint8Array.fromHex(
    '0061736d010000000108026000017f60000002260116776173695f736e617073686f745f70726576696577310b73636865645f7969656c640000' +
      '030201010503010001070a01065f737461727400010a0701050010001a0b',
  );
  const limits = { gas: 10_000_000n, memoryBytes: 65_536, outputBytes: 0, wallMs: 1 };
  const none = new Uint8Array(0);
  const job = encodeJob({ module, args: [''], env: {}, stdin: none, data: [], limits, clockMs: 0, seed: new Uint8Array(32) });
  encodeExecution(executeGuest(decodeJob(new Uint8Array(Buffer.concat(job)))));
}

function readAll(): Uint8Array {
  // The first eight bytes say how much follows, so that the job is read into one buffer of its size.
  const size = new Uint8Array(8);
  readInto(size);
  const job = new Uint8Array(Number(new DataView(size.buffer).getBigUint64(0, true)));
  readInto(job);
  return job;
}

/** What follows the job is its stdin: as much as is asked for, unless it ends. */
function readSome(target: Uint8Array): number {
  let at = 0;
  while (at < target.length) {
    const size = readSync(0, target, at, target.length - at, null);
    if (size === 0) break;
    at += size;
  }
  return at;
}

function readInto(target: Uint8Array): void {
  if (readSome(target) < target.length) throw new Error('the job ends early');
}

function writeAll(bytes: Uint8Array): void {
  let at = 0;
  while (at < bytes.length) at += writeSync(1, bytes, at, bytes.length - at);
}
