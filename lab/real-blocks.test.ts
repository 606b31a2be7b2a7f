import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { getDynamicBuilder, getLookupFn } from '@polkadot-api/metadata-builders';
import { decAnyMetadata, unifyMetadata } from '@polkadot-api/substrate-bindings';
import { tea } from '@polkadot-api/descriptors';
import { concatBytes, isTeaError } from '@tea/protocol';
import {
  decodeFinalityProof,
  decodeHeader,
  encodeFinalityProof,
  encodeHeader,
  hashHeader,
  type Header,
  ScaleReader,
  verifyFinality,
  verifyGenesisAuthorities,
} from '@tea/protocol/layer1';
import { verifyFinalised } from '../attestation/verify-finality.ts';
import { readFixture } from '../host/layer1/chain/testing/validators-fixture.ts';

const { fixture } = await readFixture(new URL('../host/layer1/chain/fixtures/validators/', import.meta.url));
const bytes = (text: string): Uint8Array => Uint8Array.fromHex(text.slice(2));

/** Calls of the metadata that no block of the fixture has, each with the reason. */
const NOT_EXERCISED: Readonly<Record<string, string>> = {
  'Grandpa.report_equivocation': 'its proof of key ownership is a type without values here: without sessions nobody can report',
  'Grandpa.report_equivocation_unsigned': 'the same',
};

describe('blocks of three real validators', () => {
  test('exercise every call that the metadata names, or the exception says why not', async () => {
    const decode = await callDecoder();
    const seen = new Set(fixture.blocks.flatMap(({ extrinsics }) => extrinsics.flatMap((extrinsic) => [...callsIn(decode.call(bytes(extrinsic)))])));
    const missing = decode.all.filter((call) => !seen.has(call));
    assert.deepEqual(missing.toSorted(), Object.keys(NOT_EXERCISED).toSorted());
    assert.ok(fixture.blocks.length >= 300, `${fixture.blocks.length} blocks`);
  });
});

const [first] = fixture.finality.proofs;
assert.ok(first);
const headerOf = (number: number): Header => decodeHeader(bytes(fixture.blocks[number - 1]?.header ?? '0x'));
const genesis = {
  genesisHash: bytes(fixture.genesisHash),
  header: bytes(fixture.finality.genesisHeader),
  proof: fixture.finality.authoritiesProof.map(bytes),
};
const { id: setId, authorities } = verifyGenesisAuthorities(genesis);
const refused = (header: Header, proof: Uint8Array, set = { authorities, setId }): Promise<void> =>
  assert.rejects(verifyFinality({ header, proof, ...set }), (error) => isTeaError(error, 'corrupt') || isTeaError(error, 'badMessage'));

describe('what three real validators signed', () => {
  test('proves their blocks final, by more than two thirds of whom genesis names', async () => {
    for (const { block, proof } of fixture.finality.proofs) {
      const { weight, totalWeight, target } = await verifyFinality({ header: headerOf(block), proof: bytes(proof), authorities, setId });
      assert.ok(weight * 3n > totalWeight * 2n && totalWeight === 3n && target.number >= block);
    }
    assert.ok(fixture.finality.proofs.length >= 30);
  });

  test('proves nothing once any byte of it is changed', async () => {
    const proof = bytes(first.proof);
    for (let at = 0; at < proof.length; at++) await refused(headerOf(first.block), proof.with(at, (proof[at] ?? 0) ^ 1));
  });

  test('proves no other block, none of a set with another number, and nothing with one vote fewer', async () => {
    const proof = bytes(first.proof);
    await refused(headerOf(first.block + 1), proof);
    await refused({ ...headerOf(first.block), stateRoot: new Uint8Array(32) }, proof);
    await refused(headerOf(first.block), proof, { authorities, setId: setId + 1n });
    await refused(headerOf(first.block), withoutOneVote(proof, 2));
    await refused(headerOf(first.block), proof, {
      setId,
      authorities: authorities.map(({ id }) => ({ id: id.with(0, (id[0] ?? 0) ^ 1), weight: 1n })),
    });
  });

  test('proves an earlier block only by headers that follow each other', async () => {
    const late = fixture.finality.proofs.at(-2);
    assert.ok(late);
    const proof = decodeFinalityProof(bytes(late.proof));
    const between = [2, 1, 0].map((back) => headerOf(late.block - back));
    const earlier = headerOf(late.block - 3);
    const spliced = (headers: readonly Header[]): Uint8Array => encodeFinalityProof({ ...proof, headers: [...headers, ...proof.headers] });
    assert.ok((await verifyFinality({ header: earlier, proof: spliced(between), authorities, setId })).target.number >= late.block);
    await refused(earlier, spliced(between.slice(1)));
    await refused(earlier, spliced([...between, ...between.slice(-1)]));
    await refused(earlier, spliced(between.with(1, { ...headerOf(late.block - 1), stateRoot: new Uint8Array(32) })));
    await refused(headerOf(late.block - 4), spliced(between));
  });

  test('names voters that only its own genesis names', () => {
    assert.throws(() => verifyGenesisAuthorities({ ...genesis, genesisHash: new Uint8Array(32) }), /not the genesis header/);
    const another = encodeHeader({ ...decodeHeader(genesis.header), stateRoot: headerOf(1).stateRoot });
    const itsHash = hashHeader(decodeHeader(another));
    assert.throws(() => verifyGenesisAuthorities({ ...genesis, genesisHash: itsHash, header: another }), /does not lead from the state root/);
  });

  test('is said by tea verify to be votes with keys that everybody has, as an embedded chain’s file is said to have none', async () => {
    const chain = { genesisHash: genesis.genesisHash, header: encodeHeader(headerOf(first.block)) };
    const finality = { genesisHeader: genesis.header, authoritiesProof: genesis.proof, proof: bytes(first.proof) };
    const shown = await verifyFinalised({ chain: { ...chain, finality } });
    assert.equal(shown.outcome, 'cannotTell');
    assert.match(shown.actual, /of 3 voted for block .* keys of development/);
    const broken = await verifyFinalised({ chain: { ...chain, finality: { ...finality, proof: withoutOneVote(finality.proof, 2) } } });
    assert.equal(broken.outcome, 'failed');
    const none = await verifyFinalised({ chain });
    assert.equal(none.outcome, 'cannotTell');
    assert.match(none.actual, /embedded chain has none, and proves nothing about consensus/);
  });
});

const VOTE_BYTES = 32 + 4 + 64 + 32;
/** Only the first `kept` votes of the justification, and no ancestries. */
function withoutOneVote(proof: Uint8Array, kept: number): Uint8Array {
  const { block, justification, headers } = decodeFinalityProof(proof);
  const votesAt = 8 + 32 + 4 + 1;
  const shorter = concatBytes(
    justification.subarray(0, votesAt - 1),
    Uint8Array.of(kept << 2),
    justification.subarray(votesAt, votesAt + kept * VOTE_BYTES),
    Uint8Array.of(0),
  );
  return encodeFinalityProof({ block, justification: shorter, headers });
}

type Call = { readonly type: string; readonly value: { readonly type: string; readonly value: unknown } };

/** A decoder of extrinsics that the metadata describes. */
async function callDecoder(): Promise<{ readonly all: readonly string[]; call(extrinsic: Uint8Array): unknown }> {
  const metadata = unifyMetadata(decAnyMetadata(new ScaleReader(await tea.getMetadata(), 'metadata').vector()));
  const builder = getDynamicBuilder(getLookupFn(metadata));
  const { extrinsic } = metadata;
  const all = metadata.pallets.flatMap(({ name, calls }) => {
    const definition = calls === undefined ? undefined : metadata.lookup[calls.type]?.def;
    return definition?.tag === 'variant' ? definition.value.map((call) => `${name}.${call.name}`) : [];
  });
  assert.ok('call' in extrinsic);
  const codec = builder.buildDefinition(extrinsic.call);
  const extensions = extrinsic.signedExtensions[0] ?? [];
  return {
    all,
    call(encoded) {
      const reader = new ScaleReader(encoded, 'extrinsic');
      reader.compact();
      const signed = reader.u8() >= 0x80;
      // Slices: the codecs read a view's buffer from its beginning.
      let rest = encoded.slice(encoded.length - reader.remaining);
      if (signed) {
        rest = rest.slice(1 + 32 + 1 + 64); // address by id, sr25519 signature
        for (const { type } of extensions) {
          const extension = builder.buildDefinition(type);
          rest = rest.slice(extension.enc(extension.dec(rest)).length);
        }
      }
      return codec.dec(rest) as unknown;
    },
  };
}

/** A call, and those that it carries. */
function* callsIn(value: unknown): Generator<string> {
  if (value === null || typeof value !== 'object' || value instanceof Uint8Array) return;
  const { type, value: inner } = value as Partial<Call>;
  if (typeof type === 'string' && typeof inner === 'object' && inner !== null && 'type' in inner && typeof inner.type === 'string')
    yield `${type}.${inner.type}`;
  for (const part of Object.values(value)) yield* callsIn(part);
}
