import { equalBytes, type ProofFile } from '@tea/protocol';
import {
  blockHashStorageKey,
  claimsDigest,
  decodeDrawRecord,
  decodeHeader,
  decodeNodeRecord,
  drawOfStorageKey,
  drawSeed,
  drawStorageKey,
  hasItsThreshold,
  nodeStorageKey,
  openReadProof,
  ScaleReader,
  verifyLot,
  type DrawClaim,
  type DrawRecord,
  type DrawRound,
  type ErrandRecord,
  type ErrandSelection,
} from '@tea/protocol/layer1';
import { finding } from './proof-claims.ts';
import type { ProofClaim } from './proof-report.ts';

/**
 * Makes the choice of the executor again, as far as one state of layer 1 shows it: the draw, its seed, and every lot that was shown. Not what was not
 * shown: who withheld a lot or was kept from showing it, and whether the number of Active nodes was counted right.
 */
export function verifySelection({ chain, errand: { id } }: Pick<ProofFile, 'chain' | 'errand'>, { selection }: ErrandRecord): ProofClaim[] {
  if (chain.selection === undefined || selection === null)
    return [finding('selection.draw', null, 'the draw for the executor, with a storage proof', 'no draw in the file')];
  try {
    const state = openReadProof({ stateRoot: decodeHeader(chain.header).stateRoot, proof: chain.selection });
    const number = state.read(drawOfStorageKey(id));
    const draw = number === null ? null : new ScaleReader(number, 'number of a draw').u64();
    const record = draw === null ? null : state.read(drawStorageKey(draw));
    if (draw === null || record === null) return [finding('selection.draw', false, `a draw for errand ${id}`, 'none in that state')];
    const { round, claims, ...rest } = decodeDrawRecord(record);
    if (round === null) return [finding('selection.draw', false, 'a draw that had a seed', 'one without')];
    const parentHash = state.read(blockHashStorageKey(round.fixedAt - 1));
    const keys = claims.map(({ node }) => {
      const profile = state.read(nodeStorageKey(node));
      return profile === null ? null : keyAtDraw(profile, rest.openedAt);
    });
    state.end();
    return [
      recorded(id, { ...rest, round, claims }, round, selection),
      parentHash === null
        ? finding('selection.seed', null, `the hash of block ${round.fixedAt - 1}`, 'no longer in the state of this block')
        : finding('selection.seed', equalBytes(drawSeed(parentHash, draw, round.number), round.seed), 'the seed', round.seed.toHex()),
      lots(claims, keys, round, selection),
    ];
  } catch (cause) {
    return [finding('selection.draw', false, `a storage proof of the draw for errand ${id}`, (cause as Error).message)];
  }
}

/** The TEE's account, unless the node was registered anew since. */
function keyAtDraw(profile: Uint8Array, openedAt: number): Uint8Array | null {
  const { registeredAt, teeAccount } = decodeNodeRecord(profile);
  return registeredAt <= openedAt ? teeAccount : null;
}

function recorded(id: bigint, draw: DrawRecord, round: DrawRound, selection: ErrandSelection): ProofClaim {
  const problems = [
    !(draw.subject.kind === 'executor' && draw.subject.errand === id) && 'of another subject',
    !draw.ended && 'not ended',
    !equalBytes(round.seed, selection.seed) && 'of another seed',
    round.electorate !== selection.candidates && `of ${round.electorate} nodes`,
    !hasItsThreshold(draw) && 'with a threshold that does not follow from them',
    !equalBytes(claimsDigest(draw.claims), selection.candidatesDigest) && 'with other claims',
  ].filter((problem) => problem !== false);
  const expected = `the draw of seed ${selection.seed.toHex()} among ${selection.candidates} nodes`;
  return finding('selection.draw', problems.length === 0, expected, problems.length === 0 ? 'the same' : `one ${problems.join(', ')}`);
}

function lots(claims: readonly DrawClaim[], keys: readonly (Uint8Array | null)[], round: DrawRound, selection: ErrandSelection): ProofClaim {
  const expected = `the lowest of ${claims.length} lots that were shown is of node ${selection.node.toHex()}`;
  const winner = claims.findIndex(({ node }) => equalBytes(node, selection.node));
  const verified = claims.map(({ node, proof }, place) => {
    const key = equalBytes(node, selection.node) ? selection.teeAccount : keys[place];
    return key === null || key === undefined ? null : verifyLot(key, round.seed, proof);
  });
  const wrong = claims.findIndex(({ lot, node }, place) => {
    const unknown = keys[place] === null && !equalBytes(node, selection.node);
    const above = claims[place + 1];
    return (!unknown && verified[place] !== lot) || lot >= round.threshold || (above !== undefined && above.lot < lot);
  });
  if (winner < 0) return finding('selection.lots', false, expected, 'it showed none');
  if (wrong >= 0) return finding('selection.lots', false, expected, `lot ${wrong + 1} does not hold, or is out of order`);
  if (winner > 0)
    return finding('selection.lots', null, expected, `its lot is number ${winner + 1}: those before it must not have been able to run it then`);
  const unknown = verified.filter((lot) => lot === null).length;
  return finding(
    'selection.lots',
    true,
    expected,
    unknown === 0 ? 'every one verified' : `verified but for ${unknown} higher ones, whose nodes have gone`,
  );
}
