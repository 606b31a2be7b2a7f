import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { concatBytes } from '../bytes.ts';
import { isTeaError } from '../errors.ts';
import { GENESIS_SET, type GrandpaAuthority, verifyFinality } from './finality.ts';
import { encodeHeader, hashHeader, type Header } from './header.ts';
import { encodeCompact, encodeU32, encodeU64 } from './scale.ts';

type Voter = { readonly id: Uint8Array; sign(message: Uint8Array): Promise<Uint8Array> };

async function voter(): Promise<Voter> {
  const { publicKey, privateKey } = await crypto.subtle.generateKey('Ed25519', true, ['sign', 'verify']);
  return {
    id: new Uint8Array(await crypto.subtle.exportKey('raw', publicKey)),
    sign: async (message) => new Uint8Array(await crypto.subtle.sign('Ed25519', privateKey, new Uint8Array(message))),
  };
}

/** Headers 10, 11, …, each the child of the one before. */
function chainOf(length: number, salt = 0): Header[] {
  const headers: Header[] = [];
  for (let index = 0; index < length; index++) {
    const before = headers.at(-1);
    const root = new Uint8Array(32).fill(salt);
    headers.push({
      parentHash: before === undefined ? root : hashHeader(before),
      number: 10 + index,
      stateRoot: root,
      extrinsicsRoot: root,
      digest: [],
    });
  }
  return headers;
}

type Vote = { readonly by: Voter; readonly on: Header; readonly round?: bigint; readonly set?: bigint; readonly signature?: Uint8Array };

async function proofOf(input: {
  readonly target: Header;
  readonly votes: readonly Vote[];
  readonly headers?: readonly Header[];
  readonly ancestries?: readonly Header[];
  readonly block?: Header;
}): Promise<Uint8Array> {
  const precommits = await Promise.all(
    input.votes.map(async ({ by, on, round = 7n, set = GENESIS_SET, signature }) => {
      const vote = concatBytes(hashHeader(on), encodeU32(on.number));
      const message = concatBytes(Uint8Array.of(1), vote, encodeU64(round), encodeU64(set));
      return concatBytes(vote, signature ?? (await by.sign(message)), by.id);
    }),
  );
  const list = (items: readonly Uint8Array[]): Uint8Array => concatBytes(encodeCompact(items.length), ...items);
  const { target, headers = [], ancestries = [], block = target } = input;
  const commit = concatBytes(hashHeader(target), encodeU32(target.number), list(precommits));
  const justification = concatBytes(encodeU64(7n), commit, list(ancestries.map(encodeHeader)));
  return concatBytes(hashHeader(block), encodeCompact(justification.length), justification, list(headers.map(encodeHeader)));
}

const [a, b, c, d] = [await voter(), await voter(), await voter(), await voter()];
const stranger = await voter();
const of = (...voters: readonly Voter[]): GrandpaAuthority[] => voters.map(({ id }) => ({ id, weight: 1n }));
const [first, second, third] = chainOf(3) as [Header, Header, Header];
const check = (proof: Uint8Array, authorities = of(a, b, c, d), header = first) => verifyFinality({ header, proof, authorities, setId: GENESIS_SET });
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
