//! How evidence is judged: by whom, until when, for what money.

use crate::*;

impl<T: Config> Pallet<T> {
    /// Asks for a judgement of the node's present evidence, whose operator pays for it. The node is to be Pending.
    pub(crate) fn open_appraisal(node_id: NodeId, node: &mut NodeOf<T>) -> DispatchResult {
        let id = LastAppraisal::<T>::get().checked_add(1).ok_or(Error::<T>::IdsExhausted)?;
        LastAppraisal::<T>::put(id);
        Self::supersede(node.appraisal);
        node.appraisal = id;
        let operator = node.operator.clone();
        let founding = Self::founds(&operator);
        let seats = Self::other_operators(&operator).clamp(1, SEATS);
        let fee = if founding { 0 } else { AppraisalFee::<T>::get() };
        let held = fee.saturating_mul(seats.into());
        T::Currency::hold(&HoldReason::Appraisal.into(), &operator, held)?;
        let appraisal = Appraisal {
            node: node_id,
            operator,
            evidence_cid: node.evidence_cid.clone(),
            evidence_digest: node.evidence_digest,
            draw: if founding { None } else { Some(T::Lots::open(id, seats)) },
            opened_at: frame_system::Pallet::<T>::block_number(),
            votes_close: None,
            fee,
            held,
            seats: BoundedVec::new(),
            outcome: None,
            closed_at: None,
        };
        Self::deposit_event(Event::AppraisalOpened { appraisal: id, node_id, draw: appraisal.draw });
        Appraisals::<T>::insert(id, appraisal);
        if founding {
            Self::seat_members(id, vec![(node_id, node.operator.clone())]);
        }
        Ok(())
    }

    /// The draw for a committee ended with these nodes.
    pub fn seat(id: AppraisalId, members: impl Iterator<Item = NodeId>) {
        let known = |member: NodeId| Nodes::<T>::get(member).map(|profile| (member, profile.operator));
        Self::seat_members(id, members.filter_map(known).collect());
    }

    fn seat_members(id: AppraisalId, members: Vec<(NodeId, T::AccountId)>) {
        let Some(mut appraisal) = Appraisals::<T>::get(id).filter(|open| open.closed_at.is_none()) else { return };
        let votes_close = frame_system::Pallet::<T>::block_number().saturating_add(VotePeriod::<T>::get());
        for (node, operator) in members {
            let seated = SeatsOf::<T>::try_mutate(node, |seats| seats.try_push(id)).is_ok();
            if seated && appraisal.seats.try_push(Seat { node, operator, vote: None }).is_err() {
                Self::leave_seat(node, id);
            }
        }
        if appraisal.seats.is_empty() {
            return Self::without_committee(id);
        }
        appraisal.votes_close = Some(votes_close);
        AppraisalsDue::<T>::insert(votes_close, id, ());
        let members = BoundedVec::truncate_from(appraisal.seats.iter().map(|seat| seat.node).collect());
        Self::deposit_event(Event::Seated { appraisal: id, node_id: appraisal.node, members, votes_close });
        Appraisals::<T>::insert(id, appraisal);
    }

    /// The draw for a committee ended without one.
    pub fn without_committee(id: AppraisalId) {
        if let Some(appraisal) = Appraisals::<T>::get(id) {
            Self::close(id, appraisal, Outcome::NoCommittee);
        }
    }

    /// Ends an appraisal whose time for votes is over.
    pub(crate) fn close_in_time(id: AppraisalId) {
        if let Some(appraisal) = Appraisals::<T>::get(id) {
            Self::close(id, appraisal, Outcome::Undecided);
        }
    }

    /// The evidence isn't to be judged any more. Returns whether it was to be until now.
    pub(crate) fn withdraw_appraisal(id: AppraisalId) -> bool {
        let Some(appraisal) = Appraisals::<T>::get(id).filter(|open| open.closed_at.is_none()) else { return false };
        if let (Some(draw), None) = (appraisal.draw, appraisal.votes_close) {
            T::Lots::abandon(draw);
        }
        Self::close(id, appraisal, Outcome::Withdrawn);
        true
    }

    /// The appraisal is no longer about a node's present evidence. If it stayed on record for that alone, it leaves it.
    pub(crate) fn supersede(id: AppraisalId) {
        if id <= AppraisalsForgottenTo::<T>::get() {
            Appraisals::<T>::remove(id);
        }
    }

    /// Takes the oldest appraisals off the record, at most `bound`, up to one that is open or too young. Returns what that cost.
    pub(crate) fn forget(now: BlockNumberFor<T>, bound: u32) -> Weight {
        let (first, last) = (AppraisalsForgottenTo::<T>::get(), LastAppraisal::<T>::get());
        let mut to = first;
        while to < last && to < first.saturating_add(bound.into()) {
            let next = to.saturating_add(1);
            if let Some(appraisal) = Appraisals::<T>::get(next) {
                if appraisal.closed_at.is_none_or(|at| at.saturating_add(T::Retention::get()) > now) {
                    break;
                }
                let present = Nodes::<T>::get(appraisal.node).is_some_and(|node| node.appraisal == next);
                if !present {
                    Appraisals::<T>::remove(next);
                }
            }
            to = next;
        }
        if to > first {
            AppraisalsForgottenTo::<T>::put(to);
        }
        let gone = to.saturating_sub(first);
        T::DbWeight::get()
            .reads_writes(gone.saturating_mul(2).saturating_add(3), gone.saturating_add(u64::from(gone > 0)))
    }

    /// Acts on a vote that decides. Returns whether this one did.
    pub(crate) fn decide(
        id: AppraisalId,
        appraisal: &mut AppraisalOf<T>,
        node_id: NodeId,
        mut node: NodeOf<T>,
    ) -> Result<bool, DispatchError> {
        let quorum = appraisal.quorum();
        if appraisal.votes(true) >= quorum {
            appraisal.outcome = Some(Outcome::Admitted);
            let now = frame_system::Pallet::<T>::block_number();
            node.founding = appraisal.draw.is_none();
            node.last_heartbeat = now;
            node.expires_at = now.saturating_add(EvidenceLifetime::<T>::get());
            Self::enter(node_id, &mut node, Status::Active, Reason::Admitted)?;
            Self::deposit_event(Event::Activated { node_id, founding: node.founding });
        } else if appraisal.votes(false) >= quorum {
            appraisal.outcome = Some(Outcome::Refused);
            let admitted_before = !node.expires_at.is_zero();
            let status = if admitted_before { Status::Inactive } else { Status::Refused };
            Self::enter(node_id, &mut node, status, Reason::FoundWanting)?;
            Self::deposit_event(Event::Refused { node_id, appraisal: id });
        } else {
            return Ok(false);
        }
        Nodes::<T>::insert(node_id, node);
        Ok(true)
    }

    /// Pays who voted, gives the rest back, and says what became of a node that nobody decided on. It can't fail: what
    /// can't be paid goes back.
    pub(crate) fn close(id: AppraisalId, mut appraisal: AppraisalOf<T>, otherwise: Outcome) {
        if appraisal.closed_at.is_some() {
            return;
        }
        let mut paid = 0u128;
        for seat in &appraisal.seats {
            if seat.vote.is_none() {
                Self::leave_seat(seat.node, id);
            } else if appraisal.fee > 0 {
                let delivered = with_storage_layer(|| {
                    T::Currency::transfer_on_hold(
                        &HoldReason::Appraisal.into(),
                        &appraisal.operator,
                        &seat.operator,
                        appraisal.fee,
                        Precision::Exact,
                        Restriction::Free,
                        Fortitude::Force,
                    )
                });
                paid = paid.saturating_add(delivered.unwrap_or(0));
            }
        }
        let rest = core::mem::take(&mut appraisal.held).saturating_sub(paid);
        let reason = HoldReason::Appraisal.into();
        let returned = T::Currency::release(&reason, &appraisal.operator, rest, Precision::BestEffort).unwrap_or(0);
        if let Some(at) = appraisal.votes_close {
            AppraisalsDue::<T>::remove(at, id);
        }
        let (node_id, outcome) = (appraisal.node, appraisal.outcome.unwrap_or(otherwise));
        appraisal.outcome = Some(outcome);
        appraisal.closed_at = Some(frame_system::Pallet::<T>::block_number());
        Appraisals::<T>::insert(id, appraisal);
        Self::deposit_event(Event::AppraisalClosed { appraisal: id, node_id, outcome, paid, returned });
        match outcome {
            Outcome::NoCommittee => Self::expire_unjudged(id, node_id, Reason::NoCommittee),
            Outcome::Undecided => Self::expire_unjudged(id, node_id, Reason::Undecided),
            Outcome::Admitted | Outcome::Refused | Outcome::Withdrawn => {}
        }
    }

    fn expire_unjudged(id: AppraisalId, node_id: NodeId, reason: Reason) {
        let judged = |node: &NodeOf<T>| node.appraisal == id && node.status == Status::Pending;
        let Some(mut node) = Nodes::<T>::get(node_id).filter(judged) else { return };
        // Can't fail: only a node that becomes Active may find no room.
        let _ = Self::enter(node_id, &mut node, Status::Expired, reason);
        Nodes::<T>::insert(node_id, node);
        Self::deposit_event(Event::Expired { node_id, reason });
    }

    pub(crate) fn leave_seat(node: NodeId, id: AppraisalId) {
        SeatsOf::<T>::mutate_exists(node, |seats| {
            if let Some(open) = seats {
                open.retain(|seat| *seat != id);
                if open.is_empty() {
                    *seats = None;
                }
            }
        });
    }
}
