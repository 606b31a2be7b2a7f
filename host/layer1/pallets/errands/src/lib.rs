//! # Errands
//!
//! An errand is one paid execution: `Created → Funded → Selected → Attested → KeysReleased → Running → Proved →
//! Settled`, with `Disputed` and `Refunded` as the ways out.
//!
//! ## Deadlines
//! In each state one party must act before `deadline`, the first block that is too late. What happens then is a rule,
//! never anybody's choice: the consumer gets everything back, except that a consumer's silence about a proved errand
//! accepts it, and a dispute that governance doesn't resolve leaves the receipt standing. Deadlines are worked off at
//! the start of each block, oldest first, at most `MaxExpiriesPerBlock`; the rest waits for the next block, and meanwhile
//! a late party is late all the same.
//!
//! ## Money
//! `fund` holds the price ceiling from the consumer's account. Only the ends move it: settlement pays code and data for
//! an outcome of `ok`, the gas used at the chosen node's price (80 % executor, 20 % host), and gives the rest back;
//! refund gives all back. What can't be delivered (dust to an account that no longer exists) goes back to the consumer
//! too, so no recipient can block a settlement and no unit is lost.
//!
//! ## Cancelling a run
//! A consumer who no longer wants the result of a running errand asks for its end (`cancel`), and the executor proves the outcome
//! `Cancelled`. It pays like a run that went wrong: the gas that the meter read when the guest was stopped, and neither code nor data, for
//! there is no result. So no consumer has work done for a fee, and no executor takes more than the gas limit's price, which
//! the consumer set; what it says is in a receipt that its TEE signed, and can be disputed. Nobody but the consumer ends a run this
//! way: a proof of `Cancelled` that wasn't asked for is refused.
//!
//! ## What terms are fixed when
//! Owners, prices and visibility of code and data when the errand is created, the executor's accounts and gas price when
//! it is chosen. Content taken off sale before funding can't be funded; after that the errand goes on.

#![cfg_attr(not(feature = "std"), no_std)]

extern crate alloc;

mod access;
#[cfg(feature = "runtime-benchmarks")]
mod benchmarking;
pub mod choice;
mod duties;
mod ends;
#[cfg(any(feature = "std", feature = "try-runtime"))]
mod invariants;
mod lifecycle;
mod lots;
pub mod migrations;
pub mod price;
mod types;
pub mod weights;

#[cfg(test)]
mod tests;

pub use pallet::*;
pub use types::*;
pub use weights::WeightInfo;

use alloc::vec::Vec;
use polkadot_sdk::{
    frame_support::{
        self,
        pallet_prelude::*,
        storage::with_storage_layer,
        traits::{
            fungible::MutateHold,
            tokens::{Fortitude, Precision, Restriction},
        },
    },
    frame_system::{self, pallet_prelude::*},
    sp_core::H256,
    sp_runtime::traits::Saturating,
};
use tea_agenda::work_off;
use tea_content::{Cid, ContentId, Kind, Visibility};
use tea_nodes::NodeId;
use tea_sortition::{Draw, DrawId, Electorate, Subject};

#[frame_support::pallet]
pub mod pallet {
    use super::*;

    pub type ErrandOf<T> = Errand<<T as frame_system::Config>::AccountId, BlockNumberFor<T>>;

    #[pallet::config]
    pub trait Config:
        polkadot_sdk::frame_system::Config<RuntimeEvent: From<Event<Self>>>
        + tea_nodes::Config
        + tea_content::Config
        + tea_sortition::Config
    {
        /// Holds the price ceilings.
        type Currency: MutateHold<Self::AccountId, Balance = Balance, Reason = <Self as Config>::RuntimeHoldReason>;

        type RuntimeHoldReason: From<HoldReason>;

        /// Who resolves disputes.
        type GovernanceOrigin: EnsureOrigin<Self::RuntimeOrigin>;

        /// How many executors a block chooses.
        #[pallet::constant]
        type MaxSelectionsPerBlock: Get<u32>;

        /// How many missed deadlines a block works off.
        #[pallet::constant]
        type MaxExpiriesPerBlock: Get<u32>;

        /// What the calls cost; see [`weights`].
        type WeightInfo: WeightInfo;
    }

    /// Why money is held.
    #[pallet::composite_enum]
    pub enum HoldReason {
        /// For funded errands that have no end yet.
        Escrow,
    }

    /// See [`migrations`].
    const STORAGE_VERSION: StorageVersion = StorageVersion::new(1);

    #[pallet::pallet]
    #[pallet::storage_version(STORAGE_VERSION)]
    pub struct Pallet<T>(_);

    /// The id given last; 0 before there was an errand.
    #[pallet::storage]
    pub type LastId<T> = StorageValue<_, ErrandId, ValueQuery>;

    /// Every errand there ever was.
    #[pallet::storage]
    pub type Errands<T: Config> = StorageMap<_, Twox64Concat, ErrandId, ErrandOf<T>>;

    /// Blocks for each state. Set at genesis.
    #[pallet::storage]
    pub type StatePeriods<T> = StorageValue<_, Periods, ValueQuery>;

    /// Deadlines: every errand without an end is here once, at its deadline.
    #[pallet::storage]
    pub type Deadlines<T> = StorageDoubleMap<_, Twox64Concat, BlockNumberFor<T>, Twox64Concat, ErrandId, ()>;

    /// The oldest block that may still have entries in `Deadlines`.
    #[pallet::storage]
    pub type DeadlinesFrom<T> = StorageValue<_, BlockNumberFor<T>, ValueQuery>;

    /// Funded errands that wait for the choice of an executor, first come, first served.
    #[pallet::storage]
    pub type SelectionQueue<T> = StorageMap<_, Twox64Concat, u64, ErrandId>;

    /// The places of the first in `SelectionQueue` and of the next to come.
    #[pallet::storage]
    pub type SelectionRange<T> = StorageValue<_, (u64, u64), ValueQuery>;

    /// Whether nodes claim errands by lot, or each block chooses by itself. Set at genesis.
    #[pallet::storage]
    pub type ChoiceByLot<T> = StorageValue<_, bool, ValueQuery>;

    /// The draw for an errand's executor, where the choice is by lot.
    #[pallet::storage]
    pub type DrawOf<T> = StorageMap<_, Twox64Concat, ErrandId, DrawId>;

    /// The errands that a node was chosen for and that have no end yet: what a TEE that starts anew takes up again.
    #[pallet::storage]
    pub type OpenErrandsOf<T> = StorageDoubleMap<_, Blake2_128Concat, NodeId, Twox64Concat, ErrandId, ()>;

    /// How many those are.
    #[pallet::storage]
    pub type OpenErrands<T> = StorageMap<_, Blake2_128Concat, NodeId, u32, ValueQuery>;

    /// Running errands that their consumers asked to end.
    #[pallet::storage]
    pub type CancelAsked<T> = StorageMap<_, Twox64Concat, ErrandId, ()>;

    #[pallet::genesis_config]
    #[derive(frame_support::DefaultNoBound)]
    pub struct GenesisConfig<T: Config> {
        pub periods: Periods,
        /// See [`choice`].
        pub choice_by_lot: bool,
        #[serde(skip)]
        pub _config: core::marker::PhantomData<T>,
    }

    #[pallet::genesis_build]
    impl<T: Config> BuildGenesisConfig for GenesisConfig<T> {
        fn build(&self) {
            assert!(self.periods.are_possible(), "errands.periods must be at least 1, and select at least 2");
            StatePeriods::<T>::put(self.periods);
            ChoiceByLot::<T>::put(self.choice_by_lot);
        }
    }

    #[pallet::event]
    #[pallet::generate_deposit(pub(super) fn deposit_event)]
    pub enum Event<T: Config> {
        Created {
            id: ErrandId,
            consumer: T::AccountId,
            code: ContentId,
        },
        Funded {
            id: ErrandId,
            held: Balance,
        },
        Selected {
            id: ErrandId,
            node: NodeId,
            seed: H256,
            candidates: u32,
            candidates_digest: H256,
        },
        /// Nobody could be chosen; the errand stays Funded until its deadline or until it is cancelled.
        NoCandidate {
            id: ErrandId,
        },
        Attested {
            id: ErrandId,
            evidence_cid: Cid,
            evidence_digest: H256,
        },
        Released {
            id: ErrandId,
            part: Part,
            release_digest: H256,
        },
        KeysReleased {
            id: ErrandId,
        },
        Started {
            id: ErrandId,
        },
        Proved {
            id: ErrandId,
            outcome: Outcome,
            gas_used: u64,
            receipt_digest: H256,
        },
        Disputed {
            id: ErrandId,
            reason: Words,
        },
        Resolved {
            id: ErrandId,
            pay: bool,
        },
        Settled {
            id: ErrandId,
            payments: Payments<T::AccountId>,
            refunded: Balance,
        },
        /// This payment couldn't be delivered and is part of what the consumer got back.
        Undeliverable {
            id: ErrandId,
            payment: Payment<T::AccountId>,
        },
        Refunded {
            id: ErrandId,
            reason: RefundReason,
            refunded: Balance,
        },
        /// The consumer asks the executor to end the run.
        CancelAsked {
            id: ErrandId,
        },
    }

    #[pallet::error]
    pub enum Error<T> {
        /// No errand has this id.
        UnknownErrand,
        /// The errand's state doesn't allow this.
        WrongState,
        /// The deadline has passed.
        DeadlinePassed,
        /// Only the errand's consumer may do this.
        NotConsumer,
        /// Only the chosen node's TEE account may do this.
        NotExecutor,
        /// Only the part's owner may do this.
        NotPartOwner,
        /// The errand has no such part.
        UnknownPart,
        /// The part is plain: there is no key to release.
        PartNotSealed,
        /// The part's key is released.
        AlreadyReleased,
        /// No content has this id.
        UnknownContent,
        /// The content was taken off sale.
        NotOnSale,
        /// The entry named as code is data.
        NotCode,
        /// The entry named as data is code.
        NotData,
        /// Without gas nothing runs.
        NoGas,
        /// The price ceiling doesn't cover code and data.
        CeilingBelowContentPrice,
        /// The key for the result is empty.
        EmptyResultKey,
        /// A CID is empty.
        EmptyCid,
        /// More gas than the errand's limit.
        GasAboveLimit,
        /// Whoever has seen the seed can't take the errand back, or they would draw until they like the winner.
        LotsAreDrawn,
        /// Until the acceptance window is over only the consumer settles.
        AcceptanceWindowOpen,
        /// No id is left.
        IdsExhausted,
        /// The executor was asked already.
        CancelIsAsked,
        /// The consumer didn't ask for the end of the run.
        CancelNotAsked,
    }

    #[pallet::hooks]
    impl<T: Config> Hooks<BlockNumberFor<T>> for Pallet<T> {
        /// Chooses executors for errands that earlier blocks funded, then works off missed deadlines.
        fn on_initialize(now: BlockNumberFor<T>) -> Weight {
            let chosen = Self::choose_executors(now);
            let bound = T::MaxExpiriesPerBlock::get();
            let mut expired = 0;
            let looked = work_off::<Deadlines<T>, DeadlinesFrom<T>, _, _>(now, bound, |id| {
                expired += 1;
                Self::expire(id);
            });
            Self::choosing(chosen)
                .saturating_add(<T as Config>::WeightInfo::expire(expired))
                .saturating_add(T::DbWeight::get().reads(looked.into()))
        }

        #[cfg(feature = "try-runtime")]
        fn try_state(_: BlockNumberFor<T>) -> Result<(), polkadot_sdk::sp_runtime::TryRuntimeError> {
            Self::do_try_state().map_err(Into::into)
        }
    }

    #[pallet::call]
    impl<T: Config> Pallet<T> {
        /// Records an errand: run `code` on `data` and `input` for at most `gas_limit` and `max_price`, on an executor whose
        /// evidence satisfies `policy`, and encrypt the result to `result_key`. No money moves yet.
        #[pallet::call_index(0)]
        #[pallet::weight(<T as Config>::WeightInfo::create(data.len() as u32))]
        #[allow(clippy::too_many_arguments)]
        pub fn create(
            origin: OriginFor<T>,
            code: ContentId,
            data: BoundedVec<ContentId, ConstU32<MAX_DATA>>,
            input: Option<Input>,
            gas_limit: u64,
            max_price: Balance,
            policy: H256,
            result_key: ResultKey,
        ) -> DispatchResult {
            let consumer = ensure_signed(origin)?;
            ensure!(gas_limit > 0, Error::<T>::NoGas);
            ensure!(!result_key.is_empty(), Error::<T>::EmptyResultKey);
            let id = LastId::<T>::get().checked_add(1).ok_or(Error::<T>::IdsExhausted)?;
            let now = frame_system::Pallet::<T>::block_number();
            let errand = Errand {
                state: State::Created,
                deadline: now,
                parts: Self::parts(&consumer, code, &data, &input)?,
                consumer: consumer.clone(),
                code,
                data,
                input,
                gas_limit,
                max_price,
                policy,
                result_key,
                created_at: now,
                held: 0,
                selection: None,
                evidence: None,
                proof: None,
                dispute: None,
                settlement: None,
            };
            let affordable = errand.content_price().is_some_and(|price| price <= max_price);
            ensure!(affordable, Error::<T>::CeilingBelowContentPrice);
            LastId::<T>::put(id);
            Self::enter(id, errand, State::Created);
            Self::deposit_event(Event::Created { id, consumer, code });
            Ok(())
        }

        /// Holds the price ceiling. The next block chooses the executor, or the nodes draw lots for it.
        #[pallet::call_index(1)]
        #[pallet::weight(<T as Config>::WeightInfo::fund(MAX_DATA))]
        pub fn fund(origin: OriginFor<T>, id: ErrandId) -> DispatchResultWithPostInfo {
            let mut errand = Self::in_time(id, State::Created)?;
            Self::ensure_consumer(origin, &errand)?;
            for content in core::iter::once(&errand.code).chain(&errand.data) {
                Self::on_sale(*content)?;
            }
            let (held, data) = (errand.max_price, errand.data.len() as u32);
            <T as Config>::Currency::hold(&HoldReason::Escrow.into(), &errand.consumer, held)?;
            errand.held = held;
            Self::enter(id, errand, State::Funded);
            Self::deposit_event(Event::Funded { id, held });
            Self::ask_for_executor(id);
            Ok(Some(<T as Config>::WeightInfo::fund(data)).into())
        }

        /// The executor publishes fresh evidence, bound to this errand. Where nothing is sealed, no key is waited for.
        ///
        /// A TEE that was started anew has neither the keys it was given nor the one that its receipts are signed with. It
        /// attests again, for a fee, and the errand goes on from there: what was released before counts no longer. That is
        /// possible until the errand is proved, in the time in which first evidence and first releases could have come.
        #[pallet::call_index(2)]
        #[pallet::weight(<T as Config>::WeightInfo::attest())]
        pub fn attest(
            origin: OriginFor<T>,
            id: ErrandId,
            evidence_cid: Cid,
            evidence_digest: H256,
        ) -> DispatchResultWithPostInfo {
            let mut errand = Errands::<T>::get(id).ok_or(Error::<T>::UnknownErrand)?;
            ensure!(Self::takes_evidence(&errand), Error::<T>::WrongState);
            ensure!(!Self::is_late(&errand), Error::<T>::DeadlinePassed);
            Self::ensure_executor(origin, &errand)?;
            ensure!(!evidence_cid.is_empty(), Error::<T>::EmptyCid);
            let pays = if errand.state == State::Selected { Pays::No } else { Pays::Yes };
            Self::start_over(&mut errand)?;
            let at = frame_system::Pallet::<T>::block_number();
            errand.evidence = Some(Evidence { cid: evidence_cid.clone(), digest: evidence_digest, at });
            Self::deposit_event(Event::Attested { id, evidence_cid, evidence_digest });
            Self::await_keys(id, errand);
            Ok(pays.into())
        }

        /// The owner of a sealed part states that its key was sealed to this executor, for this errand.
        #[pallet::call_index(3)]
        #[pallet::weight(<T as Config>::WeightInfo::release())]
        pub fn release(origin: OriginFor<T>, id: ErrandId, part: Part, release_digest: H256) -> DispatchResult {
            let mut errand = Self::in_time(id, State::Attested)?;
            let at = frame_system::Pallet::<T>::block_number();
            let terms = Self::withheld_part(origin, &mut errand, part)?;
            terms.release = Some(Release { digest: release_digest, at });
            Self::deposit_event(Event::Released { id, part, release_digest });
            if errand.missing_key().is_some() {
                // Each release leaves the owners' common deadline where it was.
                Errands::<T>::insert(id, errand);
            } else {
                Self::await_keys(id, errand);
            }
            Ok(())
        }

        /// The owner of a sealed part refuses this executor. The errand ends, and the consumer gets everything back.
        #[pallet::call_index(4)]
        #[pallet::weight(<T as Config>::WeightInfo::decline())]
        pub fn decline(origin: OriginFor<T>, id: ErrandId, part: Part, reason: Words) -> DispatchResult {
            let mut errand = Self::in_time(id, State::Attested)?;
            Self::withheld_part(origin, &mut errand, part)?;
            Self::refund(id, errand, RefundReason::OwnerDeclined { part, reason });
            Ok(())
        }

        /// The executor has what it needs and begins.
        #[pallet::call_index(5)]
        #[pallet::weight(<T as Config>::WeightInfo::start())]
        pub fn start(origin: OriginFor<T>, id: ErrandId) -> DispatchResultWithPostInfo {
            let errand = Self::in_time(id, State::KeysReleased)?;
            Self::ensure_executor(origin, &errand)?;
            Self::enter(id, errand, State::Running);
            Self::deposit_event(Event::Started { id });
            Ok(Pays::No.into())
        }

        /// The executor says how the run ended and publishes receipt and result. An outcome of `ok` has a result.
        #[pallet::call_index(6)]
        #[pallet::weight(<T as Config>::WeightInfo::prove())]
        #[allow(clippy::too_many_arguments)]
        pub fn prove(
            origin: OriginFor<T>,
            id: ErrandId,
            outcome: Outcome,
            gas_used: u64,
            receipt_digest: H256,
            result_cid: Cid,
            result_digest: H256,
        ) -> DispatchResultWithPostInfo {
            let mut errand = Self::in_time(id, State::Running)?;
            Self::ensure_executor(origin, &errand)?;
            ensure!(gas_used <= errand.gas_limit, Error::<T>::GasAboveLimit);
            ensure!(outcome != Outcome::Ok || !result_cid.is_empty(), Error::<T>::EmptyCid);
            ensure!(outcome != Outcome::Cancelled || CancelAsked::<T>::contains_key(id), Error::<T>::CancelNotAsked);
            let at = frame_system::Pallet::<T>::block_number();
            errand.proof = Some(Proof { outcome, gas_used, receipt_digest, result_cid, result_digest, at });
            Self::enter(id, errand, State::Proved);
            Self::deposit_event(Event::Proved { id, outcome, gas_used, receipt_digest });
            Ok(Pays::No.into())
        }

        /// Pays by the receipt: the consumer at once, anyone when the acceptance window is over.
        #[pallet::call_index(7)]
        #[pallet::weight(<T as Config>::WeightInfo::settle(MAX_PAYMENTS))]
        pub fn settle(origin: OriginFor<T>, id: ErrandId) -> DispatchResultWithPostInfo {
            let who = ensure_signed(origin)?;
            let errand = Self::in_state(id, State::Proved)?;
            let over = Self::is_late(&errand);
            ensure!(who == errand.consumer || over, Error::<T>::AcceptanceWindowOpen);
            let attempted = Self::pay_by_receipt(id, errand);
            Ok(Some(<T as Config>::WeightInfo::settle(attempted)).into())
        }

        /// The consumer contests a proved errand, within the acceptance window.
        #[pallet::call_index(8)]
        #[pallet::weight(<T as Config>::WeightInfo::dispute())]
        pub fn dispute(origin: OriginFor<T>, id: ErrandId, reason: Words) -> DispatchResult {
            let mut errand = Self::in_time(id, State::Proved)?;
            Self::ensure_consumer(origin, &errand)?;
            errand.dispute = Some(reason.clone());
            Self::enter(id, errand, State::Disputed);
            Self::deposit_event(Event::Disputed { id, reason });
            Ok(())
        }

        /// Governance ends a dispute: pay by the receipt, or give everything back.
        #[pallet::call_index(9)]
        #[pallet::weight(<T as Config>::WeightInfo::resolve(if *pay { MAX_PAYMENTS } else { 0 }))]
        pub fn resolve(origin: OriginFor<T>, id: ErrandId, pay: bool) -> DispatchResultWithPostInfo {
            T::GovernanceOrigin::ensure_origin(origin)?;
            let errand = Self::in_time(id, State::Disputed)?;
            Self::deposit_event(Event::Resolved { id, pay });
            let attempted = if pay {
                Self::pay_by_receipt(id, errand)
            } else {
                Self::refund(id, errand, RefundReason::DisputeUpheld);
                0
            };
            Ok(Some(<T as Config>::WeightInfo::resolve(attempted)).into())
        }

        /// The consumer ends an errand that has no executor yet, and for which no lots are being drawn. One that runs they
        /// ask the executor to end: it proves the outcome `Cancelled`, and only the gas used until then is paid.
        #[pallet::call_index(10)]
        #[pallet::weight(<T as Config>::WeightInfo::cancel())]
        pub fn cancel(origin: OriginFor<T>, id: ErrandId) -> DispatchResult {
            let errand = Errands::<T>::get(id).ok_or(Error::<T>::UnknownErrand)?;
            ensure!(matches!(errand.state, State::Created | State::Funded | State::Running), Error::<T>::WrongState);
            ensure!(!Self::is_late(&errand), Error::<T>::DeadlinePassed);
            Self::ensure_consumer(origin, &errand)?;
            if errand.state == State::Running {
                ensure!(!CancelAsked::<T>::contains_key(id), Error::<T>::CancelIsAsked);
                CancelAsked::<T>::insert(id, ());
                Self::deposit_event(Event::CancelAsked { id });
                return Ok(());
            }
            ensure!(!Self::lots_are_drawn(id), Error::<T>::LotsAreDrawn);
            Self::refund(id, errand, RefundReason::ConsumerCancelled);
            Ok(())
        }
    }
}
