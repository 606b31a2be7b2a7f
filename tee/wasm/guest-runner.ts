/**
 * The program inside the sandbox: one job from stdin, one result to stdout, nothing else. It needs nothing but Node's own modules, and asks
 * for none of the rights it does not have.
 */
import { readSync, writeSync } from 'node:fs';
import { type ContentRequest, CONTENT_FD, encodeContentRequest } from './content-requests.ts';
import { encodeExecution } from './execution-frame.ts';
import { executeGuest } from './execute-guest.ts';
import { decodeJob, encodeJob } from './frame.ts';
import { GuestEnd } from './guest-end.ts';
import { untilSigint } from './interruptible.ts';

if (process.argv.includes('--warm-up')) warmUp();
for (const part of encodeExecution(executeGuest(decodeJob(readAll(), ask), untilSigint))) writeAll(1, part);

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
  encodeExecution(executeGuest(decodeJob(new Uint8Array(Buffer.concat(job)), ask), untilSigint));
}

function readAll(): Uint8Array {
  // The first eight bytes say how much follows, so that the job is read into one buffer of its size.
  const size = new Uint8Array(8);
  readInto(size);
  const job = new Uint8Array(Number(new DataView(size.buffer).getBigUint64(0, true)));
  readInto(job);
  return job;
}

/** Content of the job that isn't in it, from whoever started us. Who gives no more of it wants the run to end. */
function ask(request: ContentRequest): Uint8Array {
  try {
    writeAll(CONTENT_FD, encodeContentRequest(request));
    const piece = new Uint8Array(request.length);
    readInto(piece, CONTENT_FD);
    return piece;
  } catch {
    throw new GuestEnd('cancelled', 'The run was ended while it waited for content');
  }
}

function readInto(target: Uint8Array, fd = 0): void {
  for (let at = 0; at < target.length;) {
    const size = readSync(fd, target, at, target.length - at, null);
    if (size === 0) throw new Error('what was promised ends early');
    at += size;
  }
}

function writeAll(fd: number, bytes: Uint8Array): void {
  for (let at = 0; at < bytes.length;) at += writeSync(fd, bytes, at, bytes.length - at);
}
