import { createDecipheriv, createHmac, publicEncrypt, randomBytes, timingSafeEqual } from 'node:crypto';
import { concatBytes, sha256, TeaError } from '@tea/protocol';
import { encodeTpm, publicKeyFromPublicArea, UINT32 } from '@tea/protocol/tpm';
import { type Authorization, TPMA_SESSION } from './authorization.ts';
import { StartAuthSession } from './commands/sessions.ts';
import { kdfa } from './kdfa.ts';
import { TPM_RH, type TpmTurn } from './tpm.ts';

/** An HMAC session that stays open: the first parameter of a response crosses the bus encrypted, and altered responses are refused. */
export type SaltedSession = Authorization & { readonly handle: number };

/** The key a session is salted to: whoever lacks its private half can't derive the session's keys. */
export type SaltKey = { readonly handle: number; readonly publicArea: Uint8Array };

const SALT_SIZE = 32; // the digest size of the salt key's nameAlg, Part 1, B.10.2
const NONCE_SIZE = 32;
const AES_KEY_SIZE = 16;
const AES_BLOCK_SIZE = 16;
const ATTRIBUTES = TPMA_SESSION.continueSession | TPMA_SESSION.encrypt;

/**
 * Opens the session, which the caller must flush. A listener on the bus learns nothing; one who also answers in the TPM's place at the
 * very start could offer a salt key of his own, so the key must come from the endorsement hierarchy whose certificate verifiers check.
 */
export async function startSaltedSession(turn: TpmTurn, saltKey: SaltKey): Promise<SaltedSession> {
  const salt = randomBytes(SALT_SIZE);
  let nonceCaller: Uint8Array = randomBytes(NONCE_SIZE);
  const started = await turn.run(
    StartAuthSession,
    { tpmKey: saltKey.handle, bind: TPM_RH.null },
    {
      nonceCaller,
      encryptedSalt: encryptSalt(saltKey.publicArea, salt),
      sessionType: 'hmac',
      symmetric: { algorithm: 'aes', keyBits: AES_KEY_SIZE * 8, mode: 'cfb' },
      authHash: 'sha256',
    },
  );
  let { nonceTpm } = started;
  const sessionKey = kdfa(salt, 'ATH', nonceTpm, nonceCaller, 256); // Part 1, 19.6.8

  return {
    handle: started.sessionHandle,
    authorize({ code, names, parameters }) {
      nonceCaller = randomBytes(NONCE_SIZE);
      const cpHash = sha256(encodeTpm(UINT32, code), ...names, parameters);
      const hmac = hmacOf(sessionKey, cpHash, nonceCaller, nonceTpm, ATTRIBUTES);
      return { session: started.sessionHandle, nonce: nonceCaller, attributes: ATTRIBUTES, hmac };
    },
    accept({ code, parameters }, auth) {
      const rpHash = sha256(encodeTpm(UINT32, 0), encodeTpm(UINT32, code), parameters);
      const expected = hmacOf(sessionKey, rpHash, auth.nonce, nonceCaller, auth.attributes);
      const genuine = auth.hmac.length === expected.length && timingSafeEqual(auth.hmac, expected);
      if (!genuine || (auth.attributes & TPMA_SESSION.encrypt) === 0) {
        throw new TeaError('corrupt', 'This response does not come from the TPM', {
          expected: "the session's HMAC over an encrypted response",
          actual: 'another',
          next: 'somebody on the way to the TPM alters what it says: do not use this machine',
        });
      }
      nonceTpm = auth.nonce;
    },
    // Part 1, 21.3: CFB over the buffer of the first parameter; its size stays in clear.
    decrypt(parameters) {
      const keys = kdfa(sessionKey, 'CFB', nonceTpm, nonceCaller, (AES_KEY_SIZE + AES_BLOCK_SIZE) * 8);
      const end = 2 + new DataView(parameters.buffer, parameters.byteOffset).getUint16(0);
      const decipher = createDecipheriv('aes-128-cfb', keys.subarray(0, AES_KEY_SIZE), keys.subarray(AES_KEY_SIZE));
      return concatBytes(parameters.subarray(0, 2), decipher.update(parameters.subarray(2, end)), parameters.subarray(end));
    },
  };
}

/** Part 1, 19.6.5. */
function hmacOf(key: Uint8Array, pHash: Uint8Array, nonceNewer: Uint8Array, nonceOlder: Uint8Array, attributes: number): Uint8Array {
  return createHmac('sha256', key).update(pHash).update(nonceNewer).update(nonceOlder).update(Uint8Array.of(attributes)).digest();
}

/** Part 1, B.10.2: RSAES-OAEP with the key's nameAlg and the label "SECRET". */
function encryptSalt(publicArea: Uint8Array, salt: Uint8Array): Uint8Array {
  const key = Buffer.from(publicKeyFromPublicArea(publicArea).spki);
  return publicEncrypt({ key, format: 'der', type: 'spki', oaepHash: 'sha256', oaepLabel: Buffer.from('SECRET\0') }, salt);
}
