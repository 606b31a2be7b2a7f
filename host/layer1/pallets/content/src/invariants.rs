//! What must hold between any two calls.

use crate::*;

impl<T: Config> Pallet<T> {
    /// What must hold between any two calls: ids are given in order without gaps, and no entry is empty.
    pub fn do_try_state() -> Result<(), &'static str> {
        let mut entries = 0u64;
        for (id, entry) in Entries::<T>::iter() {
            ensure!(id >= 1 && id <= LastId::<T>::get(), "an id that was never given");
            ensure!(!entry.cid.is_empty() && entry.size > 0, "content that can't be fetched or has no bytes");
            ensure!(entry.published_at <= frame_system::Pallet::<T>::block_number(), "published in the future");
            entries = entries.saturating_add(1);
        }
        ensure!(entries == LastId::<T>::get(), "an entry is gone");
        Ok(())
    }
}
