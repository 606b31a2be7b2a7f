import type { Claim } from '@tea/protocol';
import { printable } from './printable.ts';

/**
 * Every claim an appraisal makes, in the order it reports them: what must be true (for people), where that comes from, and what to do
 * when it isn't. Ids are stable: results, proofs and tests name claims by them.
 */
const CLAIMS = {
  'evidence.decodes': {
    title: 'The evidence is a well-formed message',
    source: 'docs/attestation.md',
    next: 'ask the node for its evidence again',
  },
  'ek.signatures': {
    title: 'The endorsement key certificate is signed, step by step, up to an authority',
    source: 'RFC 5280, 6.1',
    next: 'ask the operator for the complete certificate chain of the TPM',
  },
  'ek.validity': {
    title: 'Every certificate is valid today',
    source: 'RFC 5280, 4.1.2.5',
    next: 'check this machine’s clock, then ask the operator for a current certificate',
  },
  'ek.authorities': {
    title: 'Every issuer may issue certificates, and says nothing critical we do not understand',
    source: 'RFC 5280, 4.2.1.9 and 4.2.1.3',
    next: 'do not trust this node: its certificate was issued by a key that may not issue any',
  },
  'ek.revocation': {
    title: 'No authority has revoked a certificate of the chain',
    source: 'RFC 5280, 6.3',
    next: 'get the current revocation lists of the TPM’s maker, and appraise again with them',
  },
  'ek.usage': {
    title: 'The certificate is one for an endorsement key',
    source: 'TCG EK Credential Profile, 3.2',
    next: 'ask the operator for the EK certificate of the TPM, not another certificate',
  },
  'ek.identity': {
    title: 'The certificate names the TPM’s maker, model and version',
    source: 'TCG EK Credential Profile, 3.2.9',
    next: 'ask the operator which TPM this is',
  },
  'ak.attributes': {
    title: 'The attestation key signs only what the TPM made, and never leaves it',
    source: 'TPM 2.0 Part 1, 25 and Part 2, 8.3',
    next: 'do not trust this node: its attestation key can sign forged quotes',
  },
  'ak.node': {
    title: 'The attestation key is the one of the selected node',
    source: 'layer 1',
    next: 'do not release: another node answered for the selected one',
  },
  'ak.activation': {
    title: 'The TPM of the certificate holds the attestation key',
    source: 'TPM 2.0 Part 1, 24',
    next: 'challenge the node by credential activation',
  },
  'sealing.attributes': {
    title: 'The sealing key can only be used inside this TPM and only by its policy',
    source: 'TPM 2.0 Part 2, 8.3',
    next: 'do not release: whoever runs the node could open the key outside the measured program',
  },
  'sealing.certified': {
    title: 'The attestation key certified the sealing key',
    source: 'TPM 2.0 Part 3, TPM2_Certify',
    next: 'do not release: nothing shows that a TPM holds this sealing key',
  },
  'sealing.policy': {
    title: 'Only the expected program state can use the sealing key',
    source: 'reference values, TPM 2.0 Part 3, TPM2_PolicyPCR',
    next: 'do not release: another program could open the key',
  },
  'quote.signature': { title: 'The attestation key signed the quote', source: 'TPM 2.0 Part 3, TPM2_Quote', next: 'ask the node for new evidence' },
  'quote.binding': {
    title: 'The quote speaks of exactly this binding: purpose, chain, errand, nonce and keys',
    source: 'docs/attestation.md',
    next: 'do not release: keys or errand were swapped after the quote was made',
  },
  'quote.pcrSelection': {
    title: 'The quote covers PCRs 0-7, 9 and 12 of the SHA-256 bank and nothing else',
    source: 'docs/attestation.md',
    next: 'do not trust this quote: it leaves out what was measured',
  },
  'quote.pcrDigest': { title: 'The PCR values shown are the ones quoted', source: 'TPM 2.0 Part 2, 10.12.1', next: 'ask the node for new evidence' },
  'binding.nonce': {
    title: 'The quote is fresh: it answers this nonce',
    source: 'the verifier’s challenge',
    next: 'ask again with a new nonce; the answer was made for another question',
  },
  'binding.purpose': {
    title: 'The evidence was made for this purpose',
    source: 'the verifier’s challenge',
    next: 'ask the node for evidence for this purpose',
  },
  'binding.chain': { title: 'The evidence is for this chain', source: 'the verifier’s challenge', next: 'check which network the node belongs to' },
  'binding.errand': {
    title: 'The evidence is for this errand',
    source: 'the verifier’s challenge',
    next: 'do not release: this is another errand’s evidence',
  },
  'binding.account': {
    title: 'The TEE’s account is the one layer 1 knows',
    source: 'layer 1',
    next: 'do not release: another account would be paid',
  },
  'binding.sealingKey': {
    title: 'The binding names the certified sealing key',
    source: 'docs/attestation.md',
    next: 'do not release: the sealing key was swapped',
  },
  'log.digests': {
    title: 'Every logged event hashes to the digest that was measured',
    source: 'TCG Canonical Event Log 1.0, 4',
    next: 'do not trust this log: it shows one thing and measured another',
  },
  'log.replay': {
    title: 'The event log replays to the quoted PCR values',
    source: 'TPM 2.0 Part 1, 11.4.4',
    next: 'ask the node for its complete event log',
  },
  'log.known': {
    title: 'Every event is known to the reference values, in their order, and none is missing',
    source: 'reference values',
    next: 'compare the version you run with the node’s; it may be newer, or not what it says',
  },
  'pcr.unused': {
    title: 'PCRs that process mode does not use are untouched',
    source: 'reference values (process mode)',
    next: 'ask the operator to start the TEE with a fresh TPM',
  },
  'referenceValues.provenance': {
    title: 'Somebody the policy accepts vouches for the reference values',
    source: 'appraisal policy',
    next: 'get reference values signed with a key that the policy names; or, in a policy of your own (tea policy show), name the key of whoever signs them, or take unsigned ones you built yourself',
  },
  'referenceValues.validity': {
    title: 'The reference values are valid today',
    source: 'the statement of reference values',
    next: 'get the current reference values of this release',
  },
  'referenceValues.rollback': {
    title: 'The reference values are no older than those the policy asks for or you accepted before',
    source: 'appraisal policy, and your own memory',
    next: 'get the current reference values: somebody offers old ones, which may stand for software with known holes',
  },
  'referenceValues.accepted': {
    title: 'Layer 1 accepts this software, and has not revoked it',
    source: 'layer 1, pallet releases',
    next: 'do not release: ask the operator to run a release that is in force',
    optional: true,
  },
  'node.listedClass': {
    title: 'Layer 1 lists the node under no better kind of TPM than its certificate shows',
    source: 'layer 1',
    next: 'do not trust what layer 1 lists it as; its operator must register it under the class it has',
    optional: true,
  },
  'policy.trustClass': {
    title: 'The policy accepts this kind of TPM',
    source: 'appraisal policy',
    next: 'choose a node with a TPM your policy accepts, or a policy that accepts this class',
  },
} as const satisfies Readonly<Record<string, { readonly title: string; readonly source: string; readonly next: string; readonly optional?: true }>>;

export type ClaimId = keyof typeof CLAIMS;

/** @param ok null when it can't be told @param expected and @param actual in words or hex, for a table */
export function judge(id: ClaimId, ok: boolean | null, expected: string, actual: string): Claim {
  const { title, source, next } = CLAIMS[id];
  return { id, title, ok, expected: printable(expected), actual: printable(actual), next: ok === true ? '' : next, source };
}

/** All claims in report order; whichever was not reached failed for want of what it needs, but for those only made when somebody asked. */
export function complete(claims: readonly Claim[]): Claim[] {
  const byId = new Map(claims.map((claim) => [claim.id, claim]));
  return claimIds().flatMap((id) => {
    const claim = byId.get(id);
    if (claim !== undefined) return [claim];
    return 'optional' in CLAIMS[id] ? [] : [judge(id, false, 'something to check', 'what this claim needs did not decode')];
  });
}

function claimIds(): ClaimId[] {
  return Object.keys(CLAIMS) as ClaimId[];
}
