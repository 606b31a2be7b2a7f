//! Where Active nodes are listed, counted and looked after.

use crate::*;

impl<T: Config> Pallet<T> {
    /// Puts a node that just became Active where Active nodes are listed, counted and looked after.
    pub(crate) fn join_active_list(node_id: NodeId, node: &mut NodeOf<T>) -> DispatchResult {
        let joining = ActiveNode { id: node_id, gas_price: node.gas_price };
        ActiveNodes::<T>::try_mutate(|list| {
            let at = list.binary_search_by_key(&node_id, |active| active.id).unwrap_or_else(|at| at);
            list.try_insert(at, joining)
        })
        .map_err(|_| Error::<T>::TooManyActive)?;
        ActiveOperators::<T>::mutate(&node.operator, |count| *count = Some(count.unwrap_or(0).saturating_add(1)));
        node.due_at = Self::silence_ends(node);
        Due::<T>::insert(node.due_at, node_id, ());
        Ok(())
    }

    pub(crate) fn leave_active_list(node_id: NodeId, operator: &T::AccountId) {
        ActiveNodes::<T>::mutate(|list| list.retain(|active| active.id != node_id));
        ActiveOperators::<T>::mutate_exists(operator, |count| {
            *count = count.and_then(|n| n.checked_sub(1)).filter(|n| *n > 0)
        });
    }

    /// The first block at which the node's last heartbeat is too old.
    pub(crate) fn silence_ends(node: &NodeOf<T>) -> BlockNumberFor<T> {
        node.last_heartbeat.saturating_add(HeartbeatPeriod::<T>::get())
    }

    /// Lets the node lapse when its silence lasted too long, else looks again when it would.
    pub(crate) fn look_at(node_id: NodeId, now: BlockNumberFor<T>) {
        let Some(mut node) = Nodes::<T>::get(node_id) else { return };
        node.due_at = Self::silence_ends(&node);
        if node.due_at > now {
            Due::<T>::insert(node.due_at, node_id, ());
        } else {
            node.status = Status::Inactive;
            Self::leave_active_list(node_id, &node.operator);
            Self::deposit_event(Event::Lapsed { node_id, last_heartbeat: node.last_heartbeat });
        }
        Nodes::<T>::insert(node_id, node);
    }
}
