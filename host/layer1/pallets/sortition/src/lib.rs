//! # Sortition
//!
//! Draws nodes by lot, so that nobody chooses who runs an errand, and what a draw costs doesn't grow with the network.
//!
//! 1. Another pallet opens a draw about a [`Subject`]. The next block fixes its seed from the hash of its parent: nobody knew
//!    it when the draw was opened.
//! 2. Each Active node has one lot in the draw, a verifiable random function of the seed and its TEE's key ([`lot`]), which only
//!    that TEE can compute. A node whose lot is under the threshold, which some [`EXPECTED_CLAIMS`] nodes are on average (for a committee
//!    [`EXPECTED_SEAT_CLAIMS`]), may claim within the window. The lowest claims are kept, as many as there are seats; of a committee, one of each operator.
//! 3. When the window closes, or earlier when everybody has claimed, the lowest win. Who didn't claim lost a turn and nobody else anything. If
//!    too few did (nobody, or not all seats of a committee), the draw goes on with a new seed and a threshold four times as
//!    high, for [`MAX_ROUNDS`] rounds in all; then it has failed.
//!
//! ## What can't be bent
//! A lot can't be chosen: the key is the TEE account, fixed when the node was registered, and it doesn't count before it has
//! been registered for [`KeyAge`](pallet::KeyAge) blocks before the draw was opened; so keys can't be made, nor changed, to fit a seed. The author
//! of the block before the seed can throw the dice again by giving up a block, but knows no other node's lot. Claims and proofs
//! stay on record: in the state for [`Config::Retention`] blocks after the opening, and for ever in the chain's history and its exports.
//!
//! ## Full blocks
//! A draw must go on while others fill the blocks, or whoever wants an errand to lapse would only have to. So `claim` is an
//! operational call: it gets into the quarter of a block that is kept from normal ones, and the pool puts it before them.
//! That is no way to crowd out others. A claim that did its work is free, but there are few: one of each Active node, behind
//! which there is a stake, in each draw, for which somebody holds money. Any other is refused and pays: for what was looked
//! at, when that showed what it is ([`WeightInfo::refuse`]), and for all of it when its proof had to be verified; the block
//! has the rest of the call's worst case back at once. So to fill blocks with claims costs as much, for the same share of a
//! block, as to fill them with anything else; and to keep claims out, all of a block is to be filled, not three quarters.
//!
//! ## One key, two uses
//! The TEE's account key signs its transactions and makes its lots. Both are Schnorr proofs over transcripts that begin with different
//! contexts (`substrate`, `tea/sortition`), so that neither can be taken for the other; and there is no second key that a node could lend.

#![cfg_attr(not(feature = "std"), no_std)]

extern crate alloc;

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

use alloc::vec::Vec;
use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use polkadot_sdk::{
    frame_support::{self, dispatch::WithPostDispatchInfo, pallet_prelude::*},
    frame_system::{self, pallet_prelude::*},
    sp_core::H256,
    sp_io::hashing::blake2_256,
    sp_runtime::traits::Saturating,
};
use scale_info::TypeInfo;
use tea_agenda::work_off;
use tea_nodes::{AppraisalId, Balance, Lots, NodeId, NodeOf, Status};

/// Number of a draw, from 1 upwards.
pub type DrawId = u64;

/// How many nodes may claim an errand in the first round, on average. Each claim is a transaction and a VRF, so few: with
/// three, one draw in twenty (e^-3) finds nobody and needs a second round, in which four times as many may. (Spec versions
/// before 4 expected eight.)
pub const EXPECTED_CLAIMS: u32 = 3;

/// The same for a committee, all of whose seats are to be claimed, each by another operator.
pub const EXPECTED_SEAT_CLAIMS: u32 = 16;

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
    /// Whether `node`, which is Active, may run `errand`: it is cheap enough and not too busy.
    fn may_claim(errand: u64, node: NodeId, gas_price: Balance) -> bool;
    /// The draw ended with these claims, at least one.
    fn drawn(errand: u64, draw: &Draw<BlockNumber>);
    /// What `drawn` weighs at its worst, and `failed`, which does less.
    fn drawn_weight() -> Weight {
        Weight::zero()
    }
    /// The draw ended without any.
    fn failed(errand: u64);
    /// The draw is no longer on record.
    fn forgotten(errand: u64);
    /// An errand that every Active node may claim, for benchmarks.
    #[cfg(feature = "runtime-benchmarks")]
    fn claimable() -> u64;
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

        /// How many draws a block moves on, and how many it forgets.
        #[pallet::constant]
        type MaxDuePerBlock: Get<u32>;

        /// For how many blocks after its opening a draw that ended stays on record.
        #[pallet::constant]
        type Retention: Get<BlockNumberFor<Self>>;

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

    /// Every draw that is open, or was opened less than [`Config::Retention`] blocks ago.
    #[pallet::storage]
    pub type Draws<T: Config> = StorageMap<_, Twox64Concat, DrawId, DrawOf<T>>;

    /// The last draw that is no longer on record; 0 before there was one.
    #[pallet::storage]
    pub type ForgottenTo<T> = StorageValue<_, DrawId, ValueQuery>;

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
        /// Gives seeds to draws that earlier blocks opened, ends those whose window is over, and forgets those that are long over.
        fn on_initialize(now: BlockNumberFor<T>) -> Weight {
            let bound = <T as Config>::MaxDuePerBlock::get();
            let (looked, moved) = Self::move_all(now, bound);
            moved
                .saturating_add(T::DbWeight::get().reads_writes(u64::from(looked) + 1, 1))
                .saturating_add(Self::forget(now, bound))
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
        #[pallet::weight((
            <T as Config>::WeightInfo::claim_seat().max(<T as Config>::WeightInfo::claim()).saturating_add(Pallet::<T>::ending()),
            DispatchClass::Operational,
        ))]
        pub fn claim(origin: OriginFor<T>, id: DrawId, proof: lot::Proof) -> DispatchResultWithPostInfo {
            let who = ensure_signed(origin)?;
            let at_a_glance = |error: Error<T>| error.with_weight(<T as Config>::WeightInfo::refuse());
            let (node, profile, draw, round) = Self::claimant(&who, id).map_err(at_a_glance)?;
            let judged = Self::claiming(draw.subject);
            let shown = Self::show(id, draw, round, Shown { who: &who, node, profile, proof });
            let ending = shown.map_err(|error| error.with_weight(judged))?;
            Ok((Some(judged.saturating_add(ending)), Pays::No).into())
        }
    }

    /// What became of a draw that was due.
    pub(crate) enum Moved {
        /// It has another seed.
        On,
        /// It chose an executor.
        Chose,
        /// It seated a committee.
        Seated,
        Failed,
    }

    /// Who shows which lot.
    struct Shown<'a, T: Config> {
        who: &'a T::AccountId,
        node: NodeId,
        profile: NodeOf<T>,
        proof: lot::Proof,
    }

    impl<T: Config> Pallet<T> {
        /// What a claim costs that doesn't end its draw.
        fn claiming(subject: Subject) -> Weight {
            match subject {
                Subject::Executor(_) => <T as Config>::WeightInfo::claim(),
                Subject::Committee(_) => <T as Config>::WeightInfo::claim_seat(),
            }
        }

        /// The signer's node, and the draw that it may claim in as far as can be told without looking at a proof.
        #[allow(clippy::type_complexity)]
        fn claimant(
            who: &T::AccountId,
            id: DrawId,
        ) -> Result<(NodeId, NodeOf<T>, DrawOf<T>, Round<BlockNumberFor<T>>), Error<T>> {
            let node = tea_nodes::TeeAccounts::<T>::get(who).ok_or(Error::<T>::NotTeeAccount)?;
            let draw = Draws::<T>::get(id).ok_or(Error::<T>::UnknownDraw)?;
            let round = draw.round.clone().filter(|_| !draw.ended).ok_or(Error::<T>::NotOpen)?;
            ensure!(frame_system::Pallet::<T>::block_number() < round.closes_at, Error::<T>::NotOpen);
            ensure!(!draw.claims.iter().any(|claim| claim.node == node), Error::<T>::AlreadyClaimed);
            let profile = tea_nodes::Nodes::<T>::get(node).ok_or(Error::<T>::NotTeeAccount)?;
            ensure!(profile.status == Status::Active, Error::<T>::NotActive);
            let of_age = profile.registered_at.saturating_add(KeyAge::<T>::get()) <= draw.opened_at;
            ensure!(of_age, Error::<T>::KeyTooYoung);
            ensure!(Self::may_claim(draw.subject, node, &profile), Error::<T>::NotEligible);
            Ok((node, profile, draw, round))
        }

        /// Verifies a lot and enters it into the draw. Returns what the end of the draw cost, if it was that.
        fn show(
            id: DrawId,
            mut draw: DrawOf<T>,
            round: Round<BlockNumberFor<T>>,
            Shown { who, node, profile, proof }: Shown<T>,
        ) -> Result<Weight, Error<T>> {
            let lot = <T::KeyOf as account_key::KeyOf<_>>::key_of(who)
                .and_then(|key| lot::verify(&key, round.seed, &proof))
                .ok_or(Error::<T>::BadProof)?;
            ensure!(lot < round.threshold, Error::<T>::LotTooHigh);
            Self::make_way(&mut draw, &profile.operator, lot)?;
            let at = draw.claims.partition_point(|claim| claim.lot <= lot);
            ensure!(at < draw.seats as usize, Error::<T>::Outbid);
            draw.claims.truncate(draw.seats.saturating_sub(1) as usize);
            draw.claims.try_insert(at, Claim { lot, node, proof }).map_err(|_| Error::<T>::Outbid)?;
            Self::deposit_event(Event::Claimed { id, node, lot });
            if Self::everybody_claimed(&draw, round.electorate) {
                Due::<T>::remove(Self::due_at(&draw), id);
                return Ok(Self::weigh([Self::end(id, draw)]));
            }
            Draws::<T>::insert(id, draw);
            Ok(Weight::zero())
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

        /// Takes the oldest draws off the record, at most `bound`, up to one that is open or too young. Returns what that cost.
        pub(crate) fn forget(now: BlockNumberFor<T>, bound: u32) -> Weight {
            let (first, last) = (ForgottenTo::<T>::get(), LastId::<T>::get());
            let mut to = first;
            while to < last && to < first.saturating_add(bound.into()) {
                let next = to.saturating_add(1);
                if let Some(draw) = Draws::<T>::get(next) {
                    if !draw.ended || draw.opened_at.saturating_add(<T as Config>::Retention::get()) > now {
                        break;
                    }
                    Draws::<T>::remove(next);
                    if let Subject::Executor(errand) = draw.subject {
                        T::Electorate::forgotten(errand);
                    }
                }
                to = next;
            }
            if to > first {
                ForgottenTo::<T>::put(to);
            }
            let gone = to.saturating_sub(first);
            T::DbWeight::get()
                .reads_writes(gone.saturating_add(3), gone.saturating_mul(2).saturating_add(u64::from(gone > 0)))
        }

        /// What the end of a draw costs at its worst, whatever it was about.
        pub(crate) fn ending() -> Weight {
            Self::weigh([Moved::Seated]).max(Self::weigh([Moved::Chose]))
        }

        /// What these moves of draws cost together in one block.
        fn weigh(moves: impl IntoIterator<Item = Moved>) -> Weight {
            let (mut seeded, mut chose, mut weight) = (0u32, 0u32, Weight::zero());
            for moved in moves {
                match moved {
                    Moved::On => seeded = seeded.saturating_add(1),
                    Moved::Chose => chose = chose.saturating_add(1),
                    Moved::Seated => weight = weight.saturating_add(<T as Config>::WeightInfo::seat()),
                    Moved::Failed => weight = weight.saturating_add(<T as Config>::WeightInfo::fail()),
                }
            }
            if seeded > 0 {
                weight = weight.saturating_add(<T as Config>::WeightInfo::seed(seeded));
            }
            if chose > 0 {
                // What `drawn` adds to the draw's own end is weighed by whoever it belongs to.
                weight = weight
                    .saturating_add(<T as Config>::WeightInfo::end(chose))
                    .saturating_add(T::Electorate::drawn_weight().saturating_mul(chose.into()));
            }
            weight
        }

        /// Moves on what is due, at most `bound` draws. Returns how many entries of the agenda were looked at, and what the moves cost.
        pub(crate) fn move_all(now: BlockNumberFor<T>, bound: u32) -> (u32, Weight) {
            let (mut active, mut moves) = (None, Vec::new());
            let looked = work_off::<Due<T>, DueFrom<T>, _, _>(now, bound, |id| {
                moves.extend(Self::move_on(id, now, &mut active));
            });
            (looked, Self::weigh(moves))
        }

        /// Ends a draw, or begins its next round. `active` is how many nodes are, once somebody asked.
        fn move_on(id: DrawId, now: BlockNumberFor<T>, active: &mut Option<u32>) -> Option<Moved> {
            let mut draw = Draws::<T>::get(id)?;
            if draw.claims.len() as u32 >= draw.needed() {
                return Some(Self::end(id, draw));
            }
            let count = || tea_nodes::ActiveNodes::<T>::decode_len().unwrap_or(0) as u32;
            let round = Self::next_round(id, &draw, now, *active.get_or_insert_with(count));
            if round.number >= MAX_ROUNDS {
                return Some(Self::fail(id, draw));
            }
            Due::<T>::insert(round.closes_at, id, ());
            let Round { number, seed, threshold, closes_at, .. } = round;
            draw.round = Some(round);
            // Lots are of a seed: those of the last one mean nothing now.
            draw.claims = BoundedVec::new();
            Draws::<T>::insert(id, draw);
            Self::deposit_event(Event::Seeded { id, round: number, seed, threshold, closes_at });
            Some(Moved::On)
        }

        fn end(id: DrawId, mut draw: DrawOf<T>) -> Moved {
            draw.ended = true;
            Draws::<T>::insert(id, &draw);
            let subject = draw.subject;
            let winners = BoundedVec::truncate_from(draw.claims.iter().map(|claim| claim.node).collect());
            Self::deposit_event(Event::Drawn { id, subject, winners });
            match subject {
                Subject::Executor(errand) => {
                    T::Electorate::drawn(errand, &draw);
                    Moved::Chose
                }
                Subject::Committee(appraisal) => {
                    tea_nodes::Pallet::<T>::seat(appraisal, draw.claims.iter().map(|claim| claim.node));
                    Moved::Seated
                }
            }
        }

        fn fail(id: DrawId, mut draw: DrawOf<T>) -> Moved {
            draw.ended = true;
            let subject = draw.subject;
            Draws::<T>::insert(id, draw);
            Self::deposit_event(Event::Failed { id, subject });
            match subject {
                Subject::Executor(errand) => T::Electorate::failed(errand),
                Subject::Committee(appraisal) => tea_nodes::Pallet::<T>::without_committee(appraisal),
            }
            Moved::Failed
        }

        fn may_claim(subject: Subject, node: NodeId, profile: &NodeOf<T>) -> bool {
            match subject {
                Subject::Executor(errand) => T::Electorate::may_claim(errand, node, profile.gas_price),
                Subject::Committee(appraisal) => tea_nodes::Pallet::<T>::may_sit(appraisal, node, &profile.operator),
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

        fn next_round(
            id: DrawId,
            draw: &DrawOf<T>,
            now: BlockNumberFor<T>,
            electorate: u32,
        ) -> Round<BlockNumberFor<T>> {
            let number = draw.round.as_ref().map_or(0, |last| last.number.saturating_add(1));
            let parent = frame_system::Pallet::<T>::parent_hash();
            let first = match draw.subject {
                Subject::Executor(_) => EXPECTED_CLAIMS,
                Subject::Committee(_) => EXPECTED_SEAT_CLAIMS,
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
