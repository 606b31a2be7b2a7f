import * as v from 'valibot';
import { bytesOf, sha256 } from './bytes.ts';
import { decodeCbor, encodeCbor, equalBytes } from './cbor.ts';
import { decodeSigned, encodeSigned, signAs, signedKind, verifySigned } from './cose.ts';
import { TeaError } from './errors.ts';

/** What a system actor may ask for, one interface of `tee/wit/actor` each. */
export const ACTOR_GRANTS = ['tpm', 'layer1', 'ipfs', 'net'] as const;
export type ActorGrant = (typeof ACTOR_GRANTS)[number];

/** The release key's word that this component may run in the TEE under this name, with these grants. */
export type ActorManifest = {
  readonly name: string;
  readonly version: string;
  /** SHA-256 of the component */
  readonly component: Uint8Array;
  /** sorted, each once */
  readonly grants: readonly ActorGrant[];
};

/** COSE_Sign1 of this content type, by the release key of the image; in process mode without one, by the development key. */
const SIGNED_MANIFEST = signedKind('actor manifest', 'application/vnd.tea.actor-manifest+cbor');

/**
 * The key that stands for a release key where the image has none. Its private half is in this repository (`tee/launcher/actor-build`), so its signature says
 * what was built and keeps nobody from building something else: such a TEE is of trust class `simulated`, and its bundle is measured with this key inside.
 */
export const DEVELOPMENT_ACTOR_KEY = Uint8Array.fromHex(
  '0401aee50d675e4ffda5ff2d5700b1df1bbb919e61796f69572a1ca15a334a250b9fcdb63e973e19c01db851b6b4b22447050b036666ecef9b89d7ae4da94a03f4',
);

const text = (most: number) => v.pipe(v.string(), v.regex(/^[!-~]+$/), v.maxLength(most));
const schema = v.strictObject({
  domain: v.literal('tea/actor-manifest/1'),
  name: text(64),
  version: text(64),
  component: bytesOf(32),
  grants: v.pipe(
    v.array(v.picklist(ACTOR_GRANTS)),
    v.check((grants) => grants.every((grant, index) => index === 0 || grant > (grants[index - 1] ?? '')), 'grants in order, each once'),
  ),
});

export async function signActorManifest({ name, version, component, grants }: ActorManifest, key: CryptoKey): Promise<Uint8Array> {
  const payload = encodeCbor({ domain: 'tea/actor-manifest/1', name, version, component, grants: grants.toSorted() });
  return encodeSigned(SIGNED_MANIFEST, payload, await signAs(SIGNED_MANIFEST, payload, key));
}

/** The same manifest under a release key, of one that the development key signed. @throws TeaError `badMessage`, `refused` */
export async function resignActorManifest(signed: Uint8Array, key: CryptoKey): Promise<Uint8Array> {
  const { payload, signature } = decodeSigned(SIGNED_MANIFEST, signed);
  if (!(await verifySigned(SIGNED_MANIFEST, payload, signature, DEVELOPMENT_ACTOR_KEY)))
    throw new TeaError('refused', 'This manifest is not of this checkout', { expected: 'a signature of the development key', actual: 'another' });
  return signActorManifest(decodeCbor(payload, schema, 'actor manifest'), key);
}

/**
 * The manifest, once its signature and its component have been checked.
 * @param key P-256 point, 65 bytes: whose word counts
 * @param name the actor that is to run
 * @throws TeaError `badMessage` for what is no signed manifest; `refused` for another signer, another actor's, or another component
 */
export async function openActorManifest(
  signed: Uint8Array,
  { key, name, component }: { readonly key: Uint8Array; readonly name: string; readonly component: Uint8Array },
): Promise<ActorManifest> {
  const { payload, signature } = decodeSigned(SIGNED_MANIFEST, signed);
  if (!(await verifySigned(SIGNED_MANIFEST, payload, signature, key))) {
    throw new TeaError('refused', `The manifest of ${name} is not signed by the key that this image goes by`, {
      expected: `a signature of ${key.toHex()}`,
      actual: 'another, or over another manifest',
      next: 'sign it with the release key of the image',
    });
  }
  const { domain: _, ...manifest } = decodeCbor(payload, schema, 'actor manifest');
  if (manifest.name !== name)
    throw new TeaError('refused', 'This is the manifest of another actor', { expected: `one of ${name}`, actual: `one of ${manifest.name}` });
  const digest = sha256(component);
  if (!equalBytes(manifest.component, digest)) {
    throw new TeaError('refused', `The component is not the one that the manifest of ${name} is for`, {
      expected: manifest.component.toHex(),
      actual: digest.toHex(),
    });
  }
  return manifest;
}
