import * as v from 'valibot';
import { fromHex, toHex } from '../bytes.ts';
import { equalBytes } from '../cbor.ts';
import { TeaError } from '../errors.ts';
import { decodeAuraAuthorities, verifyAuraSeal } from '../layer1/aura-seal.ts';
import { decodeHeader, hashHeader, type Header } from '../layer1/header.ts';
import { encodeHeaderJson } from '../layer1/header-json.ts';
import { verifyReadProofs } from '../layer1/read-proof.ts';
import { AURA_AUTHORITIES_KEY, blockHashStorageKey } from '../layer1/storage-keys.ts';

/** One JSON-RPC request; rejects with what the chain answered. */
export type AskChain = (method: string, params: readonly unknown[]) => Promise<unknown>;
export type FinalisedBlock = { readonly number: number; readonly hash: Uint8Array };

/** Fewer than the runtime's `BlockHashCount`: how far back a state names the blocks before it. */
const NAMED_BLOCKS = 2_000;
const KEPT_HEADERS = 8;

/**
 * The headers a ledger believes. Each is the bytes of its hash, sealed by the authority whose turn it was, and descends from the newest one believed
 * before it: by parent hash, or, when blocks lie between, because its state names that block (`System.BlockHash`). The first one's state must name
 * the genesis block. So a host without an authority's key can show an old block at the start, but no other, and never go back.
 */
export class ProvenBlocks {
  readonly #ask: AskChain;
  readonly #genesis: Uint8Array;
  readonly #pinnedAuthorities: readonly Uint8Array[] | undefined;
  readonly #headers = new Map<string, Promise<Header>>();
  #authorities: Promise<readonly Uint8Array[]> | undefined;
  #newest: FinalisedBlock | null = null;

  constructor(options: { readonly ask: AskChain; readonly genesis: Uint8Array; readonly authorities?: readonly Uint8Array[] }) {
    this.#ask = options.ask;
    this.#genesis = options.genesis;
    this.#pinnedAuthorities = options.authorities;
  }

  /**
   * @returns the header of `block`
   * @throws TeaError `corrupt` when it does not hold, or goes back behind what was shown before; what `ask` rejects with, when it can't be had
   */
  header(block: FinalisedBlock): Promise<Header> {
    const name = toHex(block.hash);
    const known = this.#headers.get(name);
    if (known !== undefined) return known;
    const header = this.#prove(block, this.#newest);
    this.#headers.set(name, header);
    for (const oldest of [...this.#headers.keys()].slice(0, -KEPT_HEADERS)) this.#headers.delete(oldest);
    // What could not be had may be had the next time.
    header.catch(() => this.#headers.delete(name));
    return header;
  }

  async #prove(block: FinalisedBlock, before: FinalisedBlock | null): Promise<Header> {
    if (before !== null && block.number <= before.number)
      throw lie(`a block after ${before.number}, which was final before`, `block ${block.number}, ${toHex(block.hash)}`);
    const named = nameToProve(block, before);
    const [header, authorities, proof] = await Promise.all([
      this.#fetch(block),
      block.number === 0 ? [] : this.authorities(),
      named === null ? null : readProof(this.#ask, [blockHashStorageKey(named)], block.hash),
    ]);
    if (block.number === 0) {
      if (!equalBytes(block.hash, this.#genesis)) throw lie(`genesis block ${toHex(this.#genesis)}`, toHex(block.hash));
    } else verifyAuraSeal(header, authorities);
    const wanted = named === 0 || before === null ? this.#genesis : before.hash;
    const follows =
      named === null || proof === null
        ? block.number === 0 || equalBytes(header.parentHash, wanted)
        : equalBytes(verifyReadProofs({ stateRoot: header.stateRoot, proof, keys: [blockHashStorageKey(named)] })[0] ?? new Uint8Array(), wanted);
    if (!follows) throw lie(`a block that descends from ${toHex(wanted)}`, `block ${block.number}, ${toHex(block.hash)}, which does not`);
    if (this.#newest === null || block.number > this.#newest.number) this.#newest = block;
    return header;
  }

  async #fetch(block: FinalisedBlock): Promise<Header> {
    const bytes = encodeHeaderJson(await this.#ask('chain_getHeader', [`0x${toHex(block.hash)}`]));
    const header = decodeHeader(bytes);
    const hash = hashHeader(header);
    if (!equalBytes(hash, block.hash) || header.number !== block.number)
      throw lie(`the header of block ${block.number}, ${toHex(block.hash)}`, `that of block ${header.number}, ${toHex(hash)}`);
    return header;
  }

  /** Who may seal: as configured, or as the genesis state names them. TEA's runtime has no session pallet, so no other set follows. */
  authorities(): Promise<readonly Uint8Array[]> {
    if (this.#pinnedAuthorities !== undefined) return Promise.resolve(this.#pinnedAuthorities);
    this.#authorities ??= this.#genesisAuthorities().catch((error: unknown) => {
      this.#authorities = undefined;
      throw error;
    });
    return this.#authorities;
  }

  async #genesisAuthorities(): Promise<readonly Uint8Array[]> {
    const [{ stateRoot }, proof] = await Promise.all([
      this.#fetch({ number: 0, hash: this.#genesis }),
      readProof(this.#ask, [AURA_AUTHORITIES_KEY], this.#genesis),
    ]);
    const [list] = verifyReadProofs({ stateRoot, proof, keys: [AURA_AUTHORITIES_KEY] });
    if (list === null || list === undefined) throw lie('a genesis state that names authorities', 'none');
    return decodeAuraAuthorities(list);
  }
}

/** The block that the state must name, or null when the parent hash says it. */
function nameToProve({ number }: FinalisedBlock, before: FinalisedBlock | null): number | null {
  const from = before?.number ?? 0;
  if (number <= from + 1) return null;
  return number - from > NAMED_BLOCKS ? 0 : from;
}

const proofReply = v.object({ proof: v.pipe(v.array(v.pipe(v.string(), v.regex(/^0x([0-9a-f]{2})*$/))), v.maxLength(4_096)) });

/** @throws TeaError `badMessage`; what `ask` rejects with */
export async function readProof(ask: AskChain, keys: readonly Uint8Array[], at: Uint8Array): Promise<Uint8Array[]> {
  const reply = await ask('state_getReadProof', [keys.map((key) => `0x${toHex(key)}`), `0x${toHex(at)}`]);
  const parsed = v.safeParse(proofReply, reply);
  if (!parsed.success) throw new TeaError('badMessage', 'This is not a read proof', { expected: 'a list of trie nodes', actual: typeof reply });
  return parsed.output.proof.map((node) => fromHex(node));
}

function lie(expected: string, actual: string): TeaError {
  return new TeaError('corrupt', 'The host does not show the chain it showed before', {
    expected,
    actual,
    next: 'believe nothing of it, and ask another host',
  });
}
