//! Claims that bend the draw are refused; the draw itself can be made again.

use super::*;
use core::cell::RefCell;
use polkadot_sdk::{
    frame_support::{
        assert_noop, assert_ok, derive_impl,
        traits::{ConstU128, ConstU32, ConstU64, Hooks},
    },
    pallet_balances,
    sp_io::TestExternalities,
    sp_runtime::{testing::TestSignature, traits::IdentityLookup, BuildStorage},
};
use schnorrkel::{context::signing_context, ExpansionMode, Keypair, MiniSecretKey};
use tea_nodes::TrustClass;

type Block = polkadot_sdk::frame_system::mocking::MockBlock<Test>;

#[frame_support::runtime]
mod runtime {
    #[runtime::runtime]
    #[runtime::derive(
        RuntimeCall,
        RuntimeEvent,
        RuntimeError,
        RuntimeOrigin,
        RuntimeTask,
        RuntimeHoldReason,
        RuntimeFreezeReason
    )]
    pub struct Test;

    #[runtime::pallet_index(0)]
    pub type System = polkadot_sdk::frame_system;
    #[runtime::pallet_index(1)]
    pub type Balances = pallet_balances;
    #[runtime::pallet_index(2)]
    pub type Nodes = tea_nodes;
    #[runtime::pallet_index(3)]
    pub type Sortition = crate;
}

#[derive_impl(frame_system::config_preludes::TestDefaultConfig)]
impl polkadot_sdk::frame_system::Config for Test {
    type Block = Block;
    type AccountId = u64;
    type Lookup = IdentityLookup<u64>;
    type AccountData = pallet_balances::AccountData<u128>;
}

#[derive_impl(pallet_balances::config_preludes::TestDefaultConfig)]
impl pallet_balances::Config for Test {
    type AccountStore = System;
    type Balance = u128;
    type ExistentialDeposit = ConstU128<1>;
}

impl tea_nodes::Config for Test {
    type Currency = Balances;
    type RuntimeHoldReason = RuntimeHoldReason;
    type TeeSignature = TestSignature;
    type Lots = Sortition;
    type Stake = ConstU128<100>;
    type MaxActive = ConstU32<1_000>;
    type MaxDuePerBlock = ConstU32<100>;
    type Retention = ConstU64<RETENTION>;
    type WeightInfo = ();
}

/// Account `n`'s key is made from `n`.
pub struct KeyOfNumber;

fn keypair(account: u64) -> Keypair {
    let mut seed = [7u8; 32];
    seed[..8].copy_from_slice(&account.to_le_bytes());
    MiniSecretKey::from_bytes(&seed).unwrap().expand_to_keypair(ExpansionMode::Ed25519)
}

impl account_key::KeyOf<u64> for KeyOfNumber {
    fn key_of(account: &u64) -> Option<[u8; 32]> {
        Some(keypair(*account).public.to_bytes())
    }
}

thread_local! {
    static DRAWN: RefCell<Vec<(u64, Vec<NodeId>)>> = const { RefCell::new(Vec::new()) };
    static FAILED: RefCell<Vec<u64>> = const { RefCell::new(Vec::new()) };
    static FORGOTTEN: RefCell<Vec<u64>> = const { RefCell::new(Vec::new()) };
}

const BARRED: u64 = 13;

pub struct Recorder;

impl Electorate<u64> for Recorder {
    fn may_claim(_: u64, node: NodeId, _: u128) -> bool {
        node != id_of(BARRED)
    }
    fn drawn(errand: u64, draw: &Draw<u64>) {
        let winners = draw.claims.iter().map(|claim| claim.node).collect();
        DRAWN.with_borrow_mut(|drawn| drawn.push((errand, winners)));
    }
    fn failed(errand: u64) {
        FAILED.with_borrow_mut(|failed| failed.push(errand));
    }
    fn forgotten(errand: u64) {
        FORGOTTEN.with_borrow_mut(|forgotten| forgotten.push(errand));
    }
    #[cfg(feature = "runtime-benchmarks")]
    fn claimable() -> u64 {
        ERRAND
    }
}

const WINDOW: u64 = 5;
const KEY_AGE: u64 = 10;
const RETENTION: u64 = 200;

impl Config for Test {
    type KeyOf = KeyOfNumber;
    type Electorate = Recorder;
    type MaxDuePerBlock = ConstU32<3>;
    type Retention = ConstU64<RETENTION>;
    type WeightInfo = ();
}

const OPERATOR: u64 = 1;
const FEE: u128 = 10;
const ERRAND: u64 = 1;
const SUBJECT: Subject = Subject::Executor(ERRAND);

fn id_of(number: u64) -> NodeId {
    H256::from_low_u64_be(number)
}

fn tee(number: u64) -> u64 {
    10_000 + number
}

/// Node `number` of `operator`, Pending.
fn register(operator: u64, number: u64) {
    let (id, account, cid) = (id_of(number), tee(number), BoundedVec::truncate_from(vec![1]));
    let class = TrustClass::Simulated;
    let consent = TestSignature(account, Nodes::consent_message(id, &operator));
    let origin = RuntimeOrigin::signed(operator);
    assert_ok!(Nodes::register(origin, id, account, operator, cid, H256::zero(), class, 1, consent));
}

fn appraisal(number: u64) -> AppraisalId {
    tea_nodes::Nodes::<Test>::get(id_of(number)).unwrap().appraisal
}

fn vote(voter: u64, number: u64, pass: bool) -> Result<(), DispatchError> {
    let voted = Nodes::vote(RuntimeOrigin::signed(tee(voter)), id_of(number), H256::zero(), pass, H256::zero());
    voted.map(|_| ()).map_err(|refused| refused.error)
}

/// Node `number` of `operator`, Active: judged by itself where it founds the network, else by whom the test seats.
fn join_for(operator: u64, number: u64, committee: &[u64]) {
    register(operator, number);
    if !committee.is_empty() {
        Sortition::abandon(LastId::<Test>::get());
        Nodes::seat(appraisal(number), committee.iter().map(|member| id_of(*member)));
    }
    let voters = if committee.is_empty() { &[number] } else { committee };
    for voter in voters {
        assert_ok!(vote(*voter, number, true));
    }
}

fn join(number: u64) {
    join_for(OPERATOR, number, &[]);
}

/// A chain with `nodes` Active nodes of age, and a draw with `seats` seats that has its seed.
fn draw(nodes: u64, seats: u32) -> (TestExternalities, DrawId) {
    let genesis = RuntimeGenesisConfig {
        balances: pallet_balances::GenesisConfig {
            balances: (1..40).map(|account| (account, 1_000_000)).collect(),
            ..Default::default()
        },
        nodes: tea_nodes::GenesisConfig {
            founding_operators: vec![OPERATOR],
            heartbeat_period: 100_000,
            appraisal_fee: FEE,
            ..Default::default()
        },
        sortition: GenesisConfig { window: WINDOW, key_age: KEY_AGE },
        ..Default::default()
    };
    let mut chain: TestExternalities = genesis.build_storage().unwrap().into();
    let id = chain.execute_with(|| {
        System::set_block_number(1);
        (1..=nodes).for_each(join);
        run_to(1 + KEY_AGE);
        let id = Sortition::open(SUBJECT, seats);
        run_to(2 + KEY_AGE);
        id
    });
    (chain, id)
}

fn run_to(block: u64) {
    while System::block_number() < block {
        let next = System::block_number() + 1;
        System::initialize(&next, &H256::from_low_u64_be(0xdead + next), &Default::default());
        Sortition::on_initialize(next);
        Sortition::do_try_state().unwrap();
    }
}

fn round(id: DrawId) -> Round<u64> {
    Draws::<Test>::get(id).unwrap().round.unwrap()
}

fn prove(account: u64, seed: H256) -> lot::Proof {
    let message = lot::message(seed);
    let (in_out, proof, _) = keypair(account).vrf_sign(signing_context(b"tea/sortition").bytes(&message));
    let mut bytes = [0u8; 96];
    bytes[..32].copy_from_slice(&in_out.to_preout().to_bytes());
    bytes[32..].copy_from_slice(&proof.to_bytes());
    bytes
}

fn lot_of(number: u64, seed: H256) -> u128 {
    let key = keypair(tee(number)).public.to_bytes();
    lot::verify(&key, seed, &prove(tee(number), seed)).unwrap()
}

/// The claim of account `who`, and why it was refused.
fn show(who: u64, id: DrawId, proof: lot::Proof) -> Result<(), DispatchError> {
    Sortition::claim(RuntimeOrigin::signed(who), id, proof).map(|_| ()).map_err(|refused| refused.error)
}

fn claim(number: u64, id: DrawId) -> Result<(), DispatchError> {
    show(tee(number), id, prove(tee(number), round(id).seed))
}

/// A round without a threshold, whatever the size of the network.
fn everybody_may_claim(id: DrawId) {
    Draws::<Test>::mutate(id, |draw| {
        let round = draw.as_mut().and_then(|draw| draw.round.as_mut()).unwrap();
        round.threshold = u128::MAX;
    });
}

#[test]
fn refuses_a_proof_of_another_key_another_draw_or_with_any_byte_changed() {
    let (mut chain, id) = draw(3, 1);
    chain.execute_with(|| {
        let seed = round(id).seed;
        let first_shows = |proof| show(tee(1), id, proof);
        assert_noop!(first_shows(prove(tee(2), seed)), Error::<Test>::BadProof);
        assert_noop!(first_shows(prove(tee(1), H256::repeat_byte(1))), Error::<Test>::BadProof);
        assert_noop!(first_shows([0; 96]), Error::<Test>::BadProof);
        assert_noop!(first_shows([255; 96]), Error::<Test>::BadProof);
        for at in 0..96 {
            let mut flipped = prove(tee(1), seed);
            flipped[at] ^= 1;
            assert_noop!(first_shows(flipped), Error::<Test>::BadProof);
        }
        assert_ok!(first_shows(prove(tee(1), seed)));
    });
}

#[test]
fn a_key_has_one_lot_in_a_draw_however_often_it_signs() {
    let seed = H256::repeat_byte(4);
    // Each proof has other random scalars, each shows the same lot.
    let (first, second) = (prove(tee(1), seed), prove(tee(1), seed));
    assert_ne!(first[32..], second[32..]);
    let key = keypair(tee(1)).public.to_bytes();
    assert_eq!(lot::verify(&key, seed, &first), lot::verify(&key, seed, &second));
}

/// Made with `vrf.sign` of `@scure/sr25519` 2.3.0 by the well-known development key Alice, seed 0x11 × 32.
#[test]
fn takes_the_proofs_that_a_tee_makes_in_typescript() {
    let proof: lot::Proof = bytes(concat!(
        "56ecf3f6ebfa7e5fc869722d007dfaef9b4e209c17bfbeaba2a0f59a5a48254c51e51ace610e8c07a7887339fdb27cf8",
        "eb2c998bc98fbf5aa49e5a891a2e28050e6c423bea02abf230e0a1e0802144480fa5d5ae2bee0ad54310f34ae5665301"
    ));
    let alice: [u8; 32] = bytes("d43593c715fdd31c61141abd04a99fd6822c8558854ccde39a5684e7a56da27d");
    assert!(lot::verify(&alice, H256::repeat_byte(0x11), &proof).is_some());
    assert!(lot::verify(&alice, H256::repeat_byte(0x12), &proof).is_none());

    fn bytes<const N: usize>(hex: &str) -> [u8; N] {
        core::array::from_fn(|at| u8::from_str_radix(&hex[2 * at..2 * at + 2], 16).unwrap())
    }
}

#[test]
fn refuses_claims_of_those_who_may_not() {
    let (mut chain, id) = draw(14, 7);
    chain.execute_with(|| {
        let proof = |account: u64| prove(account, round(id).seed);
        for who in [OPERATOR, 77] {
            assert_noop!(show(who, id, proof(who)), Error::<Test>::NotTeeAccount);
        }
        assert_noop!(Sortition::claim(RuntimeOrigin::root(), id, proof(1)), DispatchError::BadOrigin);
        assert_noop!(show(tee(1), 99, proof(1)), Error::<Test>::UnknownDraw);
        assert_noop!(claim(BARRED, id), Error::<Test>::NotEligible);
        let cid = BoundedVec::truncate_from(vec![2]);
        let operator = RuntimeOrigin::signed(OPERATOR);
        assert_ok!(Nodes::update_evidence(operator, id_of(2), cid, H256::zero(), TrustClass::Tpm));
        assert_noop!(claim(2, id), Error::<Test>::NotActive);
    });
}

#[test]
fn a_key_that_was_registered_to_fit_the_seed_does_not_count() {
    let (mut chain, _) = draw(1, 1);
    chain.execute_with(|| {
        join(5);
        let early = Sortition::open(SUBJECT, 1);
        run_to(System::block_number() + 1);
        assert_noop!(claim(5, early), Error::<Test>::KeyTooYoung);
        run_to(System::block_number() + KEY_AGE);
        let late = Sortition::open(SUBJECT, 1);
        run_to(System::block_number() + 1);
        assert_ok!(claim(5, late));
    });
}

#[test]
fn a_key_changed_to_fit_the_seed_does_not_count() {
    let (mut chain, id) = draw(3, 1);
    chain.execute_with(|| {
        // Whoever lost leaves and comes back with another key: not while the stake is bound, and not of age then.
        assert_ok!(Nodes::exit(RuntimeOrigin::signed(OPERATOR), id_of(2)));
        assert_noop!(claim(2, id), Error::<Test>::NotActive);
        let other = TestSignature(tee(77), Nodes::consent_message(id_of(2), &OPERATOR));
        let cid = BoundedVec::truncate_from(vec![1]);
        let class = TrustClass::Simulated;
        let origin = RuntimeOrigin::signed(OPERATOR);
        let again = Nodes::register(origin, id_of(2), tee(77), OPERATOR, cid, H256::zero(), class, 1, other);
        assert_noop!(again, tea_nodes::Error::<Test>::NodeIdTaken);
        join(77);
        assert_noop!(claim(77, id), Error::<Test>::KeyTooYoung);
    });
}

#[test]
fn claims_are_taken_within_the_window_only() {
    let (mut chain, id) = draw(3, 2);
    chain.execute_with(|| {
        let unseeded = Sortition::open(SUBJECT, 1);
        assert_noop!(show(tee(1), unseeded, prove(tee(1), H256::zero())), Error::<Test>::NotOpen);
        assert_ok!(claim(1, id));
        run_to(round(id).closes_at);
        assert_noop!(claim(2, id), Error::<Test>::NotOpen);
    });
}

#[test]
fn the_claim_of_the_last_who_may_ends_the_draw() {
    let (mut chain, id) = draw(2, 3);
    chain.execute_with(|| {
        DRAWN.with_borrow_mut(Vec::clear);
        assert_ok!(claim(1, id));
        assert!(!Draws::<Test>::get(id).unwrap().ended);
        assert_ok!(claim(2, id));
        assert!(Draws::<Test>::get(id).unwrap().ended);
        assert_eq!(DRAWN.with_borrow(|drawn| drawn[0].1.len()), 2);
        assert_noop!(claim(2, id), Error::<Test>::NotOpen);
        assert_eq!(Due::<Test>::iter_keys().count(), 0);
        run_to(100);
        assert_eq!(DRAWN.with_borrow(Vec::len), 1);
    });
}

#[test]
fn a_node_claims_once_and_only_under_the_threshold() {
    let (mut chain, id) = draw(40, 7);
    chain.execute_with(|| {
        let (seed, threshold) = (round(id).seed, round(id).threshold);
        let mut taken = 0;
        for number in (1..=40).filter(|number| *number != BARRED) {
            if lot_of(number, seed) >= threshold {
                assert_noop!(claim(number, id), Error::<Test>::LotTooHigh);
            } else if claim(number, id).is_ok() {
                taken += 1;
                assert_noop!(claim(number, id), Error::<Test>::AlreadyClaimed);
            }
        }
        assert!(taken > 0 && taken < 15, "{taken}");
    });
}

#[test]
fn the_lowest_lots_win_whatever_the_order_of_claims() {
    for turn in 0..4usize {
        let (mut chain, id) = draw(8, 3);
        chain.execute_with(|| {
            DRAWN.with_borrow_mut(Vec::clear);
            everybody_may_claim(id);
            let seed = round(id).seed;
            let mut expected: Vec<u64> = (1..=8).collect();
            expected.sort_by_key(|number| lot_of(*number, seed));
            let mut order: Vec<u64> = (1..=8).collect();
            order.rotate_left(turn * 2);
            for number in order {
                let refused = claim(number, id).err();
                assert!(refused.is_none() || refused == Some(Error::<Test>::Outbid.into()), "{refused:?}");
            }
            run_to(round(id).closes_at);
            let winners: Vec<NodeId> = expected[..3].iter().map(|number| id_of(*number)).collect();
            assert_eq!(DRAWN.with_borrow(Clone::clone), vec![(ERRAND, winners)]);
            assert!(Draws::<Test>::get(id).unwrap().ended);
        });
    }
}

#[test]
fn a_draw_without_claims_goes_on_with_another_seed_and_a_higher_threshold() {
    let (mut chain, id) = draw(100, 1);
    chain.execute_with(|| {
        FAILED.with_borrow_mut(Vec::clear);
        let first = round(id);
        run_to(first.closes_at);
        let second = round(id);
        assert_eq!((first.number, second.number), (0, 1));
        assert_ne!(first.seed, second.seed);
        assert_eq!(second.threshold / 4, first.threshold);
        run_to(second.closes_at + 3 * WINDOW);
        assert_eq!(round(id).threshold, u128::MAX);
        assert_ok!(claim(3, id));
    });
}

#[test]
fn a_draw_in_which_nobody_ever_claims_fails_after_its_rounds() {
    let (mut chain, id) = draw(3, 1);
    chain.execute_with(|| {
        FAILED.with_borrow_mut(Vec::clear);
        let first = round(id).fixed_at;
        run_to(first + u64::from(MAX_ROUNDS) * WINDOW - 1);
        assert_eq!((round(id).number, FAILED.with_borrow(Vec::len)), (MAX_ROUNDS - 1, 0));
        run_to(first + u64::from(MAX_ROUNDS) * WINDOW);
        assert_eq!(FAILED.with_borrow(Clone::clone), vec![ERRAND]);
        assert_noop!(claim(1, id), Error::<Test>::NotOpen);
        assert_eq!(Due::<Test>::iter_keys().count(), 0);
    });
}

#[test]
fn the_seed_is_of_a_block_after_the_opening_and_anyone_makes_it_again() {
    let (mut chain, id) = draw(2, 1);
    chain.execute_with(|| {
        let Round { seed, fixed_at, number, .. } = round(id);
        assert_eq!(fixed_at, Draws::<Test>::get(id).unwrap().opened_at + 1);
        let mut preimage = b"tea/draw".to_vec();
        preimage.extend(System::parent_hash().as_bytes());
        preimage.extend(id.to_le_bytes());
        preimage.extend(number.to_le_bytes());
        assert_eq!(seed.as_bytes(), blake2_256(&preimage));
    });
}

#[test]
fn a_refused_claim_weighs_what_was_looked_at_and_pays_for_it() {
    let (mut chain, id) = draw(14, 7);
    chain.execute_with(|| {
        let seed = round(id).seed;
        let refused = |who: u64, proof| Sortition::claim(RuntimeOrigin::signed(who), id, proof).unwrap_err().post_info;
        let stranger = refused(77, prove(77, seed));
        assert_eq!(stranger.actual_weight, Some(<() as WeightInfo>::refuse()));
        let barred = refused(tee(BARRED), prove(tee(BARRED), seed));
        assert_eq!(barred.actual_weight, Some(<() as WeightInfo>::refuse()));
        // What had its proof verified costs as much as a good one.
        let bad = refused(tee(1), prove(tee(2), seed));
        assert_eq!(bad.actual_weight, Some(<() as WeightInfo>::claim()));
        assert!([stranger, barred, bad].iter().all(|info| info.pays_fee == Pays::Yes));
        // A good one is free, and the block has back what its worst was more.
        let good = (1..=14).find(|n| *n != BARRED && lot_of(*n, seed) < round(id).threshold).unwrap();
        let taken = Sortition::claim(RuntimeOrigin::signed(tee(good)), id, prove(tee(good), seed)).unwrap();
        assert_eq!((taken.actual_weight, taken.pays_fee), (Some(<() as WeightInfo>::claim()), Pays::No));
    });
}

#[test]
fn draws_that_are_long_over_leave_the_record_oldest_first_and_open_ones_never() {
    let (mut chain, first) = draw(2, 1);
    chain.execute_with(|| {
        FORGOTTEN.with_borrow_mut(Vec::clear);
        let others: Vec<_> = (0..9).map(|_| Sortition::open(Subject::Executor(2), 1)).collect();
        let opened = Draws::<Test>::get(first).unwrap().opened_at;
        run_to(opened + RETENTION - 1);
        assert!(Draws::<Test>::contains_key(first));
        let until = opened + RETENTION;
        // One that is still open, however old, stays, and so does what is younger.
        Draws::<Test>::mutate(others[4], |slot| {
            let draw = slot.as_mut().unwrap();
            (draw.ended, draw.round) = (false, Some(Round { closes_at: until + 50, ..draw.round.clone().unwrap() }));
            draw.claims = BoundedVec::new();
        });
        Due::<Test>::insert(until + 50, others[4], ());
        run_to(until);
        assert!(!Draws::<Test>::contains_key(first));
        run_to(until + 40);
        let kept: Vec<_> = others.iter().filter(|id| Draws::<Test>::contains_key(**id)).copied().collect();
        assert_eq!(kept, others[4..]);
        assert_eq!(FORGOTTEN.with_borrow(Clone::clone), vec![ERRAND, 2, 2, 2, 2]);
        run_to(until + 100);
        assert_eq!((Draws::<Test>::iter().count(), ForgottenTo::<Test>::get()), (0, others[8]));
        assert_noop!(show(tee(1), first, prove(tee(1), H256::zero())), Error::<Test>::UnknownDraw);
    });
}

#[test]
fn an_abandoned_draw_takes_no_claim_and_ends_once() {
    let (mut chain, id) = draw(2, 1);
    chain.execute_with(|| {
        Sortition::abandon(id);
        assert_noop!(claim(1, id), Error::<Test>::NotOpen);
        DRAWN.with_borrow_mut(Vec::clear);
        run_to(100);
        assert!(DRAWN.with_borrow(Vec::is_empty));
    });
}

#[test]
fn more_draws_than_a_block_moves_on_all_move_on() {
    let (mut chain, _) = draw(1, 1);
    chain.execute_with(|| {
        let ids: Vec<_> = (0..20).map(|_| Sortition::open(SUBJECT, 1)).collect();
        let seeded = || ids.iter().filter(|id| Draws::<Test>::get(id).unwrap().round.is_some()).count();
        run_to(System::block_number() + 1);
        assert_eq!(seeded(), 3);
        run_to(System::block_number() + 30);
        assert_eq!(seeded(), 20);
    });
}

#[test]
fn of_ten_thousand_nodes_about_three_may_claim_and_one_draw_in_twenty_goes_on_without_any() {
    let threshold = lot::threshold(10_000, EXPECTED_CLAIMS);
    let mut counts = Vec::new();
    for seed in 0u64..100 {
        // A lot is a hash, so a hash stands for it here: ten thousand VRFs would only take longer.
        let lots = (0u64..10_000).map(|node| {
            let hash = (seed, node).using_encoded(blake2_256);
            u128::from_le_bytes(core::array::from_fn(|at| hash[at]))
        });
        counts.push(lots.filter(|lot| *lot < threshold).count());
    }
    let mean = counts.iter().sum::<usize>() as f64 / 100.0;
    let without = counts.iter().filter(|count| **count == 0).count();
    assert!((2.5..3.5).contains(&mean), "{mean}");
    // e^-3 of a hundred is five.
    assert!((1..=12).contains(&without), "{without}");
    assert!(counts.iter().all(|count| *count < 15), "{counts:?}");
    assert_eq!(lot::threshold(8, 8), u128::MAX);
    assert_eq!(lot::threshold(0, 8), u128::MAX);
}

mod committees {
    use super::*;
    use tea_nodes::{Appraisals, Reason, Status, SEATS};

    /// The node that wants to join, and its operator.
    const CANDIDATE: u64 = 30;

    /// Nodes 1 to `operators`, each of the operator with its number, of age; and a candidate whose draw has its seed.
    fn candidate_among(operators: u64) -> (TestExternalities, DrawId) {
        let (mut chain, _) = draw(1, 1);
        let id = chain.execute_with(|| {
            for number in 2..=operators {
                let committee: Vec<u64> = (1..number).take(SEATS as usize).collect();
                join_for(number, number, &committee);
            }
            run_to(System::block_number() + KEY_AGE);
            open()
        });
        (chain, id)
    }

    fn open() -> DrawId {
        register(CANDIDATE, CANDIDATE);
        run_to(System::block_number() + 1);
        LastId::<Test>::get()
    }

    fn members() -> Vec<NodeId> {
        Appraisals::<Test>::get(appraisal(CANDIDATE)).unwrap().seats.iter().map(|seat| seat.node).collect()
    }

    fn status() -> (Status, Reason) {
        let node = tea_nodes::Nodes::<Test>::get(id_of(CANDIDATE)).unwrap();
        (node.status, node.reason)
    }

    #[test]
    fn the_four_lowest_lots_are_seated_three_passes_admit_and_who_voted_is_paid() {
        let (mut chain, id) = candidate_among(8);
        chain.execute_with(|| {
            let mut by_lot: Vec<u64> = (1..=8).collect();
            by_lot.sort_by_key(|number| lot_of(*number, round(id).seed));
            for number in 1..=8 {
                let _ = claim(number, id);
            }
            run_to(round(id).closes_at);
            let expected: Vec<NodeId> = by_lot[..4].iter().map(|number| id_of(*number)).collect();
            assert_eq!(members(), expected);
            assert_noop!(vote(by_lot[4], CANDIDATE, true), tea_nodes::Error::<Test>::NotAMember);
            let before = Balances::free_balance(by_lot[0]);
            assert_ok!(vote(by_lot[3], CANDIDATE, false));
            for number in &by_lot[..3] {
                assert_ok!(vote(*number, CANDIDATE, true));
            }
            assert_eq!(status(), (Status::Active, Reason::Admitted));
            assert_eq!(Balances::free_balance(by_lot[0]), before + FEE);
            assert_ok!(Nodes::do_try_state());
        });
    }

    #[test]
    fn neither_the_candidate_nor_its_operators_nodes_claim_a_seat() {
        let (mut chain, _) = draw(2, 1);
        chain.execute_with(|| {
            join_for(CANDIDATE, 31, &[1]);
            run_to(System::block_number() + KEY_AGE);
            let id = open();
            assert_noop!(claim(CANDIDATE, id), Error::<Test>::NotActive);
            assert_noop!(claim(31, id), Error::<Test>::NotEligible);
            assert_ok!(claim(1, id));
        });
    }

    #[test]
    fn an_operator_has_one_seat_with_the_lowest_of_its_lots() {
        let (mut chain, _) = draw(1, 1);
        chain.execute_with(|| {
            for number in 2..=5 {
                join_for(number, number, &(1..number).take(4).collect::<Vec<_>>());
            }
            for number in 11..=16 {
                join_for(2, number, &[1, 3, 4, 5]);
            }
            run_to(System::block_number() + KEY_AGE);
            let id = open();
            let seed = round(id).seed;
            let mut own: Vec<u64> = (11..=16).chain([2]).collect();
            own.sort_by_key(|number| lot_of(*number, seed));
            assert_ok!(claim(own[3], id));
            assert_noop!(claim(own[5], id), Error::<Test>::RivalClaimed);
            assert_ok!(claim(own[0], id));
            assert_noop!(claim(own[1], id), Error::<Test>::RivalClaimed);
            assert_eq!(Draws::<Test>::get(id).unwrap().claims.len(), 1);
            for number in [1, 3, 4] {
                assert_ok!(claim(number, id));
            }
            // Five operators may sit, so the draw waits for the fifth.
            assert!(!Draws::<Test>::get(id).unwrap().ended);
            run_to(round(id).closes_at);
            assert!(members().contains(&id_of(own[0])));
            assert_eq!(members().len(), 4);
        });
    }

    #[test]
    fn with_too_few_claims_the_draw_goes_on_with_a_new_seed_and_none_of_the_old_claims() {
        let (mut chain, id) = candidate_among(6);
        chain.execute_with(|| {
            let first = round(id);
            for number in 1..=3 {
                assert_ok!(claim(number, id));
            }
            run_to(first.closes_at);
            let second = Draws::<Test>::get(id).unwrap();
            assert_eq!((round(id).number, second.claims.len(), second.ended), (1, 0, false));
            assert_ne!(round(id).seed, first.seed);
            for number in 3..=6 {
                assert_ok!(claim(number, id));
            }
            run_to(round(id).closes_at);
            assert_eq!(members().len(), 4);
        });
    }

    #[test]
    fn without_enough_claims_in_any_round_the_candidate_has_its_fee_back_and_may_try_again() {
        let (mut chain, id) = candidate_among(5);
        chain.execute_with(|| {
            let before = Balances::free_balance(CANDIDATE);
            run_to(round(id).fixed_at + u64::from(MAX_ROUNDS) * WINDOW);
            assert_eq!(status(), (Status::Expired, Reason::NoCommittee));
            assert_eq!(Balances::free_balance(CANDIDATE), before + 4 * FEE);
            assert_ok!(Nodes::do_try_state());
        });
    }

    #[test]
    fn a_small_network_seats_whom_it_has_as_soon_as_all_have_claimed() {
        let (mut chain, id) = candidate_among(2);
        chain.execute_with(|| {
            assert_ok!(claim(1, id));
            assert!(members().is_empty());
            assert_ok!(claim(2, id));
            assert_eq!(members().len(), 2);
            assert_ok!(vote(1, CANDIDATE, true));
            assert_ok!(vote(2, CANDIDATE, true));
            assert_eq!(status().0, Status::Active);
        });
    }

    #[test]
    fn a_seat_is_claimed_with_a_key_of_age_and_a_lot_of_this_draw_only() {
        let (mut chain, id) = candidate_among(5);
        chain.execute_with(|| {
            let other = prove(tee(1), H256::repeat_byte(9));
            assert_noop!(show(tee(1), id, other), Error::<Test>::BadProof);
            let foreign = prove(tee(2), round(id).seed);
            assert_noop!(show(tee(1), id, foreign), Error::<Test>::BadProof);
            join_for(6, 6, &[1, 2, 3, 4]);
            assert_noop!(claim(6, id), Error::<Test>::KeyTooYoung);
        });
    }

    #[test]
    fn a_candidate_who_leaves_takes_its_draw_along() {
        let (mut chain, id) = candidate_among(5);
        chain.execute_with(|| {
            assert_ok!(claim(1, id));
            assert_ok!(Nodes::exit(RuntimeOrigin::signed(CANDIDATE), id_of(CANDIDATE)));
            assert_noop!(claim(2, id), Error::<Test>::NotOpen);
            run_to(100);
            assert!(members().is_empty());
        });
    }
}

/// What a claim costs does not depend on how many nodes there are: it reads and writes the same keys among ten as among ten thousand.
#[test]
fn a_claim_touches_as_much_storage_among_ten_nodes_as_among_ten_thousand() {
    let touched = |nodes: u64| {
        let (mut chain, id) = draw(1, 1);
        chain.execute_with(|| {
            let mut profile = tea_nodes::Nodes::<Test>::get(id_of(1)).unwrap();
            for number in 2..=nodes {
                (profile.operator, profile.tee_account) = (number, tee(number));
                tea_nodes::Nodes::<Test>::insert(id_of(number), &profile);
                tea_nodes::TeeAccounts::<Test>::insert(tee(number), id_of(number));
            }
            // What the round says of the size of the network is all a claim learns of it.
            Draws::<Test>::mutate(id, |draw| {
                let round = draw.as_mut().and_then(|draw| draw.round.as_mut()).unwrap();
                round.electorate = nodes as u32;
                round.threshold = u128::MAX;
            });
        });
        chain.commit_all().unwrap();
        chain.execute_with(|| {
            polkadot_sdk::sp_io::storage::start_transaction();
            let proof = prove(tee(1), round(id).seed);
            let begun = std::time::Instant::now();
            assert_ok!(Sortition::claim(RuntimeOrigin::signed(tee(1)), id, proof));
            let took = begun.elapsed();
            polkadot_sdk::sp_io::storage::rollback_transaction();
            took
        })
    };
    let best = |nodes: u64| (0..5).map(|_| touched(nodes)).min().unwrap();
    let (few, many) = (best(10), best(10_000));
    println!("a claim among 10 nodes: {few:?}, among 10,000: {many:?}");
    assert!(many < few * 3, "{few:?} among ten, {many:?} among ten thousand");
}
