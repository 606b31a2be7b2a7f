import { printable } from './printable.ts';
import type { ProofClaim } from './proof-report.ts';

/** What a proof claims beyond its attestation, in the order of the report. `outside` marks what no file can settle by itself. */
const PROOF_CLAIMS = {
  'file.format': { what: 'The file is a TEA proof, unaltered since it was written', next: 'ask for the file again from whoever wrote it' },
  'chain.genesis': { what: 'It is about the network you know', next: 'compare the genesis hash with your network’s', outside: true },
  'chain.block': { what: 'Its block is one the network agreed on', next: 'compare the block hash with a node you trust', outside: true },
  'chain.record': {
    what: 'That block’s state holds exactly this errand record',
    next: 'do not trust the file: the record is not what the chain stored',
  },
  'chain.finality': {
    what: 'More than two thirds of the voters that genesis names agreed on that block',
    next: 'ask for a proof made with a node of the network, or compare the block hash with one you trust',
    outside: true,
  },
  'selection.draw': {
    what: 'The errand got its executor by the draw that layer 1 keeps of it',
    next: 'ask for a proof made with the draw, or make the choice again from tea chain export',
    outside: true,
  },
  'selection.seed': {
    what: 'The draw’s seed is of a block that nobody knew when the errand was funded',
    next: 'make the choice again from tea chain export',
    outside: true,
  },
  'selection.lots': {
    what: 'Every lot that was shown is its node’s, and the lowest is the executor’s',
    next: 'make the choice again from tea chain export, which says who could run it then',
    outside: true,
  },
  'votes.record': {
    what: 'That block’s state holds this appraisal, and it is of this evidence',
    next: 'do not trust the file: it is not what the chain stored',
  },
  'votes.nonce': {
    what: 'The evidence answers the hash of a block that was new when it registered',
    next: 'ask for such a file sooner: layer 1 names the last few thousand blocks',
    outside: true,
  },
  'votes.seat': {
    what: 'A member of the committee voted as anyone must who appraises this evidence',
    next: 'show this file to the members’ operators: the vote was wrong, or its reasons are not what was voted on',
  },
  'call.node': {
    what: 'That block’s state admits the node on this evidence',
    next: 'ask for a proof made sooner after the call: the node may have renewed its evidence since',
  },
  'call.nonce': {
    what: 'The evidence answers the hash of a block',
    next: 'ask for a proof made sooner after the call: layer 1 names the last few thousand blocks',
    outside: true,
  },
  'call.channel': {
    what: 'The channel is to this node, and its depositor is who called',
    next: 'ask for a proof made before the channel was closed',
    outside: true,
  },
  'call.code': { what: 'The code that ran is the content that layer 1 names', next: 'do not trust the receipt: it is of other code' },
  'call.binding': { what: 'The receipt is of this chain, channel, call, node and evidence', next: 'do not trust the receipt: it is of another call' },
  'call.sane': { what: 'The receipt does not contradict itself, and its price is that of its gas', next: 'do not trust the receipt' },
  'errand.settled': { what: 'The errand is settled', next: 'ask for a proof again after settlement' },
  'errand.policy': { what: 'The appraisal policy is the one the errand names', next: 'do not trust the file: another policy was put in' },
  'evidence.recorded': {
    what: 'The evidence is the one the executor recorded on layer 1',
    next: 'do not trust the file: another piece of evidence was put in',
  },
  'referenceValues.pinned': {
    what: 'The reference values are those of software you agree to',
    next: 'compare their digest with the release you trust',
    outside: true,
  },
  'result.repeats': { what: 'The result its writer was shown is the one anyone gets', next: 'believe the claims here, not the result in the file' },
  'releases.recorded': {
    what: 'Every key released was sealed for this executor, errand and content, and recorded by its owner',
    next: 'do not trust the file: a release is missing, swapped or altered',
  },
  'receipt.signature': { what: 'The receipt is signed by the key the evidence binds', next: 'do not trust the receipt: another key signed it' },
  'receipt.binding': { what: 'The receipt is of this chain, errand, node and evidence', next: 'do not trust the receipt: it is of another run' },
  'receipt.trustClass': { what: 'The receipt claims no stronger kind of TPM than the evidence shows', next: 'believe the weaker class' },
  'receipt.sane': { what: 'The receipt does not contradict itself', next: 'do not trust the receipt' },
  'receipt.inclusion': { what: 'The receipt is in the batch whose root was quoted', next: 'ask the executor for the inclusion proof again' },
  'receipt.quote': { what: 'The node’s TPM quoted that root', next: 'do not trust the receipt: no TPM vouches for its batch' },
  'receipt.state': {
    what: 'The program state at the receipt’s quote is the appraised one, in the same boot of the TPM',
    next: 'do not trust the receipt: the node changed after it was appraised',
  },
  'receipt.recorded': { what: 'Layer 1 recorded this receipt', next: 'do not trust the file: another receipt was settled' },
  'receipt.errand': {
    what: 'Code, data, input, gas and outcome are those of the errand record',
    next: 'do not trust the receipt: it is of something else than was ordered',
  },
} as const satisfies Readonly<Record<string, { readonly what: string; readonly next: string; readonly outside?: true }>>;

type ProofClaimId = keyof typeof PROOF_CLAIMS;

/** @param outcome true, false, or null when it can't be told */
export function finding(id: ProofClaimId, outcome: boolean | null, expected: string, actual: string): ProofClaim {
  const { what, next } = PROOF_CLAIMS[id];
  const words = outcome === null ? 'cannotTell' : outcome ? 'ok' : 'failed';
  return { id, what, outcome: words, expected: printable(expected), actual: printable(actual), next: outcome === true ? '' : next };
}

/** Interactive, or an answer that changes from day to day: no file can settle them. */
const OF_A_MOMENT: ReadonlySet<string> = new Set(['attestation.ak.activation', 'attestation.ek.revocation', 'attestation.referenceValues.accepted']);

/** Whether an open claim keeps the verdict open: not when no file could settle it. */
export function mustBeDecided({ id }: ProofClaim): boolean {
  if (OF_A_MOMENT.has(id)) return false;
  const known = (PROOF_CLAIMS as Readonly<Record<string, { readonly outside?: true }>>)[id];
  return known?.outside !== true;
}
