//! The choice by lot: drawn from claims, and out of the consumer's hands once the seed is known.

use super::chain::*;
use schnorrkel::context::signing_context;
use tea_sortition::{lot, Error as SortitionError};

/// A chain that chooses by lot, with an errand whose draw has its seed.
fn drawing() -> (TestExternalities, ErrandId) {
    let mut chain = chain();
    let id = chain.execute_with(|| {
        ChoiceByLot::<Test>::put(true);
        let id = funded();
        next_block();
        id
    });
    (chain, id)
}

fn seed(id: ErrandId) -> H256 {
    let draw = DrawOf::<Test>::get(id).unwrap();
    tea_sortition::Draws::<Test>::get(draw).unwrap().round.unwrap().seed
}

fn proof(operator: u64, id: ErrandId) -> lot::Proof {
    let message = lot::message(seed(id));
    let (in_out, dleq, _) = keypair(tee(operator)).vrf_sign(signing_context(b"tea/sortition").bytes(&message));
    let mut bytes = [0u8; 96];
    bytes[..32].copy_from_slice(&in_out.to_preout().to_bytes());
    bytes[32..].copy_from_slice(&dleq.to_bytes());
    bytes
}

fn claim(operator: u64, id: ErrandId) -> DispatchResult {
    let draw = DrawOf::<Test>::get(id).unwrap();
    let claimed = Sortition::claim(signed(tee(operator)), draw, proof(operator, id));
    claimed.map(|_| ()).map_err(|refused| refused.error)
}

fn claim_all(id: ErrandId) {
    for operator in OPERATORS {
        assert_ok!(claim(operator, id));
    }
}

fn lot_of(operator: u64, id: ErrandId) -> u128 {
    lot::verify(&keypair(tee(operator)).public.to_bytes(), seed(id), &proof(operator, id)).unwrap()
}

#[test]
fn the_lowest_lot_runs_the_errand_and_the_record_says_how_it_was_drawn() {
    let (mut chain, id) = drawing();
    chain.execute_with(|| {
        let lowest = OPERATORS.into_iter().min_by_key(|operator| lot_of(*operator, id)).unwrap();
        let seed = seed(id);
        claim_all(id);
        // All have claimed, so nobody is waited for.
        let selection = errand(id).selection.unwrap();
        assert_eq!((selection.node, selection.seed, selection.candidates), (node(lowest), seed, 3));
        let draw = tea_sortition::Draws::<Test>::get(DrawOf::<Test>::get(id).unwrap()).unwrap();
        assert_eq!(selection.candidates_digest, choice::claims_digest(&draw.claims));
        assert_ok!(Ledger::attest(signed(tee(lowest)), id, cid(), H256::zero()));
    });
}

#[test]
fn the_consumer_cannot_take_the_errand_back_once_the_seed_is_known() {
    chain().execute_with(|| {
        ChoiceByLot::<Test>::put(true);
        let (early, late) = (funded(), funded());
        assert_ok!(Ledger::cancel(signed(CONSUMER), early));
        next_block();
        assert_noop!(Ledger::cancel(signed(CONSUMER), late), Error::<Test>::LotsAreDrawn);
        let draw = DrawOf::<Test>::get(early).unwrap();
        assert!(tea_sortition::Draws::<Test>::get(draw).unwrap().ended);
    });
}

#[test]
fn a_winner_who_left_or_grew_too_dear_makes_place_for_the_next() {
    let (mut chain, id) = drawing();
    chain.execute_with(|| {
        let mut by_lot = OPERATORS;
        by_lot.sort_by_key(|operator| lot_of(*operator, id));
        assert_ok!(claim(by_lot[0], id));
        assert_ok!(claim(by_lot[1], id));
        assert_ok!(Nodes::exit(signed(by_lot[0]), node(by_lot[0])));
        assert_ok!(Nodes::set_gas_price(signed(by_lot[1]), node(by_lot[1]), CEILING));
        assert_ok!(claim(by_lot[2], id));
        assert_eq!(errand(id).selection.unwrap().node, node(by_lot[2]));
    });
}

#[test]
fn who_withholds_a_lot_loses_the_turn_and_nobody_else_anything() {
    let (mut chain, id) = drawing();
    chain.execute_with(|| {
        let mut by_lot = OPERATORS;
        by_lot.sort_by_key(|operator| lot_of(*operator, id));
        assert_ok!(claim(by_lot[2], id));
        assert_ok!(claim(by_lot[1], id));
        assert_eq!(state(id), State::Funded);
        run_to(System::block_number() + WINDOW);
        assert_eq!(errand(id).selection.unwrap().node, node(by_lot[1]));
    });
}

#[test]
fn a_node_finds_its_errands_without_reading_others_and_claims_no_more_than_it_may_hold() {
    let (mut chain, id) = drawing();
    chain.execute_with(|| {
        let winner = OPERATORS.into_iter().min_by_key(|operator| lot_of(*operator, id)).unwrap();
        claim_all(id);
        let mine = |operator: u64| OpenErrandsOf::<Test>::iter_key_prefix(node(operator)).collect::<Vec<_>>();
        assert_eq!(mine(winner), vec![id]);
        let next = funded();
        next_block();
        OpenErrands::<Test>::insert(node(winner), Ledger::MAX_OPEN);
        assert_noop!(claim(winner, next), SortitionError::<Test>::NotEligible);
        OpenErrands::<Test>::insert(node(winner), 1);
        run_to(errand(id).deadline);
        assert_eq!(state(id), State::Refunded(RefundReason::ExecutorDidNotAttest));
        assert!(mine(winner).is_empty());
    });
}

#[test]
fn a_node_above_the_ceiling_claims_nothing() {
    let (mut chain, id) = drawing();
    chain.execute_with(|| {
        assert_ok!(Nodes::set_gas_price(signed(OPERATORS[0]), node(OPERATORS[0]), CEILING));
        assert_noop!(claim(OPERATORS[0], id), SortitionError::<Test>::NotEligible);
    });
}

#[test]
fn without_claims_the_money_goes_back_at_the_deadline_and_the_draw_ends() {
    let (mut chain, id) = drawing();
    chain.execute_with(|| {
        run_to(errand(id).deadline);
        assert_eq!(state(id), State::Refunded(RefundReason::NoCandidate));
        assert_eq!(free(CONSUMER), ENDOWMENT);
        assert_noop!(claim(OPERATORS[0], id), SortitionError::<Test>::NotOpen);
        assert_eq!(tea_sortition::Due::<Test>::iter_keys().count(), 0);
    });
}

#[test]
fn an_errand_outlasts_the_record_of_its_draw_and_says_itself_how_it_was_drawn() {
    let (mut chain, id) = drawing();
    chain.execute_with(|| {
        let draw = DrawOf::<Test>::get(id).unwrap();
        claim_all(id);
        let selection = errand(id).selection.unwrap();
        run_to(RETENTION + 5);
        assert!(!tea_sortition::Draws::<Test>::contains_key(draw) && !DrawOf::<Test>::contains_key(id));
        assert_eq!(errand(id).selection, Some(selection));
    });
}
