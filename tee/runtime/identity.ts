import { hkdfSync } from 'node:crypto';
import { getPublicKey, secretFromSeed, sign } from '@scure/sr25519';
import { getPolkadotSigner, type PolkadotSigner } from 'polkadot-api/signer';
import { equalBytes, TeaError } from '@tea/protocol';
import { consentMessage, proveLot } from '@tea/protocol/layer1';

/** The TEE's account on layer 1. Only this TPM in this program's state can make it, and it is written nowhere. */
export type TeeAccount = {
  readonly publicKey: Uint8Array;
  readonly signer: PolkadotSigner;
  /** Its lot in the draw of a seed, with the proof: 96 bytes. */
  prove(seed: Uint8Array): Uint8Array;
  /**
   * Its word that `operator` may register `node`: for the first one that asks, as long as it runs.
   * @throws TeaError `conflict` for another operator
   */
  consent(genesis: Uint8Array, node: Uint8Array, operator: Uint8Array): Uint8Array;
};

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
  let served: Uint8Array | null = null;
  return {
    publicKey,
    signer: getPolkadotSigner(publicKey, 'Sr25519', (message) => sign(secret, message)),
    prove: (seedOfDraw) => proveLot(secret, seedOfDraw),
    consent(genesis, node, operator) {
      served ??= operator.slice();
      if (!equalBytes(served, operator))
        throw new TeaError('conflict', 'This TEE consented to another operator', {
          expected: served.toHex(),
          actual: operator.toHex(),
          next: 'register it with that account, or start it anew',
        });
      return sign(secret, consentMessage(genesis, node, operator));
    },
  };
}
