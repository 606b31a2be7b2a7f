//! How an errand is put together, and how it moves.

use crate::*;

impl<T: Config> Pallet<T> {
    pub(crate) fn on_sale(id: ContentId) -> Result<tea_content::EntryOf<T>, Error<T>> {
        let entry = tea_content::Entries::<T>::get(id).ok_or(Error::<T>::UnknownContent)?;
        ensure!(entry.on_sale, Error::<T>::NotOnSale);
        Ok(entry)
    }

    /// The terms of code, data and input as they are now.
    #[allow(clippy::type_complexity)]
    pub(crate) fn parts(
        consumer: &T::AccountId,
        code: ContentId,
        data: &[ContentId],
        input: &Option<Input>,
    ) -> Result<BoundedVec<PartTerms<T::AccountId, BlockNumberFor<T>>, ConstU32<MAX_PARTS>>, Error<T>> {
        let of = |part: Part, id: ContentId, kind: Kind, wrong: Error<T>| {
            let entry = Self::on_sale(id)?;
            ensure!(entry.kind == kind, wrong);
            let sealed = entry.visibility == Visibility::Sealed;
            Ok(PartTerms { part, owner: entry.owner, price: entry.price, sealed, sha256: entry.sha256, release: None })
        };
        let mut parts = Vec::with_capacity(MAX_PARTS as usize);
        parts.push(of(Part::Code, code, Kind::Code, Error::<T>::NotCode)?);
        for (at, id) in (0u8..).zip(data) {
            parts.push(of(Part::Data(at), *id, Kind::Data, Error::<T>::NotData)?);
        }
        if let Some(input) = input {
            ensure!(!input.cid.is_empty(), Error::<T>::EmptyCid);
            let sealed = input.visibility == Visibility::Sealed;
            let (owner, sha256) = (consumer.clone(), input.sha256);
            parts.push(PartTerms { part: Part::Input, owner, price: 0, sealed, sha256, release: None });
        }
        Ok(BoundedVec::truncate_from(parts))
    }

    /// The only place where an errand's state and deadline change.
    pub(crate) fn enter(id: ErrandId, mut errand: ErrandOf<T>, state: State) {
        let now = frame_system::Pallet::<T>::block_number();
        Deadlines::<T>::remove(errand.deadline, id);
        errand.deadline = now;
        if let Some(period) = StatePeriods::<T>::get().of(&state) {
            errand.deadline = now.saturating_add(period.into());
            Deadlines::<T>::insert(errand.deadline, id, ());
        } else {
            Self::lay_down(id, &errand);
        }
        // Hardly ever there: what its removal writes is paid by the call that asked.
        if errand.state == State::Running && CancelAsked::<T>::contains_key(id) {
            CancelAsked::<T>::remove(id);
        }
        errand.state = state;
        Errands::<T>::insert(id, errand);
    }

    /// Until the run is proved, a TEE may have to begin again.
    pub(crate) fn takes_evidence(errand: &ErrandOf<T>) -> bool {
        matches!(errand.state, State::Selected | State::Attested | State::KeysReleased | State::Running)
    }

    /// Back to before the first evidence. What owners released was sealed to evidence that no longer counts. How late this
    /// may be is told from the choice of the executor, so that nobody holds money for longer by beginning again and again.
    pub(crate) fn start_over(errand: &mut ErrandOf<T>) -> Result<(), Error<T>> {
        if errand.state == State::Selected {
            return Ok(());
        }
        let periods = StatePeriods::<T>::get();
        let chosen = errand.selection.as_ref().map_or(errand.created_at, |selection| selection.block);
        let until = chosen.saturating_add(periods.attest.into()).saturating_add(periods.release.into());
        ensure!(frame_system::Pallet::<T>::block_number() < until, Error::<T>::DeadlinePassed);
        errand.parts.iter_mut().for_each(|terms| terms.release = None);
        Ok(())
    }

    /// Attested, or KeysReleased when no key is missing.
    pub(crate) fn await_keys(id: ErrandId, errand: ErrandOf<T>) {
        if errand.missing_key().is_none() {
            Self::enter(id, errand, State::KeysReleased);
            Self::deposit_event(Event::KeysReleased { id });
        } else {
            Self::enter(id, errand, State::Attested);
        }
    }
}
