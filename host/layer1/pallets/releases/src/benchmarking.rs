//! What a call costs at its worst: CIDs as long as they get, and a kind that has a release.

use crate::*;
use alloc::vec;
use polkadot_sdk::frame_benchmarking::v2::*;

fn cid() -> Cid {
    Cid::truncate_from(vec![1; 64])
}

/// Not in the past when the call comes: the bencher sets the block in between.
fn soon<T: Config>() -> BlockNumberFor<T> {
    frame_system::Pallet::<T>::block_number() + 10u32.into()
}

fn accepted<T: Config>() -> Result<H256, BenchmarkError> {
    let (digest, from) = (H256::repeat_byte(1), soon::<T>());
    let origin = T::GovernanceOrigin::try_successful_origin().map_err(|_| BenchmarkError::Weightless)?;
    Pallet::<T>::accept(origin, digest, Kind::Image, cid(), 1, from)?;
    Ok(digest)
}

#[benchmarks]
mod benchmarks {
    use super::*;

    #[benchmark]
    fn accept() -> Result<(), BenchmarkError> {
        accepted::<T>()?;
        let (digest, from) = (H256::repeat_byte(2), soon::<T>());
        let origin = T::GovernanceOrigin::try_successful_origin().map_err(|_| BenchmarkError::Weightless)?;

        #[extrinsic_call]
        _(origin as T::RuntimeOrigin, digest, Kind::Image, cid(), 2, from);

        assert_eq!(Latest::<T>::get(Kind::Image), Some((digest, 2)));
        Ok(())
    }

    #[benchmark]
    fn revoke() -> Result<(), BenchmarkError> {
        let (digest, from) = (accepted::<T>()?, soon::<T>());
        let origin = T::GovernanceOrigin::try_successful_origin().map_err(|_| BenchmarkError::Weightless)?;

        #[extrinsic_call]
        _(origin as T::RuntimeOrigin, digest, from);

        assert_eq!(Accepted::<T>::get(digest).and_then(|accepted| accepted.revoked_from), Some(from));
        Ok(())
    }
}
