import { activationTranscript, appraise, earOf } from '@tea/attestation';
import { sha256, toBase64Url } from '@tea/protocol';
import { evidenceOf } from '../../attestation/testing/attacker.ts';
import { activationOf, inputFor, requote } from '../../attestation/testing/scenario.ts';
import { onAppraisal, type AttackGroup } from './attack.ts';
import { honest, other } from './victims.ts';

const strange = (seed: number) => sha256(Uint8Array.of(seed));

export const onFreshness: AttackGroup = {
  id: 'freshness',
  on: 'freshness and binding',
  wouldGain: 'an old, foreign or borrowed quote passes as an answer to this question, and keys go to whoever shows it',
  attacks: [
    onAppraisal('other-nonce', 'answers with a quote made for another errand’s nonce', ['binding.nonce'], async () =>
      evidenceOf(honest, await requote(honest, { nonce: strange(99) })),
    ),
    onAppraisal('rewritten-nonce', 'rewrites the binding of an old quote to the fresh nonce', ['quote.binding'], async () =>
      inputFor(honest, { quote: (await requote(honest, { nonce: strange(99) })).quote }),
    ),
    onAppraisal('join-for-errand', 'shows the evidence it joined with for an errand', ['binding.purpose', 'binding.errand'], async () =>
      evidenceOf(honest, await requote(honest, { purpose: 'join', errand: null })),
    ),
    onAppraisal('other-errand', 'shows the evidence of another errand', ['binding.errand'], async () =>
      evidenceOf(honest, await requote(honest, { errand: 8n })),
    ),
    onAppraisal('other-chain', 'shows evidence it made for another network', ['binding.chain'], async () =>
      evidenceOf(honest, await requote(honest, { chain: strange(98) })),
    ),
    onAppraisal('other-account', 'has another account paid than layer 1 knows', ['binding.account'], async () =>
      evidenceOf(honest, await requote(honest, { account: strange(97) })),
    ),
    ...(['receiptKey', 'account', 'nonce'] as const).map((field) =>
      onAppraisal(
        `swapped-${field.toLowerCase()}`,
        `swaps the ${field} of the binding after the quote`,
        field === 'receiptKey' ? ['quote.binding'] : ['quote.binding', `binding.${field}`],
        () =>
          inputFor(honest, {
            binding: { ...honest.evidence.binding, [field]: field === 'receiptKey' ? other.evidence.binding.receiptKey : strange(96) },
          }),
      ),
    ),
    {
      id: 'ear-replayed',
      title: 'shows a relying party the attestation result (EAR) of another errand',
      claims: ['another eat_nonce'],
      attempt: async () => {
        const nonce = strange(99);
        const input = evidenceOf(honest, await requote(honest, { nonce }));
        const { result } = await appraise({ ...input, expected: { ...input.expected, nonce } });
        if (result.verdict !== 'affirming') throw new Error('the other errand’s node is an honest one');
        const asked = toBase64Url(honest.evidence.binding.nonce);
        return earOf(result, '1').submods['tea-runtime'].eat_nonce === asked ? [] : ['another eat_nonce'];
      },
    },
    onAppraisal('no-activation', 'never answers a credential challenge', ['ak.activation'], () =>
      inputFor(honest, {}, { activation: { kind: 'missing' } }),
    ),
    onAppraisal('borrowed-certificate', 'shows the EK certificate of another TPM than its attestation key’s', ['ak.activation'], async () => {
      const { ekCertificates } = other.evidence;
      return inputFor(honest, { ekCertificates }, { activation: await activationOf(honest.tpm, ekCertificates[0] ?? new Uint8Array()) });
    }),
    onAppraisal('activation-other-certificate', 'reuses an activation made for another certificate', ['ak.activation'], () =>
      inputFor(honest, { ekCertificates: other.evidence.ekCertificates }),
    ),
    onAppraisal('activation-other-key', 'reuses an activation made for another attestation key', ['ak.activation'], () =>
      inputFor(honest, {}, { activation: other.activation }),
    ),
    onAppraisal('recorded-activation-other-key', 'shows the record of another node’s activation', ['ak.activation'], () => {
      if (other.activation.kind !== 'performed') throw new TypeError('the other node performed one');
      return inputFor(honest, {}, { activation: { kind: 'recorded', transcript: activationTranscript(other.activation) } });
    }),
    onAppraisal('empty-activation', 'answers the credential challenge with nothing', ['ak.activation'], () => {
      if (honest.activation.kind !== 'performed') throw new TypeError('the honest node performed one');
      return inputFor(honest, {}, { activation: { ...honest.activation, answer: new Uint8Array() } });
    }),
    onAppraisal('other-node', 'answers for the node that layer 1 selected', ['ak.node'], () =>
      inputFor(other, {}, { referenceValues: honest.referenceValues, expected: { ...other.expected, node: honest.tpm.akName.slice(2) } }),
    ),
  ],
};
