import * as v from 'valibot';
import { fromHex, TeaError, type ProofFile } from '@tea/protocol';
import {
  blockHashStorageKey,
  decodeDrawRecord,
  decodeHeader,
  drawOfStorageKey,
  drawStorageKey,
  encodeHeaderJson,
  errandStorageKey,
  nodeStorageKey,
  ScaleReader,
} from '@tea/protocol/layer1';
import type { Ledger } from '@tea/protocol/ledger';
import { askFinality } from './finality-proof.ts';

const hex = v.pipe(v.string(), v.regex(/^0x([0-9a-f]{2})*$/));
const proofReply = v.object({ proof: v.array(hex) });

/**
 * What layer 1 can show of an errand, at the last finalised block: its record, the draw for its executor, and, where the chain has it, finality.
 * Nothing of it is checked here: `verifyProof` does.
 * @throws TeaError `notFound`
 */
export async function proveErrand(ledger: Ledger, id: bigint): Promise<Pick<ProofFile, 'chain' | 'errand'>> {
  const key = errandStorageKey(id);
  const { hash } = await ledger.client.getFinalizedBlock();
  const [header, storageProof, record, selection] = await Promise.all([
    ledger.client._request('chain_getHeader', [hash]).then(encodeHeaderJson),
    readProof(ledger, [key], hash),
    stored(ledger, key, hash),
    proveSelection(ledger, id, hash),
  ]);
  if (record === null) throw new TeaError('notFound', `Layer 1 knows no errand ${id}`);
  decodeHeader(header);
  const finality = await askFinality(ledger, header);
  return {
    chain: { genesisHash: ledger.genesis, header, storageProof, key, ...(selection && { selection }), ...(finality && { finality }) },
    errand: { id, record },
  };
}

/** Trie nodes for the draw, the hash its seed is made of, and the profile of every node that showed a lot; null where no lots were drawn. */
async function proveSelection(ledger: Ledger, errand: bigint, at: string): Promise<Uint8Array[] | null> {
  const number = await stored(ledger, drawOfStorageKey(errand), at);
  if (number === null) return null;
  const drawKey = drawStorageKey(new ScaleReader(number, 'number of a draw').u64());
  const record = await stored(ledger, drawKey, at);
  if (record === null) return null;
  const { round, claims } = decodeDrawRecord(record);
  const seedOf = round === null ? [] : [blockHashStorageKey(round.fixedAt - 1)];
  return readProof(ledger, [drawOfStorageKey(errand), drawKey, ...seedOf, ...claims.map(({ node }) => nodeStorageKey(node))], at);
}

async function readProof({ client }: Ledger, keys: readonly Uint8Array[], at: string): Promise<Uint8Array[]> {
  const reply: unknown = await client._request('state_getReadProof', [keys.map((key) => `0x${key.toHex()}`), at]);
  return v.parse(proofReply, reply).proof.map((node) => fromHex(node));
}

async function stored({ client }: Ledger, key: Uint8Array, at: string): Promise<Uint8Array | null> {
  const value = await client.rawQuery(`0x${key.toHex()}`, { at });
  return value === null ? null : fromHex(value);
}
