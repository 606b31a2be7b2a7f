//! Lots are drawn in blocks that others filled, and claims are no way to fill them more cheaply.

use polkadot_sdk::{
    frame_support::{dispatch::DispatchClass, weights::Weight, BoundedVec},
    sp_core::H256,
    sp_runtime::{
        transaction_validity::{InvalidTransaction, TransactionSource, TransactionValidityError},
        DispatchError,
    },
};
use tea_content::{Kind, Visibility};
use tea_nodes::{ActiveNode, Node, Reason, Status, TrustClass};
use tea_sortition::{lot, DrawId, Draws};
use Sr25519Keyring::{Alice, Bob, Charlie, Dave};

use super::*;

type Claim = tea_sortition::Call<Runtime>;

fn node_of(tee: Sr25519Keyring) -> H256 {
    H256::from(tee.to_raw_public())
}

/// An Active node that is old enough, with `tee` for its TEE account.
fn join(tee: Sr25519Keyring) {
    let id = node_of(tee);
    let node = Node {
        operator: Alice.to_account_id(),
        tee_account: tee.to_account_id(),
        host_account: Alice.to_account_id(),
        class: TrustClass::Simulated,
        evidence_cid: BoundedVec::truncate_from(vec![1; 36]),
        evidence_digest: H256::zero(),
        gas_price: MILLI_TEA,
        stake: 0,
        founding: true,
        status: Status::Active,
        reason: Reason::Admitted,
        appraisal: 0,
        registered_at: 0,
        last_heartbeat: 0,
        expires_at: 1_000_000,
        due_at: 1_000_000,
        transports: Default::default(),
        bootstrap: false,
    };
    tea_nodes::Nodes::<Runtime>::insert(id, node);
    tea_nodes::TeeAccounts::<Runtime>::insert(tee.to_account_id(), id);
    let joined =
        tea_nodes::ActiveNodes::<Runtime>::try_mutate(|list| list.try_push(ActiveNode { id, gas_price: MILLI_TEA }));
    joined.unwrap();
}

/// A draw that takes claims of Bob's and Charlie's nodes, for an errand of Alice's; its block has only begun.
fn drawing() -> DrawId {
    [Bob, Charlie].into_iter().for_each(join);
    start_block(1, 10);
    let alice = || RuntimeOrigin::signed(Alice.to_account_id());
    let cid = || BoundedVec::truncate_from(vec![1; 36]);
    assert_ok!(Content::publish(alice(), Kind::Code, cid(), H256::zero(), 1, Visibility::Plain, TEA));
    let key = BoundedVec::truncate_from(vec![4; 65]);
    assert_ok!(Errands::create(alice(), 1, BoundedVec::new(), None, 1_000_000, 10 * TEA, H256::zero(), key));
    assert_ok!(Errands::fund(alice(), 1));
    start_block(2, 11);
    tea_errands::DrawOf::<Runtime>::get(1).unwrap()
}

/// Normal calls have all of this block that they may have.
fn fill() {
    let limit = BlockWeights::get().get(DispatchClass::Normal).max_total.unwrap();
    let left = limit.saturating_sub(System::block_weight().get(DispatchClass::Normal).to_owned());
    System::register_extra_weight_unchecked(Weight::from_parts(left.ref_time(), 0), DispatchClass::Normal);
}

fn remark(who: Sr25519Keyring, nonce: Nonce) -> UncheckedExtrinsic {
    signed(who, nonce, frame_system::Call::remark { remark: vec![0; 96] }.into())
}

fn claim(who: Sr25519Keyring, nonce: Nonce, id: DrawId) -> UncheckedExtrinsic {
    let seed = Draws::<Runtime>::get(id).unwrap().round.unwrap().seed;
    let context = schnorrkel::context::signing_context(b"tea/sortition");
    let (output, dleq, _) = schnorrkel::Keypair::from(who.pair()).vrf_sign(context.bytes(&lot::message(seed)));
    let mut proof = [0u8; 96];
    proof[..32].copy_from_slice(&output.to_preout().to_bytes());
    proof[32..].copy_from_slice(&dleq.to_bytes());
    signed(who, nonce, Claim::claim { id, proof }.into())
}

fn used(class: DispatchClass) -> u64 {
    System::block_weight().get(class).ref_time()
}

#[test]
fn a_claim_gets_into_a_block_that_others_filled_and_the_draw_goes_on() {
    chain("development").execute_with(|| {
        let id = drawing();
        fill();
        let refused = Executive::apply_extrinsic(remark(Dave, 0));
        assert_eq!(refused, Err(TransactionValidityError::Invalid(InvalidTransaction::ExhaustsResources)));
        for tee in [Bob, Charlie] {
            assert_ok!(Executive::apply_extrinsic(claim(tee, 0, id)).unwrap());
        }
        assert!(Draws::<Runtime>::get(id).unwrap().ended);
        assert_eq!(tea_errands::Errands::<Runtime>::get(1).unwrap().state, tea_errands::State::Selected);
    });
}

#[test]
fn the_pool_puts_a_claim_before_what_fills_blocks() {
    chain("development").execute_with(|| {
        let id = drawing();
        let priority = |extrinsic| {
            let asked = Executive::validate_transaction(TransactionSource::External, extrinsic, Hash::zero());
            asked.unwrap().priority
        };
        assert!(priority(claim(Bob, 0, id)) > priority(remark(Dave, 0)));
    });
}

#[test]
fn claims_of_strangers_pay_for_what_they_take_and_take_little() {
    chain("development").execute_with(|| {
        let id = drawing();
        let (before, money) = (used(DispatchClass::Operational), Balances::free_balance(Dave.to_account_id()));
        let announced = claim(Dave, 0, id).get_dispatch_info().total_weight().ref_time();
        for nonce in 0..10 {
            let applied = Executive::apply_extrinsic(claim(Dave, nonce, id)).unwrap();
            assert_eq!(applied, Err(DispatchError::from(tea_sortition::Error::<Runtime>::NotTeeAccount)));
        }
        let taken = (used(DispatchClass::Operational) - before) / 10;
        let paid = (money - Balances::free_balance(Dave.to_account_id())) / 10;
        assert!(taken * 3 < announced, "{taken} of {announced}");
        // The fee is of what was taken, and so as much as others pay for the same share of a block.
        assert!(paid >= Balance::from(taken), "{paid} for {taken}");
        let whole = BlockWeights::get().max_block.ref_time();
        println!("a block full of strangers' claims costs {} mTEA", Balance::from(whole / taken) * paid / MILLI_TEA);
    });
}

#[test]
fn what_a_call_weighs_is_paid_in_every_block_and_not_in_the_first_alone() {
    chain("development").execute_with(|| {
        start_block(1, 10);
        start_block(2, 11);
        start_block(3, 12);
        let call = remark(Dave, 0);
        let weight = call.get_dispatch_info().total_weight().ref_time();
        let before = Balances::free_balance(Dave.to_account_id());
        assert_ok!(Executive::apply_extrinsic(call).unwrap());
        let base = BlockWeights::get().get(DispatchClass::Normal).base_extrinsic.ref_time();
        let paid = before - Balances::free_balance(Dave.to_account_id());
        assert!(paid > Balance::from(base + weight / 2), "{paid}");
    });
}

#[test]
fn a_claim_that_did_its_work_is_free_and_one_shown_twice_is_not() {
    chain("development").execute_with(|| {
        let id = drawing();
        let money = || Balances::free_balance(Bob.to_account_id());
        let before = money();
        assert_ok!(Executive::apply_extrinsic(claim(Bob, 0, id)).unwrap());
        assert_eq!(money(), before);
        let again = Executive::apply_extrinsic(claim(Bob, 1, id)).unwrap();
        assert_eq!(again, Err(DispatchError::from(tea_sortition::Error::<Runtime>::AlreadyClaimed)));
        assert!(money() < before);
    });
}
