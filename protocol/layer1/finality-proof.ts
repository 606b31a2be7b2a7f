import { concatBytes } from '../bytes.ts';
import { encodeHeader, type Header, readHeader } from './header.ts';
import { encodeCompact, ScaleReader } from './scale.ts';

/** One vote: the block, and the voter's ed25519 signature over it, round and set. */
export type Precommit = { readonly hash: Uint8Array; readonly number: number; readonly signature: Uint8Array; readonly id: Uint8Array };

/** Votes of one round, by which a set of voters made `target` final. `ancestries` are the headers between it and later blocks voted for. */
export type Justification = {
  readonly round: bigint;
  readonly target: { readonly number: number; readonly hash: Uint8Array };
  readonly precommits: readonly Precommit[];
  readonly ancestries: readonly Header[];
};

/**
 * `FinalityProof` of sc-consensus-grandpa, in SCALE: a justified block, its justification, and the headers between the block asked about and that
 * one. What `grandpa_proveFinality` answers, and what anybody can put together from a block that holds a justification.
 */
export type FinalityProof = { readonly block: Uint8Array; readonly justification: Uint8Array; readonly headers: readonly Header[] };

export function encodeFinalityProof({ block, justification, headers }: FinalityProof): Uint8Array {
  return concatBytes(
    block,
    encodeCompact(justification.length),
    justification,
    encodeCompact(headers.length),
    ...headers.map((header) => encodeHeader(header)),
  );
}

/** @throws TeaError `badMessage`; nothing in it is verified */
export function decodeFinalityProof(bytes: Uint8Array): FinalityProof {
  const reader = new ScaleReader(bytes, 'proof of finality');
  const block = reader.bytes(32).slice();
  const justification = reader.vector().slice();
  const headers: Header[] = [];
  for (let left = reader.compact(); left > 0; left--) headers.push(readHeader(reader));
  reader.end();
  return { block, justification, headers };
}

/** `GrandpaJustification` of sc-consensus-grandpa. @throws TeaError `badMessage`; nothing in it is verified */
export function decodeJustification(bytes: Uint8Array): Justification {
  const reader = new ScaleReader(bytes, 'justification of GRANDPA');
  const round = reader.u64();
  const target = { hash: reader.bytes(32).slice(), number: reader.u32() };
  const precommits: Precommit[] = [];
  for (let left = reader.compact(); left > 0; left--) {
    precommits.push({ hash: reader.bytes(32), number: reader.u32(), signature: reader.bytes(64), id: reader.bytes(32) });
  }
  const ancestries: Header[] = [];
  for (let left = reader.compact(); left > 0; left--) ancestries.push(readHeader(reader));
  reader.end();
  return { round, target, precommits, ancestries };
}
