export { readContent } from './content.ts';
export { partCall, readErrand, readErrandVerified, readPartCid } from './errands.ts';
export { openLedger, type Ledger, type LedgerOptions, type TeaApi } from './ledger.ts';
export { readNode } from './nodes.ts';
export { type AskChain, type FinalisedBlock, ProvenBlocks } from './proven-blocks.ts';
export { type Belief, openProvenState, type ProvenState, type ProvenStateOptions } from './proven-state.ts';
export { mapVerified, type ProvenBlock, type Verified } from './verified.ts';
