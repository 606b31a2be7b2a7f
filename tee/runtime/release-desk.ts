import {
  decodeSealedRelease,
  encodeReleaseInfo,
  equalBytes,
  releaseDigest,
  TeaError,
  type ContentDigest,
  type ReleasePart,
  type SealedRelease,
} from '@tea/protocol';

/** What layer 1 says of an errand this node executes, as far as a release must fit it. */
export type ReleasableErrand = {
  readonly id: bigint;
  /** Keys are taken only while the errand waits for them. */
  readonly acceptsReleases: boolean;
  readonly evidence: Uint8Array | null;
  /** The sealed parts and their published content. */
  readonly sealedParts: ReadonlyMap<ReleasePart, ContentDigest>;
};

export type ReleaseDeskParts = {
  readonly chain: Uint8Array;
  readonly node: Uint8Array;
  readonly blockNumber: () => number;
  /** @throws TeaError `notFound` unless this node was selected for it */
  readonly errand: (id: bigint) => Promise<ReleasableErrand>;
  /** HPKE with the TPM's sealing key. @throws TeaError `refused` */
  readonly open: (enc: Uint8Array, info: Uint8Array, ciphertext: Uint8Array) => Promise<Uint8Array>;
  /** @throws TeaError `wrongKey` when this key does not open that content */
  readonly checkKey: (content: ContentDigest, key: Uint8Array) => Promise<void>;
};

/** Where owners hand in their keys: opened, checked against what layer 1 and the content say, and held in memory until the run took them. */
export type ReleaseDesk = {
  /** @param bytes `encodeSealedRelease` as it came @returns its digest. The same bytes twice are accepted twice and kept once. */
  accept(bytes: Uint8Array): Promise<Uint8Array>;
  /** Whether all these keys of an errand are here. */
  holds(id: bigint, parts: readonly ReleasePart[]): boolean;
  /** All keys of an errand; they leave the desk with it. */
  take(id: bigint): ReadonlyMap<ReleasePart, Uint8Array>;
  /** Overwrites and forgets what is held for an errand that ended otherwise. */
  forget(id: bigint): void;
};

type Held = { readonly key: Uint8Array; readonly digest: Uint8Array };

export function openReleaseDesk(parts: ReleaseDeskParts): ReleaseDesk {
  const held = new Map<bigint, Map<ReleasePart, Held>>();

  function isHeld({ errand, part }: SealedRelease, digest: Uint8Array): boolean {
    const before = held.get(errand)?.get(part);
    if (before === undefined || equalBytes(before.digest, digest)) return before !== undefined;
    throw new TeaError('conflict', `The key for ${part} of errand ${errand} was released already`, {
      expected: 'one release a part',
      actual: 'another one',
    });
  }

  return {
    async accept(bytes) {
      const release = decodeSealedRelease(bytes);
      const digest = releaseDigest(bytes);
      const content = fitsErrand(release, await parts.errand(release.errand), parts);
      if (isHeld(release, digest)) return digest;
      const key = await parts.open(release.enc, encodeReleaseInfo(release), release.ciphertext);
      await parts.checkKey(content, key);
      if (isHeld(release, digest)) return digest; // another release may have come while this one was opened
      const ofErrand = held.get(release.errand) ?? new Map<ReleasePart, Held>();
      ofErrand.set(release.part, { key, digest });
      held.set(release.errand, ofErrand);
      return digest;
    },
    holds: (id, wanted) => wanted.every((part) => held.get(id)?.has(part) === true),
    take(id) {
      const ofErrand = held.get(id) ?? new Map<ReleasePart, Held>();
      held.delete(id);
      return new Map([...ofErrand].map(([part, { key }]) => [part, key]));
    },
    forget(id) {
      for (const { key } of held.get(id)?.values() ?? []) key.fill(0);
      held.delete(id);
    },
  };
}

/** The HPKE `info` already binds all of this; checking it first gives the owner a reason instead of a failed decryption. */
function fitsErrand(release: SealedRelease, errand: ReleasableErrand, { chain, node, blockNumber }: ReleaseDeskParts): ContentDigest {
  const content = errand.sealedParts.get(release.part);
  const refuse = (what: string, expected: string, actual: string): TeaError =>
    new TeaError('refused', `This release is for another ${what}`, { expected, actual, next: `inspect errand ${errand.id} again and release anew` });
  if (!equalBytes(release.chain, chain)) throw refuse('chain', chain.toHex(), release.chain.toHex());
  if (!equalBytes(release.node, node)) throw refuse('node', node.toHex(), release.node.toHex());
  if (content === undefined) throw refuse('part', [...errand.sealedParts.keys()].join(', ') || 'no release at all', release.part);
  if (!equalBytes(release.content, content.sha256)) throw refuse('content', content.sha256.toHex(), release.content.toHex());
  if (errand.evidence === null || !equalBytes(release.evidence, errand.evidence)) {
    throw refuse('piece of evidence', errand.evidence?.toHex() ?? 'none yet', release.evidence.toHex());
  }
  if (!errand.acceptsReleases) {
    throw new TeaError('conflict', `Errand ${errand.id} takes no keys now`, { expected: 'an errand waiting for releases', actual: 'another state' });
  }
  if (release.expiresAtBlock < blockNumber()) {
    throw refuse('time', `block ${blockNumber()} or later`, `one that expired at block ${release.expiresAtBlock}`);
  }
  return content;
}
