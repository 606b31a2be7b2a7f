import { concatBytes, toHex } from '../bytes.ts';
import { equalBytes } from '../cbor.ts';
import { TeaError } from '../errors.ts';
import type { GrandpaAuthority } from './authority-sets.ts';
import { decodeFinalityProof, decodeJustification } from './finality-proof.ts';
import { hashHeader, type Header } from './header.ts';
import { encodeU32, encodeU64 } from './scale.ts';

/** What a finality proof comes to: so much weight of all voters agreed on a block that is, or follows, the one in question. */
export type Finality = {
  readonly voters: number;
  readonly weight: bigint;
  readonly totalWeight: bigint;
  /** The block that was voted for. */
  readonly target: { readonly number: number; readonly hash: Uint8Array };
};

const PRECOMMIT = 1;

/**
 * Checks a `FinalityProof`: more than two thirds of the voters of one set precommitted, in one round, to `header` or to a block that the headers
 * in the proof lead to from it (GRANDPA paper, section 2.1; Polkadot specification, definition 83 "justification").
 * Stricter than a node: every signature must be valid, by a voter, and for the block; an ancestor that proves nothing is refused.
 *
 * @throws TeaError `corrupt` when it proves no such thing, `badMessage` when it can't be read
 */
export async function verifyFinality(input: {
  readonly header: Header;
  readonly proof: Uint8Array;
  readonly authorities: readonly GrandpaAuthority[];
  readonly setId: bigint;
}): Promise<Finality> {
  const proof = decodeFinalityProof(input.proof);
  const { round, target, precommits, ancestries } = decodeJustification(proof.justification);
  if (!equalBytes(proof.block, target.hash)) throw broken('a justification of the block it names', `one of ${toHex(target.hash)}`);
  requireChain(input.header, proof.headers, target);

  const weights = new Map(input.authorities.map(({ id, weight }) => [toHex(id), weight]));
  const voters = new Set<string>();
  if (precommits.length > 2 * weights.size) throw broken(`at most two votes of each of ${weights.size} voters`, `${precommits.length} votes`);
  for (const { hash, number, signature, id } of precommits) {
    const voter = toHex(id);
    if (!weights.has(voter)) throw broken('only voters of this set', `a vote by ${voter}`);
    const message = concatBytes(Uint8Array.of(PRECOMMIT), hash, encodeU32(number), encodeU64(round), encodeU64(input.setId));
    if (!(await isSignature(signature, message, id))) throw broken('valid signatures of this set', `another one by ${voter}`);
    voters.add(voter); // an equivocator's votes count once
  }
  requireDescent(
    precommits.map(({ hash }) => hash),
    target.hash,
    ancestries,
  );

  const weight = sum([...voters].map((voter) => weights.get(voter) ?? 0n));
  const totalWeight = sum(weights.values());
  if (weight * 3n <= totalWeight * 2n) throw broken(`more than two thirds of a weight of ${totalWeight}`, String(weight));
  return { voters: voters.size, weight, totalWeight, target };
}

/** Headers, each the child of the one before, from `first` to the target. */
function requireChain(first: Header, headers: readonly Header[], target: Finality['target']): void {
  let last = first;
  for (const header of headers) {
    if (!equalBytes(header.parentHash, hashHeader(last)) || header.number !== last.number + 1) {
      throw broken(`headers that follow each other up to block ${target.number}`, `a gap after block ${last.number}`);
    }
    last = header;
  }
  if (!equalBytes(hashHeader(last), target.hash) || last.number !== target.number) {
    throw broken(`headers up to block ${target.number} that was voted for`, `they end at block ${last.number}`);
  }
}

/** Every block voted for is the target or follows it, by headers of which each is needed. */
function requireDescent(voted: readonly Uint8Array[], target: Uint8Array, ancestries: readonly Header[]): void {
  const parents = new Map(ancestries.map((header) => [toHex(hashHeader(header)), header.parentHash]));
  const unused = new Set(parents.keys());
  for (const hash of voted) {
    let at = hash;
    while (!equalBytes(at, target)) {
      const parent = parents.get(toHex(at));
      if (parent === undefined) throw broken('votes for the target or what follows it', `a vote for ${toHex(hash)}`);
      unused.delete(toHex(at));
      at = parent;
    }
  }
  if (unused.size > 0) throw broken('only headers that votes lead through', `${unused.size} more`);
}

async function isSignature(signature: Uint8Array, message: Uint8Array, id: Uint8Array): Promise<boolean> {
  try {
    const key = await crypto.subtle.importKey('raw', new Uint8Array(id), 'Ed25519', false, ['verify']);
    return await crypto.subtle.verify('Ed25519', key, new Uint8Array(signature), new Uint8Array(message));
  } catch {
    return false; // no point of the curve
  }
}

function sum(values: Iterable<bigint>): bigint {
  return [...values].reduce((total, value) => total + value, 0n);
}

function broken(expected: string, actual: string): TeaError {
  return new TeaError('corrupt', 'The proof of finality does not hold', { expected, actual });
}
