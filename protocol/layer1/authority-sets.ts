import { toHex } from '../bytes.ts';
import { equalBytes } from '../cbor.ts';
import { TeaError } from '../errors.ts';
import { verifyFinality } from './finality.ts';
import { decodeHeader, hashHeader, type Header } from './header.ts';
import { verifyReadProof } from './read-proof.ts';
import { ScaleReader } from './scale.ts';

/** One voter of GRANDPA: its ed25519 key, and what its vote weighs. */
export type GrandpaAuthority = { readonly id: Uint8Array; readonly weight: bigint };

/** The voters from one change of voters to the next. Genesis names set 0; votes are signed for one set and count in no other. */
export type AuthoritySet = { readonly id: bigint; readonly authorities: readonly GrandpaAuthority[] };

/** A block that names the next set, and the proof by which its own set made it final. SCALE bytes. */
export type AuthoritySetChange = { readonly header: Uint8Array; readonly proof: Uint8Array };

/** twox_128("Grandpa") ‖ twox_128("Authorities"). */
export const GRANDPA_AUTHORITIES_KEY = Uint8Array.fromHex('5f9cc45b7a00c5899361e1c6099678dc5e0621c4869aa60c02be9adcc98a0d1d');

const ENGINE = 'FRNK';
/** `ConsensusLog` of sp-consensus-grandpa. */
const SCHEDULED_CHANGE = 1;
const FORCED_CHANGE = 2;
const MAX_AUTHORITIES = 10_000;

/**
 * Whom a network's genesis block names as voters: everything follows from the genesis hash.
 * @throws TeaError `corrupt` when header or storage proof don't belong to that hash, `badMessage` when they can't be read
 */
export function verifyGenesisAuthorities(input: {
  readonly genesisHash: Uint8Array;
  readonly header: Uint8Array;
  readonly proof: readonly Uint8Array[];
}): AuthoritySet {
  const header = decodeHeader(input.header);
  if (!equalBytes(hashHeader(header), input.genesisHash) || header.number !== 0) {
    throw new TeaError('corrupt', 'This is not the genesis header', { expected: toHex(input.genesisHash), actual: toHex(hashHeader(header)) });
  }
  const list = verifyReadProof({ stateRoot: header.stateRoot, proof: input.proof, key: GRANDPA_AUTHORITIES_KEY });
  if (list === null) throw new TeaError('corrupt', 'The genesis state names no voters');
  const reader = new ScaleReader(list, 'list of GRANDPA authorities');
  const authorities = readAuthorities(reader);
  reader.end();
  return { id: 0n, authorities };
}

/**
 * Follows the voters from genesis on: each change is announced by a block that its own set made final, as a warp sync does. The last set is as
 * good as each one before it: two thirds of an old set that betray its network can found another line of sets.
 * @throws TeaError `corrupt` when a block names no next set at once, isn't final by its own set, or doesn't come after the one before
 */
export async function followAuthoritySets(genesis: AuthoritySet, changes: readonly AuthoritySetChange[]): Promise<AuthoritySet> {
  let set = genesis;
  let after = 0;
  for (const change of changes) {
    const header = decodeHeader(change.header);
    if (header.number <= after) throw broken(`a block after ${after}`, `block ${header.number}`);
    const authorities = nextAuthorities(header);
    if (authorities === null) throw broken('a block that names the next voters', `block ${header.number}, which names none`);
    await verifyFinality({ header, proof: change.proof, authorities: set.authorities, setId: set.id });
    set = { id: set.id + 1n, authorities };
    after = header.number;
  }
  return set;
}

/**
 * The voters that take over after this block, or null when it changes nothing.
 * @throws TeaError `corrupt` for a change that no finality leads to: one that is forced, or takes effect only later (no runtime of TEA's makes any)
 */
export function nextAuthorities(header: Header): readonly GrandpaAuthority[] | null {
  let next: readonly GrandpaAuthority[] | null = null;
  for (const item of header.digest) {
    if (item.kind !== 'consensus' || item.engine !== ENGINE) continue;
    const reader = new ScaleReader(item.payload, 'message of GRANDPA to its voters');
    const kind = reader.u8();
    if (kind === FORCED_CHANGE) throw broken('voters that voters agreed on', `a forced change in block ${header.number}`);
    if (kind !== SCHEDULED_CHANGE) continue;
    const authorities = readAuthorities(reader);
    const delay = reader.u32();
    reader.end();
    if (next !== null || delay !== 0) throw broken('one change of voters, at once', `another one in block ${header.number}`);
    next = authorities;
  }
  return next;
}

function readAuthorities(reader: ScaleReader): GrandpaAuthority[] {
  const count = reader.compact();
  if (count === 0 || count > MAX_AUTHORITIES) throw broken(`1 to ${MAX_AUTHORITIES} voters`, String(count));
  const authorities: GrandpaAuthority[] = [];
  for (let left = count; left > 0; left--) authorities.push({ id: reader.bytes(32).slice(), weight: reader.u64() });
  if (new Set(authorities.map(({ id }) => toHex(id))).size !== count) throw broken('each voter once', 'a voter twice');
  return authorities;
}

function broken(expected: string, actual: string): TeaError {
  return new TeaError('corrupt', 'The change of voters does not hold', { expected, actual });
}
