import * as v from 'valibot';
import { fromHex, type ProofFile } from '@tea/protocol';
import { decodeHeader, encodeHeaderJson, GENESIS_SET, GRANDPA_AUTHORITIES_KEY, verifyFinality, verifyGenesisAuthorities } from '@tea/protocol/layer1';
import type { Ledger } from '@tea/protocol/ledger';

const hex = v.pipe(v.string(), v.regex(/^0x([0-9a-f]{2})*$/));
const readProof = v.object({ proof: v.array(hex) });

/**
 * What shows a stranger that the network agreed on this finalised block, when the chain can show it: an embedded chain can't, nor can a node
 * that no longer keeps the genesis state. Nothing is returned that doesn't verify.
 * @param header SCALE bytes
 */
export async function askFinality(ledger: Ledger, header: Uint8Array): Promise<ProofFile['chain']['finality']> {
  const genesisHash = ledger.genesis;
  const genesis = `0x${genesisHash.toHex()}`;
  const block = decodeHeader(header);
  try {
    const [proof, genesisHeader, authorities] = await Promise.all([
      ledger.client._request<unknown>('grandpa_proveFinality', [block.number]),
      ledger.client._request<unknown>('chain_getHeader', [genesis]),
      ledger.client._request<unknown>('state_getReadProof', [[`0x${GRANDPA_AUTHORITIES_KEY.toHex()}`], genesis]),
    ]);
    const finality = {
      genesisHeader: encodeHeaderJson(genesisHeader),
      authoritiesProof: v.parse(readProof, authorities).proof.map((node) => fromHex(node)),
      proof: fromHex(v.parse(hex, proof)),
    };
    const voters = verifyGenesisAuthorities({ genesisHash, header: finality.genesisHeader, proof: finality.authoritiesProof });
    await verifyFinality({ header: block, proof: finality.proof, authorities: voters, setId: GENESIS_SET });
    return finality;
  } catch {
    return undefined;
  }
}
