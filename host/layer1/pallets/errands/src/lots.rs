//! The choice of an executor by lot: the errand's side of a draw of `tea_sortition`.

use tea_nodes::Status;

use crate::{duties::Choice, *};

/// The winner and two who take its place if it is gone when the draw ends.
const SEATS: u32 = 3;

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

    /// The errand that waits for this draw, in time.
    fn waiting(subject: Subject) -> Option<(ErrandId, ErrandOf<T>)> {
        let Subject::Executor(id) = subject else { return None };
        Some((id, Self::in_time(id, State::Funded).ok()?))
    }

    fn affords(errand: &ErrandOf<T>, gas_price: Balance) -> bool {
        price::gas_fee(errand.gas_limit, gas_price).is_some_and(|fee| fee <= Self::gas_budget(errand))
    }
}

impl<T: Config> Electorate<BlockNumberFor<T>> for Pallet<T> {
    fn may_claim(subject: Subject, node: NodeId) -> bool {
        let Some((_, errand)) = Self::waiting(subject) else { return false };
        tea_nodes::Nodes::<T>::get(node).is_some_and(|profile| Self::affords(&errand, profile.gas_price))
    }

    /// The lowest lot whose node is still Active and cheap enough.
    fn drawn(subject: Subject, draw: &Draw<BlockNumberFor<T>>) {
        let Some((id, errand)) = Self::waiting(subject) else { return };
        let standing = |node: &NodeId| {
            let profile = tea_nodes::Nodes::<T>::get(node)?;
            let stands = profile.status == Status::Active && Self::affords(&errand, profile.gas_price);
            stands.then_some((*node, profile))
        };
        let executor = draw.claims.iter().find_map(|claim| standing(&claim.node));
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
}
