//! # Nodes
//!
//! Who may run errands, on whose stake, at what price, and who vouched for it.
//!
//! An operator registers a node by its id (the SHA-256 part of its attestation key's TPM name), the account its TEE
//! made for itself, and the evidence it published. Evidence is data here: a CID and a digest that others appraise off
//! chain. `Pending` until a committee decided, then `Active` while it sends heartbeats, `Inactive` when it stops,
//! `Refused` when the committee said no, `Expired` when its evidence is too old or nobody judged it, `Exiting` once its
//! operator gave it up, until the stake is back. [`Reason`] says why, [`Appraisal`] who said so.
//!
//! ## Consent
//! Nobody registers another's TEE: `register` wants the TEE account's signature over operator, node id and genesis
//! ([`Pallet::consent_message`]). That the account is the TEE's of this id is what the evidence binds and the committee checks; an
//! id registered with another account is refused by it, and an id that was never admitted doesn't keep its rightful
//! operator out: once refused or unjudged, the next registration replaces it.
//!
//! ## Appraisal
//! New evidence opens an appraisal. Its committee is drawn by lot from the Active nodes (`tea_sortition`): four seats, each of
//! another operator and none of the candidate's own, and more than half of the seats decide, so three passes admit and
//! three failures refuse, and one hostile vote does neither. The operator holds a fee a seat; who voted until votes close gets
//! it, however they voted and also after the decision, and the rest goes back. Without a decision by then the node is Expired and its
//! operator may try again. Appraisals stay on record with each vote and the digest of its reasons: whoever appraises the same
//! evidence can show that a vote was wrong. In the state that is until [`Config::Retention`] blocks after the appraisal was
//! closed, and while it is about a node's present evidence; in the chain's history and its exports it is for ever.
//!
//! While fewer than four other operators have Active nodes, there are as many seats as there are such operators: of three and of
//! two seats two decide, of one that one. Small networks are as trustworthy as those few.
//!
//! ## Founding
//! A new network has nobody to vote. Nodes named at genesis (`foundingNodes`) are Active from the first block. Of operators
//! named at genesis (`foundingOperators`), a node may be its own judge, but only while fewer than four other operators have
//! Active nodes: from then on they need a committee like everybody else. Either is recorded as `founding: true`, for everyone to see.
//!
//! ## Roles
//! The operator signs every change of the profile; the TEE account signs heartbeats, votes and claims; the host account
//! only receives money. Heartbeats and votes that did their work cost no fee, so that a TEE's allowance isn't eaten by its
//! duties. After `exit` the stake is held for the unbonding period, during which the node takes no errand and no seat.

#![cfg_attr(not(feature = "std"), no_std)]
#![allow(clippy::too_many_arguments)] // what FRAME makes of `register`
extern crate alloc;

mod access;
mod appraisals;
#[cfg(feature = "runtime-benchmarks")]
pub mod benchmarking;
#[cfg(any(feature = "std", feature = "try-runtime"))]
mod invariants;
pub mod migrations;
mod standing;
mod types;

pub mod weights;

pub use pallet::*;
pub use types::*;
pub use weights::WeightInfo;

#[cfg(test)]
mod tests;

use alloc::{vec, vec::Vec};
use polkadot_sdk::{
    frame_support::{
        self,
        pallet_prelude::*,
        storage::with_storage_layer,
        traits::{
            fungible::MutateHold,
            tokens::{Fortitude, Precision, Restriction},
            ConstU128,
        },
    },
    frame_system::{self, pallet_prelude::*},
    sp_core::H256,
    sp_runtime::traits::{IdentifyAccount, One, Saturating, Verify, Zero},
};
use tea_agenda::work_off;

/// What a consent begins with.
pub const CONSENT_DOMAIN: [u8; 14] = *b"tea/operator/1";

/// Draws of committees, by whichever pallet draws lots. It answers with [`Pallet::seat`] or [`Pallet::without_committee`], not
/// before the next block.
pub trait Lots {
    /// Opens a draw with so many seats, and says its number.
    fn open(appraisal: AppraisalId, seats: u32) -> u64;
    /// Nobody waits for this draw any more.
    fn abandon(draw: u64);
}

#[frame_support::pallet]
pub mod pallet {
    use super::*;

    pub type NodeOf<T> = Node<<T as frame_system::Config>::AccountId, BlockNumberFor<T>>;
    pub type AppraisalOf<T> = Appraisal<<T as frame_system::Config>::AccountId, BlockNumberFor<T>>;

    #[pallet::config]
    pub trait Config: polkadot_sdk::frame_system::Config<RuntimeEvent: From<Event<Self>>> {
        /// Holds stakes and fees.
        type Currency: MutateHold<Self::AccountId, Balance = Balance, Reason = Self::RuntimeHoldReason>;

        type RuntimeHoldReason: From<HoldReason>;

        /// By which a TEE account consents to its operator.
        type TeeSignature: Parameter + Verify<Signer: IdentifyAccount<AccountId = Self::AccountId>>;

        /// Who draws committees.
        type Lots: Lots;

        /// What an operator stakes for each node.
        #[pallet::constant]
        type Stake: Get<Balance>;

        /// How many nodes may be Active at once: the active list is one value, read when an executor is chosen.
        #[pallet::constant]
        type MaxActive: Get<u32>;

        /// How many due nodes a block looks at, how many due appraisals, and how many of those it forgets; more wait for the next block.
        #[pallet::constant]
        type MaxDuePerBlock: Get<u32>;

        /// For how many blocks a closed appraisal stays on record.
        #[pallet::constant]
        type Retention: Get<BlockNumberFor<Self>>;

        /// What the calls cost; see [`weights`].
        type WeightInfo: WeightInfo;
    }

    /// Why money is held.
    #[pallet::composite_enum]
    pub enum HoldReason {
        /// For a registered node, until it has left.
        Stake,
        /// For the committee of an appraisal, until its votes close.
        Appraisal,
    }

    /// See [`migrations`].
    const STORAGE_VERSION: StorageVersion = StorageVersion::new(2);

    #[pallet::pallet]
    #[pallet::storage_version(STORAGE_VERSION)]
    pub struct Pallet<T>(_);

    /// Every registered node.
    #[pallet::storage]
    pub type Nodes<T: Config> = StorageMap<_, Blake2_128Concat, NodeId, NodeOf<T>>;

    /// The node that a TEE account speaks for.
    #[pallet::storage]
    pub type TeeAccounts<T: Config> = StorageMap<_, Blake2_128Concat, T::AccountId, NodeId>;

    /// Operators whose nodes may admit themselves while the network is small. Set at genesis, never changed.
    #[pallet::storage]
    pub type FoundingOperators<T: Config> = StorageMap<_, Blake2_128Concat, T::AccountId, ()>;

    /// The active list: every Active node, in the order of ids.
    #[pallet::storage]
    pub type ActiveNodes<T: Config> = StorageValue<_, BoundedVec<ActiveNode, T::MaxActive>, ValueQuery>;

    /// How many Active nodes an operator has. The number of keys is the number of operators who may have a seat.
    #[pallet::storage]
    pub type ActiveOperators<T: Config> = CountedStorageMap<_, Blake2_128Concat, T::AccountId, u32>;

    /// Blocks without a heartbeat after which an Active node is Inactive. Set at genesis.
    #[pallet::storage]
    pub type HeartbeatPeriod<T: Config> = StorageValue<_, BlockNumberFor<T>, ValueQuery>;

    /// When to look at a node again: each that is Active, Inactive or Exiting is here once. A heartbeat doesn't move the entry,
    /// so that it stays cheap; the look does.
    #[pallet::storage]
    pub type Due<T: Config> = StorageDoubleMap<_, Twox64Concat, BlockNumberFor<T>, Blake2_128Concat, NodeId, ()>;

    /// The oldest block that may still have entries in `Due`.
    #[pallet::storage]
    pub type DueFrom<T: Config> = StorageValue<_, BlockNumberFor<T>, ValueQuery>;

    /// The id given last; 0 before there was an appraisal.
    #[pallet::storage]
    pub type LastAppraisal<T> = StorageValue<_, AppraisalId, ValueQuery>;

    /// Every appraisal that is open, is about a node's present evidence, or was closed less than [`Config::Retention`] blocks ago.
    #[pallet::storage]
    pub type Appraisals<T: Config> = StorageMap<_, Twox64Concat, AppraisalId, AppraisalOf<T>>;

    /// The last appraisal whose record was looked at because it was old; 0 before there was one.
    #[pallet::storage]
    pub type AppraisalsForgottenTo<T> = StorageValue<_, AppraisalId, ValueQuery>;

    /// The appraisals that wait for a node's vote.
    #[pallet::storage]
    pub type SeatsOf<T: Config> =
        StorageMap<_, Blake2_128Concat, NodeId, BoundedVec<AppraisalId, ConstU32<MAX_OPEN_SEATS>>, ValueQuery>;

    /// When votes close: each seated appraisal that takes votes is here once.
    #[pallet::storage]
    pub type AppraisalsDue<T: Config> =
        StorageDoubleMap<_, Twox64Concat, BlockNumberFor<T>, Twox64Concat, AppraisalId, ()>;

    /// The oldest block that may still have entries in `AppraisalsDue`.
    #[pallet::storage]
    pub type AppraisalsDueFrom<T: Config> = StorageValue<_, BlockNumberFor<T>, ValueQuery>;

    /// Blocks after which evidence that was admitted is too old. Set at genesis.
    #[pallet::storage]
    pub type EvidenceLifetime<T: Config> = StorageValue<_, BlockNumberFor<T>, ValueQuery, DefaultLifetime<T>>;

    /// Blocks that a seated committee has for its votes. Set at genesis.
    #[pallet::storage]
    pub type VotePeriod<T: Config> = StorageValue<_, BlockNumberFor<T>, ValueQuery, DefaultVotePeriod<T>>;

    /// Blocks between `exit` and the stake's return. Set at genesis.
    #[pallet::storage]
    pub type UnbondingPeriod<T: Config> = StorageValue<_, BlockNumberFor<T>, ValueQuery, DefaultUnbonding<T>>;

    /// What a member of a committee gets for its vote. Set at genesis.
    #[pallet::storage]
    pub type AppraisalFee<T: Config> = StorageValue<_, Balance, ValueQuery, ConstU128<DEFAULT_FEE>>;

    /// A week of six-second slots.
    #[pallet::type_value]
    pub fn DefaultLifetime<T: Config>() -> BlockNumberFor<T> {
        100_800u32.into()
    }

    /// An hour of six-second slots.
    #[pallet::type_value]
    pub fn DefaultVotePeriod<T: Config>() -> BlockNumberFor<T> {
        600u32.into()
    }

    /// A week of six-second slots.
    #[pallet::type_value]
    pub fn DefaultUnbonding<T: Config>() -> BlockNumberFor<T> {
        100_800u32.into()
    }

    /// A tenth of a token of twelve decimals.
    pub const DEFAULT_FEE: Balance = 100_000_000_000;

    #[pallet::genesis_config]
    pub struct GenesisConfig<T: Config> {
        pub founding_operators: Vec<T::AccountId>,
        pub founding_nodes: Vec<FoundingNode<T::AccountId>>,
        /// Periods are in blocks, above 0.
        pub heartbeat_period: BlockNumberFor<T>,
        pub evidence_lifetime: BlockNumberFor<T>,
        pub vote_period: BlockNumberFor<T>,
        pub unbonding_period: BlockNumberFor<T>,
        pub appraisal_fee: Balance,
    }

    impl<T: Config> Default for GenesisConfig<T> {
        fn default() -> Self {
            Self {
                founding_operators: Vec::new(),
                founding_nodes: Vec::new(),
                heartbeat_period: 3_600u32.into(),
                evidence_lifetime: DefaultLifetime::<T>::get(),
                vote_period: DefaultVotePeriod::<T>::get(),
                unbonding_period: DefaultUnbonding::<T>::get(),
                appraisal_fee: DEFAULT_FEE,
            }
        }
    }

    #[pallet::genesis_build]
    impl<T: Config> BuildGenesisConfig for GenesisConfig<T> {
        fn build(&self) {
            let periods = [self.heartbeat_period, self.evidence_lifetime, self.vote_period, self.unbonding_period];
            assert!(periods.iter().all(|period| *period > Zero::zero()), "the periods of nodes must be above 0");
            HeartbeatPeriod::<T>::put(self.heartbeat_period);
            EvidenceLifetime::<T>::put(self.evidence_lifetime);
            VotePeriod::<T>::put(self.vote_period);
            UnbondingPeriod::<T>::put(self.unbonding_period);
            AppraisalFee::<T>::put(self.appraisal_fee);
            for operator in &self.founding_operators {
                FoundingOperators::<T>::insert(operator, ());
            }
            for node in &self.founding_nodes {
                Pallet::<T>::found(node).expect("a founding node has an id, an account and a stake of its own");
            }
        }
    }

    #[pallet::event]
    #[pallet::generate_deposit(pub(super) fn deposit_event)]
    pub enum Event<T: Config> {
        Registered {
            node_id: NodeId,
            operator: T::AccountId,
            tee_account: T::AccountId,
            class: TrustClass,
        },
        /// The evidence changed: the node is Pending and its votes are void.
        EvidenceUpdated {
            node_id: NodeId,
            evidence_cid: Cid,
            evidence_digest: H256,
        },
        GasPriceSet {
            node_id: NodeId,
            gas_price: Balance,
        },
        TransportsSet {
            node_id: NodeId,
            transports: Transports,
            bootstrap: bool,
        },
        /// Its evidence is to be judged; by itself where no draw is named.
        AppraisalOpened {
            appraisal: AppraisalId,
            node_id: NodeId,
            draw: Option<u64>,
        },
        /// These are to vote until `votes_close`.
        Seated {
            appraisal: AppraisalId,
            node_id: NodeId,
            members: BoundedVec<NodeId, ConstU32<SEATS>>,
            votes_close: BlockNumberFor<T>,
        },
        Voted {
            appraisal: AppraisalId,
            node_id: NodeId,
            voter: NodeId,
            pass: bool,
            reasons_digest: H256,
        },
        /// Votes are closed: `paid` went to those who voted, `returned` to the operator.
        AppraisalClosed {
            appraisal: AppraisalId,
            node_id: NodeId,
            outcome: Outcome,
            paid: Balance,
            returned: Balance,
        },
        Activated {
            node_id: NodeId,
            founding: bool,
        },
        Refused {
            node_id: NodeId,
            appraisal: AppraisalId,
        },
        /// Its evidence is too old, or nobody judged it.
        Expired {
            node_id: NodeId,
            reason: Reason,
        },
        /// No heartbeat came for a whole period.
        Lapsed {
            node_id: NodeId,
            last_heartbeat: BlockNumberFor<T>,
        },
        /// A heartbeat brought an Inactive node back.
        Returned {
            node_id: NodeId,
        },
        /// Its operator gave it up. The stake returns at `until`.
        Exiting {
            node_id: NodeId,
            until: BlockNumberFor<T>,
        },
        Exited {
            node_id: NodeId,
            stake: Balance,
        },
    }

    #[pallet::error]
    pub enum Error<T> {
        /// A node with this id is registered.
        NodeIdTaken,
        /// A node with this TEE account is registered.
        TeeAccountTaken,
        /// The operator's account can't be the TEE's too.
        TeeAccountIsOperator,
        /// The evidence's CID is empty.
        EmptyEvidence,
        /// No node has this id.
        UnknownNode,
        /// Only the node's operator may do this.
        NotOperator,
        /// The signer is no registered node's TEE account.
        NotTeeAccount,
        /// The signature isn't the TEE account's over this operator, node and chain.
        BadConsent,
        /// The operator gave the node up.
        Leaving,
        /// Only an Active node may vote.
        VoterNotActive,
        /// No committee is seated.
        NotSeated,
        /// The signer's node has no seat in this appraisal.
        NotAMember,
        /// The signer's node has voted.
        AlreadyVoted,
        /// Votes are closed.
        TooLate,
        /// The vote is about evidence that the node no longer has.
        OtherEvidence,
        /// No id is left.
        IdsExhausted,
        /// A bootstrap node has a transport.
        BootstrapWithoutTransport,
        /// The active list is full.
        TooManyActive,
        /// A transport is empty, or holds other than printable ASCII: it couldn't be a URL.
        BadTransport,
    }

    #[pallet::hooks]
    impl<T: Config> Hooks<BlockNumberFor<T>> for Pallet<T> {
        /// Looks at nodes that are due and closes votes, at most `MaxDuePerBlock` of each, oldest first.
        fn on_initialize(now: BlockNumberFor<T>) -> Weight {
            let bound = T::MaxDuePerBlock::get();
            let look = <T as Config>::WeightInfo::look_at(Self::active());
            let (mut nodes, mut appraisals) = (0u64, 0u64);
            let looked = work_off::<Due<T>, DueFrom<T>, _, _>(now, bound, |node_id| {
                nodes += 1;
                Self::look_at(node_id, now);
            });
            let closed = work_off::<AppraisalsDue<T>, AppraisalsDueFrom<T>, _, _>(now, bound, |id| {
                appraisals += 1;
                Self::close_in_time(id);
            });
            look.saturating_mul(nodes)
                .saturating_add(<T as Config>::WeightInfo::close().saturating_mul(appraisals))
                .saturating_add(T::DbWeight::get().reads_writes(u64::from(looked) + u64::from(closed) + 3, 2))
                .saturating_add(Self::forget(now, bound))
        }

        #[cfg(feature = "try-runtime")]
        fn try_state(_: BlockNumberFor<T>) -> Result<(), polkadot_sdk::sp_runtime::TryRuntimeError> {
            Self::do_try_state().map_err(Into::into)
        }
    }

    #[pallet::call]
    impl<T: Config> Pallet<T> {
        /// Registers a node under the signer as operator, with the consent of its TEE's account, and holds its stake and the
        /// fee of its committee. The node is Pending.
        #[pallet::call_index(0)]
        #[pallet::weight(<T as Config>::WeightInfo::register())]
        #[allow(clippy::too_many_arguments)]
        pub fn register(
            origin: OriginFor<T>,
            node_id: NodeId,
            tee_account: T::AccountId,
            host_account: T::AccountId,
            evidence_cid: Cid,
            evidence_digest: H256,
            class: TrustClass,
            gas_price: Balance,
            consent: T::TeeSignature,
        ) -> DispatchResult {
            let operator = ensure_signed(origin)?;
            ensure!(!evidence_cid.is_empty(), Error::<T>::EmptyEvidence);
            ensure!(tee_account != operator, Error::<T>::TeeAccountIsOperator);
            let message = Self::consent_message(node_id, &operator);
            ensure!(consent.verify(message.as_slice(), &tee_account), Error::<T>::BadConsent);
            if let Some(there) = Nodes::<T>::get(node_id) {
                let unproven = there.expires_at.is_zero() && matches!(there.status, Status::Refused | Status::Expired);
                ensure!(unproven, Error::<T>::NodeIdTaken);
                Self::withdraw_appraisal(there.appraisal);
                Self::leave(node_id, there);
            }
            ensure!(!TeeAccounts::<T>::contains_key(&tee_account), Error::<T>::TeeAccountTaken);
            let profile = FoundingNode {
                id: node_id,
                operator: operator.clone(),
                tee_account: tee_account.clone(),
                host_account,
                class,
                evidence_cid: evidence_cid.into_inner().into(),
                evidence_digest,
                gas_price,
            };
            let mut node = Self::new_node(&profile)?;
            Self::open_appraisal(node_id, &mut node)?;
            Nodes::<T>::insert(node_id, node);
            Self::deposit_event(Event::Registered { node_id, operator, tee_account, class });
            Ok(())
        }

        /// Replaces the node's evidence, for another committee that its operator pays. The node is Pending again, whatever it
        /// was. Signed by its operator or, unless its last evidence was found wanting, by its TEE.
        #[pallet::call_index(1)]
        #[pallet::weight(<T as Config>::WeightInfo::update_evidence(T::MaxActive::get()))]
        pub fn update_evidence(
            origin: OriginFor<T>,
            node_id: NodeId,
            evidence_cid: Cid,
            evidence_digest: H256,
            class: TrustClass,
        ) -> DispatchResultWithPostInfo {
            let mut node = Self::renewed_by(origin, node_id)?;
            ensure!(!evidence_cid.is_empty(), Error::<T>::EmptyEvidence);
            let active = Self::active();
            let withdrawn = Self::withdraw_appraisal(node.appraisal);
            Self::enter(node_id, &mut node, Status::Pending, Reason::EvidenceReplaced)?;
            node.founding = false;
            node.evidence_cid = evidence_cid.clone();
            node.evidence_digest = evidence_digest;
            node.class = class;
            Self::open_appraisal(node_id, &mut node)?;
            Nodes::<T>::insert(node_id, node);
            Self::deposit_event(Event::EvidenceUpdated { node_id, evidence_cid, evidence_digest });
            let (paid, unpaid) =
                (<T as Config>::WeightInfo::update_evidence(active), <T as Config>::WeightInfo::renew(active));
            Ok(Some(if withdrawn { paid } else { unpaid }).into())
        }

        /// Sets the price of 1,000,000 units of gas for errands that are given an executor from now on.
        #[pallet::call_index(2)]
        #[pallet::weight(<T as Config>::WeightInfo::set_gas_price(T::MaxActive::get()))]
        pub fn set_gas_price(origin: OriginFor<T>, node_id: NodeId, gas_price: Balance) -> DispatchResultWithPostInfo {
            let mut node = Self::operated_by(origin, node_id)?;
            node.gas_price = gas_price;
            Nodes::<T>::insert(node_id, node);
            ActiveNodes::<T>::mutate(|list| {
                if let Ok(at) = list.binary_search_by_key(&node_id, |active| active.id) {
                    list[at].gas_price = gas_price;
                }
            });
            Self::deposit_event(Event::GasPriceSet { node_id, gas_price });
            Ok(Some(<T as Config>::WeightInfo::set_gas_price(Self::active())).into())
        }

        /// Gives the node up. It takes no errand and no seat any more, and its stake returns by itself when the unbonding
        /// period is over. Errands it was chosen for are bound by their deadlines.
        #[pallet::call_index(3)]
        #[pallet::weight(<T as Config>::WeightInfo::exit(T::MaxActive::get()))]
        pub fn exit(origin: OriginFor<T>, node_id: NodeId) -> DispatchResultWithPostInfo {
            let mut node = Self::operated_by(origin, node_id)?;
            let active = Self::active();
            let withdrawn = Self::withdraw_appraisal(node.appraisal);
            Self::enter(node_id, &mut node, Status::Exiting, Reason::Left)?;
            Self::deposit_event(Event::Exiting { node_id, until: node.due_at });
            Nodes::<T>::insert(node_id, node);
            let (paid, unpaid) = (<T as Config>::WeightInfo::exit(active), <T as Config>::WeightInfo::depart(active));
            Ok(Some(if withdrawn { paid } else { unpaid }).into())
        }

        /// Records the appraisal of a node by the member of its committee that the signer is the TEE of, and acts on a decided one.
        /// It names the evidence it is about: evidence that was replaced meanwhile gains nothing by it.
        #[pallet::call_index(4)]
        #[pallet::weight(<T as Config>::WeightInfo::vote(T::MaxActive::get()))]
        pub fn vote(
            origin: OriginFor<T>,
            node_id: NodeId,
            evidence_digest: H256,
            pass: bool,
            reasons_digest: H256,
        ) -> DispatchResultWithPostInfo {
            let voter = Self::spoken_for_by(origin)?;
            let node = Nodes::<T>::get(node_id).ok_or(Error::<T>::UnknownNode)?;
            ensure!(node.evidence_digest == evidence_digest, Error::<T>::OtherEvidence);
            let id = node.appraisal;
            let mut appraisal = Appraisals::<T>::get(id).ok_or(Error::<T>::NotSeated)?;
            let votes_close = appraisal.votes_close.ok_or(Error::<T>::NotSeated)?;
            let now = frame_system::Pallet::<T>::block_number();
            let seat = appraisal.seats.iter_mut().find(|seat| seat.node == voter).ok_or(Error::<T>::NotAMember)?;
            ensure!(seat.vote.is_none(), Error::<T>::AlreadyVoted);
            ensure!(appraisal.closed_at.is_none() && now < votes_close, Error::<T>::TooLate);
            let active = |profile: NodeOf<T>| profile.status == Status::Active;
            ensure!(voter == node_id || Nodes::<T>::get(voter).is_some_and(active), Error::<T>::VoterNotActive);
            seat.vote = Some(Ballot { pass, reasons_digest, at: now });
            Self::leave_seat(voter, id);
            Self::deposit_event(Event::Voted { appraisal: id, node_id, voter, pass, reasons_digest });
            let decides = appraisal.outcome.is_none() && Self::decide(id, &mut appraisal, node_id, node)?;
            let closes = appraisal.all_voted();
            if closes {
                Self::close(id, appraisal, Outcome::Undecided);
            } else {
                Appraisals::<T>::insert(id, appraisal);
            }
            let whole = || <T as Config>::WeightInfo::vote(Self::active());
            let actual = if decides || closes { whole() } else { <T as Config>::WeightInfo::vote_undecided() };
            Ok((Some(actual), Pays::No).into())
        }

        /// Says that the signer's node is there. Free once in a quarter of the period; sooner, it costs its fee.
        #[pallet::call_index(5)]
        #[pallet::weight(<T as Config>::WeightInfo::heartbeat(T::MaxActive::get()))]
        pub fn heartbeat(origin: OriginFor<T>) -> DispatchResultWithPostInfo {
            let node_id = Self::spoken_for_by(origin)?;
            let mut node = Nodes::<T>::get(node_id).ok_or(Error::<T>::UnknownNode)?;
            let now = frame_system::Pallet::<T>::block_number();
            let silence = now.saturating_sub(node.last_heartbeat);
            node.last_heartbeat = now;
            let mut actual = <T as Config>::WeightInfo::heartbeat_active();
            if node.status == Status::Inactive && node.reason == Reason::Silent {
                Self::enter(node_id, &mut node, Status::Active, Reason::Returned)?;
                Self::deposit_event(Event::Returned { node_id });
                actual = <T as Config>::WeightInfo::heartbeat(Self::active());
            }
            Nodes::<T>::insert(node_id, node);
            let due = silence.saturating_mul(4u32.into()) >= HeartbeatPeriod::<T>::get();
            Ok((Some(actual), if due { Pays::No } else { Pays::Yes }).into())
        }

        /// Says where clients reach the node, and whether as a first contact, in place of what was said before.
        #[pallet::call_index(6)]
        #[pallet::weight(<T as Config>::WeightInfo::set_transports())]
        pub fn set_transports(
            origin: OriginFor<T>,
            node_id: NodeId,
            transports: Transports,
            bootstrap: bool,
        ) -> DispatchResult {
            let mut node = Self::operated_by(origin, node_id)?;
            let printable = |url: &Transport| !url.is_empty() && url.iter().all(u8::is_ascii_graphic);
            ensure!(transports.iter().all(printable), Error::<T>::BadTransport);
            ensure!(!bootstrap || !transports.is_empty(), Error::<T>::BootstrapWithoutTransport);
            node.transports = transports.clone();
            node.bootstrap = bootstrap;
            Nodes::<T>::insert(node_id, node);
            Self::deposit_event(Event::TransportsSet { node_id, transports, bootstrap });
            Ok(())
        }
    }
}

impl<T: Config> Pallet<T> {
    /// How long the active list is, without reading it all.
    fn active() -> u32 {
        ActiveNodes::<T>::decode_len().unwrap_or(0) as u32
    }

    /// A Pending node with its stake on hold, not yet stored.
    fn new_node(profile: &FoundingNode<T::AccountId>) -> Result<NodeOf<T>, DispatchError> {
        let now = frame_system::Pallet::<T>::block_number();
        let stake = T::Stake::get();
        T::Currency::hold(&HoldReason::Stake.into(), &profile.operator, stake)?;
        TeeAccounts::<T>::insert(&profile.tee_account, profile.id);
        Ok(Node {
            operator: profile.operator.clone(),
            tee_account: profile.tee_account.clone(),
            host_account: profile.host_account.clone(),
            class: profile.class,
            evidence_cid: Cid::try_from(profile.evidence_cid.to_vec()).map_err(|_| Error::<T>::EmptyEvidence)?,
            evidence_digest: profile.evidence_digest,
            gas_price: profile.gas_price,
            stake,
            founding: false,
            status: Status::Pending,
            reason: Reason::Registered,
            appraisal: 0,
            registered_at: now,
            last_heartbeat: now,
            expires_at: Zero::zero(),
            due_at: now,
            transports: Transports::default(),
            bootstrap: false,
        })
    }

    /// A node that the genesis names.
    fn found(profile: &FoundingNode<T::AccountId>) -> DispatchResult {
        ensure!(!Nodes::<T>::contains_key(profile.id), Error::<T>::NodeIdTaken);
        ensure!(!TeeAccounts::<T>::contains_key(&profile.tee_account), Error::<T>::TeeAccountTaken);
        let mut node = Self::new_node(profile)?;
        node.founding = true;
        node.expires_at = EvidenceLifetime::<T>::get();
        Self::enter(profile.id, &mut node, Status::Active, Reason::Admitted)?;
        Nodes::<T>::insert(profile.id, node);
        Ok(())
    }
}
