import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isTeaError } from '../errors.ts';
import { openLedger } from './ledger.ts';

const silent: Parameters<typeof openLedger>[0] = () => ({ send: () => undefined, disconnect: () => undefined });

test('a chain that says nothing ends in a timeout', async () => {
  await assert.rejects(openLedger(silent, { deadlineMs: 20 }), (error) => isTeaError(error, 'timeout'));
});

test('who is stopped while the chain says nothing waits for it no longer', { timeout: 5_000 }, async () => {
  const stop = new AbortController();
  const opening = openLedger(silent, { deadlineMs: 60_000, signal: stop.signal });
  stop.abort(new Error('stopped'));
  await assert.rejects(opening, /stopped/);
});
