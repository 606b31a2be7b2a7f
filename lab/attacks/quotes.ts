import { bindingDigest, receiptsDigest, sha256 } from '@tea/protocol';
import type { PcrSelection } from '@tea/protocol/tpm';
import { inputFor } from '../../attestation/testing/scenario.ts';
import { onAppraisal, type AttackGroup } from './attack.ts';
import { honest, other } from './victims.ts';

const { evidence, tpm } = honest;
const digest = bindingDigest(evidence.binding);
const bank = [0, 1, 2, 3, 4, 5, 6, 7, 9, 12];
const over = (id: string, title: string, selection: PcrSelection) =>
  onAppraisal(id, title, ['quote.pcrSelection'], async () => inputFor(honest, { quote: await tpm.quote(digest, selection) }));
const showing =
  (change: (pcr: { readonly index: number; readonly digest: Uint8Array }) => { readonly index: number; readonly digest: Uint8Array }) => () =>
    inputFor(honest, { quote: { ...evidence.quote, pcrs: evidence.quote.pcrs.map(change) } });

export const onQuotes: AttackGroup = {
  id: 'quote',
  on: 'the quote',
  wouldGain: 'what was measured into the PCRs that matter stays out of sight',
  attacks: [
    onAppraisal('quote-other-tpm', 'shows a quote of another TPM', ['quote.signature'], async () =>
      inputFor(honest, { quote: await other.tpm.quote(digest) }),
    ),
    onAppraisal('quote-swapped-signatures', 'swaps the signatures of quote and certification', ['quote.signature', 'sealing.certified'], () => {
      const { quote, sealing } = evidence;
      return inputFor(honest, { quote: { ...quote, signature: sealing.signature }, sealing: { ...sealing, signature: quote.signature } });
    }),
    onAppraisal('quote-altered', 'moves the clock inside a signed quote', ['quote.signature'], () => {
      const attest = evidence.quote.attest.slice();
      const clock = attest.length - 25 - 8 - 17; // anywhere in the signed head will do
      attest[clock] = (attest[clock] ?? 0) ^ 1;
      return inputFor(honest, { quote: { ...evidence.quote, attest } });
    }),
    onAppraisal('quote-of-receipts', 'shows the quote of a batch of receipts for that of the evidence', ['quote.binding'], async () =>
      inputFor(honest, { quote: await tpm.quote(receiptsDigest(evidence.binding.chain, { root: sha256(), size: 1 })) }),
    ),
    onAppraisal('quote-of-nothing', 'shows a quote over no qualifying data', ['quote.binding'], async () =>
      inputFor(honest, { quote: await tpm.quote(new Uint8Array()) }),
    ),
    over('quote-fewer-pcrs', 'quotes without PCR 9', [{ hash: 'sha256', pcrs: [0, 1, 2, 3, 4, 5, 6, 7, 12] }]),
    over('quote-more-pcrs', 'quotes one PCR more', [{ hash: 'sha256', pcrs: [0, 1, 2, 3, 4, 5, 6, 7, 9, 10, 12] }]),
    over('quote-other-bank', 'quotes the SHA-384 bank', [{ hash: 'sha384', pcrs: bank }]),
    over('quote-sha1-bank', 'quotes the SHA-1 bank', [{ hash: 'sha1', pcrs: bank }]),
    over('quote-two-banks', 'quotes two banks at once', [
      { hash: 'sha256', pcrs: bank },
      { hash: 'sha1', pcrs: bank },
    ]),
    over('quote-nothing', 'quotes no PCR at all', []),
    onAppraisal(
      'pcr-other-values',
      'shows another value of PCR 4 than was quoted',
      ['quote.pcrDigest', 'pcr.unused', 'log.replay'],
      showing((pcr) => (pcr.index === 4 ? { index: 4, digest: sha256() } : pcr)),
    ),
    onAppraisal(
      'pcr-other-numbers',
      'shows PCR 12 under another number',
      ['quote.pcrSelection', 'pcr.unused', 'log.replay'],
      showing((pcr) => (pcr.index === 12 ? { ...pcr, index: 11 } : pcr)),
    ),
  ],
};
