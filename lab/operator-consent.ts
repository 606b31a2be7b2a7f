import { consentMessage } from '@tea/protocol/layer1';
import type { Account } from '@tea/sdk';

/** What a TEE's account signs so that an operator may register its node, for tests that play the TEE. */
export function operatorConsent(
  tee: Account,
  { chain, node, operator }: { readonly chain: Uint8Array; readonly node: Uint8Array; readonly operator: Uint8Array },
) {
  return { type: 'Sr25519', value: `0x${tee.sign(consentMessage(chain, node, operator)).toHex()}` } as const;
}
