import * as v from 'valibot';
import { CID } from 'multiformats/cid';
import {
  collectBytes,
  decodeEvidence,
  encodeAttestationResult,
  encodeReferenceValues,
  encodeVotesFile,
  equalBytes,
  fromHex,
  MAX_RELEASES,
  TeaError,
  type ReferenceValues,
} from '@tea/protocol';
import {
  ACCEPTED_RELEASES,
  acceptanceStorageKey,
  appraisalStorageKey,
  blockHashStorageKey,
  encodeHeaderJson,
  nodeStorageKey,
} from '@tea/protocol/layer1';
import { openReleaseLibrary, readAppraisal, readNode, type Ledger, type Releases } from '@tea/protocol/ledger';
import { voteReasons } from './node.ts';
import type { Tea } from './tea.ts';

const proofReply = v.object({ proof: v.array(v.pipe(v.string(), v.regex(/^0x([0-9a-f]{2})*$/))) });
const MAX_EVIDENCE_FILE_BYTES = 1 << 20;
/** Evidence answers a block of so many before it was registered. */
const FRESH_BLOCKS = 100;

/**
 * Puts the votes on a node's present evidence into a file that anyone can judge offline (`verifyVotes`), with all that layer 1 ever accepted.
 * @param referenceValues what to compare with as far as members voted before layer 1 released anything
 * @returns the bytes of votes.json
 * @throws TeaError `notFound`
 */
export async function writeVotes(tea: Tea, node: Uint8Array, referenceValues: ReferenceValues): Promise<Uint8Array> {
  const { ledger, ipfs } = tea;
  const id = (await readNode(ledger, node))?.appraisal;
  const appraisal = id === undefined ? null : await readAppraisal(ledger, id);
  if (id === undefined || appraisal === null)
    throw new TeaError('notFound', `Layer 1 knows no appraisal of node ${node.toHex()}`, { next: 'tea nodes' });
  const evidence = await collectBytes(ipfs.cat(CID.decode(appraisal.evidenceCid).toString(), { maxBytes: MAX_EVIDENCE_FILE_BYTES }));
  const reasons = await Promise.all(
    appraisal.seats.map(async ({ vote }) => (vote === null ? null : voteReasons(tea, vote.reasonsDigest).then(encodeAttestationResult, () => null))),
  );
  const nonceBlock = await answeredBlock(ledger, evidence, appraisal.openedAt);
  const releases = await openReleaseLibrary({ ledger, ipfs }).read();
  const accepted = [ACCEPTED_RELEASES, ...releases.records.map(({ digest }) => acceptanceStorageKey(digest))];
  const keys = [appraisalStorageKey(id), nodeStorageKey(node), ...(nonceBlock === null ? [] : [blockHashStorageKey(nonceBlock)]), ...accepted];
  const hash = `0x${releases.blockHash.toHex()}`;
  const [header, { proof }] = await Promise.all([
    ledger.client._request('chain_getHeader', [hash]).then(encodeHeaderJson),
    ledger.client._request('state_getReadProof', [keys.map((key) => `0x${key.toHex()}`), hash]).then((reply) => v.parse(proofReply, reply)),
  ]);
  return encodeVotesFile({
    format: 'tea/votes/1',
    chain: { genesisHash: ledger.genesis, header, proof: proof.map((part) => fromHex(part)) },
    appraisal: id,
    nonceBlock,
    evidence,
    referenceValues: encodeReferenceValues(referenceValues),
    releases: documentsFor(releases, appraisal.openedAt),
    reasons,
  });
}

/** The block whose hash the evidence answers, among those before it was registered; null when the state no longer names it. */
export async function answeredBlock({ state }: Pick<Ledger, 'state'>, evidence: Uint8Array, openedAt: number): Promise<number | null> {
  let nonce: Uint8Array;
  try {
    ({ nonce } = decodeEvidence(evidence).binding);
  } catch {
    return null;
  }
  const heights = Array.from({ length: Math.min(openedAt, FRESH_BLOCKS) }, (_, back) => openedAt - 1 - back);
  const { value } = await state.read(heights.map(blockHashStorageKey));
  const found = value.findIndex((hash) => hash !== null && equalBytes(hash, nonce));
  return heights[found] ?? null;
}

/** The newest first of those that were not revoked before the votes. */
function documentsFor({ records, documents }: Releases, openedAt: number): Uint8Array[] {
  const wanted = records
    .filter(({ revokedFrom }) => revokedFrom === null || revokedFrom > openedAt)
    .toSorted((a, b) => (a.version < b.version ? 1 : -1));
  const found = wanted.flatMap(({ digest }) => documents.find((document) => equalBytes(document.digest, digest)) ?? []);
  return found.slice(0, MAX_RELEASES).map(({ values }) => encodeReferenceValues(values));
}
