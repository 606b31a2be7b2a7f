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
    sp_runtime::{traits::IdentityLookup, BuildStorage},
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
    type Stake = ConstU128<100>;
    type MaxActive = ConstU32<1_000>;
    type MaxDuePerBlock = ConstU32<100>;
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
    static DRAWN: RefCell<Vec<(Subject, Vec<NodeId>)>> = const { RefCell::new(Vec::new()) };
}

const BARRED: u64 = 13;

pub struct Recorder;

impl Electorate<u64> for Recorder {
    fn may_claim(_: Subject, node: NodeId) -> bool {
        node != id_of(BARRED)
    }
    fn drawn(subject: Subject, draw: &Draw<u64>) {
        let winners = draw.claims.iter().map(|claim| claim.node).collect();
        DRAWN.with_borrow_mut(|drawn| drawn.push((subject, winners)));
    }
}

const WINDOW: u64 = 5;
const KEY_AGE: u64 = 10;

impl Config for Test {
    type KeyOf = KeyOfNumber;
    type Electorate = Recorder;
    type Window = ConstU64<WINDOW>;
    type KeyAge = ConstU64<KEY_AGE>;
    type MaxDuePerBlock = ConstU32<3>;
}

const OPERATOR: u64 = 1;
const SUBJECT: Subject = Subject::Executor(1);

fn id_of(number: u64) -> NodeId {
    H256::from_low_u64_be(number)
}

fn tee(number: u64) -> u64 {
    10_000 + number
}

fn join(number: u64) {
    let (id, account, cid) = (id_of(number), tee(number), BoundedVec::truncate_from(vec![1]));
    let class = TrustClass::Simulated;
    assert_ok!(Nodes::register(RuntimeOrigin::signed(OPERATOR), id, account, OPERATOR, cid, H256::zero(), class, 1));
    assert_ok!(Nodes::vote(RuntimeOrigin::signed(account), id, H256::zero(), true, H256::zero()));
}

/// A chain with `nodes` Active nodes of age, and a draw with `seats` seats that has its seed.
fn draw(nodes: u64, seats: u32) -> (TestExternalities, DrawId) {
    let genesis = RuntimeGenesisConfig {
        balances: pallet_balances::GenesisConfig { balances: vec![(OPERATOR, 1_000_000)], ..Default::default() },
        nodes: tea_nodes::GenesisConfig { founding_operators: vec![OPERATOR], heartbeat_period: 100_000 },
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
        let open = Draws::<Test>::iter().filter(|(_, draw)| !draw.ended).count();
        assert_eq!(Due::<Test>::iter_keys().count(), open, "each open draw is due once");
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

fn claim(number: u64, id: DrawId) -> Result<(), DispatchError> {
    let proof = prove(tee(number), round(id).seed);
    Sortition::claim(RuntimeOrigin::signed(tee(number)), id, proof).map(|_| ()).map_err(|refused| refused.error)
}

#[test]
fn refuses_a_proof_of_another_key_another_draw_or_with_any_byte_changed() {
    let (mut chain, id) = draw(3, 1);
    chain.execute_with(|| {
        let seed = round(id).seed;
        let show = |proof| Sortition::claim(RuntimeOrigin::signed(tee(1)), id, proof);
        assert_noop!(show(prove(tee(2), seed)), Error::<Test>::BadProof);
        assert_noop!(show(prove(tee(1), H256::repeat_byte(1))), Error::<Test>::BadProof);
        assert_noop!(show([0; 96]), Error::<Test>::BadProof);
        assert_noop!(show([255; 96]), Error::<Test>::BadProof);
        for at in 0..96 {
            let mut flipped = prove(tee(1), seed);
            flipped[at] ^= 1;
            assert_noop!(show(flipped), Error::<Test>::BadProof);
        }
        assert_ok!(show(prove(tee(1), seed)));
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
            let refused = Sortition::claim(RuntimeOrigin::signed(who), id, proof(who));
            assert_noop!(refused, Error::<Test>::NotTeeAccount);
        }
        assert_noop!(Sortition::claim(RuntimeOrigin::root(), id, proof(1)), DispatchError::BadOrigin);
        assert_noop!(Sortition::claim(RuntimeOrigin::signed(tee(1)), 99, proof(1)), Error::<Test>::UnknownDraw);
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
fn claims_are_taken_within_the_window_only() {
    let (mut chain, id) = draw(2, 2);
    chain.execute_with(|| {
        let unseeded = Sortition::open(SUBJECT, 1);
        let early = Sortition::claim(RuntimeOrigin::signed(tee(1)), unseeded, prove(tee(1), H256::zero()));
        assert_noop!(early, Error::<Test>::NotOpen);
        assert_ok!(claim(1, id));
        run_to(round(id).closes_at);
        assert_noop!(claim(2, id), Error::<Test>::NotOpen);
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
        assert!(taken > 0 && taken < 25, "{taken}");
    });
}

#[test]
fn the_lowest_lots_win_whatever_the_order_of_claims() {
    for turn in 0..4usize {
        let (mut chain, id) = draw(8, 3);
        chain.execute_with(|| {
            DRAWN.with_borrow_mut(Vec::clear);
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
            assert_eq!(DRAWN.with_borrow(Clone::clone), vec![(SUBJECT, winners)]);
            assert!(Draws::<Test>::get(id).unwrap().ended);
        });
    }
}

#[test]
fn a_draw_without_claims_goes_on_with_another_seed_and_a_higher_threshold() {
    let (mut chain, id) = draw(100, 1);
    chain.execute_with(|| {
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
fn of_ten_thousand_nodes_about_eight_may_claim() {
    let threshold = lot::threshold(10_000, EXPECTED_CLAIMS);
    let mut counts = Vec::new();
    for seed in 0u64..50 {
        // A lot is a hash, so a hash stands for it here: ten thousand VRFs would only take longer.
        let lots = (0u64..10_000).map(|node| {
            let hash = (seed, node).using_encoded(blake2_256);
            u128::from_le_bytes(core::array::from_fn(|at| hash[at]))
        });
        counts.push(lots.filter(|lot| *lot < threshold).count());
    }
    let mean = counts.iter().sum::<usize>() as f64 / 50.0;
    assert!((7.0..9.0).contains(&mean), "{mean}");
    assert!(counts.iter().all(|count| *count < 25), "{counts:?}");
    assert_eq!(lot::threshold(8, 8), u128::MAX);
    assert_eq!(lot::threshold(0, 8), u128::MAX);
}
