import assert from 'node:assert/strict';
import { test } from 'node:test';
import { canonicalJson, encodePolicy, encodeProofFile, encodeReferenceValues, referenceValuesDigest, sha256, type ProofFile } from '@tea/protocol';
import { decodeHeader, encodeHeader, hashHeader } from '@tea/protocol/layer1';
import { strictPolicy, verifyProof } from './index.ts';
import { honestNode, requote } from './testing/scenario.ts';
import { changedAt, leaves } from './testing/altered-proofs.ts';
import { provenErrand, quoteReceipts, receiptOf, signReceipt } from './testing/proven-errand.ts';

const honest = await honestNode();
const { proof, record } = await provenErrand(honest);
const file = encodeProofFile(proof);
const other = await honestNode();
const foreign = (await provenErrand(other)).proof;
const failedClaims = async (bytes: Uint8Array) => (await verifyProof(bytes)).claims.filter(({ outcome }) => outcome === 'failed').map(({ id }) => id);

test('any byte of a proof file changed makes it fail and names a claim', async () => {
  for (let at = 0; at < file.length; at++) {
    const changed = file.slice();
    changed[at] = (changed[at] ?? 0) ^ (1 << (at % 7));
    const { verdict, claims } = await verifyProof(changed);
    assert.equal(verdict, 'fails', `byte ${at}`);
    assert.equal(claims.find(({ outcome }) => outcome === 'failed')?.id, 'file.format');
  }
});

/** What the file states and nobody else can check: said in the report's `limits`, claimed by nothing. */
const STATED_ONLY = new Set(['activation.challenge', 'activation.response']);
/** Claims ek.revocation and ak.activation as the writer saw them, with lists and an answer no file holds. */
const WRITERS_WORD = /^result\.claims\.(4|9)\.(expected|actual|next)$/;

/** For people: another release may say the same in others. The time stands in them. */
const WORDS = /^result\.(claims\.\d+\.(title|expected|actual|next|source)|appraisedAtMs)$/;

test('any field changed under a recomputed digest fails, or can’t be told if it is words alone, and names a claim other than the file’s', async () => {
  for (const path of leaves(proof)) {
    const name = path.join('.');
    const statedOnly = STATED_ONLY.has(name) || WRITERS_WORD.test(name);
    const { verdict, claims } = await verifyProof(encodeProofFile(changedAt(proof, path)));
    const reworded = !statedOnly && WORDS.test(name);
    assert.equal(verdict, statedOnly ? 'holds' : reworded ? 'cannotTell' : 'fails', name);
    if (!statedOnly && !reworded)
      assert.ok(
        claims.some(({ outcome, next }) => outcome === 'failed' && next !== ''),
        name,
      );
  }
});

const swaps: readonly { readonly name: string; readonly claim: string; readonly make: () => Promise<ProofFile> | ProofFile }[] = [
  { name: 'another errand’s receipt', claim: 'receipt.binding', make: async () => withReceipt({ errand: 8n }) },
  { name: 'a receipt of another node', claim: 'receipt.signature', make: () => ({ ...proof, receipt: foreign.receipt }) },
  { name: 'a receipt for other code', claim: 'receipt.errand', make: async () => withReceipt({ code: { cid: 'x', sha256: sha256() } }) },
  { name: 'a receipt with less gas than was paid for', claim: 'receipt.errand', make: async () => withReceipt({ gasUsed: 1n }) },
  { name: 'a receipt with more gas than its limit', claim: 'receipt.sane', make: async () => withReceipt({ gasUsed: 1001n }) },
  { name: 'a receipt that claims a stronger TPM', claim: 'receipt.trustClass', make: async () => withReceipt({ trustClass: 'tpm' }) },
  { name: 'a receipt quoted after the program changed', claim: 'receipt.state', make: () => afterChange() },
  { name: 'another node’s evidence', claim: 'evidence.recorded', make: () => ({ ...proof, evidence: foreign.evidence }) },
  { name: 'another policy', claim: 'errand.policy', make: () => ({ ...proof, policy: encodePolicy(strictPolicy) }) },
  {
    name: 'other reference values',
    claim: 'attestation.log.known',
    make: () => ({
      ...proof,
      referenceValues: encodeReferenceValues({ ...honest.referenceValues, events: honest.referenceValues.events.slice(0, 1) }),
    }),
  },
  { name: 'a missing release', claim: 'releases.recorded', make: () => ({ ...proof, releases: proof.releases.slice(1) }) },
  { name: 'releases in another order', claim: 'releases.recorded', make: () => ({ ...proof, releases: proof.releases.toReversed() }) },
  { name: 'releases of another errand', claim: 'releases.recorded', make: () => ({ ...proof, releases: foreign.releases }) },
  {
    name: 'another chain',
    claim: 'attestation.binding.chain',
    make: () => ({ ...proof, chain: { ...proof.chain, genesisHash: sha256(Uint8Array.of(77)) } }),
  },
  {
    name: 'a state root the record is not under',
    claim: 'chain.record',
    make: () => ({ ...proof, chain: { ...proof.chain, header: encodeHeader({ ...decodeHeader(proof.chain.header), stateRoot: sha256() }) } }),
  },
  {
    name: 'a record that is not the proven one',
    claim: 'chain.record',
    make: () => ({ ...proof, errand: { ...proof.errand, record: foreign.errand.record } }),
  },
  { name: 'no activation', claim: 'attestation.ak.activation', make: () => ({ ...proof, activation: { kind: 'missing' } }) },
  {
    name: 'a result that says more than the evidence shows',
    claim: 'result.repeats',
    make: () => ({ ...proof, result: { ...proof.result, trustClass: 'tpm' } }),
  },
  {
    name: 'evidence that answers another nonce than the chain’s choice',
    claim: 'attestation.binding.nonce',
    make: async () => (await provenErrand(honest, { selection: { ...selectionOf(), seed: sha256(Uint8Array.of(5)) } })).proof,
  },
  {
    name: 'a run on another node than the selected one',
    claim: 'attestation.ak.node',
    make: async () => (await provenErrand(honest, { selection: { ...selectionOf(), node: other.tpm.akName.slice(2) } })).proof,
  },
];

async function withReceipt(change: Parameters<typeof receiptOf>[1]): Promise<ProofFile> {
  const [receipt] = await quoteReceipts(honest, [await signReceipt(honest, receiptOf(honest, change))]);
  assert.ok(receipt);
  return { ...proof, receipt };
}

async function afterChange(): Promise<ProofFile> {
  const node = await honestNode();
  const { proof: before } = await provenErrand(node);
  node.tpm.extend(12, sha256());
  const [receipt] = await quoteReceipts(node, [before.receipt.cose]);
  assert.ok(receipt);
  return { ...before, receipt };
}

function selectionOf() {
  assert.ok(record.selection);
  return record.selection;
}

for (const { name, claim, make } of swaps) {
  test(`fails with ${name}`, async () => {
    const failed = await failedClaims(encodeProofFile(await make()));
    assert.ok(failed.includes(claim), `${claim} among ${failed.join(', ')}`);
  });
}

test('refuses every other serialisation of the same content', async () => {
  const text = new TextDecoder().decode(file);
  const spellings = [
    `${text}\n`,
    ` ${text}`,
    `\ufeff${text}`,
    JSON.stringify(JSON.parse(text), null, 2),
    text.replace('"activation"', '"activ\\u0061tion"'),
    text.replace(/^\{/, '{"a":1,'),
  ];
  for (const spelling of spellings) assert.deepEqual(await failedClaims(new TextEncoder().encode(spelling)), ['file.format']);
});

test('refuses a time no calendar holds, instead of failing on it', async () => {
  const appraisedAtMs = Number.MAX_SAFE_INTEGER;
  assert.deepEqual(await failedClaims(encodeProofFile({ ...proof, result: { ...proof.result, appraisedAtMs } })), ['file.format']);
});

test('refuses what is no proof file, quickly', async () => {
  const nested = new TextEncoder().encode('['.repeat(100_000) + ']'.repeat(100_000));
  for (const bytes of [
    new Uint8Array(),
    new Uint8Array(9 << 20),
    nested,
    new TextEncoder().encode('null'),
    canonicalJson({ format: 'tea/proof/2' }),
  ]) {
    assert.deepEqual(await failedClaims(bytes), ['file.format']);
  }
});

test('holds for an honest file, and says what no file can show', async () => {
  const { verdict, exitCode, claims, limits, trustClass, receipt, errand } = await verifyProof(file);
  assert.deepEqual(
    claims.filter(({ outcome }) => outcome === 'failed'),
    [],
  );
  assert.equal(verdict, 'holds');
  assert.equal(exitCode, 0);
  assert.equal(trustClass, 'simulated');
  assert.equal(receipt?.outcome, 'ok');
  assert.equal(errand?.settlement?.payments.length, 1);
  const open = claims.filter(({ outcome }) => outcome === 'cannotTell').map(({ id }) => id);
  assert.deepEqual(open, [
    'chain.genesis',
    'chain.block',
    'chain.finality',
    'referenceValues.pinned',
    'selection.draw',
    'attestation.ek.revocation',
    'attestation.ak.activation',
  ]);
  for (const word of ['Consensus', 'simulated', 'activation', 'chosen'])
    assert.ok(
      limits.some((limit) => limit.includes(word)),
      word,
    );
});

test('compares what the reader pins', async () => {
  const pinned = {
    genesisHash: honest.expected.chain,
    blockHash: hashHeader(decodeHeader(proof.chain.header)),
    referenceValues: referenceValuesDigest(honest.referenceValues),
  };
  const { claims, verdict } = await verifyProof(file, { pinned });
  assert.equal(verdict, 'holds');
  assert.deepEqual(
    claims.filter(({ outcome }) => outcome === 'cannotTell').map(({ id }) => id),
    ['chain.finality', 'selection.draw', 'attestation.ek.revocation', 'attestation.ak.activation'],
  );
  for (const [pin, claim] of [
    ['genesisHash', 'chain.genesis'],
    ['blockHash', 'chain.block'],
    ['referenceValues', 'referenceValues.pinned'],
  ] as const) {
    const report = await verifyProof(file, { pinned: { ...pinned, [pin]: sha256() } });
    assert.equal(report.exitCode, 1);
    assert.deepEqual(
      report.claims.filter(({ outcome }) => outcome === 'failed').map(({ id }) => id),
      [claim],
    );
  }
});

test('can’t tell before the errand is settled', async () => {
  const open = await provenErrand(honest, { state: 'Proved', settlement: null });
  const { verdict, exitCode } = await verifyProof(encodeProofFile(open.proof));
  assert.equal(verdict, 'cannotTell');
  assert.equal(exitCode, 2);
});

test('fails for evidence quoted for another binding, though the chain recorded it', async () => {
  const evidence = await requote(honest, { errand: 8n });
  const failed = await failedClaims(encodeProofFile((await provenErrand({ ...honest, evidence })).proof));
  assert.ok(failed.includes('attestation.binding.errand'));
});

test('the proof of an entropic run holds, and says that another run need not agree; of any other it doesn’t say so', async () => {
  const entropic = await verifyProof(encodeProofFile((await provenErrand(honest, {}, { entropic: true })).proof));
  const plain = await verifyProof(file);
  assert.deepEqual([entropic.verdict, entropic.receipt?.entropic, plain.receipt?.entropic], ['holds', true, undefined]);
  const says = ({ limits }: typeof plain): boolean => limits.some((limit) => limit.includes('another run gives the same'));
  assert.deepEqual([says(entropic), says(plain)], [true, false]);
});
