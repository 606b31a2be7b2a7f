//! The two ends, the only places where held money moves. Neither can fail: what can't be paid goes back.

use crate::*;

impl<T: Config> Pallet<T> {
    /// Returns how many payments it tried, which is what the end weighs.
    pub(crate) fn pay_by_receipt(id: ErrandId, mut errand: ErrandOf<T>) -> u32 {
        let mut payments = Vec::new();
        let owed = price::owed(&errand);
        let attempted = owed.len() as u32;
        for payment in owed {
            let delivered = with_storage_layer(|| {
                let Payment { account, amount, .. } = &payment;
                <T as Config>::Currency::transfer_on_hold(
                    &HoldReason::Escrow.into(),
                    &errand.consumer,
                    account,
                    *amount,
                    Precision::Exact,
                    Restriction::Free,
                    Fortitude::Force,
                )
            });
            if delivered.is_ok() {
                errand.held = errand.held.saturating_sub(payment.amount);
                payments.push(payment);
            } else {
                Self::deposit_event(Event::Undeliverable { id, payment });
            }
        }
        let payments = Payments::truncate_from(payments);
        let refunded = Self::give_back(&mut errand);
        let at = frame_system::Pallet::<T>::block_number();
        errand.settlement = Some(Settlement { payments: payments.clone(), refunded, at });
        Self::enter(id, errand, State::Settled);
        Self::deposit_event(Event::Settled { id, payments, refunded });
        attempted
    }

    pub(crate) fn refund(id: ErrandId, mut errand: ErrandOf<T>, reason: RefundReason) {
        Self::abandon_draw(id);
        let refunded = Self::give_back(&mut errand);
        Self::enter(id, errand, State::Refunded(reason.clone()));
        Self::deposit_event(Event::Refunded { id, reason, refunded });
    }

    /// Releases what is still held to the consumer, and returns how much that was.
    pub(crate) fn give_back(errand: &mut ErrandOf<T>) -> Balance {
        let held = core::mem::take(&mut errand.held);
        let reason = HoldReason::Escrow.into();
        <T as Config>::Currency::release(&reason, &errand.consumer, held, Precision::BestEffort).unwrap_or(0)
    }
}
