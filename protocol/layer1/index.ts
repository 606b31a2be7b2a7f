export type { ChainConnection, ChainPort } from './chain-port.ts';
export {
  type AuthoritySet,
  type AuthoritySetChange,
  followAuthoritySets,
  GRANDPA_AUTHORITIES_KEY,
  type GrandpaAuthority,
  nextAuthorities,
  verifyGenesisAuthorities,
} from './authority-sets.ts';
export { votesOfAnybody } from './development-voters.ts';
export { type Finality, verifyFinality } from './finality.ts';
export { decodeFinalityProof, decodeJustification, encodeFinalityProof, type FinalityProof, type Justification } from './finality-proof.ts';
export { decodeHeader, type DigestItem, encodeDigestItem, encodeHeader, hashHeader, type Header } from './header.ts';
export { layer1Provider, type Layer1ProviderOptions } from './provider.ts';
export { listProven, openReadProof, type OpenReadProof, type StateEntry, verifyReadProof, verifyReadProofs } from './read-proof.ts';
export { encodeCompact, encodeU32, encodeU64, ScaleReader } from './scale.ts';
export { GATEWAY_ERRORS, parseSessionInfo, SESSION_METHOD, type SessionInfo } from './session.ts';
export { decodeTrieNode, encodeTrieNode, INLINE_NODE_LIMIT, MAX_INLINE_VALUE, toNibbles, type TrieNode, type TrieValue } from './trie-node.ts';
export { decodeAuraAuthorities, verifyAuraSeal } from './aura-seal.ts';
export {
  CHAIN_EXPORT_FORMAT,
  encodeExportBlock,
  encodeExportHead,
  type ExportedChain,
  type ExportedChainBlock,
  type LinkedBlock,
  readChainExport,
} from './chain-export.ts';
export { type ContentEntry, decodeContentEntry } from './content-entry.ts';
export { decodeErrandRecord } from './decode-errand.ts';
export { encodeHeaderJson } from './header-json.ts';
export {
  APPRAISAL_OUTCOMES,
  type AppraisalOutcome,
  type AppraisalRecord,
  type AppraisalSeat,
  type AppraisalVote,
  decodeAppraisalRecord,
} from './appraisal-record.ts';
export { consentMessage } from './consent.ts';
export { claimsDigest, decodeDrawRecord, type DrawClaim, type DrawRecord, type DrawRound, hasItsThreshold } from './draw-record.ts';
export { drawSeed, LOT_PROOF_BYTES, lotOf, proveLot, verifyLot } from './lot.ts';
export { decodeNodeRecord, NODE_REASONS, NODE_STATUSES, type NodeReason, type NodeRecord, type NodeStatus } from './node-record.ts';
export {
  ACCEPTED_RELEASES,
  acceptanceStorageKey,
  appraisalStorageKey,
  AURA_AUTHORITIES_KEY,
  blockHashStorageKey,
  channelStorageKey,
  contentStorageKey,
  drawOfStorageKey,
  drawStorageKey,
  errandStorageKey,
  LAST_DRAW_KEY,
  nodeStorageKey,
  cancelAskedStorageKey,
  openErrandsStorageKey,
  openErrandStorageKey,
  seatsStorageKey,
} from './storage-keys.ts';
export {
  type AcceptanceRecord,
  type AcceptedRelease,
  decodeAcceptanceRecord,
  decodeAcceptedReleases,
  describeStanding,
  imagesMeasured,
  type ReleasedDocument,
  type ReleaseStanding,
  type Software,
  type SoftwareStanding,
  standingAt,
} from './acceptance-record.ts';
export { type ChannelRecord, decodeChannelRecord } from './channel-record.ts';
export { decodeVoucher, encodeVoucher, type Voucher, voucherMessage, type VoucherTerms, verifyVoucher } from './voucher.ts';
export { twox64Concat } from './twox.ts';
export { termsDigest } from './errand-terms.ts';
export { ERRAND_STATES } from './errand-record.ts';
export type * from './errand-record.ts';
