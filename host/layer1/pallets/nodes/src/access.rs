//! Who may act.

use crate::*;

impl<T: Config> Pallet<T> {
    pub(crate) fn operated_by(origin: OriginFor<T>, node_id: NodeId) -> Result<NodeOf<T>, DispatchError> {
        let who = ensure_signed(origin)?;
        let node = Nodes::<T>::get(node_id).ok_or(Error::<T>::UnknownNode)?;
        ensure!(node.operator == who, Error::<T>::NotOperator);
        Ok(node)
    }

    pub(crate) fn spoken_for_by(origin: OriginFor<T>) -> Result<NodeId, DispatchError> {
        let who = ensure_signed(origin)?;
        TeeAccounts::<T>::get(&who).ok_or(Error::<T>::NotTeeAccount.into())
    }

    /// Votes of one kind that decide about a node of `operator`.
    pub fn quorum(operator: &T::AccountId) -> u32 {
        let own = u32::from(ActiveOperators::<T>::contains_key(operator));
        let entitled = ActiveOperators::<T>::count().saturating_sub(own);
        FULL_QUORUM.min(entitled / 2 + 1)
    }

    /// The operator whose vote `voter` casts about `node`.
    pub(crate) fn entitled_operator(voter: NodeId, node: &NodeOf<T>) -> Result<T::AccountId, DispatchError> {
        let voting = Nodes::<T>::get(voter).ok_or(Error::<T>::UnknownNode)?;
        ensure!(voting.status == Status::Active, Error::<T>::VoterNotActive);
        ensure!(voting.operator != node.operator, Error::<T>::OwnOperator);
        let voted = node.votes.iter().any(|vote| vote.operator == voting.operator);
        ensure!(!voted, Error::<T>::OperatorAlreadyVoted);
        Ok(voting.operator)
    }
}
