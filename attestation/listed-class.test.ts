import assert from 'node:assert/strict';
import { test } from 'node:test';
import { TRUST_CLASSES, type TrustClass } from '@tea/protocol';
import { appraise } from './index.ts';
import { honestNode, inputFor } from './testing/scenario.ts';

const honest = await honestNode();

test('a node that layer 1 lists under a better class than its certificate shows is refused, and one under its own or a weaker is not', async () => {
  const failedAs = async (listedClass: TrustClass, policy = honest.pinnedPolicy): Promise<readonly string[]> => {
    const { result } = await appraise({ ...inputFor(honest), policy, expected: { ...honest.expected, listedClass } });
    return result.claims.filter(({ ok }) => ok === false).map(({ id }) => id);
  };
  // Its maker is pinned as one of hardware TPMs.
  assert.deepEqual(await Promise.all(TRUST_CLASSES.map((listed) => failedAs(listed))), [[], [], [], ['node.listedClass']]);
  const unknownMaker = { ...honest.pinnedPolicy, roots: [], acceptedClasses: TRUST_CLASSES };
  assert.deepEqual(await Promise.all(TRUST_CLASSES.map((listed) => failedAs(listed, unknownMaker))), [
    [],
    ...TRUST_CLASSES.slice(1).map(() => ['node.listedClass']),
  ]);
});

test('whoever does not ask for it makes no such claim', async () => {
  const { result } = await appraise(inputFor(honest));
  assert.ok(!result.claims.some(({ id }) => id === 'node.listedClass'));
});
