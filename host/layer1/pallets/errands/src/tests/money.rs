//! Who is paid what, and that no unit appears or vanishes.

use super::chain::*;
use polkadot_sdk::{frame_support::traits::fungible::InspectHold, sp_runtime::TokenError};

fn payments(id: ErrandId) -> Vec<(Role, u64, Balance)> {
    let paid = errand(id).settlement.unwrap().payments;
    paid.into_iter().map(|payment| (payment.role, payment.account, payment.amount)).collect()
}

#[test]
fn a_good_run_pays_code_data_executor_and_host_and_the_rest_goes_back() {
    chain().execute_with(|| {
        let issuance = Balances::total_issuance();
        let id = settled();
        let operator = errand(id).selection.unwrap().operator;
        // 1,000,001 gas at 200 for a million is 200.0002: 201 by the ceiling, of which 80 % is 160.8.
        let expected = vec![
            (Role::CodeOwner, CODE_OWNER, CODE_PRICE),
            (Role::DataOwner(0), DATA_OWNER, DATA_PRICE),
            (Role::Executor, operator, 160),
            (Role::Host, host(operator), 41),
        ];
        assert_eq!(payments(id), expected);
        assert_eq!(errand(id).settlement.unwrap().refunded, CEILING - 80 - 201);
        assert_eq!(free(CONSUMER), ENDOWMENT - 80 - 201);
        assert_eq!(free(host(operator)), ENDOWMENT + 41);
        assert_eq!(Balances::total_issuance(), issuance);
    });
}

#[test]
fn a_run_that_went_wrong_pays_its_gas_and_no_owner() {
    use Outcome::{Cancelled, OutOfGas, OutOfMemory, OutOfTime, OutputTooLarge, RefusedImport, RefusedModule, Trap};
    for outcome in [Trap, OutOfGas, OutOfMemory, OutOfTime, OutputTooLarge, RefusedModule, RefusedImport, Cancelled] {
        chain().execute_with(|| {
            let id = running();
            if outcome == Cancelled {
                assert_ok!(Ledger::cancel(signed(CONSUMER), id));
            }
            assert_ok!(prove(id, outcome, 500_000));
            assert_ok!(Ledger::settle(signed(CONSUMER), id));
            assert_eq!(
                payments(id).iter().map(|(role, _, amount)| (*role, *amount)).collect::<Vec<_>>(),
                vec![(Role::Executor, 80), (Role::Host, 20)]
            );
            assert_eq!((free(CODE_OWNER), free(DATA_OWNER)), (ENDOWMENT, ENDOWMENT));
        });
    }
}

#[test]
fn a_run_without_gas_pays_nobody_for_gas() {
    chain().execute_with(|| {
        let id = running();
        assert_ok!(prove(id, Outcome::RefusedModule, 0));
        assert_ok!(Ledger::settle(signed(CONSUMER), id));
        assert_eq!(payments(id), vec![]);
        assert_eq!(free(CONSUMER), ENDOWMENT);
    });
}

#[test]
fn a_single_unit_of_fee_is_conserved() {
    chain().execute_with(|| {
        let id = running();
        assert_ok!(prove(id, Outcome::Trap, 1));
        assert_ok!(Ledger::settle(signed(CONSUMER), id));
        let operator = errand(id).selection.unwrap().operator;
        assert_eq!(payments(id), vec![(Role::Host, host(operator), 1)]);
    });
}

#[test]
fn nothing_is_settled_twice() {
    chain().execute_with(|| {
        let id = settled();
        let before = free(CODE_OWNER);
        assert_noop!(Ledger::settle(signed(CONSUMER), id), Error::<Test>::WrongState);
        assert_noop!(Ledger::resolve(RuntimeOrigin::root(), id, true), Error::<Test>::WrongState);
        run_to(200);
        assert_noop!(Ledger::settle(signed(STRANGER), id), Error::<Test>::WrongState);
        assert_eq!(free(CODE_OWNER), before);
    });
}

#[test]
fn a_consumer_without_the_money_funds_nothing() {
    chain().execute_with(|| {
        let id = created();
        assert_ok!(Balances::force_set_balance(RuntimeOrigin::root(), CONSUMER, CEILING + EXISTENTIAL_DEPOSIT - 1));
        assert_noop!(Ledger::fund(signed(CONSUMER), id), TokenError::FundsUnavailable);
        assert_ok!(Balances::force_set_balance(RuntimeOrigin::root(), CONSUMER, CEILING + EXISTENTIAL_DEPOSIT));
        assert_ok!(Ledger::fund(signed(CONSUMER), id));
        assert_noop!(Ledger::fund(signed(CONSUMER), id), Error::<Test>::WrongState);
    });
}

#[test]
fn a_ceiling_beyond_all_money_can_be_asked_for_and_not_funded() {
    chain().execute_with(|| {
        let key = BoundedVec::truncate_from(vec![4]);
        let none = BoundedVec::new();
        assert_ok!(Ledger::create(signed(CONSUMER), PLAIN_CODE, none, None, u64::MAX, Balance::MAX, H256::zero(), key));
        assert!(Ledger::fund(signed(CONSUMER), 1).is_err());
        Ledger::do_try_state().unwrap();
    });
}

#[test]
fn money_on_hold_for_an_errand_cannot_be_spent_elsewhere() {
    chain().execute_with(|| {
        funded();
        let spend = Balances::transfer_allow_death(signed(CONSUMER), STRANGER, ENDOWMENT - CEILING + 1);
        assert!(spend.is_err());
        assert_eq!(Balances::balance_on_hold(&HoldReason::Escrow.into(), &CONSUMER), CEILING);
    });
}

#[test]
fn dust_to_an_owner_who_is_gone_goes_back_and_blocks_nobody_elses_pay() {
    chain().execute_with(|| {
        let cheap = publish(CODE_OWNER, Kind::Code, Visibility::Plain, EXISTENTIAL_DEPOSIT - 1);
        let id = order(cheap, &[PLAIN_DATA], None).unwrap();
        assert_ok!(Ledger::fund(signed(CONSUMER), id));
        next_block();
        assert_ok!(Balances::transfer_all(signed(CODE_OWNER), STRANGER, false));
        assert_eq!(free(CODE_OWNER), 0);
        let issuance = Balances::total_issuance();
        let who = executor(id);
        assert_ok!(Ledger::attest(signed(who), id, cid(), H256::zero()));
        assert_ok!(Ledger::start(signed(who), id));
        assert_ok!(prove(id, Outcome::Ok, 1_000_000));
        assert_ok!(Ledger::settle(signed(CONSUMER), id));
        let roles: Vec<_> = payments(id).into_iter().map(|(role, ..)| role).collect();
        assert_eq!(roles, vec![Role::DataOwner(0), Role::Executor, Role::Host]);
        assert_eq!(free(CONSUMER), ENDOWMENT - DATA_PRICE - GAS_PRICE);
        assert_eq!(Balances::total_issuance(), issuance);
        Ledger::do_try_state().unwrap();
    });
}

#[test]
fn a_consumer_who_owns_the_code_pays_themself_and_loses_nothing() {
    chain().execute_with(|| {
        let own = publish(CONSUMER, Kind::Code, Visibility::Plain, 500);
        let id = order(own, &[], None).unwrap();
        assert_ok!(Ledger::fund(signed(CONSUMER), id));
        next_block();
        let who = executor(id);
        assert_ok!(Ledger::attest(signed(who), id, cid(), H256::zero()));
        assert_ok!(Ledger::start(signed(who), id));
        assert_ok!(prove(id, Outcome::Ok, 0));
        assert_ok!(Ledger::settle(signed(CONSUMER), id));
        assert_eq!(payments(id), vec![(Role::CodeOwner, CONSUMER, 500)]);
        assert_eq!(free(CONSUMER), ENDOWMENT);
        Ledger::do_try_state().unwrap();
    });
}

#[test]
fn governance_pays_by_the_receipt_or_gives_everything_back_once() {
    for pay in [true, false] {
        chain().execute_with(|| {
            let id = disputed();
            assert_noop!(Ledger::settle(signed(CONSUMER), id), Error::<Test>::WrongState);
            assert_noop!(Ledger::resolve(signed(CONSUMER), id, false), DispatchError::BadOrigin);
            assert_ok!(Ledger::resolve(RuntimeOrigin::root(), id, pay));
            assert_noop!(Ledger::resolve(RuntimeOrigin::root(), id, pay), Error::<Test>::WrongState);
            assert_eq!(free(CONSUMER), if pay { ENDOWMENT - 281 } else { ENDOWMENT });
            let ended = if pay { State::Settled } else { State::Refunded(RefundReason::DisputeUpheld) };
            assert_eq!(state(id), ended);
        });
    }
}

#[test]
fn fees_never_exceed_what_is_held_whatever_the_terms_say() {
    chain().execute_with(|| {
        let id = proved();
        let mut errand = errand(id);
        errand.selection.as_mut().unwrap().gas_price = Balance::MAX;
        let owed: Balance = price::owed(&errand).iter().map(|payment| payment.amount).sum();
        assert_eq!(owed, CEILING);
        assert_eq!(price::gas_fee(u64::MAX, Balance::MAX), None);
        assert_eq!(price::gas_fee(u64::MAX, 1_000_000), Some(u64::MAX.into()));
        assert_eq!(price::gas_fee(1, 1), Some(1));
        assert_eq!(price::gas_fee(0, Balance::MAX), Some(0));
    });
}
