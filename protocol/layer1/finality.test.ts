import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { concatBytes } from '../bytes.ts';
import { isTeaError } from '../errors.ts';
import type { GrandpaAuthority } from './authority-sets.ts';
import { verifyFinality } from './finality.ts';
import { hashHeader, type Header } from './header.ts';
import { chainOf, makeVoter, proofOf, type Vote, type Voter } from './testing/votes.ts';

const [a, b, c, d] = [await makeVoter(), await makeVoter(), await makeVoter(), await makeVoter()];
const stranger = await makeVoter();
const of = (...voters: readonly Voter[]): GrandpaAuthority[] => voters.map(({ id }) => ({ id, weight: 1n }));
const [first, second, third] = chainOf(3) as [Header, Header, Header];
const check = (proof: Uint8Array, authorities = of(a, b, c, d), header = first) => verifyFinality({ header, proof, authorities, setId: 0n });
const refuses = async (proof: Promise<Uint8Array>, why: RegExp, authorities?: GrandpaAuthority[]): Promise<void> => {
  await assert.rejects(check(await proof, authorities), (error) => isTeaError(error, 'corrupt') && why.test(error.message));
};
const all = (on: Header): Vote[] => [a, b, c].map((by) => ({ by, on }));

describe('a proof of finality', () => {
  test('is refused with exactly two thirds of the weight, and holds with more', async () => {
    await refuses(proofOf({ target: first, votes: all(first).slice(0, 2) }), /two thirds of a weight of 3, got 2/, of(a, b, c));
    const proof = await proofOf({ target: first, votes: all(first) });
    assert.deepEqual(await check(proof), {
      voters: 3,
      weight: 3n,
      totalWeight: 4n,
      target: { number: 10, hash: hashHeader(first) },
    });
  });

  test('counts weights, not heads', async () => {
    const heavy = [{ id: d.id, weight: 10n }, ...of(a, b, c)];
    await refuses(proofOf({ target: first, votes: all(first) }), /weight of 13, got 3/, heavy);
    assert.equal((await check(await proofOf({ target: first, votes: [{ by: d, on: first }] }), heavy)).weight, 10n);
  });

  test('counts nobody twice, and no stranger', async () => {
    const twice = [...all(first).slice(0, 2), { by: a, on: first }];
    await refuses(proofOf({ target: first, votes: twice }), /got 2/);
    await refuses(proofOf({ target: first, votes: [...all(first), { by: stranger, on: first }] }), /only voters/);
    const crowd = Array.from({ length: 9 }, () => ({ by: a, on: first }));
    await refuses(proofOf({ target: first, votes: crowd }), /at most two votes/);
  });

  test('is refused when a vote was signed for another round, another set of voters or another block, or not at all', async () => {
    for (const odd of [{ round: 8n }, { set: 1n }, { signature: new Uint8Array(64) }]) {
      await refuses(proofOf({ target: first, votes: [...all(first), { by: d, on: first, ...odd }] }), /valid signatures/);
    }
    const [elsewhere] = chainOf(1, 9) as [Header];
    await refuses(proofOf({ target: first, votes: [...all(first), { by: d, on: elsewhere }] }), /votes for the target/);
  });

  test('holds for a block before the one voted for, by unbroken headers alone', async () => {
    const votes = all(third);
    assert.equal((await check(await proofOf({ target: third, votes, headers: [second, third] }))).target.number, 12);
    await refuses(proofOf({ target: third, votes, headers: [third] }), /a gap after block 10/);
    await refuses(proofOf({ target: third, votes, headers: [second] }), /they end at block 11/);
    await refuses(proofOf({ target: third, votes, headers: [second, third], block: second }), /the block it names/);
  });

  test('takes votes for later blocks with the headers between, and no header that no vote needs', async () => {
    const votes = [
      { by: a, on: first },
      { by: b, on: second },
      { by: c, on: third },
    ];
    assert.equal((await check(await proofOf({ target: first, votes, ancestries: [second, third] }))).weight, 3n);
    await refuses(proofOf({ target: first, votes, ancestries: [third] }), /votes for the target/);
    await refuses(proofOf({ target: first, votes: all(first), ancestries: [second] }), /1 more/);
  });

  test('is refused when it is no proof at all, torn anywhere or longer than it is', async () => {
    const proof = await proofOf({ target: third, votes: all(third), headers: [second, third] });
    for (let length = 0; length < proof.length; length += 7) {
      await assert.rejects(check(proof.subarray(0, length)), (error) => isTeaError(error, 'badMessage'));
    }
    await assert.rejects(check(concatBytes(proof, Uint8Array.of(0))), (error) => isTeaError(error, 'badMessage'));
  });
});
