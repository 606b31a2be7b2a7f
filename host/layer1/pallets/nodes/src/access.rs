//! Who may act.

use crate::*;

impl<T: Config> Pallet<T> {
    pub(crate) fn operated_by(origin: OriginFor<T>, node_id: NodeId) -> Result<NodeOf<T>, DispatchError> {
        let who = ensure_signed(origin)?;
        let node = Nodes::<T>::get(node_id).ok_or(Error::<T>::UnknownNode)?;
        ensure!(node.operator == who, Error::<T>::NotOperator);
        ensure!(node.status != Status::Exiting, Error::<T>::Leaving);
        Ok(node)
    }

    /// The node whose evidence the signer may replace: its operator, and its own TEE, which sees first that it must. What
    /// was found wanting, though, is for the operator to look at: a TEE that brought it again would spend its money.
    pub(crate) fn renewed_by(origin: OriginFor<T>, node_id: NodeId) -> Result<NodeOf<T>, DispatchError> {
        let who = ensure_signed(origin)?;
        let node = Nodes::<T>::get(node_id).ok_or(Error::<T>::UnknownNode)?;
        let by_its_tee = node.tee_account == who && node.reason != Reason::FoundWanting;
        ensure!(node.operator == who || by_its_tee, Error::<T>::NotOperator);
        ensure!(node.status != Status::Exiting, Error::<T>::Leaving);
        Ok(node)
    }

    pub(crate) fn spoken_for_by(origin: OriginFor<T>) -> Result<NodeId, DispatchError> {
        let who = ensure_signed(origin)?;
        TeeAccounts::<T>::get(&who).ok_or(Error::<T>::NotTeeAccount.into())
    }

    /// What a TEE's account signs so that `operator` may register its node, on this chain and no other.
    pub fn consent_message(node_id: NodeId, operator: &T::AccountId) -> Vec<u8> {
        let genesis = frame_system::Pallet::<T>::block_hash(BlockNumberFor::<T>::zero());
        (CONSENT_DOMAIN, genesis, node_id, operator).encode()
    }

    /// Operators with Active nodes, without `operator`: who may sit in judgement of its nodes.
    pub fn other_operators(operator: &T::AccountId) -> u32 {
        let own = u32::from(ActiveOperators::<T>::contains_key(operator));
        ActiveOperators::<T>::count().saturating_sub(own)
    }

    /// Whether a node of `operator` is its own judge: only while the network is too small for a full committee.
    pub(crate) fn founds(operator: &T::AccountId) -> bool {
        FoundingOperators::<T>::contains_key(operator) && Self::other_operators(operator) < SEATS
    }

    /// Whether `member`, a node of `operator`, may sit in the committee of `appraisal`.
    pub fn may_sit(appraisal: AppraisalId, member: NodeId, operator: &T::AccountId) -> bool {
        let foreign = |open: &AppraisalOf<T>| open.operator != *operator;
        let open = |open: &AppraisalOf<T>| open.closed_at.is_none() && open.seats.is_empty();
        SeatsOf::<T>::decode_len(member).unwrap_or(0) < MAX_OPEN_SEATS as usize
            && Appraisals::<T>::get(appraisal).is_some_and(|appraisal| open(&appraisal) && foreign(&appraisal))
    }
}
