import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ERRAND_STATES, type ErrandRecord } from '@tea/protocol/layer1';
import { cancellationOf } from './cancellation.ts';

const errand = (state: ErrandRecord['state'], gasPrice = 1_000n): ErrandRecord =>
  ({ state, deadline: 90, gasLimit: 1_500_001n, selection: { gasPrice } }) as unknown as ErrandRecord;

test('an errand may be cancelled in the states in which layer 1 allows it, and in no other', () => {
  const allowed = ERRAND_STATES.filter((state) => cancellationOf(errand(state)).allowed);
  assert.deepEqual(allowed, ['Created', 'Funded', 'Running']);
});

test('what cancelling can cost is said before: nothing without an executor, and no more than the gas limit with one', () => {
  const atMost = (state: ErrandRecord['state']): bigint | null => {
    const cancellation = cancellationOf(errand(state));
    return cancellation.allowed ? cancellation.atMost : null;
  };
  assert.deepEqual([atMost('Created'), atMost('Funded'), atMost('Running')], [0n, 0n, 1_501n]);
});
