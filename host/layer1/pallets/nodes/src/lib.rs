//! # Nodes
//!
//! Who may run errands, on whose stake, at what price, and who vouched for it.
//!
//! An operator registers a node by its id (the SHA-256 part of its attestation key's TPM name), the account its TEE
//! made for itself, and the evidence it published. Evidence is data here: a CID and a digest that others appraise off
//! chain. A node is `Pending` until enough appraisals agree, `Active` while it sends heartbeats, `Inactive` when it
//! stops, `Refused` when enough appraisals say no.
//!
//! ## Admission
//! TEE accounts of Active nodes vote, one vote for each operator and never on a node of their own operator, so
//! that many nodes in one hand count once. With `e` operators entitled to vote, `min(3, e / 2 + 1)` passes admit and
//! as many failures refuse: three once there are four operators, fewer only while the network is smaller than that.
//! Where two or more are entitled, no single vote decides anything.
//!
//! ## Founding
//! A new network has nobody to vote. Operators named at genesis (`FoundingOperators`) may have their nodes admitted by
//! one vote of the node's own TEE account. Such a node is recorded as `founding: true`, for everyone to see.
//!
//! ## Roles
//! The operator signs every change of the profile and gets the stake back on `exit`; the TEE account signs heartbeats
//! and votes; the host account only receives money. Heartbeats and votes that did their work cost no fee, so that a
//! TEE's allowance isn't eaten by its duties.

#![cfg_attr(not(feature = "std"), no_std)]

extern crate alloc;

mod access;
mod active_list;
#[cfg(feature = "std")]
mod invariants;
pub mod migrations;

pub use pallet::*;

#[cfg(test)]
mod tests;

use alloc::vec::Vec;
use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use polkadot_sdk::{
    frame_support::{
        self,
        pallet_prelude::*,
        traits::{fungible::MutateHold, tokens::Precision},
    },
    frame_system::{self, pallet_prelude::*},
    sp_core::H256,
    sp_runtime::traits::Saturating,
};
use scale_info::TypeInfo;
use tea_agenda::work_off;

/// Units of the chain's token, 10^-12 TEA each.
pub type Balance = u128;

/// SHA-256 digest in the TPM name of the node's attestation key.
pub type NodeId = H256;

/// An IPFS content identifier in its binary form.
pub type Cid = BoundedVec<u8, ConstU32<64>>;

/// Where clients reach a node, as a URL of at most 128 bytes.
pub type Transport = BoundedVec<u8, ConstU32<128>>;

/// All the ways to one node. A node without any is reached through others.
pub type Transports = BoundedVec<Transport, ConstU32<4>>;

/// Passes (or failures) that decide an appraisal once the network has four operators.
pub const FULL_QUORUM: u32 = 3;

/// One below `FULL_QUORUM` passes, as many failures, and the vote that decides.
const MAX_VOTES: u32 = 2 * FULL_QUORUM - 1;

/// What stands between the operator and the TEE, by what its evidence claims.
#[derive(Clone, Copy, Debug, Eq, PartialEq, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo)]
pub enum TrustClass {
    /// A software TPM on the host: nothing but the operator's word.
    Simulated,
    /// A TPM given by a hypervisor.
    Vtpm,
    /// A hardware TPM.
    Tpm,
    /// A hardware TPM and a processor that encrypts the TEE's memory.
    TpmMemoryEncryption,
}

/// Where a node stands.
#[derive(Clone, Copy, Debug, Eq, PartialEq, Encode, Decode, MaxEncodedLen, TypeInfo)]
pub enum Status {
    /// Its evidence isn't appraised yet.
    Pending,
    /// It may be chosen for errands and may vote.
    Active,
    /// It was Active and missed its heartbeats; the next one brings it back.
    Inactive,
    /// Its evidence was found wanting; new evidence makes it Pending again.
    Refused,
}

/// An appraisal of a node's present evidence.
#[derive(Clone, Debug, Eq, PartialEq, Encode, Decode, MaxEncodedLen, TypeInfo)]
pub struct Vote<AccountId> {
    pub voter: NodeId,
    /// The voter's operator, who has one vote.
    pub operator: AccountId,
    pub pass: bool,
    /// Digest of the attestation result that says why.
    pub reasons_digest: H256,
}

/// One registered node.
#[derive(Clone, Debug, Eq, PartialEq, Encode, Decode, MaxEncodedLen, TypeInfo)]
pub struct Node<AccountId, BlockNumber> {
    pub operator: AccountId,
    pub tee_account: AccountId,
    pub host_account: AccountId,
    pub class: TrustClass,
    pub evidence_cid: Cid,
    pub evidence_digest: H256,
    /// Price of 1,000,000 units of gas.
    pub gas_price: Balance,
    /// Held from the operator until `exit`.
    pub stake: Balance,
    /// Admitted by its own vote because its operator founded the network.
    pub founding: bool,
    pub status: Status,
    /// Votes on the present evidence.
    pub votes: BoundedVec<Vote<AccountId>, ConstU32<MAX_VOTES>>,
    pub registered_at: BlockNumber,
    pub last_heartbeat: BlockNumber,
    /// While Active: the block that looks whether a heartbeat came since.
    pub due_at: BlockNumber,
    /// Since storage version 1. A node with a public one is a bootstrap node.
    pub transports: Transports,
}

/// What choosing an executor needs to know of an Active node.
#[derive(Clone, Copy, Debug, Eq, PartialEq, Encode, Decode, MaxEncodedLen, TypeInfo)]
pub struct ActiveNode {
    pub id: NodeId,
    pub gas_price: Balance,
}

#[frame_support::pallet]
pub mod pallet {
    use super::*;

    pub type NodeOf<T> = Node<<T as frame_system::Config>::AccountId, BlockNumberFor<T>>;

    #[pallet::config]
    pub trait Config: polkadot_sdk::frame_system::Config<RuntimeEvent: From<Event<Self>>> {
        /// Holds the stakes.
        type Currency: MutateHold<Self::AccountId, Balance = Balance, Reason = Self::RuntimeHoldReason>;

        type RuntimeHoldReason: From<HoldReason>;

        /// What an operator stakes for each node.
        #[pallet::constant]
        type Stake: Get<Balance>;

        /// How many nodes may be Active at once: the active list is one value, read when an executor is chosen.
        #[pallet::constant]
        type MaxActive: Get<u32>;

        /// How many due nodes a block looks at; more wait for the next block.
        #[pallet::constant]
        type MaxDuePerBlock: Get<u32>;
    }

    /// Why money is held.
    #[pallet::composite_enum]
    pub enum HoldReason {
        /// For a registered node, until it exits.
        Stake,
    }

    /// See [`migrations`].
    const STORAGE_VERSION: StorageVersion = StorageVersion::new(1);

    #[pallet::pallet]
    #[pallet::storage_version(STORAGE_VERSION)]
    pub struct Pallet<T>(_);

    /// Every registered node.
    #[pallet::storage]
    pub type Nodes<T: Config> = StorageMap<_, Blake2_128Concat, NodeId, NodeOf<T>>;

    /// The node that a TEE account speaks for.
    #[pallet::storage]
    pub type TeeAccounts<T: Config> = StorageMap<_, Blake2_128Concat, T::AccountId, NodeId>;

    /// Operators whose nodes may admit themselves. Set at genesis, never changed.
    #[pallet::storage]
    pub type FoundingOperators<T: Config> = StorageMap<_, Blake2_128Concat, T::AccountId, ()>;

    /// The active list: every Active node, in the order of ids.
    #[pallet::storage]
    pub type ActiveNodes<T: Config> = StorageValue<_, BoundedVec<ActiveNode, T::MaxActive>, ValueQuery>;

    /// How many Active nodes an operator has. The number of keys is the number of operators with a vote.
    #[pallet::storage]
    pub type ActiveOperators<T: Config> = CountedStorageMap<_, Blake2_128Concat, T::AccountId, u32>;

    /// Blocks without a heartbeat after which an Active node is Inactive. Set at genesis.
    #[pallet::storage]
    pub type HeartbeatPeriod<T: Config> = StorageValue<_, BlockNumberFor<T>, ValueQuery>;

    /// When to look whether a node is still there: every Active node is here once. A heartbeat doesn't move the entry,
    /// so that it stays cheap; the look does.
    #[pallet::storage]
    pub type Due<T: Config> = StorageDoubleMap<_, Twox64Concat, BlockNumberFor<T>, Blake2_128Concat, NodeId, ()>;

    /// The oldest block that may still have entries in `Due`.
    #[pallet::storage]
    pub type DueFrom<T: Config> = StorageValue<_, BlockNumberFor<T>, ValueQuery>;

    #[pallet::genesis_config]
    pub struct GenesisConfig<T: Config> {
        pub founding_operators: Vec<T::AccountId>,
        /// In blocks, above 0.
        pub heartbeat_period: BlockNumberFor<T>,
    }

    impl<T: Config> Default for GenesisConfig<T> {
        fn default() -> Self {
            Self { founding_operators: Vec::new(), heartbeat_period: 3_600u32.into() }
        }
    }

    #[pallet::genesis_build]
    impl<T: Config> BuildGenesisConfig for GenesisConfig<T> {
        fn build(&self) {
            assert!(self.heartbeat_period > 0u32.into(), "nodes.heartbeatPeriod must be above 0");
            HeartbeatPeriod::<T>::put(self.heartbeat_period);
            for operator in &self.founding_operators {
                FoundingOperators::<T>::insert(operator, ());
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
        },
        Voted {
            node_id: NodeId,
            voter: NodeId,
            pass: bool,
            reasons_digest: H256,
        },
        Activated {
            node_id: NodeId,
            founding: bool,
        },
        Refused {
            node_id: NodeId,
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
        /// Only an Active node may vote.
        VoterNotActive,
        /// A node doesn't judge nodes of its own operator.
        OwnOperator,
        /// The voter's operator has voted on this evidence.
        OperatorAlreadyVoted,
        /// The list of votes is full. Can't happen: a vote before it decides.
        TooManyVotes,
        /// The node's evidence has been decided on.
        NotPending,
        /// The vote is about evidence that the node no longer has.
        OtherEvidence,
        /// The active list is full.
        TooManyActive,
        /// A transport is empty, or holds other than printable ASCII: it couldn't be a URL.
        BadTransport,
    }

    #[pallet::hooks]
    impl<T: Config> Hooks<BlockNumberFor<T>> for Pallet<T> {
        /// Looks at Active nodes that are due, at most `MaxDuePerBlock`, oldest first.
        fn on_initialize(now: BlockNumberFor<T>) -> Weight {
            let bound = T::MaxDuePerBlock::get();
            let looked = work_off::<Due<T>, DueFrom<T>, _, _>(now, bound, |node_id| Self::look_at(node_id, now));
            T::DbWeight::get().reads_writes(2, 1).saturating_add(
                Weight::from_parts(20_000_000, 0)
                    .saturating_add(T::DbWeight::get().reads_writes(4, 5))
                    .saturating_mul(looked.into()),
            )
        }
    }

    #[pallet::call]
    impl<T: Config> Pallet<T> {
        /// Registers a node under the signer as operator and holds its stake. The node is Pending.
        #[pallet::call_index(0)]
        #[pallet::weight(Weight::from_parts(40_000_000, 0).saturating_add(T::DbWeight::get().reads_writes(5, 4)))]
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
        ) -> DispatchResult {
            let operator = ensure_signed(origin)?;
            ensure!(!evidence_cid.is_empty(), Error::<T>::EmptyEvidence);
            ensure!(tee_account != operator, Error::<T>::TeeAccountIsOperator);
            ensure!(!Nodes::<T>::contains_key(node_id), Error::<T>::NodeIdTaken);
            ensure!(!TeeAccounts::<T>::contains_key(&tee_account), Error::<T>::TeeAccountTaken);
            let stake = T::Stake::get();
            T::Currency::hold(&HoldReason::Stake.into(), &operator, stake)?;
            let now = frame_system::Pallet::<T>::block_number();
            TeeAccounts::<T>::insert(&tee_account, node_id);
            Nodes::<T>::insert(
                node_id,
                Node {
                    operator: operator.clone(),
                    tee_account: tee_account.clone(),
                    host_account,
                    class,
                    evidence_cid,
                    evidence_digest,
                    gas_price,
                    stake,
                    founding: false,
                    status: Status::Pending,
                    votes: BoundedVec::new(),
                    registered_at: now,
                    last_heartbeat: now,
                    due_at: now,
                    transports: Transports::default(),
                },
            );
            Self::deposit_event(Event::Registered { node_id, operator, tee_account, class });
            Ok(())
        }

        /// Replaces the node's evidence. It is Pending again, whatever it was.
        #[pallet::call_index(1)]
        #[pallet::weight(Weight::from_parts(30_000_000, 0).saturating_add(T::DbWeight::get().reads_writes(4, 4)))]
        pub fn update_evidence(
            origin: OriginFor<T>,
            node_id: NodeId,
            evidence_cid: Cid,
            evidence_digest: H256,
            class: TrustClass,
        ) -> DispatchResult {
            let mut node = Self::operated_by(origin, node_id)?;
            ensure!(!evidence_cid.is_empty(), Error::<T>::EmptyEvidence);
            if node.status == Status::Active {
                Due::<T>::remove(node.due_at, node_id);
                Self::leave_active_list(node_id, &node.operator);
            }
            node.status = Status::Pending;
            node.founding = false;
            node.votes = BoundedVec::new();
            node.evidence_cid = evidence_cid.clone();
            node.evidence_digest = evidence_digest;
            node.class = class;
            Nodes::<T>::insert(node_id, node);
            Self::deposit_event(Event::EvidenceUpdated { node_id, evidence_cid, evidence_digest });
            Ok(())
        }

        /// Sets the price of 1,000,000 units of gas for errands that are given an executor from now on.
        #[pallet::call_index(2)]
        #[pallet::weight(Weight::from_parts(25_000_000, 0).saturating_add(T::DbWeight::get().reads_writes(2, 2)))]
        pub fn set_gas_price(origin: OriginFor<T>, node_id: NodeId, gas_price: Balance) -> DispatchResult {
            let mut node = Self::operated_by(origin, node_id)?;
            node.gas_price = gas_price;
            Nodes::<T>::insert(node_id, node);
            ActiveNodes::<T>::mutate(|list| {
                if let Ok(at) = list.binary_search_by_key(&node_id, |active| active.id) {
                    list[at].gas_price = gas_price;
                }
            });
            Self::deposit_event(Event::GasPriceSet { node_id, gas_price });
            Ok(())
        }

        /// Removes the node and gives its stake back. Errands it was chosen for are bound by their deadlines.
        #[pallet::call_index(3)]
        #[pallet::weight(Weight::from_parts(40_000_000, 0).saturating_add(T::DbWeight::get().reads_writes(5, 6)))]
        pub fn exit(origin: OriginFor<T>, node_id: NodeId) -> DispatchResult {
            let node = Self::operated_by(origin, node_id)?;
            if node.status == Status::Active {
                Due::<T>::remove(node.due_at, node_id);
                Self::leave_active_list(node_id, &node.operator);
            }
            T::Currency::release(&HoldReason::Stake.into(), &node.operator, node.stake, Precision::Exact)?;
            TeeAccounts::<T>::remove(&node.tee_account);
            Nodes::<T>::remove(node_id);
            Self::deposit_event(Event::Exited { node_id, stake: node.stake });
            Ok(())
        }

        /// Records the appraisal of a Pending node by the node the signer is the TEE of, and acts on a decided one. It names
        /// the evidence it is about: evidence that was replaced meanwhile gains nothing by it.
        #[pallet::call_index(4)]
        #[pallet::weight(Weight::from_parts(45_000_000, 0).saturating_add(T::DbWeight::get().reads_writes(8, 5)))]
        pub fn vote(
            origin: OriginFor<T>,
            node_id: NodeId,
            evidence_digest: H256,
            pass: bool,
            reasons_digest: H256,
        ) -> DispatchResultWithPostInfo {
            let voter = Self::spoken_for_by(origin)?;
            let mut node = Nodes::<T>::get(node_id).ok_or(Error::<T>::UnknownNode)?;
            ensure!(node.status == Status::Pending, Error::<T>::NotPending);
            ensure!(node.evidence_digest == evidence_digest, Error::<T>::OtherEvidence);
            let founding = voter == node_id && FoundingOperators::<T>::contains_key(&node.operator);
            let operator = if founding { node.operator.clone() } else { Self::entitled_operator(voter, &node)? };
            node.votes
                .try_push(Vote { voter, operator, pass, reasons_digest })
                .map_err(|_| Error::<T>::TooManyVotes)?;
            Self::deposit_event(Event::Voted { node_id, voter, pass, reasons_digest });

            let quorum = if founding { 1 } else { Self::quorum(&node.operator) };
            let agreeing = node.votes.iter().filter(|vote| vote.pass == pass).count() as u32;
            if agreeing >= quorum && pass {
                node.status = Status::Active;
                node.founding = founding;
                node.last_heartbeat = frame_system::Pallet::<T>::block_number();
                Self::join_active_list(node_id, &mut node)?;
                Self::deposit_event(Event::Activated { node_id, founding });
            } else if agreeing >= quorum {
                node.status = Status::Refused;
                Self::deposit_event(Event::Refused { node_id });
            }
            Nodes::<T>::insert(node_id, node);
            Ok(Pays::No.into())
        }

        /// Says that the signer's node is there. Free once in a quarter of the period; sooner, it costs its fee.
        #[pallet::call_index(5)]
        #[pallet::weight(Weight::from_parts(30_000_000, 0).saturating_add(T::DbWeight::get().reads_writes(5, 4)))]
        pub fn heartbeat(origin: OriginFor<T>) -> DispatchResultWithPostInfo {
            let node_id = Self::spoken_for_by(origin)?;
            let mut node = Nodes::<T>::get(node_id).ok_or(Error::<T>::UnknownNode)?;
            let now = frame_system::Pallet::<T>::block_number();
            let silence = now.saturating_sub(node.last_heartbeat);
            node.last_heartbeat = now;
            if node.status == Status::Inactive {
                node.status = Status::Active;
                Self::join_active_list(node_id, &mut node)?;
                Self::deposit_event(Event::Returned { node_id });
            }
            Nodes::<T>::insert(node_id, node);
            let due = silence.saturating_mul(4u32.into()) >= HeartbeatPeriod::<T>::get();
            Ok(if due { Pays::No } else { Pays::Yes }.into())
        }

        /// Says where clients reach the node, in place of what was said before.
        #[pallet::call_index(6)]
        #[pallet::weight(Weight::from_parts(25_000_000, 0).saturating_add(T::DbWeight::get().reads_writes(1, 1)))]
        pub fn set_transports(origin: OriginFor<T>, node_id: NodeId, transports: Transports) -> DispatchResult {
            let mut node = Self::operated_by(origin, node_id)?;
            let printable = |url: &Transport| !url.is_empty() && url.iter().all(u8::is_ascii_graphic);
            ensure!(transports.iter().all(printable), Error::<T>::BadTransport);
            node.transports = transports.clone();
            Nodes::<T>::insert(node_id, node);
            Self::deposit_event(Event::TransportsSet { node_id, transports });
            Ok(())
        }
    }
}
