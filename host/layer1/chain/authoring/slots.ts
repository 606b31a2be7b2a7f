import { TeaError } from '@tea/protocol';
import { type DigestItem, encodeU64, type Header, ScaleReader } from '@tea/protocol/layer1';
import { sr25519KeypairFromSeed, sr25519Sign } from '@polkadot/wasm-crypto';

/** Aura (Polkadot SDK `sp-consensus-aura`): the digest item in front says the slot, the one behind is the author's signature. */
const ENGINE = 'aura';

export function preRuntimeDigest(slot: number): DigestItem {
  return { kind: 'preRuntime', engine: ENGINE, payload: encodeU64(BigInt(slot)) };
}

/** @returns null for a block without an Aura slot: the genesis block */
export function slotOf(header: Header): number | null {
  const item = header.digest.find((entry) => entry.kind === 'preRuntime' && entry.engine === ENGINE);
  return item === undefined || item.kind !== 'preRuntime' ? null : Number(new ScaleReader(item.payload, 'slot').u64());
}

/** Signs the hash of the header without its seal. */
export function seal(hash: Uint8Array, key: AuthorKey): DigestItem {
  return { kind: 'seal', engine: ENGINE, payload: sr25519Sign(key.publicKey, key.secretKey, hash) };
}

export type AuthorKey = { readonly publicKey: Uint8Array; readonly secretKey: Uint8Array };

export function authorKey(seed: Uint8Array): AuthorKey {
  const pair = sr25519KeypairFromSeed(seed);
  return { publicKey: pair.slice(64), secretKey: pair.slice(0, 64) };
}

/**
 * The first slot from `earliest` on that belongs to one of `keys`.
 * @throws TeaError `badInput` when none ever does
 */
export function ownSlot(
  earliest: number,
  authorities: readonly Uint8Array[],
  keys: ReadonlyMap<string, AuthorKey>,
): { readonly slot: number; readonly key: AuthorKey } {
  for (let slot = earliest; slot < earliest + authorities.length; slot++) {
    const key = keys.get(authorities[slot % authorities.length]?.toHex() ?? '');
    if (key !== undefined) return { slot, key };
  }
  throw new TeaError('badInput', 'This chain holds no key of an authority, so it can make no block', {
    expected: `the seed of one of ${authorities.map((authority) => authority.toHex()).join(', ')}`,
    actual: `${keys.size} other keys`,
  });
}
