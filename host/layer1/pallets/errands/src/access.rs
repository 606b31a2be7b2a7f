//! Who may act, and when.

use crate::*;

impl<T: Config> Pallet<T> {
    pub(crate) fn in_state(id: ErrandId, state: State) -> Result<ErrandOf<T>, Error<T>> {
        let errand = Errands::<T>::get(id).ok_or(Error::<T>::UnknownErrand)?;
        ensure!(errand.state == state, Error::<T>::WrongState);
        Ok(errand)
    }

    pub(crate) fn in_time(id: ErrandId, state: State) -> Result<ErrandOf<T>, Error<T>> {
        let errand = Self::in_state(id, state)?;
        ensure!(!Self::is_late(&errand), Error::<T>::DeadlinePassed);
        Ok(errand)
    }

    pub(crate) fn is_late(errand: &ErrandOf<T>) -> bool {
        frame_system::Pallet::<T>::block_number() >= errand.deadline
    }

    pub(crate) fn ensure_consumer(origin: OriginFor<T>, errand: &ErrandOf<T>) -> DispatchResult {
        ensure!(ensure_signed(origin)? == errand.consumer, Error::<T>::NotConsumer);
        Ok(())
    }

    pub(crate) fn ensure_executor(origin: OriginFor<T>, errand: &ErrandOf<T>) -> DispatchResult {
        let who = ensure_signed(origin)?;
        let chosen = errand.selection.as_ref().is_some_and(|selection| selection.tee_account == who);
        ensure!(chosen, Error::<T>::NotExecutor);
        Ok(())
    }

    /// The sealed part whose key the signer owns and hasn't released.
    pub(crate) fn withheld_part(
        origin: OriginFor<T>,
        errand: &mut ErrandOf<T>,
        part: Part,
    ) -> Result<&mut PartTerms<T::AccountId, BlockNumberFor<T>>, DispatchError> {
        let who = ensure_signed(origin)?;
        let terms = errand.parts.iter_mut().find(|terms| terms.part == part).ok_or(Error::<T>::UnknownPart)?;
        ensure!(terms.owner == who, Error::<T>::NotPartOwner);
        ensure!(terms.sealed, Error::<T>::PartNotSealed);
        ensure!(terms.release.is_none(), Error::<T>::AlreadyReleased);
        Ok(terms)
    }
}
