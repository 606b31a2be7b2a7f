//! A TEE that is started anew begins again with what it had in hand; a consumer asks a running errand to end.

use super::chain::*;

/// What the executor's new process publishes.
fn attest_anew(id: ErrandId) -> DispatchResultWithPostInfo {
    Ledger::attest(signed(executor(id)), id, cid(), H256::repeat_byte(0x77))
}

#[test]
fn new_evidence_undoes_every_release_and_gives_the_owners_their_whole_time_again() {
    for step in [attested as fn() -> ErrandId, keys_released, running] {
        chain().execute_with(|| {
            let id = step();
            next_block();
            assert_ok!(attest_anew(id));
            let errand = errand(id);
            assert_eq!(errand.state, State::Attested);
            assert_eq!(errand.evidence.unwrap().digest, H256::repeat_byte(0x77));
            assert!(errand.parts.iter().all(|terms| terms.release.is_none()));
            assert_eq!(errand.deadline, System::block_number() + u64::from(PERIODS.release));
            for (owner, part) in RELEASES {
                assert_ok!(Ledger::release(signed(owner), id, part, H256::repeat_byte(3)));
            }
            assert_ok!(Ledger::start(signed(executor(id)), id));
            assert_ok!(prove(id, Outcome::Ok, 1_000_001));
            assert_ok!(Ledger::settle(signed(CONSUMER), id));
            assert_eq!(free(CONSUMER), ENDOWMENT - 281);
            Ledger::do_try_state().unwrap();
        });
    }
}

#[test]
fn with_nothing_sealed_the_run_begins_again_without_anybody() {
    chain().execute_with(|| {
        let id = order(PLAIN_CODE, &[PLAIN_DATA], None).unwrap();
        assert_ok!(Ledger::fund(signed(CONSUMER), id));
        next_block();
        assert_ok!(attest_anew(id));
        assert_ok!(Ledger::start(signed(executor(id)), id));
        assert_ok!(attest_anew(id));
        assert_eq!(state(id), State::KeysReleased);
    });
}

#[test]
fn first_evidence_is_free_and_beginning_again_is_not() {
    chain().execute_with(|| {
        let id = selected();
        assert_eq!(attest_anew(id).unwrap().pays_fee, Pays::No);
        assert_eq!(attest_anew(id).unwrap().pays_fee, Pays::Yes);
    });
}

#[test]
fn beginning_again_and_again_holds_the_money_no_longer_than_a_first_try_could() {
    chain().execute_with(|| {
        let id = attested();
        let until = errand(id).selection.unwrap().block + u64::from(PERIODS.attest + PERIODS.release);
        while System::block_number() < until {
            assert_ok!(attest_anew(id));
            next_block();
        }
        assert_noop!(attest_anew(id), Error::<Test>::DeadlinePassed);
        run_to(until - 1 + u64::from(PERIODS.release));
        assert_eq!(state(id), State::Refunded(RefundReason::OwnerDidNotRelease(Part::Code)));
        assert_eq!(free(CONSUMER), ENDOWMENT);
    });
}

#[test]
fn a_proved_errand_is_never_run_again() {
    for step in [proved as fn() -> ErrandId, disputed, settled] {
        chain().execute_with(|| {
            let id = step();
            assert_noop!(attest_anew(id), Error::<Test>::WrongState);
        });
    }
}

#[test]
fn a_consumer_asks_a_running_errand_to_end_once_and_pays_the_gas_until_then_and_no_content() {
    chain().execute_with(|| {
        let id = running();
        assert_ok!(Ledger::cancel(signed(CONSUMER), id));
        assert!(CancelAsked::<Test>::contains_key(id));
        assert_noop!(Ledger::cancel(signed(CONSUMER), id), Error::<Test>::CancelIsAsked);
        assert_ok!(prove(id, Outcome::Cancelled, 1_000_000));
        assert!(!CancelAsked::<Test>::contains_key(id));
        assert_ok!(Ledger::settle(signed(CONSUMER), id));
        assert_eq!(free(CONSUMER), ENDOWMENT - GAS_PRICE);
        Ledger::do_try_state().unwrap();
    });
}

#[test]
fn an_executor_neither_ends_a_run_unasked_nor_takes_more_for_its_end_than_the_gas_limit() {
    chain().execute_with(|| {
        let id = running();
        assert_noop!(prove(id, Outcome::Cancelled, 1), Error::<Test>::CancelNotAsked);
        assert_ok!(Ledger::cancel(signed(CONSUMER), id));
        assert_noop!(prove(id, Outcome::Cancelled, GAS_LIMIT + 1), Error::<Test>::GasAboveLimit);
        // The run may have ended by itself before the request came.
        assert_ok!(prove(id, Outcome::Ok, 1));
    });
}

#[test]
fn a_request_to_end_is_gone_when_the_run_is() {
    chain().execute_with(|| {
        let id = running();
        assert_ok!(Ledger::cancel(signed(CONSUMER), id));
        assert_ok!(attest_anew(id));
        assert!(!CancelAsked::<Test>::contains_key(id));
        let id = running();
        assert_ok!(Ledger::cancel(signed(CONSUMER), id));
        run_to(errand(id).deadline);
        assert_eq!(state(id), State::Refunded(RefundReason::ExecutorDidNotProve));
        assert!(!CancelAsked::<Test>::contains_key(id));
    });
}
