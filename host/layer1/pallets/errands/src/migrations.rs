//! What a runtime upgrade does to errands that an older runtime wrote.
//!
//! | from | to | what changed |
//! |---|---|---|
//! | 0, until spec version 2 | 1 | each executor's errands without an end are indexed: [`OpenErrandsOf`] |
//!
//! Errands themselves stay byte for byte as they were.

use polkadot_sdk::frame_support::{migrations::VersionedMigration, traits::UncheckedOnRuntimeUpgrade, weights::Weight};

use crate::*;

/// From 0 to 1.
pub type ToV1<T> = VersionedMigration<0, 1, IndexOpenErrands<T>, Pallet<T>, <T as frame_system::Config>::DbWeight>;

/// Not to be used by itself: [`ToV1`] looks at the version and sets it.
pub struct IndexOpenErrands<T>(core::marker::PhantomData<T>);

impl<T: Config> UncheckedOnRuntimeUpgrade for IndexOpenErrands<T> {
    fn on_runtime_upgrade() -> Weight {
        // Only errands without an end have a deadline to come.
        let open: Vec<ErrandId> = Deadlines::<T>::iter_keys().map(|(_, id)| id).collect();
        let looked = open.len() as u64;
        for id in open {
            if let Some(Selection { node, .. }) = Errands::<T>::get(id).and_then(|errand| errand.selection) {
                Pallet::<T>::take_up(id, node);
            }
        }
        T::DbWeight::get().reads_writes(looked.saturating_mul(3), looked.saturating_mul(2))
    }
}
