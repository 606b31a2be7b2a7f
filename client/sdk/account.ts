import { getPublicKey, HDKD, secretFromSeed, sign } from '@scure/sr25519';
import { AccountId } from 'polkadot-api';
import { getPolkadotSigner, type PolkadotSigner } from 'polkadot-api/signer';
import { fromHex, TeaError } from '@tea/protocol';

const codec = AccountId();

/** A public key in the form polkadot-api takes and people read (SS58, Substrate's generic prefix). */
export function ss58(publicKey: Uint8Array): string {
  return codec.dec(publicKey);
}

/** An account on layer 1 that can sign: extrinsics by `signer`, and a message just as it is by `sign` (sr25519, context `substrate`). */
export type Account = {
  readonly name: string;
  readonly publicKey: Uint8Array;
  readonly signer: PolkadotSigner;
  readonly sign: (message: Uint8Array) => Uint8Array;
};

/** @param seed 32 bytes: an sr25519 mini secret; not kept */
export function accountFromSeed(name: string, seed: Uint8Array): Account {
  return accountFromSecret(name, secretFromSeed(seed));
}

/** Mini secret of Substrate's public development phrase. Everybody knows it: for development chains only. */
const DEVELOPMENT_SEED = fromHex('fac7959dbfe72f052e5a0c3c8d6530f202b02fd8f9f5ca3580ec8deb7797479e', 32);

export const DEVELOPMENT_ACCOUNTS = ['Alice', 'Bob', 'Charlie', 'Dave', 'Eve', 'Ferdie'] as const;
export type DevelopmentAccountName = (typeof DEVELOPMENT_ACCOUNTS)[number];

/** `//Alice` and its siblings, as every development chain of Substrate endows them. */
export function developmentAccount(name: DevelopmentAccountName): Account {
  return accountFromSecret(name, HDKD.secretHard(secretFromSeed(DEVELOPMENT_SEED), junction(name)));
}

/** The chain code of a hard derivation: the SCALE string, padded with zeros to 32 bytes. */
function junction(name: string): Uint8Array {
  const text = new TextEncoder().encode(name);
  if (text.length > 31)
    throw new TeaError('badInput', 'This derivation is too long', { expected: 'at most 31 bytes', actual: `${text.length} bytes` });
  const code = new Uint8Array(32);
  code[0] = text.length << 2; // SCALE compact of a number below 64
  code.set(text, 1);
  return code;
}

function accountFromSecret(name: string, secret: Uint8Array): Account {
  const publicKey = getPublicKey(secret);
  const signMessage = (message: Uint8Array): Uint8Array => sign(secret, message);
  return { name, publicKey, signer: getPolkadotSigner(publicKey, 'Sr25519', signMessage), sign: signMessage };
}
