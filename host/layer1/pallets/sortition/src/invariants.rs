//! What must hold after every block.

use crate::*;

impl<T: Config> Pallet<T> {
    /// What must hold after every block: what is open moves on once, and what is kept is in order.
    pub fn do_try_state() -> Result<(), &'static str> {
        let mut open = 0;
        for (id, draw) in Draws::<T>::iter() {
            ensure!(id <= LastId::<T>::get(), "an id that was never given");
            ensure!(id > ForgottenTo::<T>::get(), "on record, though forgotten");
            ensure!(draw.claims.len() as u32 <= draw.seats, "more claims than seats");
            ensure!(draw.claims.is_sorted_by_key(|claim| claim.lot), "claims out of order");
            let threshold = draw.round.as_ref().map_or(0, |round| round.threshold);
            ensure!(draw.claims.iter().all(|claim| claim.lot < threshold), "a claim above the threshold");
            ensure!(draw.ended || Due::<T>::contains_key(Self::due_at(&draw), id), "an open draw that never moves on");
            ensure!(draw.round.is_none_or(|round| round.number < MAX_ROUNDS), "more rounds than there are");
            open += usize::from(!draw.ended);
        }
        ensure!(Due::<T>::iter_keys().count() == open, "a draw that ended moves on");
        Ok(())
    }
}
