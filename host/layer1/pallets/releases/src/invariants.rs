//! What must hold between any two calls.

use crate::*;

impl<T: Config> Pallet<T> {
    /// What must hold between any two calls: nothing took effect before it was accepted, and the last of a kind is its newest.
    pub fn do_try_state() -> Result<(), &'static str> {
        for (digest, accepted) in Accepted::<T>::iter() {
            ensure!(!accepted.cid.is_empty(), "software without a CID");
            ensure!(accepted.active_from >= accepted.accepted_at, "in force before it was accepted");
            ensure!(
                accepted.revoked_from.is_none_or(|from| from >= accepted.accepted_at),
                "revoked before it was accepted"
            );
            let (latest, version) = Latest::<T>::get(accepted.kind).ok_or("a kind without a last release")?;
            ensure!(
                if latest == digest { accepted.version == version } else { accepted.version < version },
                "the last of a kind isn't its newest"
            );
        }
        Ok(())
    }
}
