/**
 * The program inside the sandbox: one job from stdin, one result to stdout, nothing else. It needs nothing but Node's own modules, and asks
 * for none of the rights it does not have.
 */
import { readSync, writeSync } from 'node:fs';
import { encodeExecution } from './execution-frame.ts';
import { executeGuest } from './execute-guest.ts';
import { decodeJob } from './frame.ts';

for (const part of encodeExecution(executeGuest(decodeJob(readAll())))) writeAll(part);

function readAll(): Uint8Array {
  // The first eight bytes say how much follows, so that the job is read into one buffer of its size.
  const size = new Uint8Array(8);
  readInto(size);
  const job = new Uint8Array(Number(new DataView(size.buffer).getBigUint64(0, true)));
  readInto(job);
  return job;
}

function readInto(target: Uint8Array): void {
  let at = 0;
  while (at < target.length) {
    const size = readSync(0, target, at, target.length - at, null);
    if (size === 0) throw new Error('the job ends early');
    at += size;
  }
}

function writeAll(bytes: Uint8Array): void {
  let at = 0;
  while (at < bytes.length) at += writeSync(1, bytes, at, bytes.length - at);
}
