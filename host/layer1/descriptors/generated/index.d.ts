export { default as tea } from './tea.js';
export type * from './tea.js';
export { DigestItem, Phase, DispatchClass, TokenError, ArithmeticError, TransactionalError, GrandpaEvent, BalanceStatus, TransactionPaymentEvent, GrandpaStoredState, BalancesTypesReasons, TransactionPaymentReleases, GrandpaEquivocation, MultiAddress, BalancesAdjustmentDirection, TransactionValidityUnknownTransaction, TransactionValidityTransactionSource } from './common-types.js';
