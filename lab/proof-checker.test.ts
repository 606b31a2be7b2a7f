import assert from 'node:assert/strict';
import { test } from 'node:test';
import { laptopPolicy, verifyProof } from '@tea/attestation';
import { blake2b } from '@noble/hashes/blake2.js';
import { concatBytes, encodeProofFile, signReferenceValues, type ProofFile } from '@tea/protocol';
import {
  decodeHeader,
  encodeCompact,
  encodeHeader,
  encodeTrieNode,
  encodeU32,
  encodeU64,
  GRANDPA_AUTHORITIES_KEY,
  hashHeader,
  toNibbles,
  type Header,
} from '@tea/protocol/layer1';
import { changedAt, leaves } from '../attestation/testing/altered-proofs.ts';
import { provenErrand } from '../attestation/testing/proven-errand.ts';
import { EVENTS, honestNode } from '../attestation/testing/scenario.ts';
import { readFixture } from '../host/layer1/chain/testing/validators-fixture.ts';
import { makeVoter, proofOf, type Voter } from '../protocol/layer1/testing/votes.ts';
import { onProofs } from './attacks/proofs.ts';
import { readAgain } from './oracles/second-reader.ts';

/**
 * The second reader, which knows the documents alone, against `verifyProof`: docs/proof-format.md says enough to write one exactly when the two agree on
 * every file, honest or not, on the verdict and on each claim that fails or can't be told.
 */
type File = { readonly name: string; readonly bytes: Uint8Array };

async function agree(files: readonly File[]): Promise<void> {
  const second = await readAgain(files.map(({ bytes }) => bytes));
  assert.equal(second.length, files.length);
  for (const [index, { name, bytes }] of files.entries()) {
    const { verdict, claims } = await verifyProof(bytes);
    const of = (wanted: string) => claims.filter(({ outcome }) => outcome === wanted).map(({ id }) => id);
    const { why, ...theirs } = second[index] ?? assert.fail(name);
    assert.deepEqual(theirs, { verdict, failed: of('failed').toSorted(), open: of('cannotTell').toSorted() }, `${name}: ${why}`);
  }
}

const { proof } = await provenErrand(await honestNode());

test('a reader written from the document alone agrees on a proof with any of its fields altered under a digest that holds', async () => {
  // Words for people, which it has none of, and the time they name.
  const altered = [...leaves(proof)].filter((path) => !/^result\.(claims\.\d+\.[tens]|claims\.\d+\.ac|appraisedAtMs)/.test(path.join('.')));
  assert.ok(altered.length > 100);
  await agree([
    { name: 'honest', bytes: encodeProofFile(proof) },
    ...altered.map((path) => ({ name: path.join('.'), bytes: encodeProofFile(changedAt(proof, path)) })),
  ]);
});

test('it agrees on every file of the corpus of attacks', async () => {
  const made = onProofs.attacks.flatMap(({ id, file }) => (file === undefined ? [] : [{ id, file }]));
  assert.ok(made.length >= 30);
  await agree(await Promise.all(made.map(async ({ id, file }) => ({ name: id, bytes: await file() }))));
});

test('it agrees on signed reference values, on longer logs and on policies that want more', async () => {
  const node = await honestNode();
  const release = await crypto.subtle.generateKey({ name: 'ECDSA', namedCurve: 'P-256' }, true, ['sign', 'verify']);
  const period = { signer: 'release', issue: 3, issuedAtMs: 0, notBeforeMs: 0, notAfterMs: 4e12 };
  const signed = { ...node, referenceValues: await signReferenceValues(node.referenceValues, release, period) };
  const outdated = { ...node, referenceValues: await signReferenceValues(node.referenceValues, release, { ...period, notAfterMs: 1 }) };
  const key = new Uint8Array(await crypto.subtle.exportKey('raw', release.publicKey));
  const releaseKeys = { accept: 'signed', releaseKeys: [{ name: 'ours', key }], minimumIssue: 3 } as const;
  const scenarios = {
    'a longer log': await honestNode([...EVENTS, ...EVENTS, ...EVENTS]),
    signed,
    outdated,
    'known release key': { ...signed, policy: { ...laptopPolicy, referenceValues: releaseKeys } },
    'later issue asked for': { ...signed, policy: { ...laptopPolicy, referenceValues: { ...releaseKeys, minimumIssue: 4 } } },
    'unsigned where signed are asked for': { ...node, policy: { ...laptopPolicy, referenceValues: releaseKeys } },
    'pinned authority': { ...node, policy: node.pinnedPolicy },
    'revocation lists asked for': { ...node, policy: { ...laptopPolicy, revocation: 'required' as const } },
    'acceptance by layer 1 asked for': { ...node, policy: { ...laptopPolicy, acceptance: 'onLayer1' as const } },
  };
  await agree(
    await Promise.all(
      Object.entries(scenarios).map(async ([name, scenario]) => ({ name, bytes: encodeProofFile((await provenErrand(scenario)).proof) })),
    ),
  );
});

test('it agrees on finality: of real validators, of voters with keys of their own, of their successors, and with every field altered', async () => {
  const { fixture } = await readFixture(new URL('../host/layer1/chain/fixtures/validators/', import.meta.url));
  const hex = (text: string): Uint8Array => Uint8Array.fromHex(text.slice(2));
  const { genesisHeader, authoritiesProof, proofs } = fixture.finality;
  const first = proofs[0] ?? assert.fail('a proof of finality');
  const withChain = (chain: Partial<ProofFile['chain']>): ProofFile => ({ ...proof, chain: { ...proof.chain, ...chain } });
  const real = withChain({
    genesisHash: hex(fixture.genesisHash),
    header: hex(fixture.blocks[first.block - 1]?.header ?? '0x'),
    finality: { genesisHeader: hex(genesisHeader), authoritiesProof: authoritiesProof.map(hex), proof: hex(first.proof) },
  });

  const [a, b, c, d] = [await makeVoter(), await makeVoter(), await makeVoter(), await makeVoter()];
  const listed = (voters: readonly Voter[]) => concatBytes(encodeCompact(voters.length), ...voters.map(({ id }) => concatBytes(id, encodeU64(1n))));
  const list = listed([a, b, c]);
  const leaf = encodeTrieNode({
    kind: 'leaf',
    partial: toNibbles(GRANDPA_AUTHORITIES_KEY),
    value: { kind: 'hashed', hash: blake2b(list, { dkLen: 32 }) },
  });
  const empty = { parentHash: new Uint8Array(32), extrinsicsRoot: new Uint8Array(32), stateRoot: new Uint8Array(32), digest: [] };
  const genesis = { ...empty, number: 0, stateRoot: blake2b(leaf, { dkLen: 32 }) };
  const payload = concatBytes(Uint8Array.of(1), listed([b, c, d]), encodeU32(0));
  const changing: Header = { ...empty, number: 10, digest: [{ kind: 'consensus', engine: 'FRNK', payload }] };
  const header = decodeHeader(proof.chain.header);
  const by = (on: Header, set: bigint, voters: readonly Voter[]) => proofOf({ target: on, votes: voters.map((voter) => ({ by: voter, on, set })) });
  const finality = { genesisHeader: encodeHeader(genesis), authoritiesProof: [leaf, list], proof: await by(header, 0n, [a, b, c]) };
  const own = withChain({ genesisHash: hashHeader(genesis), finality });
  const setChanges = [{ header: encodeHeader(changing), proof: await by(changing, 0n, [a, b, c]) }];
  const followed = withChain({ genesisHash: hashHeader(genesis), finality: { ...finality, setChanges, proof: await by(header, 1n, [d, c, b]) } });
  const twoOfThree = withChain({ genesisHash: hashHeader(genesis), finality: { ...finality, proof: await by(header, 0n, [a, b]) } });
  const { claims } = await verifyProof(encodeProofFile(followed));
  assert.equal(claims.find(({ id }) => id === 'chain.finality')?.outcome, 'ok');

  const files = { real, own, followed, twoOfThree };
  await agree(Object.entries(files).map(([name, file]) => ({ name, bytes: encodeProofFile(file) })));
  const altered = [real, own, followed].flatMap((file) =>
    [...leaves(file)].filter(([top, part]) => top === 'chain' && part === 'finality').map((path) => changedAt(file, path)),
  );
  assert.ok(altered.length >= 10);
  await agree(altered.map((file, index) => ({ name: `altered ${index}`, bytes: encodeProofFile(file) })));
});
