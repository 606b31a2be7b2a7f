//! # Sortition
//!
//! Draws nodes by lot, so that nobody chooses who runs an errand, and what a draw costs doesn't grow with the network.
//!
//! 1. Another pallet opens a draw about a [`Subject`]. The next block fixes its seed from the hash of its parent: nobody knew
//!    it when the draw was opened.
//! 2. Each Active node has one lot in the draw, a verifiable random function of the seed and its TEE's key ([`lot`]), which only
//!    that TEE can compute. A node whose lot is under the threshold, which some [`EXPECTED_CLAIMS`] nodes are on average (for a committee
//!    twice as many), may claim within the window. The lowest claims are kept, as many as there are seats; of a committee, one of each operator.
//! 3. When the window closes, or earlier when everybody has claimed, the lowest win. Who didn't claim lost a turn and nobody else anything. If
//!    too few did (nobody, or not all seats of a committee), the draw goes on with a new seed and a threshold four times as
//!    high, for [`MAX_ROUNDS`] rounds in all; then it has failed.
//!
//! ## What can't be bent
//! A lot can't be chosen: the key is the TEE account, fixed when the node was registered, and it doesn't count before it has
//! been registered for [`KeyAge`](pallet::KeyAge) blocks before the draw was opened; so keys can't be made, nor changed, to fit a seed. The author
//! of the block before the seed can throw the dice again by giving up a block, but knows no other node's lot. Claims and proofs stay on record.
//!
//! ## One key, two uses
//! The TEE's account key signs its transactions and makes its lots. Both are Schnorr proofs over transcripts that begin with different
//! contexts (`substrate`, `tea/sortition`), so that neither can be taken for the other; and there is no second key that a node could lend.

#![cfg_attr(not(feature = "std"), no_std)]

#[cfg(feature = "runtime-benchmarks")]
pub mod benchmarking;
#[cfg(any(feature = "std", feature = "try-runtime"))]
mod invariants;
pub mod lot;

#[cfg(test)]
mod tests;
pub mod weights;

pub use pallet::*;
pub use weights::WeightInfo;

use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use polkadot_sdk::{
    frame_support::{self, pallet_prelude::*},
    frame_system::{self, pallet_prelude::*},
    sp_core::H256,
    sp_io::hashing::blake2_256,
    sp_runtime::traits::Saturating,
};
use scale_info::TypeInfo;
use tea_agenda::work_off;
use tea_nodes::{AppraisalId, Lots, NodeId, Status};

/// Number of a draw, from 1 upwards.
pub type DrawId = u64;

/// How many nodes may claim in the first round, on average: with eight, one draw in three thousand needs a second round.
pub const EXPECTED_CLAIMS: u32 = 8;

/// How often a draw is tried.
pub const MAX_ROUNDS: u32 = 8;

/// How many winners a draw may have.
pub const MAX_SEATS: u32 = 7;

/// What a draw is about, and so what its winners do.
#[derive(Clone, Copy, Debug, Eq, PartialEq, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo)]
pub enum Subject {
    /// One executor for an errand.
    Executor(u64),
    /// A committee for an appraisal of a node's evidence.
    Committee(AppraisalId),
}

/// A lot that was shown.
#[derive(Clone, Debug, Eq, PartialEq, Encode, Decode, MaxEncodedLen, TypeInfo)]
pub struct Claim {
    pub lot: u128,
    pub node: NodeId,
    pub proof: lot::Proof,
}

/// What the block after the opening, or the end of a round without claims, fixed.
#[derive(Clone, Debug, Eq, PartialEq, Encode, Decode, MaxEncodedLen, TypeInfo)]
pub struct Round<BlockNumber> {
    /// 0 for the first.
    pub number: u32,
    /// `blake2_256("tea/draw" ++ hash of the parent of `fixed_at` ++ draw id ++ number)`, numbers little-endian.
    pub seed: H256,
    pub fixed_at: BlockNumber,
    /// Active nodes then.
    pub electorate: u32,
    /// Lots must be under it.
    pub threshold: u128,
    /// The first block that is too late for a claim.
    pub closes_at: BlockNumber,
}

/// One drawing of lots, from its opening to its end and after.
#[derive(Clone, Debug, Eq, PartialEq, Encode, Decode, MaxEncodedLen, TypeInfo)]
pub struct Draw<BlockNumber> {
    pub subject: Subject,
    pub seats: u32,
    pub opened_at: BlockNumber,
    pub round: Option<Round<BlockNumber>>,
    /// The lowest lots shown, lowest first.
    pub claims: BoundedVec<Claim, ConstU32<MAX_SEATS>>,
    pub ended: bool,
}

impl<BlockNumber> Draw<BlockNumber> {
    /// Without as many claims, the draw goes on.
    pub fn needed(&self) -> u32 {
        match self.subject {
            Subject::Executor(_) => 1,
            Subject::Committee(_) => self.seats,
        }
    }
}

/// What the pallet that draws executors says about them. Committees are `tea_nodes`'s, which this pallet knows itself.
pub trait Electorate<BlockNumber> {
    /// Whether `node` may run `errand`: it is cheap enough and not too busy.
    fn may_claim(errand: u64, node: NodeId) -> bool;
    /// The draw ended with these claims, at least one.
    fn drawn(errand: u64, draw: &Draw<BlockNumber>);
    /// What `drawn` weighs at its worst.
    fn drawn_weight() -> Weight {
        Weight::zero()
    }
    /// The draw ended without any.
    fn failed(errand: u64);
}

#[frame_support::pallet]
pub mod pallet {
    use super::*;

    pub type DrawOf<T> = Draw<BlockNumberFor<T>>;

    #[pallet::config]
    pub trait Config: polkadot_sdk::frame_system::Config<RuntimeEvent: From<Event<Self>>> + tea_nodes::Config {
        /// The key of a TEE account.
        type KeyOf: account_key::KeyOf<Self::AccountId>;

        type Electorate: Electorate<BlockNumberFor<Self>>;

        /// How many draws a block moves on.
        #[pallet::constant]
        type MaxDuePerBlock: Get<u32>;

        /// What the calls cost; see [`weights`].
        type WeightInfo: WeightInfo;
    }

    const STORAGE_VERSION: StorageVersion = StorageVersion::new(0);

    #[pallet::pallet]
    #[pallet::storage_version(STORAGE_VERSION)]
    pub struct Pallet<T>(_);

    /// The id given last; 0 before there was a draw.
    #[pallet::storage]
    pub type LastId<T> = StorageValue<_, DrawId, ValueQuery>;

    /// Every draw there ever was.
    #[pallet::storage]
    pub type Draws<T: Config> = StorageMap<_, Twox64Concat, DrawId, DrawOf<T>>;

    /// When a draw moves on: each that hasn't ended is here once.
    #[pallet::storage]
    pub type Due<T> = StorageDoubleMap<_, Twox64Concat, BlockNumberFor<T>, Twox64Concat, DrawId, ()>;

    /// The oldest block that may still have entries in `Due`.
    #[pallet::storage]
    pub type DueFrom<T> = StorageValue<_, BlockNumberFor<T>, ValueQuery>;

    /// For how many blocks a round takes claims. Set at genesis.
    #[pallet::storage]
    pub type Window<T: Config> = StorageValue<_, BlockNumberFor<T>, ValueQuery, DefaultWindow<T>>;

    /// For how many blocks before the opening of a draw a node must have been registered. Set at genesis.
    #[pallet::storage]
    pub type KeyAge<T: Config> = StorageValue<_, BlockNumberFor<T>, ValueQuery, DefaultKeyAge<T>>;

    /// A minute of six-second slots.
    #[pallet::type_value]
    pub fn DefaultWindow<T: Config>() -> BlockNumberFor<T> {
        10u32.into()
    }

    /// An hour of six-second slots.
    #[pallet::type_value]
    pub fn DefaultKeyAge<T: Config>() -> BlockNumberFor<T> {
        600u32.into()
    }

    #[pallet::genesis_config]
    pub struct GenesisConfig<T: Config> {
        /// In blocks, above 0.
        pub window: BlockNumberFor<T>,
        pub key_age: BlockNumberFor<T>,
    }

    impl<T: Config> Default for GenesisConfig<T> {
        fn default() -> Self {
            Self { window: DefaultWindow::<T>::get(), key_age: DefaultKeyAge::<T>::get() }
        }
    }

    #[pallet::genesis_build]
    impl<T: Config> BuildGenesisConfig for GenesisConfig<T> {
        fn build(&self) {
            assert!(self.window > 0u32.into(), "sortition.window must be above 0");
            Window::<T>::put(self.window);
            KeyAge::<T>::put(self.key_age);
        }
    }

    #[pallet::event]
    #[pallet::generate_deposit(pub(super) fn deposit_event)]
    pub enum Event<T: Config> {
        Opened {
            id: DrawId,
            subject: Subject,
            seats: u32,
        },
        /// Claims are taken until `closes_at`.
        Seeded {
            id: DrawId,
            round: u32,
            seed: H256,
            threshold: u128,
            closes_at: BlockNumberFor<T>,
        },
        Claimed {
            id: DrawId,
            node: NodeId,
            lot: u128,
        },
        Drawn {
            id: DrawId,
            subject: Subject,
            winners: BoundedVec<NodeId, ConstU32<MAX_SEATS>>,
        },
        /// In no round did enough nodes claim.
        Failed {
            id: DrawId,
            subject: Subject,
        },
        /// What the draw was about ended without it.
        Abandoned {
            id: DrawId,
        },
    }

    #[pallet::error]
    pub enum Error<T> {
        /// No draw has this id.
        UnknownDraw,
        /// The draw takes no claims now: it has no seed yet, its window is over, or it ended.
        NotOpen,
        /// The signer is no registered node's TEE account.
        NotTeeAccount,
        /// Only an Active node may claim.
        NotActive,
        /// The node was registered too short a time before the draw was opened.
        KeyTooYoung,
        /// The node isn't what the subject asks for.
        NotEligible,
        /// The proof doesn't show a lot of this key in this draw.
        BadProof,
        /// The lot isn't under the threshold.
        LotTooHigh,
        /// The node has claimed.
        AlreadyClaimed,
        /// As many lower lots as there are seats have been shown.
        Outbid,
        /// Another node of the same operator has shown a lower lot for the committee.
        RivalClaimed,
    }

    #[pallet::hooks]
    impl<T: Config> Hooks<BlockNumberFor<T>> for Pallet<T> {
        /// Gives seeds to draws that earlier blocks opened, and ends those whose window is over.
        fn on_initialize(now: BlockNumberFor<T>) -> Weight {
            let bound = <T as Config>::MaxDuePerBlock::get();
            let mut moved = 0u64;
            let looked = work_off::<Due<T>, DueFrom<T>, _, _>(now, bound, |id| {
                moved += 1;
                Self::move_on(id, now);
            });
            let each = <T as Config>::WeightInfo::seed().max(<T as Config>::WeightInfo::fail()).max(Self::ending());
            each.saturating_mul(moved).saturating_add(T::DbWeight::get().reads_writes(u64::from(looked) + 1, 1))
        }

        #[cfg(feature = "try-runtime")]
        fn try_state(_: BlockNumberFor<T>) -> Result<(), polkadot_sdk::sp_runtime::TryRuntimeError> {
            Self::do_try_state().map_err(Into::into)
        }
    }

    #[pallet::call]
    impl<T: Config> Pallet<T> {
        /// Shows the lot of the signer's node in a draw. Free when it was worth showing. The claim of the last who may claim ends
        /// the draw, so that a small network waits for nothing.
        #[pallet::call_index(0)]
        #[pallet::weight(<T as Config>::WeightInfo::claim().saturating_add(Pallet::<T>::ending()))]
        pub fn claim(origin: OriginFor<T>, id: DrawId, proof: lot::Proof) -> DispatchResultWithPostInfo {
            let who = ensure_signed(origin)?;
            let node = tea_nodes::TeeAccounts::<T>::get(&who).ok_or(Error::<T>::NotTeeAccount)?;
            let mut draw = Draws::<T>::get(id).ok_or(Error::<T>::UnknownDraw)?;
            let round = draw.round.as_ref().filter(|_| !draw.ended).ok_or(Error::<T>::NotOpen)?;
            ensure!(frame_system::Pallet::<T>::block_number() < round.closes_at, Error::<T>::NotOpen);
            ensure!(!draw.claims.iter().any(|claim| claim.node == node), Error::<T>::AlreadyClaimed);
            let profile = tea_nodes::Nodes::<T>::get(node).ok_or(Error::<T>::NotTeeAccount)?;
            ensure!(profile.status == Status::Active, Error::<T>::NotActive);
            let of_age = profile.registered_at.saturating_add(KeyAge::<T>::get()) <= draw.opened_at;
            ensure!(of_age, Error::<T>::KeyTooYoung);
            ensure!(Self::may_claim(draw.subject, node), Error::<T>::NotEligible);
            let lot = <T::KeyOf as account_key::KeyOf<_>>::key_of(&who)
                .and_then(|key| lot::verify(&key, round.seed, &proof))
                .ok_or(Error::<T>::BadProof)?;
            ensure!(lot < round.threshold, Error::<T>::LotTooHigh);
            let electorate = round.electorate;

            Self::make_way(&mut draw, &profile.operator, lot)?;
            let at = draw.claims.partition_point(|claim| claim.lot <= lot);
            ensure!(at < draw.seats as usize, Error::<T>::Outbid);
            draw.claims.truncate(draw.seats.saturating_sub(1) as usize);
            draw.claims.try_insert(at, Claim { lot, node, proof }).map_err(|_| Error::<T>::Outbid)?;
            Self::deposit_event(Event::Claimed { id, node, lot });
            if Self::everybody_claimed(&draw, electorate) {
                Due::<T>::remove(Self::due_at(&draw), id);
                Self::end(id, draw);
                return Ok(Pays::No.into());
            }
            Draws::<T>::insert(id, draw);
            Ok((Some(<T as Config>::WeightInfo::claim()), Pays::No).into())
        }
    }

    impl<T: Config> Pallet<T> {
        /// Opens a draw with 1 to [`MAX_SEATS`] seats. The next block gives it its seed.
        pub fn open(subject: Subject, seats: u32) -> DrawId {
            let id = LastId::<T>::mutate(|last| {
                *last = last.saturating_add(1);
                *last
            });
            let opened_at = frame_system::Pallet::<T>::block_number();
            let seats = seats.clamp(1, MAX_SEATS);
            let claims = BoundedVec::new();
            Draws::<T>::insert(id, Draw { subject, seats, opened_at, round: None, claims, ended: false });
            Due::<T>::insert(opened_at.saturating_add(1u32.into()), id, ());
            Self::deposit_event(Event::Opened { id, subject, seats });
            id
        }

        /// Ends a draw that nobody needs any more.
        pub fn abandon(id: DrawId) {
            Draws::<T>::mutate(id, |slot| {
                let Some(draw) = slot.as_mut().filter(|draw| !draw.ended) else { return };
                Due::<T>::remove(Self::due_at(draw), id);
                draw.ended = true;
                Self::deposit_event(Event::Abandoned { id });
            });
        }

        /// The block at which a draw that hasn't ended moves on.
        pub(crate) fn due_at(draw: &DrawOf<T>) -> BlockNumberFor<T> {
            match &draw.round {
                None => draw.opened_at.saturating_add(1u32.into()),
                Some(round) => round.closes_at,
            }
        }

        /// What the end of a draw costs, whatever it was about.
        pub(crate) fn ending() -> Weight {
            // What `drawn` adds to the draw's own end is weighed by whoever it belongs to.
            <T as Config>::WeightInfo::seat().saturating_add(T::Electorate::drawn_weight())
        }

        pub(crate) fn move_on(id: DrawId, now: BlockNumberFor<T>) {
            let Some(mut draw) = Draws::<T>::get(id) else { return };
            if draw.claims.len() as u32 >= draw.needed() {
                return Self::end(id, draw);
            }
            let round = Self::next_round(id, &draw, now);
            if round.number >= MAX_ROUNDS {
                return Self::fail(id, draw);
            }
            Due::<T>::insert(round.closes_at, id, ());
            let Round { number, seed, threshold, closes_at, .. } = round;
            draw.round = Some(round);
            // Lots are of a seed: those of the last one mean nothing now.
            draw.claims = BoundedVec::new();
            Draws::<T>::insert(id, draw);
            Self::deposit_event(Event::Seeded { id, round: number, seed, threshold, closes_at });
        }

        fn end(id: DrawId, mut draw: DrawOf<T>) {
            draw.ended = true;
            Draws::<T>::insert(id, &draw);
            let subject = draw.subject;
            let winners = BoundedVec::truncate_from(draw.claims.iter().map(|claim| claim.node).collect());
            Self::deposit_event(Event::Drawn { id, subject, winners });
            match subject {
                Subject::Executor(errand) => T::Electorate::drawn(errand, &draw),
                Subject::Committee(appraisal) => {
                    tea_nodes::Pallet::<T>::seat(appraisal, draw.claims.iter().map(|claim| claim.node))
                }
            }
        }

        fn fail(id: DrawId, mut draw: DrawOf<T>) {
            draw.ended = true;
            let subject = draw.subject;
            Draws::<T>::insert(id, draw);
            Self::deposit_event(Event::Failed { id, subject });
            match subject {
                Subject::Executor(errand) => T::Electorate::failed(errand),
                Subject::Committee(appraisal) => tea_nodes::Pallet::<T>::without_committee(appraisal),
            }
        }

        fn may_claim(subject: Subject, node: NodeId) -> bool {
            match subject {
                Subject::Executor(errand) => T::Electorate::may_claim(errand, node),
                Subject::Committee(appraisal) => tea_nodes::Pallet::<T>::may_sit(appraisal, node),
            }
        }

        /// Of a committee's claims one operator has one, with its lowest lot.
        fn make_way(draw: &mut DrawOf<T>, operator: &T::AccountId, lot: u128) -> Result<(), Error<T>> {
            if let Subject::Executor(_) = draw.subject {
                return Ok(());
            }
            let rival = |claim: &Claim| {
                tea_nodes::Nodes::<T>::get(claim.node).is_some_and(|profile| profile.operator == *operator)
            };
            if let Some(at) = draw.claims.iter().position(rival) {
                ensure!(draw.claims.get(at).is_some_and(|claim| lot < claim.lot), Error::<T>::RivalClaimed);
                draw.claims.remove(at);
            }
            Ok(())
        }

        /// Whether no claim can come any more: all Active nodes have claimed, or a node of each operator who may sit.
        fn everybody_claimed(draw: &DrawOf<T>, electorate: u32) -> bool {
            let voices = match draw.subject {
                Subject::Executor(_) => electorate,
                Subject::Committee(appraisal) => tea_nodes::Appraisals::<T>::get(appraisal)
                    .map_or(u32::MAX, |open| tea_nodes::Pallet::<T>::other_operators(&open.operator)),
            };
            draw.claims.len() as u32 >= voices.max(draw.needed())
        }

        fn next_round(id: DrawId, draw: &DrawOf<T>, now: BlockNumberFor<T>) -> Round<BlockNumberFor<T>> {
            let number = draw.round.as_ref().map_or(0, |last| last.number.saturating_add(1));
            let parent = frame_system::Pallet::<T>::parent_hash();
            let electorate = tea_nodes::ActiveNodes::<T>::decode_len().unwrap_or(0) as u32;
            let first = match draw.subject {
                Subject::Executor(_) => EXPECTED_CLAIMS,
                Subject::Committee(_) => EXPECTED_CLAIMS.saturating_mul(2),
            };
            let expected = first.saturating_mul(4u32.saturating_pow(number));
            Round {
                number,
                seed: (*b"tea/draw", parent, id, number).using_encoded(blake2_256).into(),
                fixed_at: now,
                electorate,
                threshold: lot::threshold(electorate, expected),
                closes_at: now.saturating_add(Window::<T>::get()).max(now.saturating_add(1u32.into())),
            }
        }
    }
}

impl<T: Config> Lots for Pallet<T> {
    fn open(appraisal: AppraisalId, seats: u32) -> u64 {
        Self::open(Subject::Committee(appraisal), seats)
    }
    fn abandon(draw: u64) {
        Self::abandon(draw);
    }
}

/// Where the VRF's key comes from.
pub mod account_key {
    use polkadot_sdk::sp_runtime::AccountId32;

    /// Tells the sr25519 key of an account.
    pub trait KeyOf<AccountId> {
        fn key_of(account: &AccountId) -> Option<[u8; 32]>;
    }

    /// An `AccountId32` of an sr25519 key is the key itself.
    pub struct AccountIsKey;

    impl KeyOf<AccountId32> for AccountIsKey {
        fn key_of(account: &AccountId32) -> Option<[u8; 32]> {
            Some(*account.as_ref())
        }
    }
}
