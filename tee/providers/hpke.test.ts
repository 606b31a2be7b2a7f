import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Aes256Gcm, CipherSuite, DhkemP256HkdfSha256, HkdfSha256 } from '@hpke/core';
import { openHpke, type HpkeRecipient } from './hpke.ts';

const suite = new CipherSuite({ kem: new DhkemP256HkdfSha256(), kdf: new HkdfSha256(), aead: new Aes256Gcm() });
const info = new TextEncoder().encode('tea/release/1 errand 7');
const secret = crypto.getRandomValues(new Uint8Array(32));

/** WebCrypto stands in for the TPM here; `tee/tpm` proves that its ECDH_ZGen gives the same. */
async function recipient(): Promise<HpkeRecipient & { publicKey: CryptoKey }> {
  const pair = await crypto.subtle.generateKey({ name: 'ECDH', namedCurve: 'P-256' }, true, ['deriveBits']);
  return {
    publicKey: pair.publicKey,
    publicPoint: new Uint8Array(await crypto.subtle.exportKey('raw', pair.publicKey)),
    ecdh: async (point) => {
      const peer = await crypto.subtle.importKey('raw', point as BufferSource, { name: 'ECDH', namedCurve: 'P-256' }, false, []);
      return new Uint8Array(await crypto.subtle.deriveBits({ name: 'ECDH', public: peer }, pair.privateKey, 256));
    },
  };
}

async function seal(to: { publicKey: CryptoKey }): Promise<{ enc: Uint8Array; ciphertext: Uint8Array }> {
  const { enc, ct } = await suite.seal({ recipientPublicKey: to.publicKey, info }, secret);
  return { enc: new Uint8Array(enc), ciphertext: new Uint8Array(ct) };
}

test('opens what a standard HPKE sender sealed', async () => {
  const tee = await recipient();
  const { enc, ciphertext } = await seal(tee);
  assert.deepEqual(await openHpke(tee, enc, info, ciphertext), secret);
});

test('refuses a key sealed for another use, to another key, or altered', async () => {
  const tee = await recipient();
  const { enc, ciphertext } = await seal(tee);
  const refused = { name: 'TeaError', code: 'refused' };
  await assert.rejects(openHpke(tee, enc, new TextEncoder().encode('tea/release/1 errand 8'), ciphertext), refused);
  await assert.rejects(openHpke(await recipient(), enc, info, ciphertext), refused);
  for (let index = 0; index < ciphertext.length; index++) {
    await assert.rejects(openHpke(tee, enc, info, ciphertext.with(index, (ciphertext[index] ?? 0) ^ 1)), refused);
  }
});

test('leaves nothing of what the TPM computed behind, whether the key opened or not', async () => {
  const tee = await recipient();
  const { enc, ciphertext } = await seal(tee);
  for (const place of [-1, 0]) {
    let dh = new Uint8Array();
    const kept = async (point: Uint8Array): Promise<Uint8Array> => (dh = Uint8Array.from(await tee.ecdh(point)));
    const altered = place < 0 ? ciphertext : ciphertext.with(place, (ciphertext[place] ?? 0) ^ 1);
    await openHpke({ ...tee, ecdh: kept }, enc, info, altered).catch(() => undefined);
    assert.deepEqual(dh, new Uint8Array(32));
  }
});
