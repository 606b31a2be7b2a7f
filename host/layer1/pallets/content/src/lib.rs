//! # Content
//!
//! The catalogue of what can be run and what it can be run on. An entry names bytes by IPFS CID and SHA-256, says who
//! owns them, whether they are sealed and what one use costs.
//!
//! Entries are append-only: an id is given once, in order, and what it says never changes, so an errand that names an
//! id knows for ever what it named. A new version of a program is a new entry. The only thing an owner may change is to
//! take an entry off sale, which stops new errands and leaves running ones alone.

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

/// Units of the chain's token, 10^-12 TEA each.
pub type Balance = u128;

/// Number of an entry, from 1 upwards in order of publication.
pub type ContentId = u64;

/// An IPFS content identifier in its binary form.
pub type Cid = BoundedVec<u8, ConstU32<64>>;

/// What an entry may be used as.
#[derive(Clone, Copy, Debug, Eq, PartialEq, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo)]
pub enum Kind {
    /// A WebAssembly module.
    Code,
    /// Input that a module reads.
    Data,
}

/// Whether the published bytes can be read by everybody.
#[derive(Clone, Copy, Debug, Eq, PartialEq, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo)]
pub enum Visibility {
    /// Anyone who has the CID can read them.
    Plain,
    /// They are encrypted, and their owner releases the key per errand.
    Sealed,
}

/// What is known for ever about one published piece of content.
#[derive(Clone, Debug, Eq, PartialEq, Encode, Decode, MaxEncodedLen, TypeInfo)]
pub struct Entry<AccountId, BlockNumber> {
    pub owner: AccountId,
    pub kind: Kind,
    pub cid: Cid,
    /// SHA-256 of the published bytes: of the sealed ones when sealed.
    pub sha256: H256,
    /// Length of the published bytes.
    pub size: u64,
    pub visibility: Visibility,
    /// What one successful errand pays the owner.
    pub price: Balance,
    pub published_at: BlockNumber,
    /// Whether new errands may name it.
    pub on_sale: bool,
}

#[frame_support::pallet]
pub mod pallet {
    use super::*;

    pub type EntryOf<T> = Entry<<T as frame_system::Config>::AccountId, BlockNumberFor<T>>;

    #[pallet::config]
    pub trait Config: polkadot_sdk::frame_system::Config<RuntimeEvent: From<Event<Self>>> {
        /// What the calls cost; see [`weights`].
        type WeightInfo: WeightInfo;
    }

    const STORAGE_VERSION: StorageVersion = StorageVersion::new(0);

    #[pallet::pallet]
    #[pallet::storage_version(STORAGE_VERSION)]
    pub struct Pallet<T>(_);

    /// The id given last; 0 before anything was published.
    #[pallet::storage]
    pub type LastId<T> = StorageValue<_, ContentId, ValueQuery>;

    /// Every entry ever published.
    #[pallet::storage]
    pub type Entries<T: Config> = StorageMap<_, Twox64Concat, ContentId, EntryOf<T>>;

    #[pallet::event]
    #[pallet::generate_deposit(pub(super) fn deposit_event)]
    pub enum Event<T: Config> {
        Published { id: ContentId, owner: T::AccountId, kind: Kind, cid: Cid, visibility: Visibility, price: Balance },
        Withdrawn { id: ContentId },
    }

    #[pallet::error]
    pub enum Error<T> {
        /// The CID is empty.
        EmptyCid,
        /// A content of zero bytes can't be run or read.
        EmptyContent,
        /// No entry has this id.
        UnknownContent,
        /// Only the entry's owner may do this.
        NotOwner,
        /// The entry is off sale already.
        AlreadyWithdrawn,
        /// No id is left.
        IdsExhausted,
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
        /// Publishes `size` bytes whose SHA-256 is `sha256`, to be fetched by `cid`, under the next id.
        #[pallet::call_index(0)]
        #[pallet::weight(T::WeightInfo::publish())]
        pub fn publish(
            origin: OriginFor<T>,
            kind: Kind,
            cid: Cid,
            sha256: H256,
            size: u64,
            visibility: Visibility,
            price: Balance,
        ) -> DispatchResult {
            let owner = ensure_signed(origin)?;
            ensure!(!cid.is_empty(), Error::<T>::EmptyCid);
            ensure!(size > 0, Error::<T>::EmptyContent);
            let id = LastId::<T>::get().checked_add(1).ok_or(Error::<T>::IdsExhausted)?;
            LastId::<T>::put(id);
            Entries::<T>::insert(
                id,
                Entry {
                    owner: owner.clone(),
                    kind,
                    cid: cid.clone(),
                    sha256,
                    size,
                    visibility,
                    price,
                    published_at: frame_system::Pallet::<T>::block_number(),
                    on_sale: true,
                },
            );
            Self::deposit_event(Event::Published { id, owner, kind, cid, visibility, price });
            Ok(())
        }

        /// Takes the entry off sale, for good. Errands that were funded before go on.
        #[pallet::call_index(1)]
        #[pallet::weight(T::WeightInfo::withdraw())]
        pub fn withdraw(origin: OriginFor<T>, id: ContentId) -> DispatchResult {
            let who = ensure_signed(origin)?;
            Entries::<T>::try_mutate(id, |slot| {
                let entry = slot.as_mut().ok_or(Error::<T>::UnknownContent)?;
                ensure!(entry.owner == who, Error::<T>::NotOwner);
                ensure!(entry.on_sale, Error::<T>::AlreadyWithdrawn);
                entry.on_sale = false;
                Self::deposit_event(Event::Withdrawn { id });
                Ok(())
            })
        }
    }
}
