//! What must hold between any two calls.

use crate::*;

impl<T: Config> Pallet<T> {
    /// What must hold between any two calls: each depositor's hold is the sum of what wasn't redeemed, and every channel ends.
    pub fn do_try_state() -> Result<(), &'static str> {
        use polkadot_sdk::frame_support::traits::fungible::InspectHold;

        let mut deposits = alloc::collections::BTreeMap::<T::AccountId, Balance>::new();
        let mut channels = 0;
        for (id, channel) in Channels::<T>::iter() {
            ensure!(id >= 1 && id <= LastId::<T>::get(), "an id that was never given");
            ensure!(channel.redeemed <= channel.deposited, "more redeemed than deposited");
            ensure!(Ends::<T>::contains_key(channel.ends_at, id), "a channel without an end");
            *deposits.entry(channel.depositor.clone()).or_default() += channel.held();
            channels += 1;
        }
        ensure!(Ends::<T>::iter_keys().count() == channels, "an end of no channel");
        for (depositor, sum) in deposits {
            let held = <T as Config>::Currency::balance_on_hold(&HoldReason::Deposit.into(), &depositor);
            ensure!(held == sum, "a depositor's hold isn't the sum of the channels'");
        }
        Ok(())
    }
}
