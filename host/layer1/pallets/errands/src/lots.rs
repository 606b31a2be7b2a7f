//! The choice of an executor by lot: the errand's side of a draw of `tea_sortition`.

use tea_nodes::Status;

use crate::{duties::Choice, *};

/// The winner and two who take its place if it is gone when the draw ends.
pub(crate) const SEATS: u32 = 3;

impl<T: Config> Pallet<T> {
    /// A funded errand asks for an executor, the way this chain chooses them.
    pub(crate) fn ask_for_executor(id: ErrandId) {
        if ChoiceByLot::<T>::get() {
            DrawOf::<T>::insert(id, tea_sortition::Pallet::<T>::open(Subject::Executor(id), SEATS));
        } else {
            SelectionRange::<T>::mutate(|(_, next)| {
                SelectionQueue::<T>::insert(*next, id);
                *next = next.saturating_add(1);
            });
        }
    }

    /// Whether the seed of the errand's draw is known.
    pub(crate) fn lots_are_drawn(id: ErrandId) -> bool {
        DrawOf::<T>::get(id).and_then(tea_sortition::Draws::<T>::get).is_some_and(|draw| draw.round.is_some())
    }

    /// An errand that ends needs no draw.
    pub(crate) fn abandon_draw(id: ErrandId) {
        if let Some(draw) = DrawOf::<T>::get(id) {
            tea_sortition::Pallet::<T>::abandon(draw);
        }
    }

    /// A node that has as many errands without an end claims no more.
    pub const MAX_OPEN: u32 = 256;

    fn affords(errand: &ErrandOf<T>, gas_price: Balance) -> bool {
        price::gas_fee(errand.gas_limit, gas_price).is_some_and(|fee| fee <= Self::gas_budget(errand))
    }

    /// Whether `node`, if it is Active, may run `errand` now at that price.
    fn takes(errand: &ErrandOf<T>, node: NodeId, gas_price: Balance) -> bool {
        Self::affords(errand, gas_price) && OpenErrands::<T>::get(node) < Self::MAX_OPEN
    }

    /// The errand is its executor's to do.
    pub(crate) fn take_up(id: ErrandId, node: NodeId) {
        OpenErrandsOf::<T>::insert(node, id, ());
        OpenErrands::<T>::mutate(node, |count| *count = count.saturating_add(1));
    }

    /// The errand came to its end.
    pub(crate) fn lay_down(id: ErrandId, errand: &ErrandOf<T>) {
        let Some(Selection { node, .. }) = errand.selection else { return };
        if OpenErrandsOf::<T>::take(node, id).is_some() {
            OpenErrands::<T>::mutate_exists(node, |count| {
                *count = count.and_then(|n| n.checked_sub(1)).filter(|n| *n > 0)
            });
        }
    }
}

impl<T: Config> Electorate<BlockNumberFor<T>> for Pallet<T> {
    fn may_claim(id: u64, node: NodeId, gas_price: Balance) -> bool {
        Self::in_time(id, State::Funded).is_ok_and(|errand| Self::takes(&errand, node, gas_price))
    }

    /// The lowest lot whose node is still Active, cheap enough and not too busy.
    fn drawn(id: u64, draw: &Draw<BlockNumberFor<T>>) {
        let Ok(errand) = Self::in_time(id, State::Funded) else { return };
        let standing = |node: NodeId| {
            tea_nodes::Nodes::<T>::get(node)
                .filter(|profile| profile.status == Status::Active && Self::takes(&errand, node, profile.gas_price))
                .map(|profile| (node, profile))
        };
        let executor = draw.claims.iter().find_map(|claim| standing(claim.node));
        match (executor, &draw.round) {
            (Some(executor), Some(round)) => {
                let block = frame_system::Pallet::<T>::block_number();
                let digest = choice::claims_digest(&draw.claims);
                let by = Choice { block, seed: round.seed, candidates: round.electorate, digest };
                Self::select(id, errand, executor, by);
            }
            _ => Self::deposit_event(Event::NoCandidate { id }),
        }
    }

    fn drawn_weight() -> Weight {
        <T as Config>::WeightInfo::drawn()
    }

    fn failed(id: u64) {
        Self::deposit_event(Event::NoCandidate { id });
    }

    /// Only errands whose draw has ended get here, and what the draw came to is in the errand's own record.
    fn forgotten(id: u64) {
        DrawOf::<T>::remove(id);
    }

    #[cfg(feature = "runtime-benchmarks")]
    fn claimable() -> u64 {
        crate::benchmarking::claimable::<T>()
    }
}
