import * as v from 'valibot';
import {
  encodePolicy,
  encodeProofFile,
  encodeReferenceValues,
  fromHex,
  type AppraisalPolicy,
  type ReceiptBundle,
  type ReferenceValues,
} from '@tea/protocol';
import { TeaError } from '@tea/protocol';
import { decodeHeader, encodeHeaderJson, errandStorageKey } from '@tea/protocol/layer1';
import { askFinality } from './finality-proof.ts';
import type { Inspection } from './inspect.ts';
import type { Tea } from './tea.ts';

export type ProofRequest = {
  readonly inspection: Inspection;
  readonly policy: AppraisalPolicy;
  readonly referenceValues: ReferenceValues;
  readonly bundle: ReceiptBundle;
  /** `encodeSealedRelease` of each, in the order code, data/N, input. */
  readonly releases: readonly Uint8Array[];
};

const hex = v.pipe(v.string(), v.regex(/^0x([0-9a-f]{2})*$/));
const proofReply = v.object({ proof: v.array(hex) });

/**
 * Puts together everything a stranger needs to check this errand offline: the record as the last finalised block holds it, with a storage proof.
 * @returns the bytes of proof.json
 */
export async function writeProof({ ledger }: Tea, { inspection, policy, referenceValues, bundle, releases }: ProofRequest): Promise<Uint8Array> {
  const { id, evidence, activation, appraisal } = inspection;
  const key = errandStorageKey(id);
  const { hash } = await ledger.client.getFinalizedBlock();
  const [header, { proof }, record] = await Promise.all([
    ledger.client._request('chain_getHeader', [hash]).then(encodeHeaderJson),
    ledger.client._request('state_getReadProof', [[`0x${key.toHex()}`], hash]).then((reply) => v.parse(proofReply, reply)),
    ledger.client.rawQuery(`0x${key.toHex()}`, { at: hash }),
  ]);
  if (record === null) throw new TeaError('notFound', `Layer 1 knows no errand ${id}`);
  decodeHeader(header);
  const finality = await askFinality(ledger, header);
  return encodeProofFile({
    format: 'tea/proof/1',
    chain: { genesisHash: ledger.genesis, header, storageProof: proof.map((node) => fromHex(node)), key, ...(finality && { finality }) },
    errand: { id, record: fromHex(record) },
    evidence,
    activation,
    referenceValues: encodeReferenceValues(referenceValues),
    policy: encodePolicy(policy),
    result: appraisal.result,
    receipt: bundle,
    releases,
  });
}
