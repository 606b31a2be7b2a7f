import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { appraise } from './index.ts';
import { honestNode, inputFor } from './testing/scenario.ts';

const honest = await honestNode();
const input = inputFor(honest);

test('affirms no evidence with any one byte changed, wherever it is', async () => {
  for (let at = 0; at < input.evidence.length; at++) {
    const evidence = input.evidence.slice();
    evidence[at] = (evidence[at] ?? 0) ^ (1 << (at % 8));
    const { result, node } = await appraise({ ...input, evidence });
    assert.ok(result.verdict === 'contraindicated' || result.verdict === 'none', `byte ${at} flipped: ${result.verdict}`);
    assert.equal(node, null);
  }
});

test('affirms no truncated, extended or spliced evidence, and never throws', async () => {
  const at = fc.integer({ min: 0, max: input.evidence.length - 1 });
  const damage = fc.oneof(
    at.map((end) => input.evidence.slice(0, end)),
    fc.uint8Array({ minLength: 1, maxLength: 64 }).map((tail) => Uint8Array.of(...input.evidence, ...tail)),
    fc
      .tuple(at, at, fc.integer({ min: 1, max: 64 }))
      .map(([from, to, length]) => {
        const evidence = input.evidence.slice();
        evidence.copyWithin(to, from, from + length);
        return evidence;
      })
      .filter((evidence) => Buffer.compare(evidence, input.evidence) !== 0),
    fc.uint8Array({ maxLength: 512 }),
  );
  await fc.assert(
    fc.asyncProperty(damage, async (evidence) => {
      const { result, node } = await appraise({ ...input, evidence });
      assert.notEqual(result.verdict, 'affirming');
      assert.equal(node, null);
    }),
    { numRuns: 300 },
  );
});
