import { equalBytes, type ProofFile } from '@tea/protocol';
import { decodeErrandRecord, decodeHeader, errandStorageKey, hashHeader, verifyReadProof, type ErrandRecord } from '@tea/protocol/layer1';
import { finding } from './proof-claims.ts';
import type { ProofClaim, ProofPins } from './proof-report.ts';

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
    const ours = equalBytes(chain.key, errandStorageKey(errand.id)) && proven !== null && equalBytes(proven, errand.record);
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
