import * as v from 'valibot';
import { bytesOf, sha256 } from './bytes.ts';
import { decodeCbor, encodeCbor } from './cbor.ts';
import { u32, u64 } from './integers.ts';

/**
 * A release: an owner's act of sealing one content key to one executor for one errand, with HPKE base mode
 * (RFC 9180: DHKEM(P-256, HKDF-SHA256), HKDF-SHA256, AES-256-GCM). The HPKE `info` is the encoding of `ReleaseInfo`, so a
 * release opens for no other errand, part, node, evidence, order or content than the one its owner looked at.
 */
export type ReleasePart = 'code' | 'input' | `data/${number}`;

export type ReleaseInfo = {
  readonly domain: 'tea/release/1';
  /** genesis hash */
  readonly chain: Uint8Array;
  readonly errand: bigint;
  readonly part: ReleasePart;
  /** node id, 32 bytes */
  readonly node: Uint8Array;
  /** digest of the evidence that was appraised before the release */
  readonly evidence: Uint8Array;
  /** `termsDigest` of the errand as its owner saw it: which code meets which data, and who reads the result */
  readonly terms: Uint8Array;
  /** SHA-256 of the published (sealed) bytes whose key this is */
  readonly content: Uint8Array;
  readonly expiresAtBlock: number;
};

export type SealedRelease = ReleaseInfo & {
  /** HPKE encapsulated key: uncompressed P-256 point, 65 bytes */
  readonly enc: Uint8Array;
  /** the 32-byte content key under AES-256-GCM with its tag, 48 bytes */
  readonly ciphertext: Uint8Array;
};

const releasePart = v.custom<ReleasePart>(
  (value) => typeof value === 'string' && /^(code|input|data\/(0|[1-9][0-9]{0,3}))$/.test(value),
  'code, input or data/N',
);

const infoEntries = {
  domain: v.literal('tea/release/1'),
  chain: bytesOf(32),
  errand: u64,
  part: releasePart,
  node: bytesOf(32),
  evidence: bytesOf(32),
  terms: bytesOf(32),
  content: bytesOf(32),
  expiresAtBlock: u32,
};

const sealedReleaseSchema = v.strictObject({ ...infoEntries, enc: bytesOf(65), ciphertext: bytesOf(48) });

/** The HPKE `info` bytes of a release. */
export function encodeReleaseInfo(info: ReleaseInfo): Uint8Array {
  const { domain, chain, errand, part, node, evidence, terms, content, expiresAtBlock } = info;
  return encodeCbor({ domain, chain, errand, part, node, evidence, terms, content, expiresAtBlock });
}

export function encodeSealedRelease(release: SealedRelease): Uint8Array {
  return encodeCbor({ ...release });
}

/** @throws TeaError `badMessage` on anything but the deterministic encoding of a release. */
export function decodeSealedRelease(bytes: Uint8Array): SealedRelease {
  return decodeCbor(bytes, sealedReleaseSchema, 'sealed release');
}

/** What layer 1 records of a release: SHA-256 of its encoding. */
export function releaseDigest(encoded: Uint8Array): Uint8Array {
  return sha256(encoded);
}
