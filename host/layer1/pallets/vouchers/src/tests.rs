//! No voucher is worth more than its depositor signed, once, here; and every unit is with somebody.

use super::*;
use polkadot_sdk::{
    frame_support::{
        assert_noop, assert_ok, derive_impl,
        traits::{ConstU128, ConstU32, ConstU64, Hooks},
    },
    pallet_balances,
    sp_core::{Pair, H256},
    sp_io::TestExternalities,
    sp_keyring::Sr25519Keyring::{self, Alice, Bob, Charlie, Dave, Eve},
    sp_runtime::{traits::IdentityLookup, AccountId32, BuildStorage, MultiSignature, TokenError},
};
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
    pub type Vouchers = crate;
}

#[derive_impl(frame_system::config_preludes::TestDefaultConfig)]
impl polkadot_sdk::frame_system::Config for Test {
    type Block = Block;
    type AccountId = AccountId32;
    type Lookup = IdentityLookup<AccountId32>;
    type AccountData = pallet_balances::AccountData<Balance>;
}

const EXISTENTIAL_DEPOSIT: Balance = 10;

#[derive_impl(pallet_balances::config_preludes::TestDefaultConfig)]
impl pallet_balances::Config for Test {
    type AccountStore = System;
    type Balance = Balance;
    type ExistentialDeposit = ConstU128<EXISTENTIAL_DEPOSIT>;
}

/// Nobody draws lots here: nodes' evidence stays unjudged.
pub struct NoLots;

impl tea_nodes::Lots for NoLots {
    fn open(_: tea_nodes::AppraisalId, _: u32) -> u64 {
        0
    }
    fn abandon(_: u64) {}
}

impl tea_nodes::Config for Test {
    type Currency = Balances;
    type RuntimeHoldReason = RuntimeHoldReason;
    type TeeSignature = MultiSignature;
    type Lots = NoLots;
    type Stake = ConstU128<100>;
    type MaxActive = ConstU32<100>;
    type MaxDuePerBlock = ConstU32<100>;
    type Retention = polkadot_sdk::frame_support::traits::ConstU64<1_000>;
    type WeightInfo = ();
}

const MIN_DEPOSIT: Balance = 50;
const CHALLENGE: u64 = 10;
const MAX_LIFETIME: u64 = 1_000;
const ENDS_PER_BLOCK: u32 = 3;

impl Config for Test {
    type Currency = Balances;
    type RuntimeHoldReason = RuntimeHoldReason;
    type MinDeposit = ConstU128<MIN_DEPOSIT>;
    type ChallengePeriod = ConstU64<CHALLENGE>;
    type MaxLifetime = ConstU64<MAX_LIFETIME>;
    type MaxEndsPerBlock = ConstU32<ENDS_PER_BLOCK>;
    type WeightInfo = ();
}

const DEPOSITOR: Sr25519Keyring = Alice;
const OPERATOR: Sr25519Keyring = Bob;
const PAYEE: Sr25519Keyring = Charlie;
const STRANGER: Sr25519Keyring = Dave;

const ENDOWMENT: Balance = 100_000;
const DEPOSIT: Balance = 1_000;
const EXPIRY: u64 = 101;
const GENESIS: [u8; 32] = [42; 32];

fn node(number: u64) -> NodeId {
    H256::from_low_u64_be(number)
}

fn signed(who: Sr25519Keyring) -> RuntimeOrigin {
    RuntimeOrigin::signed(who.to_account_id())
}

/// Block 1, two nodes of one operator.
fn chain() -> TestExternalities {
    let genesis = RuntimeGenesisConfig {
        balances: pallet_balances::GenesisConfig {
            balances: [DEPOSITOR, OPERATOR, PAYEE, STRANGER].map(|who| (who.to_account_id(), ENDOWMENT)).to_vec(),
            ..Default::default()
        },
        nodes: tea_nodes::GenesisConfig { appraisal_fee: 0, ..Default::default() },
        ..Default::default()
    };
    let mut chain: TestExternalities = genesis.build_storage().unwrap().into();
    chain.execute_with(|| {
        System::set_block_number(1);
        frame_system::BlockHash::<Test>::insert(0, H256(GENESIS));
        for (number, tee) in [(1, Eve), (2, Sr25519Keyring::Ferdie)] {
            let evidence = BoundedVec::truncate_from(vec![1; 36]);
            let consent = tee.pair().sign(&Nodes::consent_message(node(number), &OPERATOR.to_account_id())).into();
            let (tee, host, class) = (tee.to_account_id(), PAYEE.to_account_id(), TrustClass::Simulated);
            let (operator, digest) = (signed(OPERATOR), H256::zero());
            assert_ok!(Nodes::register(operator, node(number), tee, host, evidence, digest, class, 1, consent));
        }
    });
    chain
}

/// A channel of [`DEPOSIT`] to node 1 until [`EXPIRY`].
fn opened() -> ChannelId {
    assert_ok!(Vouchers::open(signed(DEPOSITOR), node(1), DEPOSIT, EXPIRY));
    LastId::<Test>::get()
}

fn voucher(by: Sr25519Keyring, channel: ChannelId, amount: Balance) -> sr25519::Signature {
    by.pair().sign(&message(GENESIS, channel, node(1), amount))
}

fn redeem(channel: ChannelId, amount: Balance) -> DispatchResult {
    Vouchers::redeem(signed(PAYEE), channel, amount, voucher(DEPOSITOR, channel, amount))
}

/// Starts blocks up to `block`, and checks after each that nothing was made or lost.
fn run_to(block: u64) {
    let issuance = Balances::total_issuance();
    while System::block_number() < block {
        let next = System::block_number() + 1;
        System::set_block_number(next);
        Vouchers::on_initialize(next);
        assert_ok!(Vouchers::do_try_state());
        assert_eq!(Balances::total_issuance(), issuance);
    }
}

fn free(who: Sr25519Keyring) -> Balance {
    Balances::free_balance(who.to_account_id())
}

#[test]
fn a_voucher_is_worth_nothing_in_another_chain_channel_node_or_amount_or_by_another() {
    chain().execute_with(|| {
        let (channel, other) = (opened(), opened());
        let good = (GENESIS, channel, node(1), 100);
        let forged = [
            (DEPOSITOR, ([43; 32], good.1, good.2, good.3)),
            (DEPOSITOR, (good.0, other, good.2, good.3)),
            (DEPOSITOR, (good.0, good.1, node(2), good.3)),
            (DEPOSITOR, (good.0, good.1, good.2, 99)),
            (PAYEE, good),
            (STRANGER, good),
        ];
        for (by, (genesis, id, to, amount)) in forged {
            let signature = by.pair().sign(&message(genesis, id, to, amount));
            assert_noop!(Vouchers::redeem(signed(PAYEE), channel, 100, signature), Error::<Test>::BadSignature);
        }
        let garbage = sr25519::Signature::from_raw([0xff; 64]);
        assert_noop!(Vouchers::redeem(signed(PAYEE), channel, 100, garbage), Error::<Test>::BadSignature);
        assert_ok!(redeem(channel, 100));
    });
}

#[test]
fn a_replayed_or_older_voucher_pays_nothing() {
    chain().execute_with(|| {
        let channel = opened();
        assert_ok!(redeem(channel, 100));
        assert_noop!(redeem(channel, 100), Error::<Test>::NothingNew);
        assert_noop!(redeem(channel, 60), Error::<Test>::NothingNew);
        assert_ok!(redeem(channel, 130));
        assert_eq!(free(PAYEE), ENDOWMENT + 130);
    });
}

#[test]
fn a_voucher_of_nothing_is_refused() {
    chain().execute_with(|| {
        let channel = opened();
        assert_noop!(redeem(channel, 0), Error::<Test>::NothingNew);
    });
}

#[test]
fn more_than_the_deposit_is_refused_until_it_is_topped_up() {
    chain().execute_with(|| {
        let channel = opened();
        for amount in [DEPOSIT + 1, Balance::MAX] {
            assert_noop!(redeem(channel, amount), Error::<Test>::Overspent);
        }
        assert_ok!(Vouchers::top_up(signed(DEPOSITOR), channel, 1));
        assert_ok!(redeem(channel, DEPOSIT + 1));
        assert_eq!(Balances::reserved_balance(DEPOSITOR.to_account_id()), 0);
    });
}

#[test]
fn after_the_end_nothing_is_redeemed_even_while_the_channel_waits_to_be_worked_off() {
    chain().execute_with(|| {
        let channel = opened();
        System::set_block_number(EXPIRY);
        assert_noop!(redeem(channel, 100), Error::<Test>::ChannelEnded);
        assert_noop!(Vouchers::top_up(signed(DEPOSITOR), channel, 1), Error::<Test>::ChannelEnded);
        assert_noop!(Vouchers::close(signed(DEPOSITOR), channel), Error::<Test>::ChannelEnded);
        Vouchers::on_initialize(EXPIRY);
        run_to(EXPIRY + 40);
        assert_eq!(Channels::<Test>::get(channel), None);
        assert_eq!(free(DEPOSITOR), ENDOWMENT);
        assert_noop!(redeem(channel, 100), Error::<Test>::ChannelEnded);
    });
}

#[test]
fn a_channel_that_was_never_opened_is_unknown() {
    chain().execute_with(|| {
        for id in [0, 1, ChannelId::MAX] {
            assert_noop!(redeem(id, 1), Error::<Test>::UnknownChannel);
            assert_noop!(Vouchers::close(signed(DEPOSITOR), id), Error::<Test>::UnknownChannel);
            assert_noop!(Vouchers::top_up(signed(DEPOSITOR), id, 1), Error::<Test>::UnknownChannel);
        }
    });
}

#[test]
fn the_depositor_closes_but_the_node_redeems_through_the_challenge_period() {
    chain().execute_with(|| {
        let channel = opened();
        assert_ok!(redeem(channel, 100));
        assert_ok!(Vouchers::close(signed(DEPOSITOR), channel));
        System::assert_last_event(Event::Closing { id: channel, ends_at: 1 + CHALLENGE }.into());
        assert_noop!(Vouchers::close(signed(DEPOSITOR), channel), Error::<Test>::ChannelClosing);
        assert_noop!(Vouchers::top_up(signed(DEPOSITOR), channel, 1), Error::<Test>::ChannelClosing);
        run_to(CHALLENGE);
        assert_ok!(redeem(channel, 300));
        run_to(1 + CHALLENGE);
        System::assert_last_event(Event::Ended { id: channel, redeemed: 300, returned: DEPOSIT - 300 }.into());
        assert_noop!(redeem(channel, 400), Error::<Test>::ChannelEnded);
        assert_eq!((free(DEPOSITOR), free(PAYEE)), (ENDOWMENT - 300, ENDOWMENT + 300));
    });
}

#[test]
fn closing_never_makes_a_channel_last_longer() {
    chain().execute_with(|| {
        let channel = opened();
        run_to(EXPIRY - 1);
        assert_ok!(Vouchers::close(signed(DEPOSITOR), channel));
        assert_eq!(Channels::<Test>::get(channel).unwrap().ends_at, EXPIRY);
    });
}

#[test]
fn the_payee_closes_at_once_and_nobody_else_may() {
    chain().execute_with(|| {
        let channel = opened();
        for who in [STRANGER, OPERATOR, Eve] {
            assert_noop!(Vouchers::close(signed(who), channel), Error::<Test>::NotParty);
            assert_noop!(Vouchers::top_up(signed(who), channel, 1), Error::<Test>::NotDepositor);
        }
        assert_ok!(redeem(channel, 100));
        assert_ok!(Vouchers::close(signed(PAYEE), channel));
        assert_eq!(free(DEPOSITOR), ENDOWMENT - 100);
        assert_ok!(Vouchers::do_try_state());
        // The entry at its old end is gone too.
        run_to(EXPIRY + 1);
    });
}

#[test]
fn the_money_goes_to_the_payee_whoever_hands_the_voucher_in_even_when_the_node_is_gone() {
    chain().execute_with(|| {
        let channel = opened();
        assert_ok!(Nodes::exit(signed(OPERATOR), node(1)));
        let signature = voucher(DEPOSITOR, channel, 70);
        assert_ok!(Vouchers::redeem(signed(STRANGER), channel, 70, signature));
        assert_eq!((free(PAYEE), free(STRANGER)), (ENDOWMENT + 70, ENDOWMENT));
    });
}

#[test]
fn a_payment_that_would_be_dust_to_nobody_is_refused_and_loses_nothing() {
    chain().execute_with(|| {
        let channel = opened();
        let all = ENDOWMENT;
        assert_ok!(Balances::transfer_allow_death(signed(PAYEE), STRANGER.to_account_id(), all));
        assert_noop!(redeem(channel, EXISTENTIAL_DEPOSIT - 1), TokenError::CannotCreate);
        assert_ok!(redeem(channel, EXISTENTIAL_DEPOSIT));
        assert_ok!(Vouchers::do_try_state());
    });
}

#[test]
fn deposits_and_lifetimes_have_bounds() {
    chain().execute_with(|| {
        let open = |amount, ends_at| Vouchers::open(signed(DEPOSITOR), node(1), amount, ends_at);
        assert_noop!(open(MIN_DEPOSIT - 1, EXPIRY), Error::<Test>::DepositTooSmall);
        assert_noop!(open(0, EXPIRY), Error::<Test>::DepositTooSmall);
        assert_noop!(open(DEPOSIT, 0), Error::<Test>::LifetimeTooShort);
        assert_noop!(open(DEPOSIT, CHALLENGE), Error::<Test>::LifetimeTooShort);
        assert_noop!(open(DEPOSIT, 2 + MAX_LIFETIME), Error::<Test>::LifetimeTooLong);
        assert_noop!(open(DEPOSIT, u64::MAX), Error::<Test>::LifetimeTooLong);
        assert_noop!(open(Balance::MAX, EXPIRY), TokenError::FundsUnavailable);
        // The account itself must live.
        assert_noop!(open(ENDOWMENT, EXPIRY), TokenError::FundsUnavailable);
        assert_noop!(Vouchers::open(signed(DEPOSITOR), node(9), DEPOSIT, EXPIRY), Error::<Test>::UnknownNode);
        let channel = opened();
        assert_noop!(Vouchers::top_up(signed(DEPOSITOR), channel, 0), Error::<Test>::DepositTooSmall);
        assert_noop!(Vouchers::top_up(signed(DEPOSITOR), channel, Balance::MAX), Error::<Test>::AmountOverflows);
        let none = voucher(DEPOSITOR, channel, 1);
        assert_noop!(Vouchers::redeem(RuntimeOrigin::none(), channel, 1, none), DispatchError::BadOrigin);
    });
}

#[test]
fn more_ends_than_a_block_can_take_are_all_worked_off() {
    chain().execute_with(|| {
        let channels: Vec<_> = (0..10).map(|_| opened()).collect();
        let open = || channels.iter().filter(|id| Channels::<Test>::contains_key(**id)).count();
        run_to(EXPIRY - 1);
        assert_eq!(open(), channels.len());
        run_to(EXPIRY + 1);
        assert_eq!(open(), channels.len() - 2 * ENDS_PER_BLOCK as usize);
        run_to(EXPIRY + 10);
        assert_eq!((open(), free(DEPOSITOR)), (0, ENDOWMENT));
    });
}

/// The vector that other languages make the same message from.
#[test]
fn the_message_is_domain_genesis_channel_node_and_amount_in_101_bytes() {
    let message = message([1; 32], 2, node(3), 4);
    let mut expected = b"tea/voucher/1".to_vec();
    expected.extend([1; 32]);
    expected.extend([2, 0, 0, 0, 0, 0, 0, 0]);
    expected.extend([[0; 31].as_slice(), &[3]].concat());
    expected.extend([[4].as_slice(), &[0; 15]].concat());
    assert_eq!(message.to_vec(), expected);
}
