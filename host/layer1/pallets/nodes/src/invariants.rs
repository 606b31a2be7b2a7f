//! What must hold after every block.

use crate::*;

impl<T: Config> Pallet<T> {
    /// What must hold after every block: indexes and lists agree with the nodes, and holds with stakes and fees.
    pub fn do_try_state() -> Result<(), &'static str> {
        Self::nodes_are_in_order()?;
        Self::appraisals_are_in_order()
    }

    fn nodes_are_in_order() -> Result<(), &'static str> {
        use polkadot_sdk::frame_support::traits::fungible::InspectHold;
        let mut active = Vec::new();
        let mut due = 0;
        let mut stakes = alloc::collections::BTreeMap::<T::AccountId, Balance>::new();
        for (id, node) in Nodes::<T>::iter() {
            ensure!(TeeAccounts::<T>::get(&node.tee_account) == Some(id), "a TEE account doesn't lead to its node");
            let watched = node.status == Status::Inactive && node.reason != Reason::FoundWanting
                || matches!(node.status, Status::Active | Status::Exiting);
            ensure!(Due::<T>::contains_key(node.due_at, id) == watched, "Due isn't the nodes to look at");
            due += usize::from(watched);
            if node.status == Status::Active {
                active.push(ActiveNode { id, gas_price: node.gas_price });
            }
            if let Some(appraisal) = Appraisals::<T>::get(node.appraisal) {
                ensure!(appraisal.evidence_digest == node.evidence_digest, "an appraisal of other evidence");
                let open = node.status == Status::Pending;
                ensure!(open == appraisal.outcome.is_none(), "a Pending node is one that isn't decided on");
            }
            let stake = stakes.entry(node.operator).or_default();
            *stake = stake.saturating_add(node.stake);
        }
        active.sort_by_key(|node| node.id);
        ensure!(ActiveNodes::<T>::get().into_inner() == active, "the active list isn't the Active nodes in order");
        ensure!(Due::<T>::iter_keys().count() == due, "Due has entries of nodes that nobody looks at");
        ensure!(TeeAccounts::<T>::iter_keys().count() == Nodes::<T>::iter_keys().count(), "a TEE account without node");
        let counted: u32 = ActiveOperators::<T>::iter_values().sum();
        ensure!(counted as usize == active.len(), "operators' counts don't sum to the active list");
        for (operator, stake) in stakes {
            ensure!(T::Currency::balance_on_hold(&HoldReason::Stake.into(), &operator) == stake, "stake isn't held");
        }
        Ok(())
    }

    fn appraisals_are_in_order() -> Result<(), &'static str> {
        use polkadot_sdk::frame_support::traits::fungible::InspectHold;
        let (mut waiting, mut taking_votes) = (0, 0);
        let mut held = alloc::collections::BTreeMap::<T::AccountId, Balance>::new();
        for (id, appraisal) in Appraisals::<T>::iter() {
            ensure!(id >= 1 && id <= LastAppraisal::<T>::get(), "an id that was never given");
            let present = Nodes::<T>::get(appraisal.node).is_some_and(|node| node.appraisal == id);
            ensure!(present || id > AppraisalsForgottenTo::<T>::get(), "on record, though forgotten");
            let open = appraisal.closed_at.is_none();
            ensure!(open || appraisal.held == 0, "money is held for a closed appraisal");
            ensure!(open || appraisal.outcome.is_some(), "closed without an outcome");
            if let Some(at) = appraisal.votes_close {
                ensure!(AppraisalsDue::<T>::contains_key(at, id) == open, "not once in the queue of open votes");
                taking_votes += usize::from(open);
            }
            for seat in appraisal.seats.iter().filter(|seat| open && seat.vote.is_none()) {
                ensure!(SeatsOf::<T>::get(seat.node).contains(&id), "a seat isn't in its node's index");
                waiting += 1;
            }
            let sum = held.entry(appraisal.operator).or_default();
            *sum = sum.saturating_add(appraisal.held);
        }
        ensure!(AppraisalsDue::<T>::iter_keys().count() == taking_votes, "a queue of votes that aren't open");
        ensure!(SeatsOf::<T>::iter_values().map(|seats| seats.len()).sum::<usize>() == waiting, "an index of no seat");
        for (operator, sum) in held {
            let on_hold = T::Currency::balance_on_hold(&HoldReason::Appraisal.into(), &operator);
            ensure!(on_hold == sum, "an operator's hold isn't the sum of the fees");
        }
        Ok(())
    }
}
