//! Who isn't governance, what is set in the past, and what would rewrite history are refused.

use super::*;
use polkadot_sdk::{
    frame_support::{assert_noop, assert_ok, derive_impl, pallet_prelude::DispatchResult},
    frame_system::EnsureRoot,
    sp_io::TestExternalities,
    sp_runtime::DispatchError::BadOrigin,
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
    pub type Releases = crate;
}

#[derive_impl(frame_system::config_preludes::TestDefaultConfig)]
impl polkadot_sdk::frame_system::Config for Test {
    type Block = Block;
}

impl Config for Test {
    type GovernanceOrigin = EnsureRoot<u64>;
    type WeightInfo = ();
}

const NOW: u64 = 100;

fn chain() -> TestExternalities {
    let mut chain = TestExternalities::new_empty();
    chain.execute_with(|| System::set_block_number(NOW));
    chain
}

fn digest(number: u64) -> H256 {
    H256::from_low_u64_be(number)
}

fn cid() -> Cid {
    BoundedVec::truncate_from(vec![1; 36])
}

fn accept(number: u64, version: Version, active_from: u64) -> DispatchResult {
    Releases::accept(RuntimeOrigin::root(), digest(number), Kind::Image, cid(), version, active_from)
}

fn revoke(number: u64, from: u64) -> DispatchResult {
    Releases::revoke(RuntimeOrigin::root(), digest(number), from)
}

fn standing_at(number: u64, block: u64) -> Standing {
    System::set_block_number(block);
    Releases::standing(digest(number))
}

#[test]
fn only_governance_accepts_and_revokes() {
    chain().execute_with(|| {
        assert_ok!(accept(1, 1, NOW));
        for origin in [RuntimeOrigin::signed(1), RuntimeOrigin::none()] {
            let (kind, version) = (Kind::Image, 2);
            assert_noop!(Releases::accept(origin.clone(), digest(2), kind, cid(), version, NOW), BadOrigin);
            assert_noop!(Releases::revoke(origin, digest(1), NOW), BadOrigin);
        }
    });
}

#[test]
fn nothing_is_accepted_or_revoked_in_hindsight() {
    chain().execute_with(|| {
        assert_noop!(accept(1, 1, NOW - 1), Error::<Test>::InThePast);
        assert_ok!(accept(1, 1, NOW));
        assert_noop!(revoke(1, NOW - 1), Error::<Test>::InThePast);
    });
}

#[test]
fn what_was_accepted_is_never_rewritten() {
    chain().execute_with(|| {
        assert_ok!(accept(1, 1, NOW));
        assert_noop!(accept(1, 2, NOW), Error::<Test>::AlreadyAccepted);
        assert_ok!(revoke(1, NOW));
        assert_noop!(accept(1, 2, NOW), Error::<Test>::AlreadyAccepted);
    });
}

#[test]
fn versions_of_a_kind_only_go_up_and_kinds_count_for_themselves() {
    chain().execute_with(|| {
        assert_ok!(accept(1, 7, NOW));
        assert_noop!(accept(2, 7, NOW), Error::<Test>::VersionNotNewer);
        assert_noop!(accept(2, 6, NOW), Error::<Test>::VersionNotNewer);
        let kind = Kind::ReferenceValues;
        assert_ok!(Releases::accept(RuntimeOrigin::root(), digest(2), kind, cid(), 1, NOW));
        assert_ok!(accept(3, Version::MAX, NOW));
        assert_eq!(Latest::<Test>::get(Kind::Image), Some((digest(3), Version::MAX)));
        assert_noop!(accept(4, Version::MAX, NOW), Error::<Test>::VersionNotNewer);
        assert_ok!(Releases::do_try_state());
    });
}

#[test]
fn software_that_cannot_be_fetched_is_refused() {
    chain().execute_with(|| {
        let (root, kind, empty) = (RuntimeOrigin::root(), Kind::Image, Cid::default());
        assert_noop!(Releases::accept(root, digest(1), kind, empty, 1, NOW), Error::<Test>::EmptyCid);
    });
}

#[test]
fn a_revocation_comes_sooner_but_never_later_and_is_never_taken_back() {
    chain().execute_with(|| {
        assert_noop!(revoke(1, NOW), Error::<Test>::UnknownDigest);
        assert_ok!(accept(1, 1, NOW));
        assert_ok!(revoke(1, NOW + 50));
        assert_noop!(revoke(1, NOW + 51), Error::<Test>::AlreadyRevoked);
        assert_noop!(revoke(1, NOW + 50), Error::<Test>::AlreadyRevoked);
        assert_ok!(revoke(1, NOW + 10));
        System::assert_last_event(Event::Revoked { digest: digest(1), revoked_from: NOW + 10 }.into());
        System::set_block_number(NOW + 20);
        assert_noop!(revoke(1, NOW + 20), Error::<Test>::AlreadyRevoked);
        assert_ok!(Releases::do_try_state());
    });
}

#[test]
fn a_digest_stands_as_its_heights_say_to_the_block() {
    use Standing::*;
    chain().execute_with(|| {
        assert_eq!(Releases::standing(digest(1)), Unknown);
        assert_ok!(accept(1, 1, NOW + 10));
        System::assert_last_event(
            Event::Accepted { digest: digest(1), kind: Kind::Image, version: 1, cid: cid(), active_from: NOW + 10 }
                .into(),
        );
        assert_ok!(revoke(1, NOW + 20));
        let table = [
            (NOW, NotYetActive),
            (NOW + 9, NotYetActive),
            (NOW + 10, InForce),
            (NOW + 19, InForce),
            (NOW + 20, Revoked),
        ];
        for (block, expected) in table {
            assert_eq!(standing_at(1, block), expected, "block {block}");
        }
    });
}

#[test]
fn what_is_revoked_before_it_was_active_is_never_in_force() {
    chain().execute_with(|| {
        assert_ok!(accept(1, 1, NOW + 10));
        assert_ok!(revoke(1, NOW + 5));
        for block in NOW + 5..NOW + 15 {
            assert_eq!(standing_at(1, block), Standing::Revoked);
        }
    });
}
