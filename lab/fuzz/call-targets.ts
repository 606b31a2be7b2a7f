import { decodeCbor, decodeReply, encodeCbor, encodeEvidence, encodePolicy, encodeReferenceValues, encodeReply, type ProofFile } from '@tea/protocol';
import {
  bundleValue,
  callAnswer,
  callRequest,
  channelStanding,
  decodeCallOffer,
  decodeCallOrder,
  decodeCallProofFile,
  decodeCallReceipt,
  decodeOpening,
  encodeCallOffer,
  encodeCallOrder,
  encodeCallProofFile,
  encodeCallReceipt,
  encodeOpening,
} from '@tea/protocol/call';
import { verifyCall } from '@tea/attestation';
import type { Scenario } from '../../attestation/testing/scenario.ts';
import { filled } from '../../protocol/layer1/testing/stored-records.ts';
import { structure, type FuzzTarget } from './target.ts';

/** What callers, hosts and TEEs send each other for calls, and what a caller shows to others. */
export function callTargets(honest: Scenario, proof: ProofFile): FuzzTarget[] {
  const [digest, point] = [filled(1), filled(4, 65)];
  const cbor = { form: 'cbor' } as const;
  const answer = encodeReply({
    outcome: 'ok',
    exitCode: 0,
    explanation: 'The program ended normally',
    output: filled(5, 9),
    log: new Uint8Array(),
    gasUsed: 5,
    price: '11',
    spent: '11',
    receipt: bundleValue(proof.receipt),
  });
  const receipt = encodeCallReceipt({
    v: 1,
    domain: 'tea/call/1',
    chain: digest,
    node: digest,
    channel: 1n,
    sequence: 2n,
    evidence: digest,
    trustClass: 'simulated',
    content: 3n,
    code: { cid: 'bafk', sha256: digest },
    function: 'run',
    caller: digest,
    input: digest,
    output: digest,
    outcome: 'ok',
    exitCode: 0,
    gasUsed: 4n,
    gasLimit: 5n,
    gasPrice: 6n,
    price: 61n,
    meterVersion: 'tea-meter/4',
    instrumentedSha256: digest,
    isolation: 'namespaces+seccomp',
    clockMs: 7,
    seed: digest,
    startedAtBlock: 8,
  });
  const { genesisHash, header, storageProof } = proof.chain;
  const file = encodeCallProofFile({
    format: 'tea/call-proof/1',
    chain: { genesisHash, header, proof: storageProof },
    node: digest,
    channel: 1n,
    sequence: 2n,
    content: 3n,
    nonceBlock: 4,
    evidence: encodeEvidence(honest.evidence),
    activation: proof.activation,
    referenceValues: encodeReferenceValues(honest.referenceValues),
    policy: encodePolicy(honest.policy),
    result: proof.result,
    receipt: proof.receipt,
  });
  const requests: FuzzTarget['seeds'] = [
    encodeCbor({ op: 'open', channel: 1, evidence: digest, enc: point, ciphertext: filled(2, 120) }),
    encodeCbor({ op: 'offer', nonce: digest }),
    encodeCbor({ op: 'frame', session: filled(3, 16), sequence: 1, sealed: filled(6, 40) }),
  ];
  const order = { op: 'call', content: 1n, function: 'run', input: filled(7, 9), gasLimit: 2n, maxPrice: 3n, notAfterBlock: 4 } as const;
  const orders: FuzzTarget['seeds'] = [
    encodeCallOrder({ ...order, voucher: filled(8, 165) }),
    encodeCallOrder({ ...order, voucher: null }),
    encodeCallOrder({ op: 'settle', voucher: filled(8, 165) }),
  ];
  const standing = encodeReply({ spent: '1', voucher: filled(8, 165), next: 2, gasPrice: '3' });
  const offer = encodeCallOffer({ v: 1, domain: 'tea/call-offer/1', chain: digest, node: digest, callKey: point, nonce: digest });
  return [
    structure('call request', requests, (bytes) => decodeCbor(bytes, callRequest, 'call request'), cbor),
    structure('opening of a session', encodeOpening({ secret: digest, signature: filled(9, 64) }), decodeOpening, cbor),
    structure('call order', orders, decodeCallOrder, cbor),
    structure('call answer', answer, (bytes) => decodeReply(bytes, callAnswer, 'answer'), cbor),
    structure('standing of a channel', standing, (bytes) => decodeReply(bytes, channelStanding, 'standing'), cbor),
    structure('call offer', offer, decodeCallOffer, cbor),
    structure('call receipt', receipt, decodeCallReceipt, cbor),
    structure('proof of a call', file, decodeCallProofFile, { form: 'proof', share: 16 }),
    structure('verified proof of a call', file, (bytes) => verifyCall(bytes), { form: 'proof', codes: [], share: 64 }),
  ];
}
