import { blake2b } from '@noble/hashes/blake2.js';
import { concatBytes } from '../bytes.ts';
import { TeaError } from '../errors.ts';
import { encodeCompact, ScaleReader } from './scale.ts';

/** One entry of a header's digest (Polkadot specification, definition 11). `engine` is four ASCII characters, e.g. `aura`. */
export type DigestItem =
  | { readonly kind: 'consensus' | 'seal' | 'preRuntime'; readonly engine: string; readonly payload: Uint8Array }
  | { readonly kind: 'other'; readonly payload: Uint8Array }
  | { readonly kind: 'runtimeEnvironmentUpdated' };

/** A block header (Polkadot specification, definition 10). Hashes are 32 bytes. */
export type Header = {
  readonly parentHash: Uint8Array;
  readonly number: number;
  readonly stateRoot: Uint8Array;
  readonly extrinsicsRoot: Uint8Array;
  readonly digest: readonly DigestItem[];
};

const TAGS = { 4: 'consensus', 5: 'seal', 6: 'preRuntime' } as const;
const TAG_OF = { consensus: 4, seal: 5, preRuntime: 6 } as const;

export function encodeHeader(header: Header): Uint8Array {
  return concatBytes(
    header.parentHash,
    encodeCompact(header.number),
    header.stateRoot,
    header.extrinsicsRoot,
    encodeCompact(header.digest.length),
    ...header.digest.map(encodeDigestItem),
  );
}

/** @throws TeaError `badMessage` on anything but exactly one canonical header */
export function decodeHeader(bytes: Uint8Array): Header {
  const reader = new ScaleReader(bytes, 'block header');
  const header = readHeader(reader);
  reader.end();
  return header;
}

/** One header out of something longer. */
export function readHeader(reader: ScaleReader): Header {
  const parentHash = reader.bytes(32).slice();
  const number = reader.compact();
  const stateRoot = reader.bytes(32).slice();
  const extrinsicsRoot = reader.bytes(32).slice();
  const digest: DigestItem[] = [];
  for (let left = reader.compact(); left > 0; left--) digest.push(decodeDigestItem(reader));
  return { parentHash, number, stateRoot, extrinsicsRoot, digest };
}

/** A block's hash: BLAKE2b-256 of its encoded header, seal included. */
export function hashHeader(header: Header): Uint8Array {
  return blake2b(encodeHeader(header), { dkLen: 32 });
}

export function encodeDigestItem(item: DigestItem): Uint8Array {
  if (item.kind === 'runtimeEnvironmentUpdated') return Uint8Array.of(8);
  if (item.kind === 'other') return concatBytes(Uint8Array.of(0), encodeCompact(item.payload.length), item.payload);
  return concatBytes(Uint8Array.of(TAG_OF[item.kind]), new TextEncoder().encode(item.engine), encodeCompact(item.payload.length), item.payload);
}

function decodeDigestItem(reader: ScaleReader): DigestItem {
  const tag = reader.u8();
  if (tag === 8) return { kind: 'runtimeEnvironmentUpdated' };
  if (tag === 0) return { kind: 'other', payload: reader.vector().slice() };
  if (tag !== 4 && tag !== 5 && tag !== 6) {
    throw new TeaError('badMessage', 'This is not a block header', { expected: 'a digest item of kind 0, 4, 5, 6 or 8', actual: String(tag) });
  }
  return { kind: TAGS[tag], engine: String.fromCharCode(...reader.bytes(4)), payload: reader.vector().slice() };
}
