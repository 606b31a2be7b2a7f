import { encodeReleaseInfo, encodeSealedRelease, equalBytes, releaseDigest, TeaError, type ReleaseInfo, type ReleasePart } from '@tea/protocol';
import { sealHpke } from '@tea/protocol/hpke';
import { termsDigest } from '@tea/protocol/layer1';
import { partCall } from '@tea/protocol/ledger';
import type { Account } from './account.ts';
import type { Inspection } from './inspect.ts';
import type { Tea } from './tea.ts';

export type ReleaseRequest = {
  /** What the owner has just looked at. Nothing is released on anything but an affirming result. */
  readonly inspection: Inspection;
  readonly part: ReleasePart;
  readonly key: Uint8Array;
  /** SHA-256 of the bytes the owner published under this key, as `publish` returned it: the host can't pass other content off as theirs. */
  readonly content: Uint8Array;
  readonly owner: Account;
};

/** The executor may use the key until this many blocks from now. */
const RELEASE_BLOCKS = 600;

/**
 * Seals the key to the executor's TPM for this errand and part only, hands it over, and records on layer 1 that it was.
 * @returns the sealed release, for the proof file
 * @throws TeaError `refused` unless the appraisal is affirming and the part is this owner's; `wrongKey` when the TEE finds that it doesn't open the content
 */
export async function releaseKey(tea: Tea, { inspection, part, key, content, owner }: ReleaseRequest): Promise<Uint8Array> {
  const { id, errand, selection, appraisal } = inspection;
  const { node, result } = appraisal;
  if (result.verdict !== 'affirming' || node === null) {
    const failed = result.claims.filter(({ ok }) => ok === false);
    throw new TeaError('refused', 'No key is released to this executor', {
      expected: 'an affirming attestation result',
      actual: `${result.verdict}: ${failed.map(({ title }) => title).join('; ')}`,
      next: failed[0]?.next || `tea inspect ${id}`,
    });
  }
  const terms = errand.parts.find((each) => each.part === part);
  if (terms === undefined || !terms.sealed || !equalBytes(terms.owner, owner.publicKey)) {
    throw new TeaError('refused', `${owner.name} has no key to release for ${part}`, {
      expected: `the owner of a sealed part of errand ${id}`,
      actual: owner.name,
    });
  }
  if (!equalBytes(terms.sha256, content)) {
    throw new TeaError('refused', `Errand ${id} names something else than what ${owner.name} published as ${part}`, {
      expected: content.toHex(),
      actual: terms.sha256.toHex(),
      next: 'release no key: whoever shows you this errand, or the chain behind it, is wrong about your content',
    });
  }
  const info: ReleaseInfo = {
    domain: 'tea/release/1',
    chain: tea.ledger.genesis,
    errand: id,
    part,
    node: node.node,
    evidence: node.evidence,
    terms: termsDigest(errand),
    content,
    expiresAtBlock: tea.ledger.blockNumber() + RELEASE_BLOCKS,
  };
  const sealed = encodeSealedRelease({ ...info, ...(await sealHpke(node.sealingKey, encodeReleaseInfo(info), key)) });
  const accepted = await tea.node(selection.node).release(sealed);
  const digest = releaseDigest(sealed);
  if (!equalBytes(accepted, digest))
    throw new TeaError('badMessage', 'The executor accepted another release', { expected: digest.toHex(), actual: accepted.toHex() });
  await tea.ledger.submit(tea.ledger.api.tx.Errands.release({ id, part: partCall(part), release_digest: `0x${digest.toHex()}` }), owner.signer);
  return sealed;
}

/** The owner says no: the errand ends and the consumer's money goes back. @param reason at most 128 bytes, public */
export async function declineRelease(tea: Tea, id: bigint, part: ReleasePart, reason: string, owner: Account): Promise<void> {
  const words = new TextEncoder().encode(reason);
  if (words.length > 128)
    throw new TeaError('badInput', 'This reason is too long', { expected: 'at most 128 bytes', actual: `${words.length} bytes` });
  await tea.ledger.submit(tea.ledger.api.tx.Errands.decline({ id, part: partCall(part), reason: words }), owner.signer);
}
