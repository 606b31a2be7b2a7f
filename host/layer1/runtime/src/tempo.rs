//! # Tempo
//!
//! How fast the chain goes, said once at genesis: a public network takes slots of some seconds and one block each; a
//! development chain makes a block whenever there is something to put into it.
//!
//! ## Blocks on demand and deadlines
//! Deadlines are counted in blocks. Where slots bound the blocks, that is time: nobody makes a deadline come earlier. **On demand
//! it is not**: whoever pays the fees of many extrinsics, each in a block of its own, brings every deadline nearer, an executor's to
//! prove as well as a consumer's to dispute. That is meant for a development chain, whose accounts' keys everybody knows
//! anyway, and lets tests pass a deadline without waiting; a network with anything to lose must not start with
//! `blocksOnDemand`, and neither `local` nor `production` does.

pub use pallet::*;

use polkadot_sdk::frame_support::{self, pallet_prelude::*, traits::ConstU64};

#[frame_support::pallet]
pub mod pallet {
    use super::*;

    #[pallet::config]
    pub trait Config: polkadot_sdk::frame_system::Config {}

    #[pallet::pallet]
    pub struct Pallet<T>(_);

    /// Length of an Aura slot in milliseconds.
    #[pallet::storage]
    pub type SlotDurationMs<T> = StorageValue<_, u64, ValueQuery, ConstU64<6_000>>;

    /// Whether a slot may hold any number of blocks, with no time between them.
    #[pallet::storage]
    pub type BlocksOnDemand<T> = StorageValue<_, bool, ValueQuery>;

    #[pallet::genesis_config]
    #[derive(frame_support::DefaultNoBound)]
    pub struct GenesisConfig<T: Config> {
        /// 0 stands for the 6,000 of a public network.
        pub slot_duration_ms: u64,
        pub blocks_on_demand: bool,
        #[serde(skip)]
        pub _config: core::marker::PhantomData<T>,
    }

    #[pallet::genesis_build]
    impl<T: Config> BuildGenesisConfig for GenesisConfig<T> {
        fn build(&self) {
            if self.slot_duration_ms > 0 {
                SlotDurationMs::<T>::put(self.slot_duration_ms);
            }
            BlocksOnDemand::<T>::put(self.blocks_on_demand);
        }
    }
}

/// Length of a slot, for Aura.
pub struct SlotDuration<T>(core::marker::PhantomData<T>);
impl<T: Config> Get<u64> for SlotDuration<T> {
    fn get() -> u64 {
        SlotDurationMs::<T>::get()
    }
}

/// Whether Aura accepts another block in the same slot.
pub struct ManyBlocksPerSlot<T>(core::marker::PhantomData<T>);
impl<T: Config> Get<bool> for ManyBlocksPerSlot<T> {
    fn get() -> bool {
        BlocksOnDemand::<T>::get()
    }
}

/// The least time between two blocks, for Timestamp.
pub struct MinimumPeriod<T>(core::marker::PhantomData<T>);
impl<T: Config> Get<u64> for MinimumPeriod<T> {
    fn get() -> u64 {
        if BlocksOnDemand::<T>::get() {
            0
        } else {
            SlotDurationMs::<T>::get() / 2
        }
    }
}
