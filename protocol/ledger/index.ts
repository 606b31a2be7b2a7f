export { openLedger, type Ledger, type TeaApi } from './ledger.ts';
