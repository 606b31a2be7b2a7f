import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { blake2b } from '@noble/hashes/blake2.js';
import { concatBytes, type ProofFile } from '@tea/protocol';
import {
  type DigestItem,
  encodeCompact,
  encodeHeader,
  encodeTrieNode,
  encodeU32,
  encodeU64,
  GRANDPA_AUTHORITIES_KEY,
  hashHeader,
  type Header,
  toNibbles,
} from '@tea/protocol/layer1';
import { verifyFinalised } from '../attestation/verify-finality.ts';
import { type AskFinality, collectFinality } from '../client/sdk/finality-proof.ts';
import { chainOf, makeVoter, proofOf, type Voter } from '../protocol/layer1/testing/votes.ts';

const [a, b, c, d, e] = [await makeVoter(), await makeVoter(), await makeVoter(), await makeVoter(), await makeVoter()];
const list = (voters: readonly Voter[]): Uint8Array =>
  concatBytes(encodeCompact(voters.length), ...voters.map(({ id }) => concatBytes(id, encodeU64(1n))));

/** A state that holds nothing but whom GRANDPA's voters are: one leaf, its value beside it. */
const value = list([a, b, c]);
const leaf = encodeTrieNode({
  kind: 'leaf',
  partial: toNibbles(GRANDPA_AUTHORITIES_KEY),
  value: { kind: 'hashed', hash: blake2b(value, { dkLen: 32 }) },
});
const root = new Uint8Array(32);
const genesis: Header = { parentHash: root, number: 0, stateRoot: blake2b(leaf, { dkLen: 32 }), extrinsicsRoot: root, digest: [] };
const genesisHash = hashHeader(genesis);
const nextVoters: DigestItem = {
  kind: 'consensus',
  engine: 'FRNK',
  payload: concatBytes(Uint8Array.of(1), list([c, d, e]), encodeU32(0)),
};

/** Blocks 1 to 20 of a network whose block 5 hands over to other voters; every fifth block holds a justification. */
const blocks: Header[] = [genesis];
for (let number = 1; number <= 20; number++) {
  const parentHash = hashHeader(blocks[number - 1] ?? genesis);
  blocks.push({ ...(chainOf(1, number)[0] as Header), parentHash, number, digest: number === 5 ? [nextVoters] : [] });
}
const block = (number: number): Header => blocks[number] ?? assert.fail(`no block ${number}`);
const justified = async (number: number): Promise<Uint8Array> => {
  const [voters, set] = number <= 5 ? [[a, b, c], 0n] : [[c, d, e], 1n];
  return proofOf({ target: block(number), votes: voters.map((by) => ({ by, on: block(number), set })) });
};

type Answers = Readonly<Record<string, (...params: never[]) => unknown>>;

/** A node of that network; `lies` answers in its place. */
function node(lies: Answers = {}): AskFinality {
  const byHash = new Map(blocks.map((header) => [`0x${hashHeader(header).toHex()}`, header]));
  const json = ({ parentHash, number, stateRoot, extrinsicsRoot, digest }: Header) => ({
    parentHash: hex(parentHash),
    number: `0x${number.toString(16)}`,
    stateRoot: hex(stateRoot),
    extrinsicsRoot: hex(extrinsicsRoot),
    digest: { logs: digest.map((item) => hex(encodeHeader({ ...genesis, digest: [item] }).subarray(98))) },
  });
  const answers: Record<string, (param: never) => unknown> = {
    chain_getHeader: (hash: string) => json(byHash.get(hash) ?? genesis),
    chain_getBlockHash: (number: number) => (blocks[number] === undefined ? null : hex(hashHeader(block(number)))),
    state_getReadProof: () => ({ proof: [hex(leaf), hex(value)] }),
    chain_getBlock: async (hash: string) => {
      const header = byHash.get(hash) ?? genesis;
      const justification =
        header.number % 5 === 0 ? [[[...new TextEncoder().encode('FRNK')], [...justificationIn(await justified(header.number))]]] : null;
      return { block: { header: json(header), extrinsics: [] }, justifications: justification };
    },
    // As the SDK's: the last block of the set that a block belongs to, or the newest final one.
    grandpa_proveFinality: async (number: number) => hex(await justified(number <= 5 ? 5 : 20)),
    ...lies,
  };
  return async (method, [param]) => (answers[method] ?? assert.fail(method))(param as never);
}

function justificationIn(proof: Uint8Array): Uint8Array {
  const from = proof.subarray(32);
  const length = ((from[0] ?? 0) | ((from[1] ?? 0) << 8)) >> 2; // a compact of two bytes
  return from.subarray(2, 2 + length);
}

function hex(bytes: Uint8Array): string {
  return `0x${bytes.toHex()}`;
}

const claim = (number: number, finality: ProofFile['chain']['finality']) =>
  verifyFinalised({ chain: { genesisHash, header: encodeHeader(block(number)), ...(finality && { finality }) } });

describe('a proof of finality put together from a node’s answers', () => {
  test('holds for blocks under the voters of genesis, and under those that they put in their place', async () => {
    for (const [number, sets] of [
      [3, 0],
      [5, 0],
      [6, 1],
      [20, 1],
    ] as const) {
      const finality = await collectFinality(node(), genesisHash, block(number));
      assert.equal(finality?.setChanges?.length ?? 0, sets, `block ${number}`);
      const { outcome, actual } = await claim(number, finality);
      assert.equal(outcome, 'ok', actual);
      assert.match(actual, /^3 of 3 voted/);
    }
  });

  test('fails when the change of voters is left out, or the votes are of the voters before', async () => {
    const finality = await collectFinality(node(), genesisHash, block(6));
    assert.ok(finality);
    const { setChanges: _, ...without } = finality;
    assert.equal((await claim(6, without)).outcome, 'failed');
    const old = await proofOf({ target: block(6), votes: [a, b, c].map((by) => ({ by, on: block(6), set: 0n })) });
    assert.equal((await claim(6, { ...finality, proof: old })).outcome, 'failed');
    assert.equal((await claim(6, { ...without, proof: old })).outcome, 'ok', 'voters who were replaced can betray whoever follows them alone');
    assert.equal((await claim(7, finality)).outcome, 'failed');
  });

  test('is not written when the node has none, or lies', async () => {
    assert.equal(await collectFinality(node({ chain_getBlock: () => null }), genesisHash, block(3)), undefined);
    const foreign = await proofOf({ target: block(3), votes: [d, e].map((by) => ({ by, on: block(3) })) });
    const signed = { block: { header: {} }, justifications: [[[0x46, 0x52, 0x4e, 0x4b], [...justificationIn(foreign)]]] };
    for (const lies of [
      { chain_getBlock: () => signed },
      { chain_getHeader: () => 'nonsense' },
      { state_getReadProof: () => ({ proof: [hex(leaf), hex(list([d]))] }) },
      { grandpa_proveFinality: () => '0x00' },
    ] satisfies Answers[]) {
      await assert.rejects(collectFinality(node(lies), genesisHash, block(6)), Object.keys(lies)[0]);
    }
  });
});
