import { concatBytes, toHex } from '../bytes.ts';
import { equalBytes } from '../cbor.ts';
import { TeaError } from '../errors.ts';
import { decodeHeader, hashHeader, type Header, readHeader } from './header.ts';
import { verifyReadProof } from './read-proof.ts';
import { encodeU32, encodeU64, ScaleReader } from './scale.ts';

/** One voter of GRANDPA: its ed25519 key, and what its vote weighs. */
export type GrandpaAuthority = { readonly id: Uint8Array; readonly weight: bigint };

/** What a finality proof comes to: so much weight of all voters agreed on a block that is, or follows, the one in question. */
export type Finality = {
  readonly voters: number;
  readonly weight: bigint;
  readonly totalWeight: bigint;
  /** The block that was voted for. */
  readonly target: { readonly number: number; readonly hash: Uint8Array };
};

/** twox_128("Grandpa") ‖ twox_128("Authorities"). */
export const GRANDPA_AUTHORITIES_KEY = Uint8Array.fromHex('5f9cc45b7a00c5899361e1c6099678dc5e0621c4869aa60c02be9adcc98a0d1d');
/** The set of voters that genesis names. TEA's runtime has no session pallet, so no other set follows it. */
export const GENESIS_SET = 0n;

const PRECOMMIT = 1;

/**
 * Whom a network's genesis block names as voters: everything follows from the genesis hash.
 * @throws TeaError `corrupt` when header or storage proof don't belong to that hash, `badMessage` when they can't be read
 */
export function verifyGenesisAuthorities(input: {
  readonly genesisHash: Uint8Array;
  readonly header: Uint8Array;
  readonly proof: readonly Uint8Array[];
}): GrandpaAuthority[] {
  const header = decodeHeader(input.header);
  if (!equalBytes(hashHeader(header), input.genesisHash) || header.number !== 0) {
    throw new TeaError('corrupt', 'This is not the genesis header', { expected: toHex(input.genesisHash), actual: toHex(hashHeader(header)) });
  }
  const list = verifyReadProof({ stateRoot: header.stateRoot, proof: input.proof, key: GRANDPA_AUTHORITIES_KEY });
  if (list === null) throw new TeaError('corrupt', 'The genesis state names no voters');
  const reader = new ScaleReader(list, 'list of GRANDPA authorities');
  const authorities: GrandpaAuthority[] = [];
  for (let left = reader.compact(); left > 0; left--) authorities.push({ id: reader.bytes(32).slice(), weight: reader.u64() });
  reader.end();
  return authorities;
}

/**
 * Checks what `grandpa_proveFinality` answered: more than two thirds of the voters precommitted, in one round, to `header` or to a block that
 * the headers in the proof lead to from it (GRANDPA paper, section 2.1; Polkadot specification, definition 83 "justification").
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
  const proof = readProof(input.proof);
  const { round, target, precommits, ancestries } = readJustification(proof.justification);
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

/** `FinalityProof` of sc-consensus-grandpa: block, justification, headers after the block asked about. */
function readProof(bytes: Uint8Array): { readonly block: Uint8Array; readonly justification: Uint8Array; readonly headers: Header[] } {
  const reader = new ScaleReader(bytes, 'proof of finality');
  const block = reader.bytes(32);
  const justification = reader.vector();
  const headers: Header[] = [];
  for (let left = reader.compact(); left > 0; left--) headers.push(readHeader(reader));
  reader.end();
  return { block, justification, headers };
}

type Precommit = { readonly hash: Uint8Array; readonly number: number; readonly signature: Uint8Array; readonly id: Uint8Array };
type Justification = {
  readonly round: bigint;
  readonly target: Finality['target'];
  readonly precommits: readonly Precommit[];
  readonly ancestries: readonly Header[];
};

/** `GrandpaJustification`: round, commit (target, signed precommits), and the headers between the target and later blocks voted for. */
function readJustification(bytes: Uint8Array): Justification {
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
