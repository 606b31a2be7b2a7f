import { secretFromSeed, sign } from '@scure/sr25519';
import { sha256 } from '@tea/protocol';
import { consentMessage, proveLot, voucherMessage } from '@tea/protocol/layer1';
import { type Account, accountFromSeed } from '@tea/sdk';

/** Somebody with money: signs calls and vouchers. */
export type Person = Account & {
  /** sr25519, of what `node` may have taken from a channel altogether; as the typed calls take it. */
  voucher(chain: Uint8Array, channel: bigint, node: string, amount: bigint): string;
};

/** What layer 1 sees of a TEE: an account that consents, claims and votes. Node id and signatures as the typed calls take them. */
export type TeeParty = Account & {
  readonly node: string;
  consent(genesis: Uint8Array, operator: Uint8Array): string;
  /** Its lot in the draw of this seed. */
  lot(seed: string): string;
};

export function person(index: number): Person {
  const seed = new Uint8Array(32).fill(0x40 + index);
  const secret = secretFromSeed(seed);
  return {
    ...accountFromSeed(`person ${index}`, seed),
    voucher: (chain, channel, node, amount) => hex(sign(secret, voucherMessage({ chain, channel, node: bytes(node), amount }))),
  };
}

export function teeParty(index: number): TeeParty {
  const seed = new Uint8Array(32).fill(0x80 + index);
  const secret = secretFromSeed(seed);
  const node = sha256(seed);
  return {
    ...accountFromSeed(`TEE ${index}`, seed),
    node: hex(node),
    consent: (genesis, operator) => hex(sign(secret, consentMessage(genesis, node, operator))),
    lot: (drawSeed) => hex(proveLot(secret, bytes(drawSeed))),
  };
}

const hex = (of: Uint8Array): string => `0x${of.toHex()}`;
const bytes = (of: string): Uint8Array => Uint8Array.fromHex(of.slice(2));
