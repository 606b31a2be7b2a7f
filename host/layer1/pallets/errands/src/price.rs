//! What is owed to whom.

use alloc::vec::Vec;
use polkadot_sdk::sp_runtime::{helpers_128bit::multiply_by_rational_with_rounding, Rounding};

use crate::{Balance, Errand, Outcome, Part, Payment, Role};

/// Units of gas that a node's price is for.
pub const GAS_PRICE_UNIT: u128 = 1_000_000;

/// The executor's part of the gas fee, in hundredths; the host gets the rest.
pub const EXECUTOR_PERCENT: u128 = 80;

/// `ceil(gas × gas_price / 1_000_000)`; `None` if it is more than a balance can say.
pub fn gas_fee(gas: u64, gas_price: Balance) -> Option<Balance> {
    multiply_by_rational_with_rounding(gas.into(), gas_price, GAS_PRICE_UNIT, Rounding::Up)
}

/// What a proved errand owes, in the order of payment, without zero amounts: code and data only for a run that went
/// well, gas for any. The sum never exceeds what is held, whatever the terms say.
pub fn owed<AccountId: Clone, BlockNumber>(errand: &Errand<AccountId, BlockNumber>) -> Vec<Payment<AccountId>> {
    let (Some(proof), Some(selection)) = (&errand.proof, &errand.selection) else { return Vec::new() };
    let mut owed = Vec::new();
    let mut left = errand.held;
    let mut owe = |account: &AccountId, amount: Balance, role: Role| {
        let amount = amount.min(left);
        left = left.saturating_sub(amount);
        if amount > 0 {
            owed.push(Payment { account: account.clone(), amount, role });
        }
    };
    if proof.outcome == Outcome::Ok {
        for terms in &errand.parts {
            match terms.part {
                Part::Code => owe(&terms.owner, terms.price, Role::CodeOwner),
                Part::Data(at) => owe(&terms.owner, terms.price, Role::DataOwner(at)),
                Part::Input => {}
            }
        }
    }
    let fee = gas_fee(proof.gas_used, selection.gas_price).unwrap_or(Balance::MAX);
    let executor = multiply_by_rational_with_rounding(fee, EXECUTOR_PERCENT, 100, Rounding::Down).unwrap_or(fee);
    owe(&selection.operator, executor, Role::Executor);
    owe(&selection.host_account, fee.saturating_sub(executor), Role::Host);
    owed
}
