import { Aes256Gcm, CipherSuite, DhkemP256HkdfSha256, HkdfSha256 } from '@hpke/core';
import { TeaError } from '../errors.ts';

/** The one suite of TEA: HPKE base mode (RFC 9180), DHKEM(P-256, HKDF-SHA256) / HKDF-SHA256 / AES-256-GCM, one message a key. */
const suite = new CipherSuite({ kem: new DhkemP256HkdfSha256(), kdf: new HkdfSha256(), aead: new Aes256Gcm() });

/** `enc` is the encapsulated key (uncompressed P-256 point, 65 bytes); `ciphertext` is 16 bytes longer than the plaintext. */
export type HpkeMessage = { readonly enc: Uint8Array; readonly ciphertext: Uint8Array };

/**
 * @param recipient uncompressed P-256 point, 65 bytes
 * @param info what the message is for; it opens for nothing else
 * @throws TeaError `badMessage` when `recipient` is no point of the curve
 */
export async function sealHpke(recipient: Uint8Array, info: Uint8Array, plaintext: Uint8Array): Promise<HpkeMessage> {
  const recipientPublicKey = await suite.kem.deserializePublicKey(exact(recipient)).catch((cause: unknown) => {
    throw new TeaError('badMessage', 'This is not an HPKE public key', {
      expected: 'a P-256 point of 65 bytes',
      actual: `${recipient.length} bytes`,
      cause,
    });
  });
  const { enc, ct } = await suite.seal({ recipientPublicKey, info: exact(info) }, exact(plaintext));
  return { enc: new Uint8Array(enc), ciphertext: new Uint8Array(ct) };
}

/** A recipient's key pair; `publicPoint` is what senders get. The private key can't be exported. */
export type HpkeKeyPair = { readonly publicPoint: Uint8Array; readonly privateKey: CryptoKey };

export async function generateHpkeKeyPair(): Promise<HpkeKeyPair> {
  const { publicKey, privateKey } = await crypto.subtle.generateKey({ name: 'ECDH', namedCurve: 'P-256' }, false, ['deriveBits']);
  return { publicPoint: new Uint8Array(await suite.kem.serializePublicKey(publicKey)), privateKey };
}

/** @throws TeaError `refused` when the message was not sealed to this key with this `info` */
export async function openHpkeWith(pair: HpkeKeyPair, { enc, ciphertext }: HpkeMessage, info: Uint8Array): Promise<Uint8Array> {
  const publicKey = await suite.kem.deserializePublicKey(exact(pair.publicPoint));
  try {
    const opened = await suite.open(
      { recipientKey: { publicKey, privateKey: pair.privateKey }, enc: exact(enc), info: exact(info) },
      exact(ciphertext),
    );
    return new Uint8Array(opened);
  } catch (cause) {
    throw new TeaError('refused', 'This was not sealed to this key for this use', { cause });
  }
}

function exact(bytes: Uint8Array): ArrayBuffer {
  return new Uint8Array(bytes).buffer;
}
