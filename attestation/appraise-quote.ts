import { bindingDigest, equalBytes, EVIDENCE_PCRS, type Claim, type Evidence, type PcrValue } from '@tea/protocol';
import { pcrDigest, verifySignatureOf, type UnverifiedAttest, type UnverifiedPublicArea } from '@tea/protocol/tpm';
import type { ExpectedEvidence } from './appraisal.ts';
import { judge } from './claims.ts';

/** The quote and what it is bound to. Nothing here can be switched off by a policy. @throws TeaError `badMessage` */
export async function appraiseQuote(
  { quote, binding }: Evidence,
  ak: UnverifiedPublicArea,
  attest: UnverifiedAttest,
  expected: ExpectedEvidence,
): Promise<Claim[]> {
  const signed = await verifySignatureOf(ak, quote.attest, quote.signature);
  const digest = bindingDigest(binding);
  return [
    judge(
      'quote.signature',
      signed && attest.type === 'quote',
      'a quote signed by the attestation key',
      signed ? `a ${attest.type}` : 'a signature of another key, or over other bytes',
    ),
    judge('quote.binding', equalBytes(attest.extraData, digest), digest.toHex(), attest.extraData.toHex() || 'nothing'),
    judge(
      'quote.pcrSelection',
      selectsEvidencePcrs(attest, quote.pcrs),
      describeSelection(WANTED),
      attest.type === 'quote' ? describeSelection(attest.pcrSelect) : 'no selection',
    ),
    judge('quote.pcrDigest', ...pcrDigestHolds(attest, quote.pcrs)),
    judge('binding.nonce', equalBytes(binding.nonce, expected.nonce), expected.nonce.toHex(), binding.nonce.toHex()),
    judge('binding.purpose', binding.purpose === expected.purpose, expected.purpose, binding.purpose),
    judge('binding.chain', equalBytes(binding.chain, expected.chain), expected.chain.toHex(), binding.chain.toHex()),
    judge('binding.errand', binding.errand === expected.errand, describeErrand(expected.errand), describeErrand(binding.errand)),
    judge(
      'binding.account',
      expected.account === undefined || equalBytes(binding.account, expected.account),
      expected.account?.toHex() ?? 'any account',
      binding.account.toHex(),
    ),
  ];
}

/** Whether the selection is exactly `EVIDENCE_PCRS` of the SHA-256 bank and `pcrs` lists a value for each, in order. */
export function selectsEvidencePcrs(attest: UnverifiedAttest, pcrs: readonly PcrValue[]): boolean {
  if (attest.type !== 'quote' || attest.pcrSelect.length !== 1 || pcrs.length !== EVIDENCE_PCRS.length) return false;
  const [bank] = attest.pcrSelect;
  if (bank?.hash !== 'sha256' || bank.pcrs.length !== EVIDENCE_PCRS.length) return false;
  return EVIDENCE_PCRS.every((index, place) => bank.pcrs[place] === index && pcrs[place]?.index === index);
}

export function pcrDigestHolds(attest: UnverifiedAttest, pcrs: readonly PcrValue[]): readonly [ok: boolean, expected: string, actual: string] {
  const digest = pcrDigest(pcrs.map((pcr) => pcr.digest));
  const quoted = attest.type === 'quote' ? attest.pcrDigest : new Uint8Array();
  return [equalBytes(quoted, digest), digest.toHex(), quoted.toHex() || 'no digest'];
}

const WANTED = [{ hash: 'sha256', pcrs: EVIDENCE_PCRS }] as const;

function describeSelection(selection: readonly { readonly hash: string; readonly pcrs: readonly number[] }[]): string {
  return selection.map(({ hash, pcrs }) => `${hash}: ${pcrs.join(',')}`).join('; ') || 'nothing';
}

function describeErrand(id: bigint | null): string {
  return id === null ? 'no errand' : `errand ${id}`;
}
