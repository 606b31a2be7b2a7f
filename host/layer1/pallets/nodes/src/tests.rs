//! Admission by those who may, and by nobody else.

use super::*;
use polkadot_sdk::{
    frame_support::{
        assert_noop, assert_ok, derive_impl,
        traits::{ConstU128, ConstU32, Hooks},
    },
    pallet_balances,
    sp_io::TestExternalities,
    sp_runtime::{traits::IdentityLookup, BuildStorage, TokenError},
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

impl Config for Test {
    type Currency = Balances;
    type RuntimeHoldReason = RuntimeHoldReason;
    type Stake = ConstU128<STAKE>;
    type MaxActive = ConstU32<30>;
    type MaxDuePerBlock = ConstU32<5>;
}

const FOUNDER: u64 = 1;
const STRANGER: u64 = 999;

fn chain() -> TestExternalities {
    let genesis = RuntimeGenesisConfig {
        balances: pallet_balances::GenesisConfig {
            balances: (1..40).map(|account| (account, 1_000_000)).collect(),
            ..Default::default()
        },
        registry: GenesisConfig { founding_operators: vec![FOUNDER], heartbeat_period: PERIOD },
        ..Default::default()
    };
    let mut chain: TestExternalities = genesis.build_storage().unwrap().into();
    chain.execute_with(|| {
        System::set_block_number(1);
        DueFrom::<Test>::put(1);
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

fn register(operator: u64, number: u64) -> DispatchResult {
    let (digest, class) = (H256::repeat_byte(3), TrustClass::Simulated);
    Registry::register(signed(operator), node(number), tee(number), operator, cid(), digest, class, 100)
}

fn vote(voter: u64, number: u64, pass: bool) -> DispatchResult {
    let evidence = Nodes::<Test>::get(node(number)).map_or(H256::zero(), |node| node.evidence_digest);
    vote_on(evidence, voter, number, pass)
}

fn vote_on(evidence: H256, voter: u64, number: u64, pass: bool) -> DispatchResult {
    Registry::vote(signed(tee(voter)), node(number), evidence, pass, H256::zero())
        .map(|_| ())
        .map_err(|refused| refused.error)
}

fn status(number: u64) -> Status {
    Nodes::<Test>::get(node(number)).unwrap().status
}

/// Makes nodes Active up to number `count`, each of the operator with the same number; 1 is the founder's.
fn network(count: u64) {
    let from = Nodes::<Test>::iter_keys().count() as u64 + 1;
    for number in from..=count {
        assert_ok!(register(number, number));
        for voter in 1..=number {
            if status(number) == Status::Pending && (voter < number || number == FOUNDER) {
                assert_ok!(vote(voter, number, true));
            }
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
            Registry::register(signed(operator), node(id), tee_account, 5, cid(), digest, class, 1)
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
        assert_ok!(Balances::force_set_balance(RuntimeOrigin::root(), STRANGER, STAKE + 9));
        assert_noop!(register(STRANGER, 2), TokenError::FundsUnavailable);
        assert_ok!(Balances::force_set_balance(RuntimeOrigin::root(), STRANGER, STAKE + 10));
        assert_ok!(register(STRANGER, 2));
    });
}

#[test]
fn nobody_but_the_operator_changes_a_profile() {
    chain().execute_with(|| {
        network(2);
        for who in [STRANGER, tee(2), FOUNDER] {
            let update = Registry::update_evidence(signed(who), node(2), cid(), H256::zero(), TrustClass::Tpm);
            assert_noop!(update, Error::<Test>::NotOperator);
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
            assert_noop!(Registry::set_transports(signed(who), node(1), good.clone()), Error::<Test>::NotOperator);
        }
        assert_noop!(Registry::set_transports(signed(1), node(2), good.clone()), Error::<Test>::UnknownNode);
        for bad in [b"".as_slice(), b"with space", b"\n", b"\xff"] {
            let urls = transports(&[b"wss://a", bad]);
            assert_noop!(Registry::set_transports(signed(1), node(1), urls), Error::<Test>::BadTransport);
        }
        assert_ok!(Registry::set_transports(signed(1), node(1), good.clone()));
        assert_eq!(Nodes::<Test>::get(node(1)).unwrap().transports, good);
        assert_ok!(Registry::set_transports(signed(1), node(1), Transports::default()));
        assert_eq!(status(1), Status::Active);
    });
}

#[test]
fn only_tee_accounts_of_active_nodes_vote() {
    chain().execute_with(|| {
        network(2);
        assert_ok!(register(3, 3));
        assert_ok!(register(4, 4));
        assert_noop!(
            Registry::vote(signed(2), node(3), H256::zero(), true, H256::zero()),
            Error::<Test>::NotTeeAccount
        );
        assert_noop!(
            Registry::vote(signed(STRANGER), node(3), H256::zero(), true, H256::zero()),
            Error::<Test>::NotTeeAccount
        );
        assert_noop!(vote(4, 3, true), Error::<Test>::VoterNotActive);
        assert_noop!(vote(3, 3, true), Error::<Test>::VoterNotActive);
        assert_noop!(vote(1, 99, true), Error::<Test>::UnknownNode);
        assert_noop!(vote(1, 2, false), Error::<Test>::NotPending);
    });
}

#[test]
fn only_a_founding_operators_node_admits_itself_and_says_so_for_ever() {
    chain().execute_with(|| {
        assert_ok!(register(2, 2));
        assert_noop!(vote(2, 2, true), Error::<Test>::VoterNotActive);
        assert_ok!(register(FOUNDER, 1));
        assert_ok!(vote(1, 1, true));
        assert!(Nodes::<Test>::get(node(1)).unwrap().founding);
        assert_ok!(vote(1, 2, true));
        assert_eq!(status(2), Status::Active);
        assert!(!Nodes::<Test>::get(node(2)).unwrap().founding);
    });
}

#[test]
fn three_passes_admit_once_there_are_four_operators() {
    chain().execute_with(|| {
        network(4);
        assert_ok!(register(5, 5));
        assert_ok!(vote(1, 5, true));
        assert_ok!(vote(2, 5, true));
        assert_eq!(status(5), Status::Pending);
        assert_noop!(vote(2, 5, true), Error::<Test>::OperatorAlreadyVoted);
        assert_ok!(vote(3, 5, true));
        assert_eq!(status(5), Status::Active);
        assert_noop!(vote(4, 5, false), Error::<Test>::NotPending);
    });
}

#[test]
fn the_quorum_of_smaller_networks_is_a_majority() {
    chain().execute_with(|| {
        for (active, quorum) in [(1, 1), (2, 2), (3, 2), (4, 3), (7, 3)] {
            network(active);
            assert_eq!(Registry::quorum(&STRANGER), quorum, "{active} operators");
        }
    });
}

#[test]
fn one_hostile_vote_neither_admits_nor_removes() {
    chain().execute_with(|| {
        network(4);
        assert_ok!(register(5, 5));
        assert_ok!(vote(4, 5, false));
        assert_eq!(status(5), Status::Pending);
        for voter in [1, 2, 3] {
            assert_ok!(vote(voter, 5, true));
        }
        assert_eq!(status(5), Status::Active);

        assert_ok!(register(6, 6));
        assert_ok!(vote(4, 6, true));
        assert_eq!(status(6), Status::Pending);
        for voter in [1, 2, 3] {
            assert_ok!(vote(voter, 6, false));
        }
        assert_eq!(status(6), Status::Refused);
    });
}

#[test]
fn an_operator_with_many_nodes_has_one_vote_and_none_on_its_own() {
    chain().execute_with(|| {
        network(4);
        for number in [21, 22, 23] {
            assert_ok!(register(2, number));
            assert_noop!(vote(2, number, true), Error::<Test>::OwnOperator);
            for voter in [1, 3, 4] {
                if status(number) == Status::Pending {
                    assert_ok!(vote(voter, number, true));
                }
            }
            assert_eq!(status(number), Status::Active);
        }
        assert_ok!(register(9, 9));
        assert_ok!(vote(2, 9, true));
        for number in [21, 22, 23] {
            assert_noop!(vote(number, 9, true), Error::<Test>::OperatorAlreadyVoted);
        }
        assert_eq!(status(9), Status::Pending);
        Registry::do_try_state().unwrap();
    });
}

#[test]
fn a_vote_on_evidence_that_was_replaced_counts_for_nothing() {
    chain().execute_with(|| {
        network(4);
        assert_ok!(register(9, 9));
        let appraised = Nodes::<Test>::get(node(9)).unwrap().evidence_digest;
        let replaced = H256::repeat_byte(7);
        assert_ok!(Registry::update_evidence(signed(9), node(9), cid(), replaced, TrustClass::Simulated));
        assert_noop!(vote_on(appraised, 2, 9, true), Error::<Test>::OtherEvidence);
        assert_ok!(vote_on(replaced, 2, 9, true));
    });
}

#[test]
fn new_evidence_voids_the_votes_and_the_founders_mark() {
    chain().execute_with(|| {
        network(4);
        let update = || Registry::update_evidence(signed(FOUNDER), node(1), cid(), H256::zero(), TrustClass::Vtpm);
        assert_ok!(update());
        let updated = Nodes::<Test>::get(node(1)).unwrap();
        assert_eq!((updated.status, updated.founding, updated.votes.len()), (Status::Pending, false, 0));
        assert_eq!(ActiveNodes::<Test>::get().len(), 3);
        assert_ok!(vote(2, 1, true));
        assert_ok!(update());
        assert_ok!(vote(2, 1, true));
        assert_ok!(vote(3, 1, true));
        assert_eq!(status(1), Status::Active);
        Registry::do_try_state().unwrap();
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
        assert_ok!(register(2, 2));
        assert_ok!(Registry::heartbeat(signed(tee(2))));
        assert_eq!(status(2), Status::Pending);
        assert_noop!(Registry::heartbeat(signed(2)), Error::<Test>::NotTeeAccount);
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
        assert_eq!(Due::<Test>::iter_keys().count(), 0);
    });
}

#[test]
fn a_full_active_list_admits_nobody_and_loses_nobody() {
    chain().execute_with(|| {
        network(30);
        assert_ok!(register(31, 31));
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
fn exit_returns_the_stake_once_and_frees_id_and_account() {
    chain().execute_with(|| {
        let before = Balances::free_balance(2);
        network(2);
        assert_eq!(Balances::free_balance(2), before - STAKE);
        assert_ok!(Registry::exit(signed(2), node(2)));
        assert_eq!(Balances::free_balance(2), before);
        assert_noop!(Registry::exit(signed(2), node(2)), Error::<Test>::UnknownNode);
        assert_noop!(Registry::heartbeat(signed(tee(2))), Error::<Test>::NotTeeAccount);
        Registry::do_try_state().unwrap();
        assert_ok!(register(3, 2));
        run_to(100);
        assert_eq!(status(2), Status::Pending);
    });
}

/// Any sequence of calls by anybody keeps lists, indexes, stakes and issuance in order.
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
            let _ = match below(8) {
                0 => register(other, number),
                1 | 2 => vote(other, number, below(4) > 0),
                3 => Registry::heartbeat(signed(tee(number))).map(|_| ()).map_err(|refused| refused.error),
                4 => Registry::set_gas_price(signed(other), node(number), below(500).into()),
                5 => Registry::update_evidence(signed(other), node(number), cid(), H256::zero(), TrustClass::Tpm),
                6 if below(4) == 0 => Registry::exit(signed(other), node(number)),
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
