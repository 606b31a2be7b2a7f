//! The choice of an executor, made again by an outsider.

use super::chain::*;
use polkadot_sdk::{sp_core::U256, sp_io::hashing::blake2_256};
use tea_nodes::ActiveNode;

#[test]
fn an_outsider_makes_the_same_choice_from_public_state() {
    chain().execute_with(|| {
        for _ in 0..30 {
            let id = funded();
            let active: Vec<NodeId> = tea_nodes::ActiveNodes::<Test>::get().into_iter().map(|node| node.id).collect();
            next_block();
            let selection = errand(id).selection.unwrap();

            let mut preimage = b"tea/select".to_vec();
            preimage.extend(System::parent_hash().as_bytes());
            preimage.extend(id.to_le_bytes());
            let seed = blake2_256(&preimage);
            assert_eq!(selection.seed.as_bytes(), seed);
            let index = (U256::from_little_endian(&seed[..16]) % U256::from(active.len())).as_usize();
            assert_eq!(selection.node, active[index]);
            assert_eq!(selection.candidates as usize, active.len());
            let listed: Vec<u8> = active.iter().flat_map(|id| id.to_fixed_bytes()).collect();
            assert_eq!(selection.candidates_digest.as_bytes(), blake2_256(&listed));
            assert_eq!(selection.block, System::block_number());
        }
    });
}

#[test]
fn every_candidate_is_chosen_about_equally_often() {
    let mut counts = [0u32; 3];
    for id in 0..30_000u64 {
        let index = choice::index(choice::seed(H256::repeat_byte(1), id), 3).unwrap();
        counts[index] += 1;
    }
    assert!(counts.iter().all(|count| (9_700..10_300).contains(count)), "{counts:?}");
}

#[test]
fn nothing_is_chosen_in_the_block_that_funds() {
    chain().execute_with(|| {
        let id = funded();
        assert_eq!(state(id), State::Funded);
        next_block();
        assert_eq!(state(id), State::Selected);
    });
}

#[test]
fn only_nodes_within_the_ceiling_are_candidates() {
    let active: Vec<_> = (1..=4).map(|n| ActiveNode { id: node(n), gas_price: n.into() }).collect();
    // 1,500,000 gas costs 2, 3, 5 and 6, by the ceiling.
    for (budget, count) in [(1, 0), (2, 1), (3, 2), (4, 2), (5, 3), (6, 4)] {
        assert_eq!(choice::candidates(&active, 1_500_000, budget).len(), count, "budget {budget}");
    }
    let dear = [ActiveNode { id: node(1), gas_price: Balance::MAX }];
    assert_eq!(choice::candidates(&dear, u64::MAX, Balance::MAX), vec![]);
}

#[test]
fn code_and_data_are_paid_before_gas_when_candidates_are_counted() {
    chain().execute_with(|| {
        let gas = GAS_PRICE * 2;
        for (ceiling, chosen) in [(gas + 80, true), (gas + 79, false)] {
            let key = BoundedVec::truncate_from(vec![4]);
            let data = BoundedVec::truncate_from(vec![PLAIN_DATA]);
            let zero = H256::zero();
            assert_ok!(Ledger::create(signed(CONSUMER), PLAIN_CODE, data, None, GAS_LIMIT, ceiling, zero, key));
            let id = LastId::<Test>::get();
            assert_ok!(Ledger::fund(signed(CONSUMER), id));
            next_block();
            assert_eq!(state(id) == State::Selected, chosen);
        }
    });
}

#[test]
fn without_candidates_the_errand_waits_for_its_deadline_and_can_be_cancelled() {
    chain_without_nodes().execute_with(|| {
        let (left, cancelled) = (funded(), funded());
        next_block();
        assert_eq!(state(left), State::Funded);
        assert!(System::events().iter().any(|record| record.event == Event::NoCandidate { id: left }.into()));
        assert_ok!(Ledger::cancel(signed(CONSUMER), cancelled));
        run_to(errand(left).deadline);
        assert_eq!(state(left), State::Refunded(RefundReason::NoCandidate));
        assert_eq!(free(CONSUMER), ENDOWMENT);
    });
}

#[test]
fn a_node_that_is_not_active_is_no_candidate() {
    chain().execute_with(|| {
        assert_ok!(Nodes::exit(signed(OPERATORS[0]), node(OPERATORS[0])));
        let class = tea_nodes::TrustClass::Tpm;
        assert_ok!(Nodes::update_evidence(signed(OPERATORS[1]), node(OPERATORS[1]), cid(), H256::zero(), class));
        for _ in 0..10 {
            assert_eq!(errand(selected()).selection.unwrap().node, node(OPERATORS[2]));
        }
    });
}

#[test]
fn more_errands_than_a_block_can_choose_for_are_chosen_for_in_order() {
    chain().execute_with(|| {
        let ids: Vec<_> = (0..20).map(|_| funded()).collect();
        assert_ok!(Ledger::cancel(signed(CONSUMER), ids[3]));
        let mut chosen = 0;
        for _ in 0..3 {
            next_block();
            chosen = (chosen + SELECTIONS_PER_BLOCK as usize).min(ids.len());
            for (at, id) in ids.iter().enumerate().filter(|(at, _)| *at != 3) {
                assert_eq!(state(*id) == State::Selected, at < chosen, "errand {id}");
            }
        }
        assert_eq!(SelectionQueue::<Test>::iter_keys().count(), 0);
    });
}
