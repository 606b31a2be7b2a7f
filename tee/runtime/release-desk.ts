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

/** What layer 1 says of an errand this node executes, as far as a release must fit it. The host's word: what counts is what owners sealed to. */
export type ReleasableErrand = {
  readonly id: bigint;
  /** Keys are taken only while the errand waits for them. */
  readonly acceptsReleases: boolean;
  /** `termsDigest` of the errand */
  readonly terms: Uint8Array;
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
  /**
   * Opens the desk for an errand: only releases that name `evidence`, which this process has just made, are taken, until `take` or `forget`. So a
   * release is of use once, whatever state layer 1 is said to be in later.
   */
  expect(id: bigint, evidence: Uint8Array): void;
  /** @param bytes `encodeSealedRelease` as it came @returns its digest. The same bytes twice are accepted twice and kept once. */
  accept(bytes: Uint8Array): Promise<Uint8Array>;
  /** Whether all these keys of an errand are here, released for exactly these terms. */
  holds(id: bigint, parts: readonly ReleasePart[], terms: Uint8Array): boolean;
  /** All keys of an errand; they leave the desk with it, and it takes no more. Keys released for other terms are overwritten. */
  take(id: bigint, terms: Uint8Array): ReadonlyMap<ReleasePart, Uint8Array>;
  /** Overwrites and forgets what is held for an errand that ended otherwise. */
  forget(id: bigint): void;
};

type Held = { readonly key: Uint8Array; readonly digest: Uint8Array; readonly terms: Uint8Array };
type Expected = { readonly evidence: Uint8Array; readonly held: Map<ReleasePart, Held> };

export function openReleaseDesk(parts: ReleaseDeskParts): ReleaseDesk {
  const expected = new Map<bigint, Expected>();

  function expectedFor({ errand, evidence }: SealedRelease): Expected {
    const entry = expected.get(errand);
    if (entry !== undefined && equalBytes(entry.evidence, evidence)) return entry;
    throw new TeaError('refused', 'This release is for another piece of evidence', {
      expected: entry?.evidence.toHex() ?? `none: this TEE waits for no release of errand ${errand}`,
      actual: evidence.toHex(),
      next: `inspect errand ${errand} again and release anew`,
    });
  }

  function isHeld({ held }: Expected, { errand, part }: SealedRelease, digest: Uint8Array): boolean {
    const before = held.get(part);
    if (before === undefined || equalBytes(before.digest, digest)) return before !== undefined;
    throw new TeaError('conflict', `The key for ${part} of errand ${errand} was released already`, {
      expected: 'one release a part',
      actual: 'another one',
    });
  }

  function forget(id: bigint): void {
    for (const { key } of expected.get(id)?.held.values() ?? []) key.fill(0);
    expected.delete(id);
  }

  return {
    expect(id, evidence) {
      if (equalBytes(expected.get(id)?.evidence ?? new Uint8Array(), evidence)) return;
      forget(id);
      expected.set(id, { evidence, held: new Map() });
    },
    async accept(bytes) {
      const release = decodeSealedRelease(bytes);
      const digest = releaseDigest(bytes);
      const content = fitsErrand(release, await parts.errand(release.errand), parts);
      if (isHeld(expectedFor(release), release, digest)) return digest;
      const key = await parts.open(release.enc, encodeReleaseInfo(release), release.ciphertext);
      try {
        await parts.checkKey(content, key);
        // Meanwhile another release may have come, or the run may have begun without this one.
        const entry = expectedFor(release);
        if (!isHeld(entry, release, digest)) entry.held.set(release.part, { key: key.slice(), digest, terms: release.terms });
        return digest;
      } finally {
        key.fill(0);
      }
    },
    holds: (id, wanted, terms) => wanted.every((part) => equalBytes(expected.get(id)?.held.get(part)?.terms ?? new Uint8Array(), terms)),
    take(id, terms) {
      const taken = [...(expected.get(id)?.held ?? [])].filter(([, held]) => equalBytes(held.terms, terms));
      const keys = new Map(taken.map(([part, { key }]) => [part, key.slice()]));
      forget(id);
      return keys;
    },
    forget,
  };
}

/** The HPKE `info` already binds all of this; checking it first gives the owner a reason instead of a failed decryption. */
function fitsErrand(release: SealedRelease, errand: ReleasableErrand, { chain, node, blockNumber }: ReleaseDeskParts): ContentDigest {
  const content = errand.sealedParts.get(release.part);
  const refuse = (what: string, expected: string, actual: string): TeaError =>
    new TeaError('refused', `This release is for another ${what}`, { expected, actual, next: `inspect errand ${errand.id} again and release anew` });
  if (!equalBytes(release.chain, chain)) throw refuse('chain', chain.toHex(), release.chain.toHex());
  if (!equalBytes(release.node, node)) throw refuse('node', node.toHex(), release.node.toHex());
  if (!equalBytes(release.terms, errand.terms)) throw refuse('order', errand.terms.toHex(), release.terms.toHex());
  if (content === undefined) throw refuse('part', [...errand.sealedParts.keys()].join(', ') || 'no release at all', release.part);
  if (!equalBytes(release.content, content.sha256)) throw refuse('content', content.sha256.toHex(), release.content.toHex());
  if (!errand.acceptsReleases) {
    throw new TeaError('conflict', `Errand ${errand.id} takes no keys now`, { expected: 'an errand waiting for releases', actual: 'another state' });
  }
  if (release.expiresAtBlock < blockNumber()) {
    throw refuse('time', `block ${blockNumber()} or later`, `one that expired at block ${release.expiresAtBlock}`);
  }
  return content;
}
