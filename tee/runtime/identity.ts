import { hkdfSync } from 'node:crypto';
import { getPublicKey, secretFromSeed, sign } from '@scure/sr25519';
import { getPolkadotSigner, type PolkadotSigner } from 'polkadot-api/signer';

/** The TEE's account on layer 1. Only this TPM in this program's state can make it, and it is written nowhere. */
export type TeeAccount = { readonly publicKey: Uint8Array; readonly signer: PolkadotSigner };

const ACCOUNT_DOMAIN = 'tea/account-seed/2';

/**
 * The seed is derived, not stored: whatever lies on the host's disk the host can write, and sealing to the TPM's public key is what anybody can do.
 * @param stateSecret `TeeTpm.stateSecret`, overwritten here: the same for this image and those that its release key approved, so an upgrade keeps the account
 */
export function deriveAccount(stateSecret: Uint8Array): TeeAccount {
  const seed = new Uint8Array(hkdfSync('sha256', stateSecret, new Uint8Array(), ACCOUNT_DOMAIN, 32));
  const secret = secretFromSeed(seed);
  stateSecret.fill(0);
  seed.fill(0);
  const publicKey = getPublicKey(secret);
  return { publicKey, signer: getPolkadotSigner(publicKey, 'Sr25519', (message) => sign(secret, message)) };
}
