import { equalBytes, type ProofFile } from '@tea/protocol';
import { decodeErrandRecord, decodeHeader, encodeU64, hashHeader, verifyReadProof, type ErrandRecord } from '@tea/protocol/layer1';
import { finding } from './proof-claims.ts';
import type { ProofClaim, ProofPins } from './proof-report.ts';

/** twox_128("Errands") twice: pallet and storage item share the name. The key goes on with twox_64(id) ‖ id, 8 bytes little-endian. */
export const ERRANDS_PREFIX = Uint8Array.fromHex('863cd9165a24c0fa6620b1bfe510f564863cd9165a24c0fa6620b1bfe510f564');

/** What the file says of layer 1: a header, a storage proof under its state root, and the errand record there. */
export function verifyChain(
  { chain, errand }: ProofFile,
  pins: ProofPins,
): { readonly claims: readonly ProofClaim[]; readonly errand: ErrandRecord | null } {
  const { genesisHash } = chain;
  const sameGenesis = pins.genesisHash === undefined ? null : equalBytes(pins.genesisHash, genesisHash);
  const claims = [finding('chain.genesis', sameGenesis, pins.genesisHash?.toHex() ?? 'a genesis hash you know', genesisHash.toHex())];
  try {
    const header = decodeHeader(chain.header);
    const hash = hashHeader(header);
    const sameBlock = pins.blockHash === undefined ? null : equalBytes(pins.blockHash, hash);
    claims.push(
      finding(
        'chain.block',
        sameBlock,
        pins.blockHash?.toHex() ?? 'the hash of a finalised block you know',
        `block ${header.number}, ${hash.toHex()}`,
      ),
    );
    const proven = verifyReadProof({ stateRoot: header.stateRoot, proof: chain.storageProof, key: chain.key });
    const ours = isKeyOf(chain.key, errand.id) && proven !== null && equalBytes(proven, errand.record);
    claims.push(
      finding(
        'chain.record',
        ours,
        `the record of errand ${errand.id} under state root ${header.stateRoot.toHex()}`,
        ours ? 'proven' : 'another record, or another key',
      ),
    );
    const record = decodeErrandRecord(errand.record);
    claims.push(
      finding(
        'errand.settled',
        settled(record),
        'state Settled',
        record.refund === null ? `state ${record.state}` : `refunded: ${record.refund.kind}`,
      ),
    );
    return { claims, errand: record };
  } catch (cause) {
    claims.push(finding('chain.record', false, `a storage proof of errand ${errand.id}`, (cause as Error).message));
    return { claims, errand: null };
  }
}

function settled({ state, settlement }: ErrandRecord): boolean | null {
  if (state === 'Settled') return settlement !== null;
  return state === 'Refunded' ? false : null;
}

function isKeyOf(key: Uint8Array, id: bigint): boolean {
  const end = ERRANDS_PREFIX.length + 8;
  return key.length === end + 8 && equalBytes(key.subarray(0, ERRANDS_PREFIX.length), ERRANDS_PREFIX) && equalBytes(key.subarray(end), encodeU64(id));
}
