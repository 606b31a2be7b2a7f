//! What a call costs at its worst: CIDs as long as they get.

use crate::*;
use alloc::vec;
use polkadot_sdk::{frame_benchmarking::v2::*, frame_system::RawOrigin};

fn published<T: Config>(owner: &T::AccountId) -> ContentId {
    let (cid, sha256) = (Cid::truncate_from(vec![1; 64]), H256::repeat_byte(7));
    let origin = RawOrigin::Signed(owner.clone()).into();
    Pallet::<T>::publish(origin, Kind::Code, cid, sha256, 1, Visibility::Sealed, 1).expect("anyone publishes");
    LastId::<T>::get()
}

#[benchmarks]
mod benchmarks {
    use super::*;

    #[benchmark]
    fn publish() {
        let owner: T::AccountId = whitelisted_caller();
        let before = published::<T>(&owner);
        let (cid, sha256) = (Cid::truncate_from(vec![1; 64]), H256::repeat_byte(7));

        #[extrinsic_call]
        _(RawOrigin::Signed(owner), Kind::Code, cid, sha256, 1, Visibility::Sealed, 1);

        assert_eq!(LastId::<T>::get(), before + 1);
    }

    #[benchmark]
    fn withdraw() {
        let owner: T::AccountId = whitelisted_caller();
        let id = published::<T>(&owner);

        #[extrinsic_call]
        _(RawOrigin::Signed(owner), id);

        assert!(!Entries::<T>::get(id).is_some_and(|entry| entry.on_sale));
    }
}
