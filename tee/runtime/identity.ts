import { hkdfSync } from 'node:crypto';
import { getPublicKey, secretFromSeed, sign } from '@scure/sr25519';
import { getPolkadotSigner, type PolkadotSigner } from 'polkadot-api/signer';

/** The TEE's account on layer 1. Only this TPM in this program state can make it, and it is written nowhere. */
export type TeeAccount = { readonly publicKey: Uint8Array; readonly signer: PolkadotSigner };

export const ACCOUNT_DOMAIN = 'tea/account-seed/1';

/**
 * A point of P-256 whose discrete logarithm nobody knows: its x is SHA-256(ACCOUNT_DOMAIN ‖ 0x01), the first that is on the curve, its y the even one. So
 * the secret it shares with the sealing key is known to nobody but that key.
 */
export const ACCOUNT_POINT = Uint8Array.fromHex(
  '04c5147ccbacee9fafec218f764a7ebf2c8ec31db84018cb3600d0cab98e121bca0db79941a6e5572ce92771530a4db5e77f05b915a09745827f6aaffef2afb32a',
);

/**
 * The seed is derived, not stored: whatever lies on the host's disk the host can write, and sealing to the TPM's public key is what anybody can do.
 * @param ecdh the sealing key's, see `TeeTpm.ecdhZ`. Another sealing key, as after a change of the measured software, is another account.
 */
export async function deriveAccount(ecdh: (point: Uint8Array) => Promise<Uint8Array>): Promise<TeeAccount> {
  const shared = await ecdh(ACCOUNT_POINT);
  const seed = new Uint8Array(hkdfSync('sha256', shared, new Uint8Array(), ACCOUNT_DOMAIN, 32));
  const secret = secretFromSeed(seed);
  shared.fill(0);
  seed.fill(0);
  const publicKey = getPublicKey(secret);
  return { publicKey, signer: getPolkadotSigner(publicKey, 'Sr25519', (message) => sign(secret, message)) };
}
