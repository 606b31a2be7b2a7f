import { CID } from 'multiformats/cid';
import { equalBytes, TeaError, type ContentDigest, type ReleasePart } from '@tea/protocol';
import { termsDigest, type ErrandRecord } from '@tea/protocol/layer1';
import { readErrand, readPartCid, type Ledger } from '@tea/protocol/ledger';
import type { ReleasableErrand } from './release-desk.ts';

/** What the release desk must know of an errand. @throws TeaError `notFound` unless this node was selected for it */
export async function releasableErrand(ledger: Ledger, node: Uint8Array, id: bigint): Promise<ReleasableErrand> {
  const errand = await readErrand(ledger, id);
  if (errand.selection === null || !equalBytes(errand.selection.node, node)) {
    throw new TeaError('notFound', `This node does not execute errand ${id}`, { next: 'ask layer 1 which node does: tea explain' });
  }
  const sealed = errand.parts.filter((part) => part.sealed);
  const contents = await Promise.all(sealed.map(async (terms) => [terms.part, await contentOf(ledger, errand, terms.part)] as const));
  return { id, acceptsReleases: errand.state === 'Attested', terms: termsDigest(errand), sealedParts: new Map(contents) };
}

/** Where the published bytes of a part are, and what they must be. */
export async function contentOf(ledger: Ledger, errand: ErrandRecord, part: ReleasePart): Promise<ContentDigest> {
  const terms = errand.parts.find((each) => each.part === part);
  if (terms === undefined) throw new TeaError('notFound', `The errand has no part ${part}`);
  return { cid: CID.decode(await readPartCid(ledger, errand, part)).toString(), sha256: terms.sha256 };
}
