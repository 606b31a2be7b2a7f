import * as v from 'valibot';
import { encodePolicy, encodeReferenceValues, fromHex, TeaError, type AppraisalPolicy, type ReferenceValues } from '@tea/protocol';
import { encodeCallProofFile } from '@tea/protocol/call';
import { blockHashStorageKey, channelStorageKey, contentStorageKey, encodeHeaderJson, nodeStorageKey } from '@tea/protocol/layer1';
import { readAppraisal } from '@tea/protocol/ledger';
import { answeredBlock } from '../prove-votes.ts';
import type { Tea } from '../tea.ts';
import type { CallResult, Calls } from './open-calls.ts';

const proofReply = v.object({ proof: v.array(v.pipe(v.string(), v.regex(/^0x([0-9a-f]{2})*$/))) });

export type CallProofRequest = {
  readonly calls: Pick<Calls, 'inspection' | 'channel'>;
  readonly result: CallResult;
  readonly policy: AppraisalPolicy;
  readonly referenceValues: ReferenceValues;
};

/**
 * Puts together everything a stranger needs to check this call offline, as the last finalised block has it. Nothing of it is checked here: `verifyCallProof` does.
 * Soon after the call is best: the file shows that the node is admitted on the evidence that was appraised, and it renews that from time to time.
 * @returns the bytes of call.json
 * @throws TeaError `notFound` when layer 1 no longer knows the appraisal of the node
 */
export async function writeCallProof({ ledger }: Tea, { calls, result, policy, referenceValues }: CallProofRequest): Promise<Uint8Array> {
  const { inspection, channel } = calls;
  const { node, record, evidence, activation, appraisal } = inspection;
  const content = result.receipt.content;
  const admission = await readAppraisal(ledger, record.appraisal);
  if (admission === null) throw new TeaError('notFound', `Layer 1 knows no appraisal ${record.appraisal}`);
  const nonceBlock = await answeredBlock(ledger, evidence, admission.openedAt);
  const keys = [
    nodeStorageKey(node),
    channelStorageKey(channel),
    contentStorageKey(content),
    ...(nonceBlock === null ? [] : [blockHashStorageKey(nonceBlock)]),
  ];
  const { hash } = await ledger.client.getFinalizedBlock();
  const [header, { proof }] = await Promise.all([
    ledger.client._request('chain_getHeader', [hash]).then(encodeHeaderJson),
    ledger.client._request('state_getReadProof', [keys.map((key) => `0x${key.toHex()}`), hash]).then((reply) => v.parse(proofReply, reply)),
  ]);
  return encodeCallProofFile({
    format: 'tea/call-proof/1',
    chain: { genesisHash: ledger.genesis, header, proof: proof.map((part) => fromHex(part)) },
    node,
    channel,
    sequence: result.sequence,
    content,
    nonceBlock,
    evidence,
    activation,
    referenceValues: encodeReferenceValues(referenceValues),
    policy: encodePolicy(policy),
    result: appraisal.result,
    receipt: result.bundle,
  });
}
