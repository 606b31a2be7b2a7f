import assert from 'node:assert/strict';
import { test } from 'node:test';
import { admission } from './admission.ts';
import { runPlaces } from './run-places.ts';

test('one consumer fills no node: beyond its part it is left alone, and others get in', () => {
  const errands = admission(10, 4);
  const flood = [1n, 2n, 3n, 4n, 5n, 6n].map((id) => errands.enter(id, 'flood'));
  assert.deepEqual(flood, [true, true, true, true, false, false]);
  assert.equal(errands.enter(7n, 'modest'), true);
  assert.deepEqual([errands.isLeftAlone(5n), errands.isLeftAlone(7n), errands.leftAlone], [true, false, 2]);
});

test('who was left alone is looked at again once an errand is over, and not before', () => {
  const errands = admission(10, 1);
  errands.enter(1n, 'one');
  assert.equal(errands.enter(2n, 'one'), false);
  assert.equal(errands.enter(1n, 'one'), true, 'it is under way already');
  errands.leave(3n);
  assert.equal(errands.isLeftAlone(2n), true);
  errands.leave(1n);
  assert.equal(errands.isLeftAlone(2n), false);
  assert.equal(errands.enter(2n, 'one'), true);
});

test('all together are bounded too', () => {
  const errands = admission(3, 2);
  assert.deepEqual(
    ['a', 'b', 'c', 'd'].map((consumer, index) => errands.enter(BigInt(index), consumer)),
    [true, true, true, false],
  );
});

test('as many guests run at a time as there are processors and memory for, and one on the smallest machine', () => {
  const GIB = 1024 ** 3;
  assert.equal(runPlaces({ memoryBytes: 23 * GIB, processors: 2 }), 2);
  assert.equal(runPlaces({ memoryBytes: 4 * GIB, processors: 16 }), 3);
  assert.equal(runPlaces({ memoryBytes: GIB, processors: 4 }), 1);
});
