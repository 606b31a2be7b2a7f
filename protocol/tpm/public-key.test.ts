import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { isTeaError } from '../errors.ts';
import {
  encodePublicArea,
  encodeSignature,
  type HashAlgorithm,
  type ObjectAttributes,
  publicKeyFromPublicArea,
  type PublicArea,
  TPMA_OBJECT,
  verifySignature,
} from './index.ts';

const MESSAGE = new TextEncoder().encode('what the key signs');
const attributes = Object.fromEntries(Object.keys(TPMA_OBJECT).map((name) => [name, false])) as ObjectAttributes;
const head = { nameAlg: 'sha256', attributes, authPolicy: new Uint8Array(0) } as const;
const bytesOf = (base64: string | undefined): Uint8Array => Uint8Array.fromBase64(base64 ?? '', { alphabet: 'base64url' });
const withoutZeros = (bytes: Uint8Array): Uint8Array => bytes.subarray(bytes.findIndex((byte) => byte !== 0));

type KeyPair = { readonly area: PublicArea; readonly spki: Uint8Array; sign(): Promise<Uint8Array> };

async function rsaKey(scheme: 'rsassa' | 'rsapss', hash: HashAlgorithm, webHash: string): Promise<KeyPair> {
  const name = scheme === 'rsapss' ? 'RSA-PSS' : 'RSASSA-PKCS1-v1_5';
  const pair = await crypto.subtle.generateKey({ name, modulusLength: 2048, publicExponent: Uint8Array.of(1, 0, 1), hash: webHash }, true, [
    'sign',
    'verify',
  ]);
  const { n } = await crypto.subtle.exportKey('jwk', pair.publicKey);
  const parameters = { symmetric: { algorithm: 'null' }, scheme: { scheme, hash }, keyBits: 2048, exponent: 0 } as const;
  return {
    area: { type: 'rsa', ...head, parameters, unique: bytesOf(n) },
    spki: new Uint8Array(await crypto.subtle.exportKey('spki', pair.publicKey)),
    sign: async () => {
      const raw = await crypto.subtle.sign({ name, saltLength: 32 }, pair.privateKey, MESSAGE);
      return encodeSignature({ scheme, hash, signature: new Uint8Array(raw) });
    },
  };
}

async function eccKey(curve: 'p256' | 'p384' | 'p521', namedCurve: string, hash: HashAlgorithm, webHash: string): Promise<KeyPair> {
  const pair = await crypto.subtle.generateKey({ name: 'ECDSA', namedCurve }, true, ['sign', 'verify']);
  const { x, y } = await crypto.subtle.exportKey('jwk', pair.publicKey);
  const parameters = { symmetric: { algorithm: 'null' }, scheme: { scheme: 'ecdsa', hash }, curve, kdf: { scheme: 'null' } } as const;
  return {
    area: { type: 'ecc', ...head, parameters, unique: { x: withoutZeros(bytesOf(x)), y: withoutZeros(bytesOf(y)) } },
    spki: new Uint8Array(await crypto.subtle.exportKey('spki', pair.publicKey)),
    sign: async () => {
      const raw = new Uint8Array(await crypto.subtle.sign({ name: 'ECDSA', hash: webHash }, pair.privateKey, MESSAGE));
      const size = raw.length / 2;
      return encodeSignature({ scheme: 'ecdsa', hash, r: withoutZeros(raw.subarray(0, size)), s: withoutZeros(raw.subarray(size)) });
    },
  };
}

const kinds: readonly [name: string, make: () => Promise<KeyPair>][] = [
  ['RSASSA with SHA-256', () => rsaKey('rsassa', 'sha256', 'SHA-256')],
  ['RSAPSS with SHA-256', () => rsaKey('rsapss', 'sha256', 'SHA-256')],
  ['ECDSA on P-256', () => eccKey('p256', 'P-256', 'sha256', 'SHA-256')],
  ['ECDSA on P-384', () => eccKey('p384', 'P-384', 'sha384', 'SHA-384')],
  ['ECDSA on P-521', () => eccKey('p521', 'P-521', 'sha512', 'SHA-512')],
];

for (const [name, make] of kinds) {
  describe(`a public area for ${name}`, () => {
    it('verifies its own signature, over no other message, and no other key does', async () => {
      const [key, other] = await Promise.all([make(), make()]);
      const area = encodePublicArea(key.area);
      const signature = await key.sign();
      assert.equal(await verifySignature(area, MESSAGE, signature), true);
      assert.equal(await verifySignature(area, MESSAGE.subarray(1), signature), false);
      assert.equal(await verifySignature(encodePublicArea(other.area), MESSAGE, signature), false);
    });

    it("is WebCrypto's SubjectPublicKeyInfo, leading zeros left out or not", async () => {
      for (let round = 0; round < (name.startsWith('RSA') ? 1 : 40); round++) {
        const { area, spki } = await make();
        assert.deepEqual(publicKeyFromPublicArea(encodePublicArea(area)).spki, spki);
      }
    });
  });
}

describe('a signature', () => {
  it('of a scheme or hash that the key does not fix is refused', async () => {
    const key = await rsaKey('rsassa', 'sha256', 'SHA-256');
    const signature = await key.sign();
    const { parameters } = key.area;
    for (const scheme of [{ scheme: 'rsapss', hash: 'sha256' }, { scheme: 'rsassa', hash: 'sha384' }, { scheme: 'null' }] as const) {
      const area = encodePublicArea({ ...key.area, parameters: { ...parameters, scheme } } as PublicArea);
      assert.equal(await verifySignature(area, MESSAGE, signature), false);
    }
  });

  it('with SHA-1 never holds', async () => {
    const key = await rsaKey('rsassa', 'sha1', 'SHA-1');
    assert.equal(await verifySignature(encodePublicArea(key.area), MESSAGE, await key.sign()), false);
  });
});

describe('a public area that holds no valid key', () => {
  const eccArea = (x: Uint8Array, y: Uint8Array): PublicArea => ({
    type: 'ecc',
    ...head,
    parameters: { symmetric: { algorithm: 'null' }, scheme: { scheme: 'ecdsa', hash: 'sha256' }, curve: 'p256', kdf: { scheme: 'null' } },
    unique: { x, y },
  });
  const signature = encodeSignature({ scheme: 'ecdsa', hash: 'sha256', r: Uint8Array.of(1), s: Uint8Array.of(1) });

  it('is refused when its point is not on the curve', async () => {
    const verifying = verifySignature(encodePublicArea(eccArea(Uint8Array.of(1), Uint8Array.of(1))), MESSAGE, signature);
    await assert.rejects(verifying, (error) => isTeaError(error, 'badMessage'));
  });

  it('is refused when a coordinate is wider than its curve', () => {
    assert.throws(
      () => publicKeyFromPublicArea(encodePublicArea(eccArea(new Uint8Array(33), Uint8Array.of(1)))),
      (error) => isTeaError(error, 'badMessage'),
    );
  });

  it('is refused when the modulus is not of the stated size', async () => {
    const { area } = await rsaKey('rsassa', 'sha256', 'SHA-256');
    const short = { ...area, unique: new Uint8Array(128).fill(0xff) } as PublicArea;
    assert.throws(
      () => publicKeyFromPublicArea(encodePublicArea(short)),
      (error) => isTeaError(error, 'badMessage'),
    );
  });

  it('is refused when it is a keyed hash', () => {
    const area = encodePublicArea({ type: 'keyedHash', ...head, parameters: { scheme: { scheme: 'null' } }, unique: new Uint8Array(32) });
    assert.throws(
      () => publicKeyFromPublicArea(area),
      (error) => isTeaError(error, 'badMessage'),
    );
  });
});
