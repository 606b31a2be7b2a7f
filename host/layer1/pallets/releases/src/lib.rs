//! # Releases
//!
//! The software that governance accepts in TEEs: images, and the signed reference values that say what a sound TEE measures.
//! Each stands under the SHA-256 of its bytes, with the CID it is fetched by, a version, the block from which it is in force
//! and, once revoked, the block from which it no longer is. (A *release of a key* is something else: see `tea_errands`.)
//!
//! Nothing is ever removed or rewritten, so that an old proof can be judged by what was in force when it was made:
//! - what was accepted keeps its digest, CID and version, and versions of a kind only go up;
//! - activation isn't set in the past, so nothing becomes acceptable in hindsight;
//! - revocation isn't either, can be brought forward but neither postponed nor taken back.
//!
//! Layer 1 doesn't appraise evidence: verifiers ask [`Pallet::standing`], or read `Accepted` by digest with a storage proof.

#![cfg_attr(not(feature = "std"), no_std)]

#[cfg(feature = "runtime-benchmarks")]
extern crate alloc;

#[cfg(feature = "runtime-benchmarks")]
mod benchmarking;
#[cfg(any(feature = "std", feature = "try-runtime"))]
mod invariants;
#[cfg(test)]
mod tests;
pub mod weights;

pub use pallet::*;
pub use weights::WeightInfo;

use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use polkadot_sdk::{
    frame_support::{self, pallet_prelude::*},
    frame_system::{self, pallet_prelude::*},
    sp_core::H256,
};
use scale_info::TypeInfo;

/// An IPFS content identifier in its binary form.
pub type Cid = BoundedVec<u8, ConstU32<64>>;

/// Counts the releases of a kind, upwards, with gaps where their makers like.
pub type Version = u64;

/// What the bytes are.
#[derive(Clone, Copy, Debug, Eq, PartialEq, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo)]
pub enum Kind {
    /// What a TEE boots or runs.
    Image,
    /// A signed file that says what sound TEEs measure.
    ReferenceValues,
}

/// One accepted piece of software.
#[derive(Clone, Debug, Eq, PartialEq, Encode, Decode, MaxEncodedLen, TypeInfo)]
pub struct Acceptance<BlockNumber> {
    pub kind: Kind,
    pub cid: Cid,
    pub version: Version,
    pub accepted_at: BlockNumber,
    /// The first block at which it is in force.
    pub active_from: BlockNumber,
    /// The first block at which it no longer is.
    pub revoked_from: Option<BlockNumber>,
}

/// How a digest stands at a block.
#[derive(Clone, Copy, Debug, Eq, PartialEq, Encode, Decode, MaxEncodedLen, TypeInfo)]
pub enum Standing {
    /// Governance never accepted it.
    Unknown,
    NotYetActive,
    InForce,
    Revoked,
}

impl<BlockNumber: PartialOrd> Acceptance<BlockNumber> {
    pub fn standing(&self, at: BlockNumber) -> Standing {
        if self.revoked_from.as_ref().is_some_and(|from| at >= *from) {
            Standing::Revoked
        } else if at >= self.active_from {
            Standing::InForce
        } else {
            Standing::NotYetActive
        }
    }
}

#[frame_support::pallet]
pub mod pallet {
    use super::*;

    pub type AcceptanceOf<T> = Acceptance<BlockNumberFor<T>>;

    #[pallet::config]
    pub trait Config: polkadot_sdk::frame_system::Config<RuntimeEvent: From<Event<Self>>> {
        /// Who accepts and revokes.
        type GovernanceOrigin: EnsureOrigin<Self::RuntimeOrigin>;

        /// What the calls cost; see [`weights`].
        type WeightInfo: WeightInfo;
    }

    const STORAGE_VERSION: StorageVersion = StorageVersion::new(0);

    #[pallet::pallet]
    #[pallet::storage_version(STORAGE_VERSION)]
    pub struct Pallet<T>(_);

    /// Everything that was ever accepted, by the SHA-256 of its bytes.
    #[pallet::storage]
    pub type Accepted<T: Config> = StorageMap<_, Blake2_128Concat, H256, AcceptanceOf<T>>;

    /// What was accepted last of each kind: its digest and version.
    #[pallet::storage]
    pub type Latest<T> = StorageMap<_, Twox64Concat, Kind, (H256, Version)>;

    #[pallet::event]
    #[pallet::generate_deposit(pub(super) fn deposit_event)]
    pub enum Event<T: Config> {
        Accepted { digest: H256, kind: Kind, version: Version, cid: Cid, active_from: BlockNumberFor<T> },
        Revoked { digest: H256, revoked_from: BlockNumberFor<T> },
    }

    #[pallet::error]
    pub enum Error<T> {
        /// The CID is empty.
        EmptyCid,
        /// The digest was accepted before; what it stands for never changes.
        AlreadyAccepted,
        /// The version isn't above the last one of its kind.
        VersionNotNewer,
        /// Nothing takes effect before the present block.
        InThePast,
        /// Governance never accepted this digest.
        UnknownDigest,
        /// It is revoked from that block or an earlier one.
        AlreadyRevoked,
    }

    #[pallet::hooks]
    impl<T: Config> Hooks<BlockNumberFor<T>> for Pallet<T> {
        #[cfg(feature = "try-runtime")]
        fn try_state(_: BlockNumberFor<T>) -> Result<(), polkadot_sdk::sp_runtime::TryRuntimeError> {
            Self::do_try_state().map_err(Into::into)
        }
    }

    #[pallet::call]
    impl<T: Config> Pallet<T> {
        /// Accepts the bytes whose SHA-256 is `digest`, from block `active_from` on.
        #[pallet::call_index(0)]
        #[pallet::weight(T::WeightInfo::accept())]
        pub fn accept(
            origin: OriginFor<T>,
            digest: H256,
            kind: Kind,
            cid: Cid,
            version: Version,
            active_from: BlockNumberFor<T>,
        ) -> DispatchResult {
            T::GovernanceOrigin::ensure_origin(origin)?;
            ensure!(!cid.is_empty(), Error::<T>::EmptyCid);
            ensure!(!Accepted::<T>::contains_key(digest), Error::<T>::AlreadyAccepted);
            let newer = Latest::<T>::get(kind).is_none_or(|(_, last)| version > last);
            ensure!(newer, Error::<T>::VersionNotNewer);
            let accepted_at = Self::not_before_now(active_from)?;
            Latest::<T>::insert(kind, (digest, version));
            Accepted::<T>::insert(
                digest,
                Acceptance { kind, cid: cid.clone(), version, accepted_at, active_from, revoked_from: None },
            );
            Self::deposit_event(Event::Accepted { digest, kind, version, cid, active_from });
            Ok(())
        }

        /// Ends the acceptance from block `revoked_from` on. May be called again to end it sooner.
        #[pallet::call_index(1)]
        #[pallet::weight(T::WeightInfo::revoke())]
        pub fn revoke(origin: OriginFor<T>, digest: H256, revoked_from: BlockNumberFor<T>) -> DispatchResult {
            T::GovernanceOrigin::ensure_origin(origin)?;
            let mut accepted = Accepted::<T>::get(digest).ok_or(Error::<T>::UnknownDigest)?;
            Self::not_before_now(revoked_from)?;
            let sooner = accepted.revoked_from.is_none_or(|from| revoked_from < from);
            ensure!(sooner, Error::<T>::AlreadyRevoked);
            accepted.revoked_from = Some(revoked_from);
            Accepted::<T>::insert(digest, accepted);
            Self::deposit_event(Event::Revoked { digest, revoked_from });
            Ok(())
        }
    }

    impl<T: Config> Pallet<T> {
        /// How `digest` stands at the present block.
        pub fn standing(digest: H256) -> Standing {
            let now = frame_system::Pallet::<T>::block_number();
            Accepted::<T>::get(digest).map_or(Standing::Unknown, |accepted| accepted.standing(now))
        }

        /// The present block, unless `block` lies before it.
        fn not_before_now(block: BlockNumberFor<T>) -> Result<BlockNumberFor<T>, Error<T>> {
            let now = frame_system::Pallet::<T>::block_number();
            ensure!(block >= now, Error::<T>::InThePast);
            Ok(now)
        }
    }
}
