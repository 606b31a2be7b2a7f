import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isTeaError } from '@tea/protocol';
import { readFixture, reexecuteFixture } from './testing/validators-fixture.ts';

const { fixture, runtimeWasm } = await readFixture(new URL('fixtures/validators/', import.meta.url));

test('blocks of three real validators come to the same state roots here, and a node’s runtime calls to the same answers', async () => {
  const { blocks, extrinsics, calls } = await reexecuteFixture(fixture, runtimeWasm);
  assert.ok(blocks >= 300, `${blocks} blocks`);
  assert.ok(extrinsics - blocks >= 150, `${extrinsics} extrinsics, one of them the time in each of ${blocks} blocks`);
  assert.ok(calls >= 10, `${calls} calls`);
});

test('a difference is found wherever it is: in a block, in an extrinsic, in an answer', async () => {
  const refused = (altered: typeof fixture) =>
    assert.rejects(reexecuteFixture(altered, runtimeWasm), (error) => isTeaError(error, 'chain') || isTeaError(error, 'badMessage'));
  const busy = fixture.blocks.findIndex(({ extrinsics }) => extrinsics.length > 1);
  const blocks = fixture.blocks.slice(0, busy + 1);
  const last = blocks[busy];
  assert.ok(last);
  await reexecuteFixture({ ...fixture, blocks, calls: [] }, runtimeWasm);
  await refused({ ...fixture, blocks: [...blocks.slice(0, -1), { ...last, extrinsics: last.extrinsics.slice(0, 1) }], calls: [] });
  await refused({ ...fixture, blocks: [...blocks.slice(0, -2), last], calls: [] });
  await refused({ ...fixture, genesisHash: `0x${'00'.repeat(32)}` });
  const [answer] = fixture.calls;
  assert.ok(answer);
  await refused({ ...fixture, blocks, calls: [{ ...answer, result: `${answer.result}00` }] });
});
