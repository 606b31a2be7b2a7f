//! Nodes: whose they are, where they stand, and what changes that. Appraisals: `tests/appraisals.rs`.

mod appraisals;
mod records;
mod renewals;

use super::*;
use core::cell::RefCell;
use polkadot_sdk::{
    frame_support::{
        assert_noop, assert_ok, derive_impl,
        traits::{ConstU128, ConstU32, ConstU64, Hooks},
    },
    pallet_balances,
    sp_io::TestExternalities,
    sp_runtime::{testing::TestSignature, traits::IdentityLookup, BuildStorage, TokenError},
};

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
    pub type Registry = crate;
}

#[derive_impl(frame_system::config_preludes::TestDefaultConfig)]
impl polkadot_sdk::frame_system::Config for Test {
    type Block = Block;
    type AccountId = u64;
    type Lookup = IdentityLookup<u64>;
    type AccountData = pallet_balances::AccountData<Balance>;
}

#[derive_impl(pallet_balances::config_preludes::TestDefaultConfig)]
impl pallet_balances::Config for Test {
    type AccountStore = System;
    type Balance = Balance;
    type ExistentialDeposit = ConstU128<10>;
}

const STAKE: Balance = 1_000;
const PERIOD: u64 = 20;
const LIFETIME: u64 = 1_000;
const VOTE_PERIOD: u64 = 7;
const UNBONDING: u64 = 30;
const FEE: Balance = 20;
const RETENTION: u64 = 1_500;

thread_local! {
    /// Draws that were opened, with their appraisal and seats, and those that were abandoned.
    static OPENED: RefCell<Vec<(AppraisalId, u32)>> = const { RefCell::new(Vec::new()) };
    static ABANDONED: RefCell<Vec<u64>> = const { RefCell::new(Vec::new()) };
}

/// Stands for sortition: tests say who was drawn.
pub struct Drawn;

impl Lots for Drawn {
    fn open(appraisal: AppraisalId, seats: u32) -> u64 {
        OPENED.with_borrow_mut(|opened| {
            opened.push((appraisal, seats));
            opened.len() as u64
        })
    }
    fn abandon(draw: u64) {
        ABANDONED.with_borrow_mut(|abandoned| abandoned.push(draw));
    }
}

impl Config for Test {
    type Currency = Balances;
    type RuntimeHoldReason = RuntimeHoldReason;
    type TeeSignature = TestSignature;
    type Lots = Drawn;
    type Stake = ConstU128<STAKE>;
    type MaxActive = ConstU32<30>;
    type MaxDuePerBlock = ConstU32<5>;
    type Retention = ConstU64<RETENTION>;
    type WeightInfo = ();
}

const FOUNDER: u64 = 1;
/// Founded the network too, and has no node in most tests.
const OTHER_FOUNDER: u64 = 39;
const STRANGER: u64 = 999;

fn chain() -> TestExternalities {
    let genesis = RuntimeGenesisConfig {
        balances: pallet_balances::GenesisConfig {
            balances: (1..40).map(|account| (account, 1_000_000)).collect(),
            ..Default::default()
        },
        registry: GenesisConfig {
            founding_operators: vec![FOUNDER, OTHER_FOUNDER],
            founding_nodes: Vec::new(),
            heartbeat_period: PERIOD,
            evidence_lifetime: LIFETIME,
            vote_period: VOTE_PERIOD,
            unbonding_period: UNBONDING,
            appraisal_fee: FEE,
        },
        ..Default::default()
    };
    let mut chain: TestExternalities = genesis.build_storage().unwrap().into();
    chain.execute_with(|| {
        System::set_block_number(1);
        DueFrom::<Test>::put(1);
        AppraisalsDueFrom::<Test>::put(1);
    });
    chain
}

fn signed(who: u64) -> RuntimeOrigin {
    RuntimeOrigin::signed(who)
}

fn node(number: u64) -> NodeId {
    H256::from_low_u64_be(number)
}

/// The TEE account of node `number`.
fn tee(number: u64) -> u64 {
    10_000 + number
}

fn cid() -> Cid {
    BoundedVec::truncate_from(vec![1; 36])
}

fn consent(tee_account: u64, id: NodeId, operator: u64) -> TestSignature {
    TestSignature(tee_account, Registry::consent_message(id, &operator))
}

fn register(operator: u64, number: u64) -> DispatchResult {
    let (digest, class) = (H256::repeat_byte(3), TrustClass::Simulated);
    let (id, account) = (node(number), tee(number));
    let signature = consent(account, id, operator);
    Registry::register(signed(operator), id, account, operator, cid(), digest, class, 100, signature)
}

fn vote(voter: u64, number: u64, pass: bool) -> DispatchResult {
    let evidence = Nodes::<Test>::get(node(number)).map_or(H256::zero(), |node| node.evidence_digest);
    vote_on(evidence, voter, number, pass)
}

fn vote_on(evidence: H256, voter: u64, number: u64, pass: bool) -> DispatchResult {
    plainly(Registry::vote(signed(tee(voter)), node(number), evidence, pass, H256::zero()))
}

/// A call's result without what it weighed.
fn plainly(called: DispatchResultWithPostInfo) -> DispatchResult {
    called.map(|_| ()).map_err(|refused| refused.error)
}

fn may_sit(id: AppraisalId, number: u64) -> bool {
    Nodes::<Test>::get(node(number)).is_some_and(|profile| Registry::may_sit(id, node(number), &profile.operator))
}

fn profile(number: u64) -> NodeOf<Test> {
    Nodes::<Test>::get(node(number)).unwrap()
}

fn status(number: u64) -> Status {
    profile(number).status
}

fn appraisal(number: u64) -> AppraisalOf<Test> {
    Appraisals::<Test>::get(profile(number).appraisal).unwrap()
}

/// Who was drawn for the committee of node `number`.
fn seat(number: u64, members: &[u64]) {
    Registry::seat(profile(number).appraisal, members.iter().map(|member| node(*member)));
}

/// Makes nodes Active up to number `count`, each of the operator with the same number; 1 is the founder's. The committee of each is of
/// the first four.
fn network(count: u64) {
    let from = ActiveNodes::<Test>::decode_len().unwrap_or(0) as u64 + 1;
    for number in from..=count {
        assert_ok!(register(number, number));
        let members: Vec<u64> = if number == FOUNDER { vec![FOUNDER] } else { (1..number).take(4).collect() };
        if number != FOUNDER {
            seat(number, &members);
        }
        for voter in members {
            assert_ok!(vote(voter, number, true));
        }
        assert_eq!(status(number), Status::Active);
    }
}

fn run_to(block: u64) {
    while System::block_number() < block {
        let next = System::block_number() + 1;
        System::set_block_number(next);
        Registry::on_initialize(next);
        Registry::do_try_state().unwrap();
    }
}

#[test]
fn refuses_a_node_id_or_a_tee_account_that_is_taken() {
    chain().execute_with(|| {
        assert_ok!(register(2, 2));
        assert_noop!(register(3, 2), Error::<Test>::NodeIdTaken);
        let again = |operator: u64, id: u64, tee_account: u64| {
            let (digest, class) = (H256::zero(), TrustClass::Tpm);
            let signature = consent(tee_account, node(id), operator);
            Registry::register(signed(operator), node(id), tee_account, 5, cid(), digest, class, 1, signature)
        };
        assert_noop!(again(3, 3, tee(2)), Error::<Test>::TeeAccountTaken);
        assert_noop!(again(3, 3, 3), Error::<Test>::TeeAccountIsOperator);
        Registry::do_try_state().unwrap();
    });
}

#[test]
fn refuses_an_operator_who_cannot_stake() {
    chain().execute_with(|| {
        assert_noop!(register(STRANGER, 2), TokenError::FundsUnavailable);
        assert_ok!(Balances::force_set_balance(RuntimeOrigin::root(), STRANGER, STAKE + FEE + 9));
        assert_noop!(register(STRANGER, 2), TokenError::FundsUnavailable);
        assert_ok!(Balances::force_set_balance(RuntimeOrigin::root(), STRANGER, STAKE + FEE + 10));
        assert_ok!(register(STRANGER, 2));
    });
}

#[test]
fn nobody_but_the_operator_changes_a_profile() {
    chain().execute_with(|| {
        network(2);
        for who in [STRANGER, tee(1), FOUNDER] {
            let update = Registry::update_evidence(signed(who), node(2), cid(), H256::zero(), TrustClass::Tpm);
            assert_noop!(update, Error::<Test>::NotOperator);
        }
        for who in [STRANGER, tee(2), FOUNDER] {
            assert_noop!(Registry::set_gas_price(signed(who), node(2), 1), Error::<Test>::NotOperator);
            assert_noop!(Registry::exit(signed(who), node(2)), Error::<Test>::NotOperator);
        }
        assert_noop!(Registry::exit(RuntimeOrigin::root(), node(2)), DispatchError::BadOrigin);
        assert_noop!(Registry::exit(RuntimeOrigin::none(), node(2)), DispatchError::BadOrigin);
    });
}

#[test]
fn only_the_operator_says_where_a_node_is_reached_and_only_in_print() {
    chain().execute_with(|| {
        network(1);
        let transports = |urls: &[&[u8]]| -> Transports {
            BoundedVec::truncate_from(urls.iter().map(|url| BoundedVec::truncate_from(url.to_vec())).collect())
        };
        let good = transports(&[b"wss://tea.example:443/", b"nkn:abc"]);
        for who in [STRANGER, tee(1)] {
            assert_noop!(
                Registry::set_transports(signed(who), node(1), good.clone(), false),
                Error::<Test>::NotOperator
            );
        }
        assert_noop!(Registry::set_transports(signed(1), node(2), good.clone(), false), Error::<Test>::UnknownNode);
        for bad in [b"".as_slice(), b"with space", b"\n", b"\xff"] {
            let urls = transports(&[b"wss://a", bad]);
            assert_noop!(Registry::set_transports(signed(1), node(1), urls, false), Error::<Test>::BadTransport);
        }
        let nowhere = Registry::set_transports(signed(1), node(1), Transports::default(), true);
        assert_noop!(nowhere, Error::<Test>::BootstrapWithoutTransport);
        assert_ok!(Registry::set_transports(signed(1), node(1), good.clone(), true));
        assert_eq!((profile(1).transports, profile(1).bootstrap), (good, true));
        assert_ok!(Registry::set_transports(signed(1), node(1), Transports::default(), false));
        assert_eq!(status(1), Status::Active);
    });
}

#[test]
fn the_active_list_is_in_the_order_of_ids_and_follows_prices() {
    chain().execute_with(|| {
        network(6);
        assert_ok!(Registry::set_gas_price(signed(3), node(3), 7));
        let listed: Vec<_> =
            ActiveNodes::<Test>::get().into_iter().map(|active| (active.id, active.gas_price)).collect();
        let expected: Vec<_> = (1..=6).map(|number| (node(number), if number == 3 { 7 } else { 100 })).collect();
        assert_eq!(listed, expected);
    });
}

#[test]
fn a_silent_node_lapses_at_the_end_of_its_period_and_not_a_block_before() {
    chain().execute_with(|| {
        network(1);
        run_to(PERIOD);
        assert_eq!(status(1), Status::Active);
        run_to(PERIOD + 1);
        assert_eq!(status(1), Status::Inactive);
        assert!(ActiveNodes::<Test>::get().is_empty());
    });
}

#[test]
fn heartbeats_keep_a_node_active_and_bring_a_lapsed_one_back() {
    chain().execute_with(|| {
        network(1);
        for block in (15..200).step_by(15) {
            run_to(block);
            assert_ok!(Registry::heartbeat(signed(tee(1))));
            assert_eq!(status(1), Status::Active);
        }
        run_to(300);
        assert_eq!(status(1), Status::Inactive);
        assert_ok!(Registry::heartbeat(signed(tee(1))));
        assert_eq!(status(1), Status::Active);
        run_to(310);
        assert_eq!(Due::<Test>::iter_keys().count(), 1);
    });
}

#[test]
fn a_heartbeat_admits_nobody_and_comes_from_nobody_else() {
    chain().execute_with(|| {
        network(1);
        assert_ok!(register(2, 2));
        assert_ok!(Registry::heartbeat(signed(tee(2))));
        assert_eq!(status(2), Status::Pending);
        assert_noop!(Registry::heartbeat(signed(2)), Error::<Test>::NotTeeAccount);
        seat(2, &[1]);
        assert_ok!(vote(1, 2, false));
        assert_ok!(Registry::heartbeat(signed(tee(2))));
        assert_eq!(status(2), Status::Refused);
    });
}

#[test]
fn heartbeats_too_often_cost_their_fee() {
    chain().execute_with(|| {
        network(1);
        run_to(6);
        assert_eq!(Registry::heartbeat(signed(tee(1))).unwrap().pays_fee, Pays::No);
        assert_eq!(Registry::heartbeat(signed(tee(1))).unwrap().pays_fee, Pays::Yes);
    });
}

#[test]
fn more_silent_nodes_than_a_block_can_take_all_lapse_and_none_is_lost() {
    chain().execute_with(|| {
        network(28);
        run_to(PERIOD + 1);
        assert_eq!(ActiveNodes::<Test>::get().len(), 28 - 5);
        run_to(PERIOD + 10);
        assert!(ActiveNodes::<Test>::get().is_empty());
        // Their evidence still gets old.
        assert_eq!(Due::<Test>::iter_keys().count(), 28);
    });
}

#[test]
fn evidence_gets_too_old_whatever_the_heartbeats_and_new_evidence_brings_the_node_back() {
    chain().execute_with(|| {
        network(2);
        let expires_at = profile(2).expires_at;
        while System::block_number() < expires_at - 1 {
            run_to((System::block_number() + 10).min(expires_at - 1));
            for number in [1, 2] {
                assert_ok!(Registry::heartbeat(signed(tee(number))));
            }
        }
        assert_eq!(status(2), Status::Active);
        run_to(expires_at + 1);
        assert_eq!((status(2), profile(2).reason), (Status::Expired, Reason::EvidenceTooOld));
        assert!(ActiveNodes::<Test>::get().is_empty());
        assert_ok!(Registry::heartbeat(signed(tee(2))));
        assert_eq!(status(2), Status::Expired);

        let update = |number: u64| {
            Registry::update_evidence(signed(number), node(number), cid(), H256::repeat_byte(9), TrustClass::Vtpm)
        };
        assert_ok!(update(1));
        assert_ok!(vote(1, 1, true));
        assert_ok!(update(2));
        seat(2, &[1]);
        assert_ok!(vote(1, 2, true));
        assert_eq!((status(2), profile(2).reason), (Status::Active, Reason::Admitted));
        assert_eq!(profile(2).expires_at, System::block_number() + LIFETIME);
    });
}

#[test]
fn a_silent_node_whose_evidence_got_old_is_expired_and_not_only_silent() {
    chain().execute_with(|| {
        network(1);
        run_to(PERIOD + 2);
        assert_eq!((status(1), profile(1).reason), (Status::Inactive, Reason::Silent));
        run_to(LIFETIME + 2);
        assert_eq!((status(1), profile(1).reason), (Status::Expired, Reason::EvidenceTooOld));
    });
}

#[test]
fn a_full_active_list_admits_nobody_and_loses_nobody() {
    chain().execute_with(|| {
        network(30);
        assert_ok!(register(31, 31));
        seat(31, &[1, 2, 3, 4]);
        assert_ok!(vote(1, 31, true));
        assert_ok!(vote(2, 31, true));
        assert_noop!(vote(3, 31, true), Error::<Test>::TooManyActive);
        assert_eq!(ActiveNodes::<Test>::get().len(), 30);
        assert_ok!(Registry::exit(signed(30), node(30)));
        assert_ok!(vote(3, 31, true));
        assert_eq!(status(31), Status::Active);
    });
}

#[test]
fn the_stake_returns_once_after_the_unbonding_period_which_frees_id_and_account() {
    chain().execute_with(|| {
        let before = Balances::free_balance(2);
        network(2);
        assert_eq!(Balances::free_balance(2), before - STAKE - FEE);
        assert_ok!(Registry::exit(signed(2), node(2)));
        assert_eq!((status(2), profile(2).reason), (Status::Exiting, Reason::Left));
        assert!(ActiveNodes::<Test>::get().iter().all(|active| active.id != node(2)));
        // Whoever left doesn't come back by the side door, nor sooner.
        assert_noop!(Registry::exit(signed(2), node(2)), Error::<Test>::Leaving);
        assert_noop!(Registry::set_gas_price(signed(2), node(2), 1), Error::<Test>::Leaving);
        let update = Registry::update_evidence(signed(2), node(2), cid(), H256::zero(), TrustClass::Tpm);
        assert_noop!(update, Error::<Test>::Leaving);
        assert_ok!(Registry::heartbeat(signed(tee(2))));
        assert_eq!(status(2), Status::Exiting);
        assert_noop!(register(3, 2), Error::<Test>::NodeIdTaken);
        run_to(1 + UNBONDING - 1);
        assert_eq!(Balances::free_balance(2), before - STAKE - FEE);
        run_to(1 + UNBONDING);
        assert_eq!(Balances::free_balance(2), before - FEE);
        assert_noop!(Registry::exit(signed(2), node(2)), Error::<Test>::UnknownNode);
        assert_noop!(Registry::heartbeat(signed(tee(2))), Error::<Test>::NotTeeAccount);
        Registry::do_try_state().unwrap();
        assert_ok!(register(3, 2));
        assert_eq!(status(2), Status::Pending);
    });
}

#[test]
fn nobody_registers_a_node_without_the_consent_of_its_tee() {
    chain().execute_with(|| {
        let id = node(2);
        let attempt = |operator: u64, signature: TestSignature| {
            let (digest, class) = (H256::zero(), TrustClass::Tpm);
            Registry::register(signed(operator), id, tee(2), operator, cid(), digest, class, 1, signature)
        };
        let message = |operator: u64| Registry::consent_message(id, &operator);
        let elsewhere = (CONSENT_DOMAIN, H256::repeat_byte(1), id, 2u64).encode();
        for signature in [
            TestSignature(tee(3), message(2)),                             // by another account
            TestSignature(2, message(2)),                                  // by the operator itself
            TestSignature(tee(2), message(3)),                             // to another operator
            TestSignature(tee(2), Registry::consent_message(node(3), &2)), // about another node
            TestSignature(tee(2), elsewhere),                              // on another chain
            TestSignature(tee(2), Vec::new()),
        ] {
            assert_noop!(attempt(2, signature), Error::<Test>::BadConsent);
        }
        assert_noop!(attempt(3, TestSignature(tee(2), message(2))), Error::<Test>::BadConsent);
        assert_ok!(attempt(2, TestSignature(tee(2), message(2))));
    });
}

#[test]
fn a_squatted_id_is_its_owners_again_once_the_committee_refused_the_squatter() {
    chain().execute_with(|| {
        network(4);
        let squat = |operator: u64, account: u64| {
            let signature = consent(account, node(9), operator);
            let (digest, class) = (H256::repeat_byte(4), TrustClass::Simulated);
            Registry::register(signed(operator), node(9), account, operator, cid(), digest, class, 1, signature)
        };
        let before = Balances::free_balance(8);
        assert_ok!(squat(8, 666));
        assert_noop!(register(9, 9), Error::<Test>::NodeIdTaken);
        seat(9, &[1, 2, 3, 4]);
        for voter in [1, 2, 3] {
            assert_ok!(vote(voter, 9, false));
        }
        assert_ok!(register(9, 9));
        assert_eq!((profile(9).operator, status(9)), (9, Status::Pending));
        assert_eq!(TeeAccounts::<Test>::get(666), None);
        // The squatter paid who judged it, and has the rest again.
        assert_eq!(Balances::free_balance(8), before - 3 * FEE);
        Registry::do_try_state().unwrap();
        // An id that was once admitted isn't given away, however its evidence fares now.
        let update = Registry::update_evidence(signed(2), node(2), cid(), H256::zero(), TrustClass::Tpm);
        assert_ok!(update);
        seat(2, &[1, 3, 4]);
        assert_ok!(vote(1, 2, false));
        assert_ok!(vote(3, 2, false));
        assert_eq!(status(2), Status::Inactive);
        assert_noop!(squat_of(2, 8, 667), Error::<Test>::NodeIdTaken);
    });

    fn squat_of(number: u64, operator: u64, account: u64) -> DispatchResult {
        let signature = consent(account, node(number), operator);
        let (digest, class) = (H256::repeat_byte(4), TrustClass::Simulated);
        Registry::register(signed(operator), node(number), account, operator, cid(), digest, class, 1, signature)
    }
}

#[test]
fn nodes_of_the_genesis_are_active_founding_and_staked_for() {
    let founding = |number: u64| FoundingNode {
        id: node(number),
        operator: number,
        tee_account: tee(number),
        host_account: number,
        class: TrustClass::Tpm,
        evidence_cid: vec![1; 36].into(),
        evidence_digest: H256::repeat_byte(1),
        gas_price: 5,
    };
    let genesis = |nodes: &[u64]| RuntimeGenesisConfig {
        balances: pallet_balances::GenesisConfig {
            balances: (1..6).map(|account| (account, 10_000)).collect(),
            ..Default::default()
        },
        registry: GenesisConfig {
            founding_nodes: nodes.iter().map(|number| founding(*number)).collect(),
            ..Default::default()
        },
        ..Default::default()
    };
    let mut chain: TestExternalities = genesis(&[1, 2, 3, 4, 5]).build_storage().unwrap().into();
    chain.execute_with(|| {
        Registry::do_try_state().unwrap();
        assert_eq!(ActiveNodes::<Test>::get().len(), 5);
        assert!((1..=5).all(|number| profile(number).founding && status(number) == Status::Active));
        assert_eq!(Balances::free_balance(1), 10_000 - STAKE);
    });
    assert!(std::panic::catch_unwind(|| genesis(&[1, 1]).build_storage()).is_err(), "the same id twice");
    assert!(std::panic::catch_unwind(|| genesis(&[9]).build_storage()).is_err(), "without a stake");
}

/// Any sequence of calls by anybody keeps lists, indexes, stakes, fees and issuance in order.
#[test]
fn thousands_of_random_calls_keep_the_registry_in_order() {
    let mut random = 0x2545_f491_4f6c_dd1du64;
    let mut below = |bound: u64| {
        random ^= random << 13;
        random ^= random >> 7;
        random ^= random << 17;
        random % bound
    };
    chain().execute_with(|| {
        network(6);
        let issuance = Balances::total_issuance();
        for step in 0..5_000 {
            let (number, other) = (1 + below(12), 1 + below(12));
            // What a refusal changes is nothing, as `assert_noop` shows elsewhere; here only the state matters.
            let _ = match below(10) {
                0 => register(other, number),
                1..=3 => vote(other, number, below(4) > 0),
                4 => plainly(Registry::heartbeat(signed(tee(number)))),
                5 => plainly(Registry::set_gas_price(signed(other), node(number), below(500).into())),
                6 => {
                    let class = TrustClass::Tpm;
                    plainly(Registry::update_evidence(signed(other), node(number), cid(), H256::zero(), class))
                }
                7 if below(4) == 0 => plainly(Registry::exit(signed(other), node(number))),
                8 => {
                    let id = LastAppraisal::<Test>::get();
                    let may = |member: &u64| may_sit(id, *member);
                    if Appraisals::<Test>::get(id).is_some_and(|open| open.closed_at.is_none() && open.seats.is_empty())
                    {
                        Registry::seat(id, (1..13).filter(may).take(4).map(node));
                    }
                    Ok(())
                }
                _ => {
                    run_to(System::block_number() + 1 + below(3));
                    Ok(())
                }
            };
            Registry::do_try_state().unwrap_or_else(|broken| panic!("step {step}: {broken}"));
            assert_eq!(Balances::total_issuance(), issuance);
        }
    });
}
