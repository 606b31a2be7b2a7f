import * as v from 'valibot';
import { fromHex, toHex, type ProofFile } from '@tea/protocol';
import {
  type AuthoritySetChange,
  decodeFinalityProof,
  decodeHeader,
  encodeFinalityProof,
  encodeHeaderJson,
  followAuthoritySets,
  GRANDPA_AUTHORITIES_KEY,
  hashHeader,
  type Header,
  nextAuthorities,
  verifyFinality,
  verifyGenesisAuthorities,
} from '@tea/protocol/layer1';
import type { Ledger } from '@tea/protocol/ledger';

/** A chain as JSON-RPC: rejects with what it answered. */
export type AskFinality = (method: string, params: readonly unknown[]) => Promise<unknown>;

const hex = v.pipe(v.string(), v.regex(/^0x([0-9a-f]{2})*$/));
const hash = v.pipe(v.string(), v.regex(/^0x[0-9a-f]{64}$/));
const readProof = v.object({ proof: v.array(hex) });
const bytes = v.array(v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(255)));
const signedBlock = v.object({ block: v.object({ header: v.unknown() }), justifications: v.nullish(v.array(v.tuple([bytes, bytes]))) });

/** "FRNK", GRANDPA's engine id. */
const ENGINE = '46524e4b';
/** Nodes keep a justification every so many blocks at least: ours with every round, others every 32nd block. */
const MAX_HEADERS = 64;
const MAX_SET_CHANGES = 256;

/**
 * What shows a stranger that the network agreed on this finalised block, when the chain can show it: an embedded chain can't, nor can a node
 * that no longer keeps the genesis state. Nothing is returned that doesn't verify.
 * @param header SCALE bytes
 */
export async function askFinality(
  { client, genesis }: Pick<Ledger, 'client' | 'genesis'>,
  header: Uint8Array,
): Promise<ProofFile['chain']['finality']> {
  try {
    return await collectFinality((method, params) => client._request(method, [...params]), genesis, decodeHeader(header));
  } catch {
    return undefined;
  }
}

/** As `askFinality`, but says what was wrong. @throws TeaError, or what `ask` rejects with */
export async function collectFinality(ask: AskFinality, genesisHash: Uint8Array, block: Header): Promise<ProofFile['chain']['finality']> {
  const genesis = `0x${toHex(genesisHash)}`;
  const [genesisHeader, authorities] = await Promise.all([
    ask('chain_getHeader', [genesis]),
    ask('state_getReadProof', [[`0x${toHex(GRANDPA_AUTHORITIES_KEY)}`], genesis]),
  ]);
  const head = {
    genesisHeader: encodeHeaderJson(genesisHeader),
    authoritiesProof: v.parse(readProof, authorities).proof.map((node) => fromHex(node)),
  };
  const first = verifyGenesisAuthorities({ genesisHash, header: head.genesisHeader, proof: head.authoritiesProof });
  const setChanges = await askSetChanges(ask, block.number);
  const proof = await askJustification(ask, block);
  if (proof === null) return undefined;
  const { id, authorities: voters } = await followAuthoritySets(first, setChanges);
  await verifyFinality({ header: block, proof, authorities: voters, setId: id });
  return { ...head, ...(setChanges.length > 0 && { setChanges }), proof };
}

/**
 * The changes of voters before block `before`. `grandpa_proveFinality` answers with the last block of the set that a block belongs to, or with
 * the newest one that is final; the Polkadot SDK's refuses as long as there was no change at all, and an embedded chain has no such method.
 */
async function askSetChanges(ask: AskFinality, before: number): Promise<AuthoritySetChange[]> {
  const changes: AuthoritySetChange[] = [];
  for (let from = 1; from < before && changes.length < MAX_SET_CHANGES;) {
    const answer = await ask('grandpa_proveFinality', [from]).catch(() => null);
    if (answer === null) break;
    const { block, justification } = decodeFinalityProof(fromHex(v.parse(hex, answer)));
    const header = encodeHeaderJson(await ask('chain_getHeader', [`0x${toHex(block)}`]));
    const last = decodeHeader(header);
    if (last.number >= before || last.number < from || nextAuthorities(last) === null) break;
    changes.push({ header, proof: encodeFinalityProof({ block, justification, headers: [] }) });
    from = last.number + 1;
  }
  return changes;
}

/** The justification of the block, or of the next one that holds one, with the headers between; null when there is none yet. */
async function askJustification(ask: AskFinality, block: Header): Promise<Uint8Array | null> {
  const headers: Header[] = [];
  for (let last = block; headers.length <= MAX_HEADERS;) {
    const at = hashHeader(last);
    const justification = await justificationOf(ask, at);
    if (justification !== null) return encodeFinalityProof({ block: at, justification, headers });
    const next = v.parse(v.nullable(hash), await ask('chain_getBlockHash', [last.number + 1]));
    if (next === null) return null;
    last = decodeHeader(encodeHeaderJson(await ask('chain_getHeader', [next])));
    headers.push(last);
  }
  return null;
}

async function justificationOf(ask: AskFinality, block: Uint8Array): Promise<Uint8Array | null> {
  // A block may be larger than the bus carries; a later one then serves as well.
  const answer = await ask('chain_getBlock', [`0x${toHex(block)}`]).catch(() => null);
  const { justifications } = answer === null ? { justifications: [] } : v.parse(signedBlock, answer);
  const found = justifications?.find(([engine]) => Uint8Array.from(engine).toHex() === ENGINE);
  return found === undefined ? null : Uint8Array.from(found[1]);
}
