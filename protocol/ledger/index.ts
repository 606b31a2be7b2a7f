export { readActiveNodes } from './active-nodes.ts';
export { readChannel } from './channels.ts';
export { readContent } from './content.ts';
export { readDraws, readLastDraw } from './draws.ts';
export { countOpenErrands, isCancelAsked, type OpenErrands, readOpenErrands } from './open-errands.ts';
export { readSeats } from './seats.ts';
export { partCall, readErrand, readErrandVerified, readPartCid } from './errands.ts';
export { openLedger, type Ledger, type LedgerOptions, type TeaApi } from './ledger.ts';
export { readAppraisal, readNode } from './nodes.ts';
export { openReleaseLibrary, type ReleaseLibrary, type Releases } from './release-library.ts';
export { imagesIn, readReleases, readStandings } from './releases.ts';
export {
  type ChannelTab,
  type Charge,
  openVoucherDesk,
  VOUCHER_MARGIN_BLOCKS,
  type VoucherDesk,
  type VoucherDeskOptions,
  type VoucherRefusal,
  type VoucherVerdict,
} from './voucher-desk.ts';
export { type AskChain, type FinalisedBlock, ProvenBlocks } from './proven-blocks.ts';
export { type Belief, openProvenState, type ProvenState, type ProvenStateOptions } from './proven-state.ts';
export { mapVerified, type ProvenBlock, type Verified } from './verified.ts';
