import { strictPolicy, verifyProof, type ProofPins } from '@tea/attestation';
import { canonicalJson, encodePolicy, encodeProofFile, encodeReferenceValues, sha256, type ProofFile } from '@tea/protocol';
import { decodeHeader, encodeHeader, hashHeader } from '@tea/protocol/layer1';
import { provenErrand, quoteReceipts, receiptOf, signReceipt } from '../../attestation/testing/proven-errand.ts';
import { honestNode, requote } from '../../attestation/testing/scenario.ts';
import type { Attack, AttackGroup } from './attack.ts';
import { foreignProof, honest, other, proof } from './victims.ts';

const onBytes = (
  id: string,
  title: string,
  claims: readonly string[],
  make: () => Uint8Array | Promise<Uint8Array>,
  pinned: ProofPins = {},
): Attack => ({
  id,
  title,
  claims,
  attempt: async () => {
    const { verdict, claims: made } = await verifyProof(await make(), { pinned });
    return verdict === 'fails' ? made.filter(({ outcome }) => outcome === 'failed').map((claim) => claim.id) : [];
  },
  ...(Object.keys(pinned).length === 0 && { file: async () => make() }),
});
/** Every one of these has a digest that holds: the attacker writes the file anew. */
const on = (id: string, title: string, claims: readonly string[], make: () => ProofFile | Promise<ProofFile>) =>
  onBytes(id, title, claims, async () => encodeProofFile(await make()));

async function withReceipt(change: Parameters<typeof receiptOf>[1]): Promise<ProofFile> {
  const [receipt = proof.receipt] = await quoteReceipts(honest, [await signReceipt(honest, receiptOf(honest, change))]);
  return { ...proof, receipt };
}

async function afterChange(): Promise<ProofFile> {
  const node = await honestNode();
  const { proof: before } = await provenErrand(node);
  node.tpm.extend(12, sha256());
  const [receipt = before.receipt] = await quoteReceipts(node, [before.receipt.cose]);
  return { ...before, receipt };
}

async function selecting(change: { readonly seed?: Uint8Array; readonly node?: Uint8Array }): Promise<ProofFile> {
  const { record } = await provenErrand(honest);
  if (record.selection === null) throw new Error('a proven errand was selected');
  return (await provenErrand(honest, { selection: { ...record.selection, ...change } })).proof;
}

const file = encodeProofFile(proof);
const text = new TextDecoder().decode(file);
const spelled = (id: string, title: string, spelling: string) => onBytes(id, title, ['file.format'], () => new TextEncoder().encode(spelling));
const header = decodeHeader(proof.chain.header);

export const onProofs: AttackGroup = {
  id: 'proof',
  on: 'the proof file',
  wouldGain: 'a reader without the network believes a run, a price or a machine that was not',
  attacks: [
    on('proof-other-receipt', 'puts another errand’s receipt in', ['receipt.binding', 'receipt.recorded'], () => withReceipt({ errand: 8n })),
    on(
      'proof-spliced',
      'splices the proofs of two errands: the receipt of another node',
      ['receipt.binding', 'receipt.quote', 'receipt.recorded', 'receipt.signature'],
      () => ({
        ...proof,
        receipt: foreignProof.receipt,
      }),
    ),
    on('proof-other-code', 'shows a receipt for other code', ['receipt.recorded', 'receipt.errand'], () =>
      withReceipt({ code: { cid: 'x', sha256: sha256() } }),
    ),
    on('proof-less-gas', 'shows a receipt with less gas than was paid for', ['receipt.recorded', 'receipt.errand'], () =>
      withReceipt({ gasUsed: 1n }),
    ),
    on('proof-more-gas', 'shows a receipt with more gas than its limit', ['receipt.sane', 'receipt.recorded', 'receipt.errand'], () =>
      withReceipt({ gasUsed: 1001n }),
    ),
    on('proof-stronger-class', 'shows a receipt that claims a stronger TPM', ['receipt.trustClass', 'receipt.recorded'], () =>
      withReceipt({ trustClass: 'tpm' }),
    ),
    on('proof-after-change', 'has the receipt quoted after the program changed', ['receipt.state'], afterChange),
    on(
      'proof-other-evidence',
      'puts another node’s evidence in',
      ['attestation.ak.activation', 'attestation.ak.node', 'evidence.recorded', 'result.repeats'],
      () => ({ ...proof, evidence: foreignProof.evidence }),
    ),
    on(
      'proof-other-policy',
      'says it was judged by another policy',
      ['attestation.policy.trustClass', 'attestation.referenceValues.provenance', 'errand.policy', 'result.repeats'],
      () => ({ ...proof, policy: encodePolicy(strictPolicy) }),
    ),
    on(
      'proof-fewer-references',
      'leaves an event out of the reference values',
      ['attestation.log.known', 'attestation.sealing.policy', 'result.repeats'],
      () => ({
        ...proof,
        referenceValues: encodeReferenceValues({ ...honest.referenceValues, events: honest.referenceValues.events.slice(0, 1) }),
      }),
    ),
    on('proof-release-missing', 'leaves a release out', ['releases.recorded'], () => ({ ...proof, releases: proof.releases.slice(1) })),
    on('proof-releases-reordered', 'swaps the releases', ['releases.recorded'], () => ({ ...proof, releases: proof.releases.toReversed() })),
    on('proof-other-releases', 'puts another errand’s releases in', ['releases.recorded'], () => ({ ...proof, releases: foreignProof.releases })),
    on('proof-other-chain', 'says it was on another network', ['attestation.binding.chain', 'result.repeats'], () => ({
      ...proof,
      chain: { ...proof.chain, genesisHash: sha256(Uint8Array.of(77)) },
    })),
    on('proof-other-root', 'names a state root the record is not under', ['chain.record'], () => ({
      ...proof,
      chain: { ...proof.chain, header: encodeHeader({ ...header, stateRoot: sha256() }) },
    })),
    on(
      'proof-other-record',
      'shows a record that is not the proven one',
      ['attestation.ak.node', 'chain.record', 'evidence.recorded', 'result.repeats'],
      () => ({
        ...proof,
        errand: { ...proof.errand, record: foreignProof.errand.record },
      }),
    ),
    on('proof-other-id', 'names another errand than the record’s key', ['attestation.binding.errand', 'chain.record', 'result.repeats'], () => ({
      ...proof,
      errand: { ...proof.errand, id: 8n },
    })),
    on('proof-extra-node', 'adds a node to the storage proof', ['chain.record'], () => ({
      ...proof,
      chain: { ...proof.chain, storageProof: [...proof.chain.storageProof, new Uint8Array(40)] },
    })),
    on('proof-no-activation', 'leaves the activation out', ['attestation.ak.activation', 'result.repeats'], () => ({
      ...proof,
      activation: { kind: 'missing' },
    })),
    on('proof-better-result', 'writes a better result than the evidence shows', ['result.repeats'], () => ({
      ...proof,
      result: { ...proof.result, trustClass: 'tpm' },
    })),
    on('proof-other-nonce', 'answers another nonce than layer 1’s choice', ['attestation.binding.nonce', 'result.repeats'], () =>
      selecting({ seed: sha256(Uint8Array.of(5)) }),
    ),
    on('proof-not-selected', 'ran on another node than the selected one', ['attestation.ak.node', 'result.repeats'], () =>
      selecting({ node: other.tpm.akName.slice(2) }),
    ),
    on(
      'proof-recorded-other-errand',
      'has evidence for another errand recorded on layer 1',
      ['attestation.binding.errand'],
      async () => (await provenErrand({ ...honest, evidence: await requote(honest, { errand: 8n }) })).proof,
    ),
    on('proof-impossible-time', 'states a time no calendar holds, to stop the reader’s verifier', ['file.format'], () => ({
      ...proof,
      result: { ...proof.result, appraisedAtMs: Number.MAX_SAFE_INTEGER },
    })),
    onBytes('proof-byte', 'changes a byte of the file', ['file.format'], () => file.map((byte, at) => (at === 1000 ? byte ^ 1 : byte))),
    spelled('proof-whitespace', 'adds a line end', `${text}\n`),
    spelled('proof-escaped', 'spells a name with an escape', text.replace('"activation"', '"activ\\u0061tion"')),
    spelled('proof-unknown-member', 'adds a member nobody knows', text.replace(/^\{/, '{"a":1,')),
    spelled('proof-repeated-member', 'writes a member twice', text.replace(/^\{/, '{"activation":{"kind":"missing"},')),
    onBytes('proof-other-format', 'calls itself another format', ['file.format'], () => canonicalJson({ format: 'tea/proof/2' })),
    onBytes('proof-pinned-chain', 'shows a proof of another network to a reader who pins one', ['chain.genesis'], () => file, {
      genesisHash: sha256(),
    }),
    onBytes('proof-pinned-block', 'shows a block the network never agreed on to a reader who pins one', ['chain.block'], () => file, {
      blockHash: hashHeader({ ...header, number: 21 }),
    }),
    onBytes('proof-pinned-references', 'shows reference values of its own to a reader who pins a release', ['referenceValues.pinned'], () => file, {
      referenceValues: sha256(),
    }),
  ],
};
