import assert from 'node:assert/strict';
import { test } from 'node:test';
import { laptopPolicy, verifyProof } from '@tea/attestation';
import { encodeProofFile, signReferenceValues } from '@tea/protocol';
import { changedAt, leaves } from '../attestation/testing/altered-proofs.ts';
import { provenErrand } from '../attestation/testing/proven-errand.ts';
import { EVENTS, honestNode } from '../attestation/testing/scenario.ts';
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
