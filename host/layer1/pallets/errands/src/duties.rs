//! What layer 1 does by itself at the start of each block.

use crate::*;

impl<T: Config> Pallet<T> {
    /// Chooses for the errands at the head of the queue. Returns how many it took from there.
    pub(crate) fn choose_executors(now: BlockNumberFor<T>) -> u32 {
        let (first, next) = SelectionRange::<T>::get();
        let until = next.min(first.saturating_add(T::MaxSelectionsPerBlock::get().into()));
        if first == until {
            return 0;
        }
        let active = tea_nodes::ActiveNodes::<T>::get();
        for place in first..until {
            let waiting =
                SelectionQueue::<T>::take(place).and_then(|id| Some((id, Self::in_time(id, State::Funded).ok()?)));
            // Cancelled in the meantime, or too late: its deadline sees to it.
            if let Some((id, errand)) = waiting {
                Self::choose_executor(id, errand, &active, now);
            }
        }
        SelectionRange::<T>::put((until, next));
        (until - first) as u32
    }

    pub(crate) fn choose_executor(
        id: ErrandId,
        mut errand: ErrandOf<T>,
        active: &[tea_nodes::ActiveNode],
        now: BlockNumberFor<T>,
    ) {
        let budget = errand.content_price().and_then(|price| errand.held.checked_sub(price)).unwrap_or(0);
        let candidates = choice::candidates(active, errand.gas_limit, budget);
        let seed = choice::seed(frame_system::Pallet::<T>::parent_hash(), id);
        let chosen = choice::index(seed, candidates.len())
            .and_then(|index| candidates.get(index))
            .and_then(|node| Some((*node, tea_nodes::Nodes::<T>::get(node)?)));
        let Some((node, profile)) = chosen else {
            Self::deposit_event(Event::NoCandidate { id });
            return;
        };
        let candidates_digest = choice::candidates_digest(&candidates);
        let candidates = candidates.len() as u32;
        errand.selection = Some(Selection {
            block: now,
            seed,
            candidates,
            candidates_digest,
            node,
            tee_account: profile.tee_account,
            operator: profile.operator,
            host_account: profile.host_account,
            gas_price: profile.gas_price,
        });
        Self::enter(id, errand, State::Selected);
        Self::deposit_event(Event::Selected { id, node, seed, candidates, candidates_digest });
    }

    /// Works off `Deadlines` up to `now`, oldest block first. Returns how many entries or empty blocks it looked at.
    pub(crate) fn work_off_deadlines(now: BlockNumberFor<T>) -> u32 {
        let budget = T::MaxExpiriesPerBlock::get();
        let mut looked = 0u32;
        let mut from = DeadlinesFrom::<T>::get();
        while from <= now && looked < budget {
            let room = budget.saturating_sub(looked);
            let late: Vec<ErrandId> = Deadlines::<T>::iter_key_prefix(from).take(room as usize).collect();
            for id in &late {
                Deadlines::<T>::remove(from, id);
                Self::expire(*id);
            }
            let found = late.len() as u32;
            looked = looked.saturating_add(found.max(1));
            if found < room {
                from = from.saturating_add(1u32.into());
            }
        }
        DeadlinesFrom::<T>::put(from);
        looked
    }

    /// The rule for a missed deadline.
    pub(crate) fn expire(id: ErrandId) {
        let Some(errand) = Errands::<T>::get(id) else { return };
        let reason = match errand.state {
            State::Created => RefundReason::ConsumerDidNotFund,
            State::Funded => RefundReason::NoCandidate,
            State::Selected => RefundReason::ExecutorDidNotAttest,
            State::Attested => RefundReason::OwnerDidNotRelease(errand.missing_key().unwrap_or(Part::Code)),
            State::KeysReleased => RefundReason::ExecutorDidNotStart,
            State::Running => RefundReason::ExecutorDidNotProve,
            State::Proved | State::Disputed => return Self::pay_by_receipt(id, errand),
            State::Settled | State::Refunded(_) => return,
        };
        Self::refund(id, errand, reason);
    }
}
