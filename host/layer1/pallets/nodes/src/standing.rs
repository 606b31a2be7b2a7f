//! Where nodes stand, and what changes it by itself.

use crate::*;

impl<T: Config> Pallet<T> {
    /// The only place where a node's status changes: lists, counts and the next look follow.
    ///
    /// Fails with `TooManyActive` for a node that is to be Active, and with nothing else.
    pub(crate) fn enter(node_id: NodeId, node: &mut NodeOf<T>, status: Status, reason: Reason) -> DispatchResult {
        let (before, active) = (node.status == Status::Active, status == Status::Active);
        if active && !before {
            Self::join_active_list(node_id, node)?;
        } else if before && !active {
            Self::leave_active_list(node_id, &node.operator);
        }
        node.status = status;
        node.reason = reason;
        let now = frame_system::Pallet::<T>::block_number();
        let next = match status {
            Status::Active => Some(Self::silence_ends(node).min(node.expires_at)),
            Status::Inactive if reason == Reason::FoundWanting => None,
            Status::Inactive => Some(node.expires_at),
            Status::Exiting => Some(now.saturating_add(UnbondingPeriod::<T>::get())),
            Status::Pending | Status::Refused | Status::Expired => None,
        };
        Due::<T>::remove(node.due_at, node_id);
        node.due_at = now;
        if let Some(at) = next {
            // What is entered at this block would be looked at by none.
            node.due_at = at.max(now.saturating_add(One::one()));
            Due::<T>::insert(node.due_at, node_id, ());
        }
        Ok(())
    }

    fn join_active_list(node_id: NodeId, node: &NodeOf<T>) -> DispatchResult {
        let joining = ActiveNode { id: node_id, gas_price: node.gas_price };
        ActiveNodes::<T>::try_mutate(|list| {
            let at = list.binary_search_by_key(&node_id, |active| active.id).unwrap_or_else(|at| at);
            list.try_insert(at, joining)
        })
        .map_err(|_| Error::<T>::TooManyActive)?;
        ActiveOperators::<T>::mutate(&node.operator, |count| *count = Some(count.unwrap_or(0).saturating_add(1)));
        Ok(())
    }

    fn leave_active_list(node_id: NodeId, operator: &T::AccountId) {
        ActiveNodes::<T>::mutate(|list| list.retain(|active| active.id != node_id));
        ActiveOperators::<T>::mutate_exists(operator, |count| {
            *count = count.and_then(|n| n.checked_sub(1)).filter(|n| *n > 0)
        });
    }

    /// The first block at which the node's last heartbeat is too old.
    fn silence_ends(node: &NodeOf<T>) -> BlockNumberFor<T> {
        node.last_heartbeat.saturating_add(HeartbeatPeriod::<T>::get())
    }

    /// Does what is due for a node, or looks again when it will be.
    pub(crate) fn look_at(node_id: NodeId, now: BlockNumberFor<T>) {
        let Some(mut node) = Nodes::<T>::get(node_id) else { return };
        let (status, reason) = match node.status {
            Status::Exiting => return Self::leave(node_id, node),
            Status::Active | Status::Inactive if node.expires_at <= now => (Status::Expired, Reason::EvidenceTooOld),
            Status::Active if Self::silence_ends(&node) <= now => (Status::Inactive, Reason::Silent),
            status => (status, node.reason),
        };
        match reason {
            Reason::EvidenceTooOld => Self::deposit_event(Event::Expired { node_id, reason }),
            Reason::Silent if node.status == Status::Active => {
                Self::deposit_event(Event::Lapsed { node_id, last_heartbeat: node.last_heartbeat })
            }
            _ => {}
        }
        // Can't fail: no node becomes Active here.
        let _ = Self::enter(node_id, &mut node, status, reason);
        Nodes::<T>::insert(node_id, node);
    }

    /// Removes a node and gives its stake back.
    pub(crate) fn leave(node_id: NodeId, node: NodeOf<T>) {
        let released =
            T::Currency::release(&HoldReason::Stake.into(), &node.operator, node.stake, Precision::BestEffort);
        Due::<T>::remove(node.due_at, node_id);
        TeeAccounts::<T>::remove(&node.tee_account);
        Nodes::<T>::remove(node_id);
        Self::supersede(node.appraisal);
        Self::deposit_event(Event::Exited { node_id, stake: released.unwrap_or(0) });
    }
}
