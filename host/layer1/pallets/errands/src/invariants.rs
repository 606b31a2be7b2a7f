//! What must hold between any two calls.

use crate::*;

impl<T: Config> Pallet<T> {
    /// What must hold between any two calls.
    pub fn do_try_state() -> Result<(), &'static str> {
        use polkadot_sdk::frame_support::traits::fungible::InspectHold;

        let mut escrow = alloc::collections::BTreeMap::<T::AccountId, Balance>::new();
        let (mut open, mut chosen_and_open) = (0, 0);
        for (id, errand) in Errands::<T>::iter() {
            let ended = matches!(errand.state, State::Settled | State::Refunded(_));
            let funded = !ended && errand.state != State::Created;
            ensure!(id >= 1 && id <= LastId::<T>::get(), "an id that was never given");
            ensure!(Deadlines::<T>::contains_key(errand.deadline, id) != ended, "not once in the queue of deadlines");
            ensure!(
                errand.held == if funded { errand.max_price } else { 0 },
                "held isn't the ceiling of a funded errand"
            );
            let chosen = errand.selection.is_some();
            ensure!(chosen || errand.evidence.is_none() && errand.proof.is_none(), "evidence of nobody");
            ensure!(
                chosen != matches!(errand.state, State::Created | State::Funded) || ended,
                "chosen too early or late"
            );
            ensure!(errand.settlement.is_some() == (errand.state == State::Settled), "settled without a settlement");
            if let Some(Settlement { payments, refunded, .. }) = &errand.settlement {
                let paid: Balance = payments.iter().map(|payment| payment.amount).sum();
                ensure!(paid + refunded == errand.max_price, "a settlement that doesn't sum to what was held");
            }
            if let Some(selection) = &errand.selection {
                ensure!(OpenErrandsOf::<T>::contains_key(selection.node, id) != ended, "not in the executor's index");
                chosen_and_open += u32::from(!ended);
            }
            open += usize::from(!ended);
            *escrow.entry(errand.consumer).or_default() += errand.held;
        }
        ensure!(Deadlines::<T>::iter_keys().count() == open, "a deadline of no open errand");
        ensure!(OpenErrandsOf::<T>::iter_keys().count() as u32 == chosen_and_open, "an index of errands that ended");
        ensure!(OpenErrands::<T>::iter_values().sum::<u32>() == chosen_and_open, "counts that aren't the index");
        for (consumer, sum) in escrow {
            let held = <T as Config>::Currency::balance_on_hold(&HoldReason::Escrow.into(), &consumer);
            ensure!(held == sum, "a consumer's hold isn't the sum of the errands' ceilings");
        }
        let running = |id| Errands::<T>::get(id).is_some_and(|errand| errand.state == State::Running);
        ensure!(CancelAsked::<T>::iter_keys().all(running), "asked to end what doesn't run");
        let (first, next) = SelectionRange::<T>::get();
        ensure!(SelectionQueue::<T>::iter_keys().count() as u64 == next - first, "the selection queue has holes");
        Ok(())
    }
}
