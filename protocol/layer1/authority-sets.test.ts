import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { concatBytes } from '../bytes.ts';
import { isTeaError } from '../errors.ts';
import { type AuthoritySet, type AuthoritySetChange, followAuthoritySets, type GrandpaAuthority, nextAuthorities } from './authority-sets.ts';
import { votesOfAnybody } from './development-voters.ts';
import { type DigestItem, encodeHeader, type Header } from './header.ts';
import { encodeCompact, encodeU32, encodeU64 } from './scale.ts';
import { chainOf, makeVoter, proofOf, type Voter } from './testing/votes.ts';

const [a, b, c, d, e] = [await makeVoter(), await makeVoter(), await makeVoter(), await makeVoter(), await makeVoter()];
const of = (...voters: readonly Voter[]): GrandpaAuthority[] => voters.map(({ id }) => ({ id, weight: 1n }));
const genesis: AuthoritySet = { id: 0n, authorities: of(a, b, c) };

/** `ConsensusLog` of sp-consensus-grandpa in a digest: 1 is a scheduled change, 2 a forced one. */
function change(next: readonly GrandpaAuthority[], { kind = 1, delay = 0 } = {}): DigestItem {
  const list = concatBytes(encodeCompact(next.length), ...next.map(({ id, weight }) => concatBytes(id, encodeU64(weight))));
  const median = kind === 2 ? encodeU32(3) : new Uint8Array();
  return { kind: 'consensus', engine: 'FRNK', payload: concatBytes(Uint8Array.of(kind), median, list, encodeU32(delay)) };
}

const block = (number: number, ...digest: readonly DigestItem[]): Header => ({ ...(chainOf(1)[0] as Header), number, digest });
async function handOver(on: Header, by: readonly Voter[], set: bigint): Promise<AuthoritySetChange> {
  return { header: encodeHeader(on), proof: await proofOf({ target: on, votes: by.map((voter) => ({ by: voter, on, set })) }) };
}
const toSecond = await handOver(block(20, change(of(b, c, d))), [a, b, c], 0n);
const toThird = await handOver(block(30, change(of(c, d, e))), [b, c, d], 1n);
const refuses = (changes: readonly AuthoritySetChange[], why: RegExp): Promise<void> =>
  assert.rejects(followAuthoritySets(genesis, changes), (error) => isTeaError(error, 'corrupt') && why.test(error.message));

describe('voters, followed from genesis,', () => {
  test('are named by blocks that the set before made final', async () => {
    assert.deepEqual(await followAuthoritySets(genesis, []), genesis);
    assert.deepEqual(await followAuthoritySets(genesis, [toSecond, toThird]), { id: 2n, authorities: of(c, d, e) });
  });

  test('are not those that a set names by itself, nor in the name of another set', async () => {
    await refuses([await handOver(block(20, change(of(e))), [e], 0n)], /only voters of this set/);
    await refuses([await handOver(block(20, change(of(e))), [a, b], 0n)], /two thirds/);
    await refuses([await handOver(block(20, change(of(e))), [a, b, c], 1n)], /valid signatures of this set/);
  });

  test('can neither be left out nor come in another order or twice', async () => {
    await refuses([toThird], /valid signatures of this set/);
    await refuses([toThird, toSecond], /valid signatures of this set/);
    await refuses([toSecond, toSecond], /a block after 20/);
  });

  test('don’t change by a block that names none, by force, later, twice at once, or to a list with a voter twice', async () => {
    await refuses([await handOver(block(20), [a, b, c], 0n)], /which names none/);
    await refuses([await handOver(block(20, change(of(d), { kind: 2 })), [a, b, c], 0n)], /a forced change/);
    await refuses([await handOver(block(20, change(of(d), { delay: 1 })), [a, b, c], 0n)], /at once/);
    await refuses([await handOver(block(20, change(of(d)), change(of(e))), [a, b, c], 0n)], /at once/);
    await refuses([await handOver(block(20, change(of(d, d))), [a, b, c], 0n)], /a voter twice/);
    await refuses([await handOver(block(20, change([])), [a, b, c], 0n)], /voters/);
    assert.equal(nextAuthorities(block(20, { ...change(of(d)), engine: 'aura' } as DigestItem)), null);
  });
});

test('votes with keys that everybody has are nobody’s from a third of the weight on', () => {
  const alice = Uint8Array.fromHex('88dc3417d5058ec4b4503e0c12ea1a0a89be200fe98922423d4334014fa6b0ee');
  assert.equal(votesOfAnybody([{ id: alice, weight: 1n }, ...of(a, b)]), true);
  assert.equal(votesOfAnybody([{ id: alice, weight: 1n }, ...of(a, b, c)]), false);
  assert.equal(votesOfAnybody([{ id: alice, weight: 2n }, ...of(a, b, c)]), true);
});
