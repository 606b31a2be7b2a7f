export { errandKey, partCall, readErrand, readPartCid } from './errands.ts';
export { openLedger, type Ledger, type TeaApi } from './ledger.ts';
