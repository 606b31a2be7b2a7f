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
import { concatBytes, TeaError } from '@tea/protocol';
import { encodeCompact, decodeHeader } from '@tea/protocol/layer1';
import { errandKey } from '@tea/protocol/ledger';
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
const headerReply = v.object({
  parentHash: hex,
  number: v.pipe(v.string(), v.regex(/^0x[0-9a-f]+$/), v.transform(Number)),
  stateRoot: hex,
  extrinsicsRoot: hex,
  digest: v.object({ logs: v.array(hex) }),
});
const proofReply = v.object({ proof: v.array(hex) });

/**
 * Puts together everything a stranger needs to check this errand offline: the record as the last finalised block holds it, with a storage proof.
 * @returns the bytes of proof.json
 */
export async function writeProof({ ledger }: Tea, { inspection, policy, referenceValues, bundle, releases }: ProofRequest): Promise<Uint8Array> {
  const { id, evidence, activation, appraisal } = inspection;
  const key = await errandKey(ledger, id);
  const { hash } = await ledger.client.getFinalizedBlock();
  const [header, { proof }, record] = await Promise.all([
    ledger.client._request('chain_getHeader', [hash]).then((reply) => encodeHeaderReply(v.parse(headerReply, reply))),
    ledger.client._request('state_getReadProof', [[`0x${key.toHex()}`], hash]).then((reply) => v.parse(proofReply, reply)),
    ledger.client.rawQuery(`0x${key.toHex()}`, { at: hash }),
  ]);
  if (record === null) throw new TeaError('notFound', `Layer 1 knows no errand ${id}`);
  decodeHeader(header);
  return encodeProofFile({
    format: 'tea/proof/1',
    chain: { genesisHash: ledger.genesis, header, storageProof: proof.map((node) => fromHex(node)), key },
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

/** The SCALE bytes whose blake2b is the block's hash; the JSON of `chain_getHeader` holds the digest items encoded. */
function encodeHeaderReply({ parentHash, number, stateRoot, extrinsicsRoot, digest }: v.InferOutput<typeof headerReply>): Uint8Array {
  const logs = digest.logs.map((log) => fromHex(log));
  return concatBytes(fromHex(parentHash), encodeCompact(number), fromHex(stateRoot), fromHex(extrinsicsRoot), encodeCompact(logs.length), ...logs);
}
