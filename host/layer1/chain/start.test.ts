import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import * as v from 'valibot';
import { readyLine, spawnChild, temporaryDirectory } from '@tea/platform';

/** What `testing/chain-start.child.ts` says of itself once the chain listens. */
const started = v.strictObject({ cpuMs: v.number(), peakRssMB: v.number() });

test('a new chain of a process of its own takes less than a second of computing from nothing to listening, and less than 200 MB', async () => {
  // Processor time, not the clock's: a machine that is busy with other things makes nothing of this slower.
  const best = { cpuMs: Number.POSITIVE_INFINITY, peakRssMB: 0 };
  for (let run = 0; run < 3; run++) {
    await using directory = await temporaryDirectory('start');
    const args = [join(import.meta.dirname, 'testing/chain-start.child.ts'), directory.path];
    await using child = await spawnChild({ name: 'chain', command: process.execPath, args });
    const { cpuMs, peakRssMB } = await readyLine(child, started, { deadlineMs: 30_000 });
    best.cpuMs = Math.min(best.cpuMs, cpuMs);
    best.peakRssMB = Math.max(best.peakRssMB, peakRssMB);
  }
  assert.ok(best.cpuMs < 1_000, `${Math.round(best.cpuMs)} ms`);
  assert.ok(best.peakRssMB < 200, `${Math.round(best.peakRssMB)} MB`);
});
