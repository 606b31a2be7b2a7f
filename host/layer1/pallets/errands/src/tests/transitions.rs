//! The path and its bends: what is recorded, what can't be had twice.

use super::chain::*;

#[test]
fn the_whole_path_with_everything_sealed_is_recorded() {
    chain().execute_with(|| {
        let id = settled();
        let errand = errand(id);
        let selection = errand.selection.unwrap();
        assert_eq!(errand.state, State::Settled);
        assert_eq!(errand.evidence.unwrap().digest, H256::repeat_byte(1));
        assert!(errand.parts.iter().all(|terms| terms.release.as_ref().unwrap().digest == H256::repeat_byte(2)));
        assert_eq!(errand.proof.as_ref().unwrap().receipt_digest, H256::repeat_byte(6));
        assert_eq!(errand.proof.unwrap().gas_used, 1_000_001);
        assert_eq!(selection.gas_price, GAS_PRICE);
        assert_eq!(selection.block, 2);
        assert_eq!(errand.settlement.unwrap().payments.len(), 4);
    });
}

#[test]
fn an_errand_with_nothing_sealed_waits_for_no_key_and_no_owner() {
    chain().execute_with(|| {
        let id = order(PLAIN_CODE, &[PLAIN_DATA], None).unwrap();
        assert_ok!(Ledger::fund(signed(CONSUMER), id));
        next_block();
        assert_ok!(Ledger::attest(signed(executor(id)), id, cid(), H256::zero()));
        assert_eq!(state(id), State::KeysReleased);
    });
}

#[test]
fn a_key_is_released_once() {
    chain().execute_with(|| {
        let id = attested();
        assert_ok!(Ledger::release(signed(CODE_OWNER), id, Part::Code, H256::zero()));
        let again = Ledger::release(signed(CODE_OWNER), id, Part::Code, H256::repeat_byte(1));
        assert_noop!(again, Error::<Test>::AlreadyReleased);
        assert_noop!(Ledger::decline(signed(CODE_OWNER), id, Part::Code, words("")), Error::<Test>::AlreadyReleased);
        assert_eq!(state(id), State::Attested);
    });
}

#[test]
fn releases_do_not_move_the_owners_common_deadline() {
    chain().execute_with(|| {
        let id = attested();
        let deadline = errand(id).deadline;
        run_to(deadline - 1);
        assert_ok!(Ledger::release(signed(CODE_OWNER), id, Part::Code, H256::zero()));
        assert_eq!(errand(id).deadline, deadline);
        next_block();
        assert_eq!(state(id), State::Refunded(RefundReason::OwnerDidNotRelease(Part::Data(0))));
    });
}

#[test]
fn an_owner_who_declines_ends_it_with_their_reason_and_all_the_money_goes_back() {
    chain().execute_with(|| {
        let id = attested();
        let reason = words("trust class is simulated");
        assert_ok!(Ledger::decline(signed(DATA_OWNER), id, Part::Data(0), reason.clone()));
        assert_eq!(state(id), State::Refunded(RefundReason::OwnerDeclined { part: Part::Data(0), reason }));
        assert_eq!(free(CONSUMER), ENDOWMENT);
    });
}

#[test]
fn refuses_errands_that_name_the_wrong_things() {
    chain().execute_with(|| {
        assert_noop!(order(99, &[], None), Error::<Test>::UnknownContent);
        assert_noop!(order(PLAIN_CODE, &[99], None), Error::<Test>::UnknownContent);
        assert_noop!(order(PLAIN_DATA, &[], None), Error::<Test>::NotCode);
        assert_noop!(order(PLAIN_CODE, &[PLAIN_CODE], None), Error::<Test>::NotData);
        let no_cid = Input { cid: Cid::default(), ..sealed_input().unwrap() };
        assert_noop!(order(PLAIN_CODE, &[], Some(no_cid)), Error::<Test>::EmptyCid);
        let with = |gas: u64, ceiling: Balance, key: Vec<u8>| {
            let key = BoundedVec::truncate_from(key);
            let none = BoundedVec::new();
            Ledger::create(signed(CONSUMER), PLAIN_CODE, none, None, gas, ceiling, H256::zero(), key)
        };
        assert_noop!(with(0, CEILING, vec![4]), Error::<Test>::NoGas);
        assert_noop!(with(1, CODE_PRICE - 1, vec![4]), Error::<Test>::CeilingBelowContentPrice);
        assert_noop!(with(1, CEILING, vec![]), Error::<Test>::EmptyResultKey);
        assert_ok!(with(1, CODE_PRICE, vec![4]));
    });
}

#[test]
fn prices_that_overflow_together_are_refused() {
    chain().execute_with(|| {
        let code = publish(CODE_OWNER, Kind::Code, Visibility::Plain, Balance::MAX);
        let key = || BoundedVec::truncate_from(vec![4]);
        let data = BoundedVec::truncate_from(vec![PLAIN_DATA]);
        let refused = Ledger::create(signed(CONSUMER), code, data, None, 1, Balance::MAX, H256::zero(), key());
        assert_noop!(refused, Error::<Test>::CeilingBelowContentPrice);
    });
}

#[test]
fn content_off_sale_stops_what_is_not_funded_and_nothing_that_is() {
    chain().execute_with(|| {
        let (early, late) = (funded(), created());
        assert_ok!(Content::withdraw(signed(CODE_OWNER), SEALED_CODE));
        assert_noop!(order(SEALED_CODE, &[], None), Error::<Test>::NotOnSale);
        assert_noop!(Ledger::fund(signed(CONSUMER), late), Error::<Test>::NotOnSale);
        next_block();
        assert_eq!(state(early), State::Selected);
    });
}

#[test]
fn a_node_that_exits_or_raises_its_price_is_bound_by_what_it_was_chosen_for() {
    chain().execute_with(|| {
        let id = selected();
        let operator = errand(id).selection.unwrap().operator;
        assert_ok!(Nodes::set_gas_price(signed(operator), node(operator), 1_000_000));
        assert_ok!(Nodes::exit(signed(operator), node(operator)));
        let before = free(operator);
        assert_ok!(Ledger::attest(signed(tee(operator)), id, cid(), H256::zero()));
        for (owner, part) in RELEASES {
            assert_ok!(Ledger::release(signed(owner), id, part, H256::zero()));
        }
        assert_ok!(Ledger::start(signed(tee(operator)), id));
        assert_ok!(prove(id, Outcome::Trap, 1_000_000));
        assert_ok!(Ledger::settle(signed(CONSUMER), id));
        assert_eq!(free(operator) - before, GAS_PRICE * 80 / 100);
    });
}

#[test]
fn a_receipt_never_claims_more_gas_than_the_limit_and_a_good_run_has_a_result() {
    chain().execute_with(|| {
        let id = running();
        assert_noop!(prove(id, Outcome::OutOfGas, GAS_LIMIT + 1), Error::<Test>::GasAboveLimit);
        assert_noop!(prove(id, Outcome::OutOfGas, u64::MAX), Error::<Test>::GasAboveLimit);
        let who = || signed(executor(id));
        let none = Cid::default;
        let empty = Ledger::prove(who(), id, Outcome::Ok, 1, H256::zero(), none(), H256::zero());
        assert_noop!(empty, Error::<Test>::EmptyCid);
        assert_ok!(Ledger::prove(who(), id, Outcome::OutOfGas, GAS_LIMIT, H256::zero(), none(), H256::zero()));
    });
}

#[test]
fn ids_are_given_once_in_order_and_not_past_the_end() {
    chain().execute_with(|| {
        assert_eq!((created(), cancelled(), created()), (1, 2, 3));
        LastId::<Test>::put(u64::MAX);
        assert_noop!(order(PLAIN_CODE, &[], None), Error::<Test>::IdsExhausted);
    });
}
