import type { ProofFile } from '@tea/protocol';
import { decodeHeader, followAuthoritySets, verifyFinality, verifyGenesisAuthorities, votesOfAnybody } from '@tea/protocol/layer1';
import { finding } from './proof-claims.ts';
import type { ProofClaim } from './proof-report.ts';

/**
 * Whether the network agreed on the file's block: by more than two thirds of the voters that its genesis names, or of those that voters put in
 * their place, so the claim is worth what `chain.genesis` is. A file without such a proof comes from an embedded chain, or from a node that gave
 * none; votes with everybody's keys are no more.
 */
export async function verifyFinalised({ chain }: { readonly chain: Omit<ProofFile['chain'], 'storageProof' | 'key'> }): Promise<ProofClaim> {
  const expected = 'more than two thirds of the voters that genesis names';
  const { finality, genesisHash } = chain;
  if (finality === undefined) {
    return finding('chain.finality', null, expected, 'no proof of finality: an embedded chain has none, and proves nothing about consensus');
  }
  try {
    const genesis = verifyGenesisAuthorities({ genesisHash, header: finality.genesisHeader, proof: finality.authoritiesProof });
    const { id, authorities } = await followAuthoritySets(genesis, finality.setChanges ?? []);
    const header = decodeHeader(chain.header);
    const { weight, totalWeight, target } = await verifyFinality({ header, proof: finality.proof, authorities, setId: id });
    const agreed = `${weight} of ${totalWeight} voted for block ${target.number}, which is or follows block ${header.number}`;
    return votesOfAnybody(authorities)
      ? finding('chain.finality', null, expected, `${agreed}, but with keys of development that everybody has`)
      : finding('chain.finality', true, expected, agreed);
  } catch (cause) {
    return finding('chain.finality', false, expected, (cause as Error).message);
  }
}
