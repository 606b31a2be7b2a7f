//! Whoever may not, can't; what is published stays.

use super::*;
use polkadot_sdk::{
    frame_support::{assert_noop, assert_ok, derive_impl},
    sp_io::TestExternalities,
    sp_runtime::{traits::IdentityLookup, BuildStorage},
};

type Block = polkadot_sdk::frame_system::mocking::MockBlock<Test>;

#[frame_support::runtime]
mod runtime {
    #[runtime::runtime]
    #[runtime::derive(RuntimeCall, RuntimeEvent, RuntimeError, RuntimeOrigin, RuntimeTask)]
    pub struct Test;

    #[runtime::pallet_index(0)]
    pub type System = polkadot_sdk::frame_system;
    #[runtime::pallet_index(1)]
    pub type Content = crate;
}

#[derive_impl(frame_system::config_preludes::TestDefaultConfig)]
impl polkadot_sdk::frame_system::Config for Test {
    type Block = Block;
    type AccountId = u64;
    type Lookup = IdentityLookup<u64>;
}

impl Config for Test {
    type WeightInfo = ();
}

const OWNER: u64 = 1;
const STRANGER: u64 = 2;

fn chain() -> TestExternalities {
    let mut chain: TestExternalities = RuntimeGenesisConfig::default().build_storage().unwrap().into();
    chain.execute_with(|| System::set_block_number(1));
    chain
}

fn cid() -> Cid {
    BoundedVec::truncate_from(vec![1; 36])
}

fn publish(price: Balance) -> ContentId {
    let (kind, seal) = (Kind::Code, Visibility::Sealed);
    assert_ok!(Content::publish(RuntimeOrigin::signed(OWNER), kind, cid(), H256::repeat_byte(7), 10, seal, price));
    LastId::<Test>::get()
}

#[test]
fn refuses_content_without_a_cid_or_without_bytes() {
    chain().execute_with(|| {
        let origin = || RuntimeOrigin::signed(OWNER);
        let hash = H256::zero();
        let (kind, plain) = (Kind::Data, Visibility::Plain);
        assert_noop!(Content::publish(origin(), kind, Cid::default(), hash, 1, plain, 0), Error::<Test>::EmptyCid);
        assert_noop!(Content::publish(origin(), kind, cid(), hash, 0, plain, 0), Error::<Test>::EmptyContent);
    });
}

#[test]
fn refuses_unsigned_and_root_publishers() {
    chain().execute_with(|| {
        for origin in [RuntimeOrigin::none(), RuntimeOrigin::root()] {
            let refused = Content::publish(origin, Kind::Data, cid(), H256::zero(), 1, Visibility::Plain, 0);
            assert_noop!(refused, DispatchError::BadOrigin);
        }
    });
}

#[test]
fn publishing_the_same_bytes_again_is_a_new_entry_and_leaves_the_old_one() {
    chain().execute_with(|| {
        let first = publish(5);
        let before = Entries::<Test>::get(first);
        let second = publish(9);
        assert_eq!((first, second), (1, 2));
        assert_eq!(Entries::<Test>::get(first), before);
        assert_eq!(Entries::<Test>::get(second).unwrap().price, 9);
    });
}

#[test]
fn only_the_owner_withdraws_and_only_once() {
    chain().execute_with(|| {
        let id = publish(5);
        assert_noop!(Content::withdraw(RuntimeOrigin::signed(STRANGER), id), Error::<Test>::NotOwner);
        assert_noop!(Content::withdraw(RuntimeOrigin::root(), id), DispatchError::BadOrigin);
        assert_noop!(Content::withdraw(RuntimeOrigin::signed(OWNER), 99), Error::<Test>::UnknownContent);
        assert_ok!(Content::withdraw(RuntimeOrigin::signed(OWNER), id));
        assert_noop!(Content::withdraw(RuntimeOrigin::signed(OWNER), id), Error::<Test>::AlreadyWithdrawn);
    });
}

#[test]
fn withdrawing_changes_nothing_but_the_sale() {
    chain().execute_with(|| {
        let id = publish(5);
        let before = Entries::<Test>::get(id).unwrap();
        assert_ok!(Content::withdraw(RuntimeOrigin::signed(OWNER), id));
        assert_eq!(Entries::<Test>::get(id).unwrap(), Entry { on_sale: false, ..before });
        assert_ok!(Content::do_try_state());
    });
}

#[test]
fn an_exhausted_counter_publishes_nothing() {
    chain().execute_with(|| {
        LastId::<Test>::put(u64::MAX);
        let refused =
            Content::publish(RuntimeOrigin::signed(OWNER), Kind::Data, cid(), H256::zero(), 1, Visibility::Plain, 0);
        assert_noop!(refused, Error::<Test>::IdsExhausted);
    });
}

#[test]
fn an_entry_that_is_gone_or_was_never_given_is_noticed() {
    chain().execute_with(|| {
        let (first, second) = (publish(5), publish(6));
        assert_ok!(Content::do_try_state());
        let kept = Entries::<Test>::take(first).unwrap();
        assert!(Content::do_try_state().is_err());
        Entries::<Test>::insert(second + 1, kept);
        assert!(Content::do_try_state().is_err());
    });
}
