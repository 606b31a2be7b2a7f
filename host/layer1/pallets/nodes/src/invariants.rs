//! What must hold after every block.

use crate::*;

impl<T: Config> Pallet<T> {
    /// What must hold after every block: indexes and lists agree with the nodes, and stakes with the holds.
    pub fn do_try_state() -> Result<(), &'static str> {
        use polkadot_sdk::frame_support::traits::fungible::InspectHold;
        let mut active = Vec::new();
        let mut stakes = alloc::collections::BTreeMap::<T::AccountId, Balance>::new();
        for (id, node) in Nodes::<T>::iter() {
            ensure!(TeeAccounts::<T>::get(&node.tee_account) == Some(id), "a TEE account doesn't lead to its node");
            let listed = node.status == Status::Active;
            ensure!(Due::<T>::contains_key(node.due_at, id) == listed, "Due isn't the Active nodes");
            if listed {
                active.push(ActiveNode { id, gas_price: node.gas_price });
            }
            let stake = stakes.entry(node.operator).or_default();
            *stake = stake.saturating_add(node.stake);
        }
        active.sort_by_key(|node| node.id);
        ensure!(ActiveNodes::<T>::get().into_inner() == active, "the active list isn't the Active nodes in order");
        ensure!(Due::<T>::iter_keys().count() == active.len(), "Due has entries of nodes that aren't Active");
        ensure!(TeeAccounts::<T>::iter_keys().count() == Nodes::<T>::iter_keys().count(), "a TEE account without node");
        let counted: u32 = ActiveOperators::<T>::iter_values().sum();
        ensure!(counted as usize == active.len(), "operators' counts don't sum to the active list");
        for (operator, stake) in stakes {
            ensure!(T::Currency::balance_on_hold(&HoldReason::Stake.into(), &operator) == stake, "stake isn't held");
        }
        Ok(())
    }
}
