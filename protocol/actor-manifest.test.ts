import assert from 'node:assert/strict';
import { test } from 'node:test';
import { sha256 } from './bytes.ts';
import { openActorManifest, signActorManifest } from './actor-manifest.ts';
import { type CborValue, encodeCbor } from './cbor.ts';
import { encodeSigned, signAs, signedKind } from './cose.ts';
import { isTeaError } from './errors.ts';

const keys = async () => {
  const { publicKey, privateKey } = await crypto.subtle.generateKey({ name: 'ECDSA', namedCurve: 'P-256' }, false, ['sign', 'verify']);
  return { point: new Uint8Array(await crypto.subtle.exportKey('raw', publicKey)), privateKey };
};
const release = await keys();
const stranger = await keys();
const component = Uint8Array.of(1, 2, 3);
const manifest = { name: 'active-nodes', version: '1', component: sha256(component), grants: ['layer1', 'net', 'tpm'] as const };
const signed = await signActorManifest(manifest, release.privateKey);
const wanted = { key: release.point, name: 'active-nodes', component };
const kind = signedKind('actor manifest', 'application/vnd.tea.actor-manifest+cbor');
const handmade = async (fields: Record<string, CborValue>) => {
  const payload = encodeCbor({ domain: 'tea/actor-manifest/1', ...manifest, ...fields });
  return encodeSigned(kind, payload, await signAs(kind, payload, release.privateKey));
};

const attacks: readonly (readonly [
  claim: string,
  code: 'refused' | 'badMessage',
  says: RegExp,
  signed: Uint8Array,
  wanted?: Partial<typeof wanted>,
])[] = [
  ['an unsigned manifest', 'badMessage', /signed actor manifest/, encodeCbor({ ...manifest })],
  ['a manifest that somebody else signed', 'refused', /not signed by the key/, await signActorManifest(manifest, stranger.privateKey)],
  [
    'a manifest whose signature is of another',
    'refused',
    /not signed by the key/,
    Uint8Array.from([...signed.slice(0, -1), (signed.at(-1) ?? 0) ^ 1]),
  ],
  [
    'the manifest of another actor',
    'refused',
    /another actor: expected one of active-nodes, got one of keeper/,
    await signActorManifest({ ...manifest, name: 'keeper' }, release.privateKey),
  ],
  ['another component under its name', 'refused', /not the one that the manifest/, signed, { component: Uint8Array.of(1, 2, 4) }],
  ['a grant that does not exist', 'badMessage', /grants/, await handmade({ grants: ['everything'] })],
  ['a grant twice', 'badMessage', /grants/, await handmade({ grants: ['net', 'net'] })],
  ['another field beside', 'badMessage', /actor manifest/, await handmade({ also: 1 })],
];
for (const [claim, code, says, given, changes] of attacks) {
  test(`refuses ${claim}`, async () => {
    await assert.rejects(
      openActorManifest(given, { ...wanted, ...changes }),
      (error: unknown) => isTeaError(error, code) && says.test(error.message),
    );
  });
}

test('takes the manifest that the release key signed for this component', async () => {
  assert.deepEqual(await openActorManifest(signed, wanted), manifest);
});
