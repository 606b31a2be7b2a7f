//! What layer 1 does by itself at the start of each block.

use tea_nodes::NodeOf;

use crate::*;

/// What a choice was made by, for the record.
pub(crate) struct Choice<BlockNumber> {
    pub block: BlockNumber,
    pub seed: H256,
    pub candidates: u32,
    pub digest: H256,
}

impl<T: Config> Pallet<T> {
    /// What choosing for `errands` weighs: the active list is read once, then looked through for each.
    pub(crate) fn choosing(errands: u32) -> Weight {
        if errands == 0 {
            return T::DbWeight::get().reads(1);
        }
        let active = tea_nodes::ActiveNodes::<T>::decode_len().unwrap_or(0) as u32;
        <T as Config>::WeightInfo::choose_executor(active).saturating_mul(errands.into())
    }

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

    fn choose_executor(id: ErrandId, errand: ErrandOf<T>, active: &[tea_nodes::ActiveNode], now: BlockNumberFor<T>) {
        let candidates = choice::candidates(active, errand.gas_limit, Self::gas_budget(&errand));
        let seed = choice::seed(frame_system::Pallet::<T>::parent_hash(), id);
        let chosen = choice::index(seed, candidates.len()).and_then(|index| candidates.get(index));
        match chosen.and_then(|node| Some((*node, tea_nodes::Nodes::<T>::get(node)?))) {
            Some(executor) => {
                let digest = choice::candidates_digest(&candidates);
                Self::select(
                    id,
                    errand,
                    executor,
                    Choice { block: now, seed, candidates: candidates.len() as u32, digest },
                );
            }
            None => Self::deposit_event(Event::NoCandidate { id }),
        }
    }

    /// The errand gets its executor, on the terms of now.
    pub(crate) fn select(
        id: ErrandId,
        mut errand: ErrandOf<T>,
        executor: (NodeId, NodeOf<T>),
        by: Choice<BlockNumberFor<T>>,
    ) {
        let (node, profile) = executor;
        let Choice { block, seed, candidates, digest: candidates_digest } = by;
        errand.selection = Some(Selection {
            block,
            seed,
            candidates,
            candidates_digest,
            node,
            tee_account: profile.tee_account,
            operator: profile.operator,
            host_account: profile.host_account,
            gas_price: profile.gas_price,
        });
        Self::take_up(id, node);
        Self::enter(id, errand, State::Selected);
        Self::deposit_event(Event::Selected { id, node, seed, candidates, candidates_digest });
    }

    /// What is left for gas when code and data are paid.
    pub(crate) fn gas_budget(errand: &ErrandOf<T>) -> Balance {
        errand.content_price().and_then(|price| errand.held.checked_sub(price)).unwrap_or(0)
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
            State::Proved | State::Disputed => {
                Self::pay_by_receipt(id, errand);
                return;
            }
            State::Settled | State::Refunded(_) => return,
        };
        Self::refund(id, errand, reason);
    }
}
