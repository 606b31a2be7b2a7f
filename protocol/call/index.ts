export * from './messages.ts';
export * from './offer.ts';
export * from './price.ts';
export * from './proof-file.ts';
export { decodeCallReceipt, encodeCallReceipt, MAX_FUNCTION_NAME, SIGNED_CALL_RECEIPT, type CallReceipt } from './receipt.ts';
export { openSession, sessionInfo, sessionMessage, type CallSession, type Direction, type SessionTerms } from './session.ts';
