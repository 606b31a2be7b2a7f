import { createCipheriv, createDecipheriv, createHmac, publicEncrypt, randomBytes, timingSafeEqual } from 'node:crypto';
import { concatBytes, sha256, TeaError } from '@tea/protocol';
import { encodeTpm, publicKeyFromPublicArea, shareSeed, type SharedSeed, UINT32 } from '@tea/protocol/tpm';
import { type Authorization, TPMA_SESSION } from './authorization.ts';
import { StartAuthSession } from './commands/sessions.ts';
import type { Entity } from './frame.ts';
import { kdfa } from './kdfa.ts';
import { TPM_RH, type TpmTurn } from './tpm.ts';

/**
 * An HMAC session that stays open. Beside other authorizations it encrypts the first parameter of the command and of the response,
 * wherever their types allow that, and refuses altered responses.
 */
export type HmacSession = Authorization & {
  readonly handle: number;
  /** The session as the authorization of an entity too: proves knowledge of its `authValue` without saying it. */
  authorizing(entity: Entity, authValue: Uint8Array): Authorization;
};

/** The key a session is salted to: whoever lacks its private half can't derive the session's keys. */
export type SaltKey = { readonly handle: number; readonly publicArea: Uint8Array };

export type HmacSessionOptions = {
  /** Without one, whoever knows the bound entity's authValue can listen. */
  readonly salt?: SaltKey;
  readonly bind?: { readonly entity: Entity; readonly authValue: Uint8Array };
};

const SALT_SIZE = 32; // the digest size of the salt key's nameAlg, Part 1, B.10.2
const NONCE_SIZE = 32;
const AES_KEY_SIZE = 16;
const AES_BLOCK_SIZE = 16;
const NONE = new Uint8Array(0);

/**
 * Opens the session, which the caller must flush. A listener on the bus learns nothing; one who also answers in the TPM's place at the
 * very start could offer a salt key of his own, so the caller must know that key from elsewhere: from the EK certificate.
 */
export async function startHmacSession(turn: TpmTurn, { salt: saltKey, bind }: HmacSessionOptions): Promise<HmacSession> {
  const salt = saltKey ? await saltFor(saltKey.publicArea) : { seed: NONE, encryptedSecret: NONE };
  let nonceCaller: Uint8Array = randomBytes(NONCE_SIZE);
  const started = await turn.run(
    StartAuthSession,
    { tpmKey: saltKey?.handle ?? TPM_RH.null, bind: bind?.entity ?? TPM_RH.null },
    {
      nonceCaller,
      encryptedSalt: salt.encryptedSecret,
      sessionType: 'hmac',
      symmetric: { algorithm: 'aes', keyBits: AES_KEY_SIZE * 8, mode: 'cfb' },
      authHash: 'sha256',
    },
  );
  const handle = started.sessionHandle;
  let { nonceTpm } = started;
  const secret = concatBytes(bind ? significant(bind.authValue) : NONE, salt.seed);
  const sessionKey = kdfa(secret, 'ATH', nonceTpm, nonceCaller, 256); // Part 1, 19.6.8
  for (const done of [secret, salt.seed]) done.fill(0);

  /** @param hmacAuth what joins the session key in HMACs @param cipherAuth and what in parameter encryption: the same, but for a bound entity */
  function authorization(hmacAuth: Uint8Array, cipherAuth: Uint8Array): Authorization {
    const hmacKey = concatBytes(sessionKey, hmacAuth);
    let attributes = 0;
    const cipherKeys = (newer: Uint8Array, older: Uint8Array) => {
      const keys = kdfa(concatBytes(sessionKey, cipherAuth), 'CFB', newer, older, (AES_KEY_SIZE + AES_BLOCK_SIZE) * 8);
      return { key: keys.subarray(0, AES_KEY_SIZE), iv: keys.subarray(AES_KEY_SIZE) };
    };
    return {
      encrypt(parameters, encryptable) {
        nonceCaller = randomBytes(NONCE_SIZE);
        attributes =
          TPMA_SESSION.continueSession | (encryptable.command ? TPMA_SESSION.decrypt : 0) | (encryptable.response ? TPMA_SESSION.encrypt : 0);
        if (!encryptable.command) return parameters;
        const { key, iv } = cipherKeys(nonceCaller, nonceTpm);
        return throughCipher(parameters, createCipheriv('aes-128-cfb', key, iv));
      },
      authorize({ code, names, parameters }) {
        const cpHash = sha256(encodeTpm(UINT32, code), ...names, parameters);
        return { session: handle, nonce: nonceCaller, attributes, hmac: hmacOf(hmacKey, cpHash, nonceCaller, nonceTpm, attributes) };
      },
      accept({ code, parameters }, auth) {
        const rpHash = sha256(encodeTpm(UINT32, 0), encodeTpm(UINT32, code), parameters);
        const expected = hmacOf(hmacKey, rpHash, auth.nonce, nonceCaller, auth.attributes);
        const genuine = auth.hmac.length === expected.length && timingSafeEqual(auth.hmac, expected);
        if (!genuine || (auth.attributes & TPMA_SESSION.encrypt) !== (attributes & TPMA_SESSION.encrypt)) {
          throw new TeaError('corrupt', 'This response does not come from the TPM', {
            expected: "the session's HMAC over an encrypted response",
            actual: 'another',
            next: 'somebody on the way to the TPM alters what it says: do not use this machine',
          });
        }
        nonceTpm = auth.nonce;
      },
      decrypt(parameters) {
        if ((attributes & TPMA_SESSION.encrypt) === 0) return parameters;
        const { key, iv } = cipherKeys(nonceTpm, nonceCaller);
        return throughCipher(parameters, createDecipheriv('aes-128-cfb', key, iv));
      },
    };
  }

  return {
    handle,
    ...authorization(NONE, NONE),
    authorizing(entity, authValue) {
      const auth = significant(authValue);
      const isBound = bind !== undefined && handleOf(bind.entity) === handleOf(entity); // Part 1, 19.6.5: its authValue is in the key already
      return authorization(isBound ? NONE : auth, auth);
    },
  };
}

/** Part 1, 21.3: CFB over the buffer of the first parameter; its size stays in clear. */
function throughCipher(parameters: Uint8Array, cipher: { update(data: Uint8Array): Uint8Array }): Uint8Array {
  const end = 2 + new DataView(parameters.buffer, parameters.byteOffset).getUint16(0);
  return concatBytes(parameters.subarray(0, 2), cipher.update(parameters.subarray(2, end)), parameters.subarray(end));
}

/** Part 1, 19.6.4.3: trailing zeros of an authValue don't count. */
function significant(authValue: Uint8Array): Uint8Array {
  return authValue.subarray(0, authValue.findLastIndex((byte) => byte !== 0) + 1);
}

function handleOf(entity: Entity): number {
  return typeof entity === 'number' ? entity : entity.handle;
}

/** Part 1, 19.6.5. */
function hmacOf(key: Uint8Array, pHash: Uint8Array, nonceNewer: Uint8Array, nonceOlder: Uint8Array, attributes: number): Uint8Array {
  return createHmac('sha256', key).update(pHash).update(nonceNewer).update(nonceOlder).update(Uint8Array.of(attributes)).digest();
}

/** A salt that only the holder of the salt key learns. Part 1, B.10.2: RSAES-OAEP with the key's nameAlg and the label "SECRET"; C.6.1: ECDH. */
async function saltFor(publicArea: Uint8Array): Promise<SharedSeed> {
  const { spki, ...key } = publicKeyFromPublicArea(publicArea);
  if (key.type === 'ecc') return shareSeed(key.point, 'SECRET');
  const seed = randomBytes(SALT_SIZE);
  const rsa = { key: Buffer.from(spki), format: 'der', type: 'spki', oaepHash: 'sha256', oaepLabel: Buffer.from('SECRET\0') } as const;
  return { seed, encryptedSecret: publicEncrypt(rsa, seed) };
}
