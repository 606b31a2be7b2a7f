//! # Vouchers
//!
//! Prepaid server requests. A depositor opens a channel to a node and holds money in it. For each request they sign a
//! *voucher*, off chain: a statement of how much the node may have taken from the channel altogether. The node keeps the
//! last one, which is worth more than all before it, and redeems it when it likes; ten thousand requests cost two extrinsics.
//!
//! ## The voucher
//! An sr25519 signature of the depositor's account over [`message`]: 101 bytes that name the chain, the channel, the node and
//! the cumulative amount. So one for another chain, channel or node isn't a signature of this one, and one that was redeemed
//! pays nothing again. Whoever holds a voucher may hand it in: the money goes to the node's host account, as it was when the
//! channel was opened.
//!
//! ## The end
//! A channel ends at `ends_at`, which is its expiry until its depositor closes it: then it is the end of the challenge
//! period, in which the node redeems what it still has. The payee may close it at once. At the end, what wasn't redeemed
//! goes back to the depositor without anybody's call, in bounded work per block; a late voucher is refused even while its
//! channel waits to be worked off. Ids aren't given twice, so no voucher outlives its channel.
//!
//! ## What a node must do
//! Take no voucher of more than the deposit, and redeem before `ends_at`: layer 1 pays nobody who sleeps.

#![cfg_attr(not(feature = "std"), no_std)]

#[cfg(any(feature = "std", feature = "try-runtime"))]
extern crate alloc;

#[cfg(feature = "runtime-benchmarks")]
mod benchmarking;
#[cfg(any(feature = "std", feature = "try-runtime"))]
mod invariants;
#[cfg(test)]
mod tests;
pub mod weights;

pub use pallet::*;
pub use weights::WeightInfo;

use codec::{Decode, Encode, MaxEncodedLen};
use polkadot_sdk::{
    frame_support::{
        self,
        pallet_prelude::*,
        traits::{
            fungible::MutateHold,
            tokens::{Fortitude, Precision, Restriction},
        },
    },
    frame_system::{self, pallet_prelude::*},
    sp_core::sr25519,
    sp_io::crypto::sr25519_verify,
    sp_runtime::traits::{Saturating, Zero},
};
use scale_info::TypeInfo;
use tea_agenda::work_off;
use tea_nodes::NodeId;

/// Units of the chain's token, 10^-12 TEA each.
pub type Balance = u128;

/// Number of a channel, from 1 upwards, given once.
pub type ChannelId = u64;

/// Money that one depositor set aside for one node.
#[derive(Clone, Debug, Eq, PartialEq, Encode, Decode, MaxEncodedLen, TypeInfo)]
pub struct Channel<AccountId, BlockNumber> {
    /// Whose money it is, and whose key signs the vouchers.
    pub depositor: AccountId,
    pub node: NodeId,
    /// Who gets what is redeemed: the node's host account when the channel was opened.
    pub payee: AccountId,
    /// All that was ever put in.
    pub deposited: Balance,
    /// All that was ever redeemed; the rest of `deposited` is on hold.
    pub redeemed: Balance,
    /// The first block that is too late for a voucher.
    pub ends_at: BlockNumber,
    /// Whether the depositor closed it.
    pub closing: bool,
}

impl<AccountId, BlockNumber> Channel<AccountId, BlockNumber> {
    pub fn held(&self) -> Balance {
        self.deposited.saturating_sub(self.redeemed)
    }
}

/// What a voucher signs: `"tea/voucher/1" ++ genesis hash ++ channel ++ node ++ amount`, numbers little-endian, without lengths.
pub fn message(genesis: [u8; 32], channel: ChannelId, node: NodeId, amount: Balance) -> [u8; 101] {
    let mut message = [0u8; 101];
    message[..13].copy_from_slice(b"tea/voucher/1");
    message[13..45].copy_from_slice(&genesis);
    message[45..53].copy_from_slice(&channel.to_le_bytes());
    message[53..85].copy_from_slice(node.as_bytes());
    message[85..].copy_from_slice(&amount.to_le_bytes());
    message
}

#[frame_support::pallet]
pub mod pallet {
    use super::*;

    pub type ChannelOf<T> = Channel<<T as frame_system::Config>::AccountId, BlockNumberFor<T>>;

    #[pallet::config]
    pub trait Config:
        polkadot_sdk::frame_system::Config<
            RuntimeEvent: From<Event<Self>>,
            AccountId: Into<[u8; 32]>,
            Hash: Into<[u8; 32]>,
        > + tea_nodes::Config
    {
        /// Holds the deposits.
        type Currency: MutateHold<Self::AccountId, Balance = Balance, Reason = <Self as Config>::RuntimeHoldReason>;

        type RuntimeHoldReason: From<HoldReason>;

        /// The least a channel is opened with: it pays for the room it takes.
        #[pallet::constant]
        type MinDeposit: Get<Balance>;

        /// How many blocks a node has to redeem after the depositor closed the channel. A channel lasts at least that long.
        #[pallet::constant]
        type ChallengePeriod: Get<BlockNumberFor<Self>>;

        /// How far ahead a channel may expire.
        #[pallet::constant]
        type MaxLifetime: Get<BlockNumberFor<Self>>;

        /// How many ends a block works off.
        #[pallet::constant]
        type MaxEndsPerBlock: Get<u32>;

        /// What the calls cost; see [`weights`].
        type WeightInfo: WeightInfo;
    }

    /// Why money is held.
    #[pallet::composite_enum]
    pub enum HoldReason {
        /// For server requests, in channels that haven't ended.
        Deposit,
    }

    const STORAGE_VERSION: StorageVersion = StorageVersion::new(0);

    #[pallet::pallet]
    #[pallet::storage_version(STORAGE_VERSION)]
    pub struct Pallet<T>(_);

    /// The id given last; 0 before there was a channel.
    #[pallet::storage]
    pub type LastId<T> = StorageValue<_, ChannelId, ValueQuery>;

    /// The channels that haven't ended.
    #[pallet::storage]
    pub type Channels<T: Config> = StorageMap<_, Twox64Concat, ChannelId, ChannelOf<T>>;

    /// When channels end: each is here once.
    #[pallet::storage]
    pub type Ends<T> = StorageDoubleMap<_, Twox64Concat, BlockNumberFor<T>, Twox64Concat, ChannelId, ()>;

    /// The oldest block that may still have entries in `Ends`.
    #[pallet::storage]
    pub type EndsFrom<T> = StorageValue<_, BlockNumberFor<T>, ValueQuery>;

    #[pallet::event]
    #[pallet::generate_deposit(pub(super) fn deposit_event)]
    pub enum Event<T: Config> {
        Opened {
            id: ChannelId,
            depositor: T::AccountId,
            node: NodeId,
            deposited: Balance,
            ends_at: BlockNumberFor<T>,
        },
        ToppedUp {
            id: ChannelId,
            deposited: Balance,
        },
        /// `paid` went to the payee, who has had `redeemed` altogether.
        Redeemed {
            id: ChannelId,
            paid: Balance,
            redeemed: Balance,
        },
        /// The depositor closed it; vouchers are redeemed until `ends_at`.
        Closing {
            id: ChannelId,
            ends_at: BlockNumberFor<T>,
        },
        Ended {
            id: ChannelId,
            redeemed: Balance,
            returned: Balance,
        },
    }

    #[pallet::error]
    pub enum Error<T> {
        /// No channel was ever given this id.
        UnknownChannel,
        /// The channel has ended, or its time is over.
        ChannelEnded,
        /// The depositor closed the channel: no more goes in, and it isn't closed twice.
        ChannelClosing,
        /// No node has this id.
        UnknownNode,
        /// Less than `MinDeposit`, or nothing to add.
        DepositTooSmall,
        /// The channel would expire before a challenge period is over.
        LifetimeTooShort,
        /// The channel would expire later than `MaxLifetime` from now.
        LifetimeTooLong,
        /// Only the depositor may do this.
        NotDepositor,
        /// Only the depositor or the payee may do this.
        NotParty,
        /// The signature isn't the depositor's over this chain, channel, node and amount.
        BadSignature,
        /// The voucher is no more than what was redeemed.
        NothingNew,
        /// The voucher is more than the deposit.
        Overspent,
        /// More than a balance can say.
        AmountOverflows,
        /// No id is left.
        IdsExhausted,
    }

    #[pallet::hooks]
    impl<T: Config> Hooks<BlockNumberFor<T>> for Pallet<T> {
        /// Ends channels whose time is over, at most `MaxEndsPerBlock`, oldest first.
        fn on_initialize(now: BlockNumberFor<T>) -> Weight {
            let bound = T::MaxEndsPerBlock::get();
            let mut ended = 0;
            let looked = work_off::<Ends<T>, EndsFrom<T>, _, _>(now, bound, |id| {
                ended += 1;
                if let Some(channel) = Channels::<T>::get(id) {
                    Self::end(id, channel);
                }
            });
            <T as Config>::WeightInfo::end_channels(ended).saturating_add(T::DbWeight::get().reads(looked.into()))
        }

        #[cfg(feature = "try-runtime")]
        fn try_state(_: BlockNumberFor<T>) -> Result<(), polkadot_sdk::sp_runtime::TryRuntimeError> {
            Self::do_try_state().map_err(Into::into)
        }
    }

    #[pallet::call]
    impl<T: Config> Pallet<T> {
        /// Holds `amount` for requests to `node`, until block `ends_at`.
        #[pallet::call_index(0)]
        #[pallet::weight(<T as Config>::WeightInfo::open())]
        pub fn open(origin: OriginFor<T>, node: NodeId, amount: Balance, ends_at: BlockNumberFor<T>) -> DispatchResult {
            let depositor = ensure_signed(origin)?;
            let payee = tea_nodes::Nodes::<T>::get(node).ok_or(Error::<T>::UnknownNode)?.host_account;
            ensure!(amount >= T::MinDeposit::get(), Error::<T>::DepositTooSmall);
            let now = frame_system::Pallet::<T>::block_number();
            let lifetime = ends_at.saturating_sub(now);
            ensure!(lifetime >= T::ChallengePeriod::get(), Error::<T>::LifetimeTooShort);
            ensure!(lifetime <= T::MaxLifetime::get(), Error::<T>::LifetimeTooLong);
            let id = LastId::<T>::get().checked_add(1).ok_or(Error::<T>::IdsExhausted)?;
            <T as Config>::Currency::hold(&HoldReason::Deposit.into(), &depositor, amount)?;
            LastId::<T>::put(id);
            Ends::<T>::insert(ends_at, id, ());
            let (deposited, redeemed, closing) = (amount, 0, false);
            Channels::<T>::insert(
                id,
                Channel { depositor: depositor.clone(), node, payee, deposited, redeemed, ends_at, closing },
            );
            Self::deposit_event(Event::Opened { id, depositor, node, deposited, ends_at });
            Ok(())
        }

        /// Holds `amount` more in a channel of the signer.
        #[pallet::call_index(1)]
        #[pallet::weight(<T as Config>::WeightInfo::top_up())]
        pub fn top_up(origin: OriginFor<T>, id: ChannelId, amount: Balance) -> DispatchResult {
            let who = ensure_signed(origin)?;
            let mut channel = Self::open_channel(id)?;
            ensure!(who == channel.depositor, Error::<T>::NotDepositor);
            ensure!(!channel.closing, Error::<T>::ChannelClosing);
            ensure!(amount > 0, Error::<T>::DepositTooSmall);
            let deposited = channel.deposited.checked_add(amount).ok_or(Error::<T>::AmountOverflows)?;
            <T as Config>::Currency::hold(&HoldReason::Deposit.into(), &who, amount)?;
            channel.deposited = deposited;
            Channels::<T>::insert(id, channel);
            Self::deposit_event(Event::ToppedUp { id, deposited });
            Ok(())
        }

        /// Pays what the voucher of `amount` altogether is more than what was redeemed. Anyone may hand it in.
        #[pallet::call_index(2)]
        #[pallet::weight(<T as Config>::WeightInfo::redeem())]
        pub fn redeem(
            origin: OriginFor<T>,
            id: ChannelId,
            amount: Balance,
            signature: sr25519::Signature,
        ) -> DispatchResult {
            ensure_signed(origin)?;
            let mut channel = Self::open_channel(id)?;
            let key = sr25519::Public::from_raw(channel.depositor.clone().into());
            let genesis = frame_system::Pallet::<T>::block_hash(BlockNumberFor::<T>::zero()).into();
            let signed = sr25519_verify(&signature, &message(genesis, id, channel.node, amount), &key);
            ensure!(signed, Error::<T>::BadSignature);
            ensure!(amount <= channel.deposited, Error::<T>::Overspent);
            let paid = amount.checked_sub(channel.redeemed).filter(|more| *more > 0).ok_or(Error::<T>::NothingNew)?;
            <T as Config>::Currency::transfer_on_hold(
                &HoldReason::Deposit.into(),
                &channel.depositor,
                &channel.payee,
                paid,
                Precision::Exact,
                Restriction::Free,
                Fortitude::Force,
            )?;
            channel.redeemed = amount;
            Channels::<T>::insert(id, channel);
            Self::deposit_event(Event::Redeemed { id, paid, redeemed: amount });
            Ok(())
        }

        /// The depositor begins the challenge period; the payee ends the channel at once.
        #[pallet::call_index(3)]
        #[pallet::weight(<T as Config>::WeightInfo::close_by_depositor().max(<T as Config>::WeightInfo::close_by_payee()))]
        pub fn close(origin: OriginFor<T>, id: ChannelId) -> DispatchResult {
            let who = ensure_signed(origin)?;
            let mut channel = Self::open_channel(id)?;
            if who == channel.payee {
                Self::end(id, channel);
                return Ok(());
            }
            ensure!(who == channel.depositor, Error::<T>::NotParty);
            ensure!(!channel.closing, Error::<T>::ChannelClosing);
            let now = frame_system::Pallet::<T>::block_number();
            let ends_at = channel.ends_at.min(now.saturating_add(T::ChallengePeriod::get()));
            Ends::<T>::remove(channel.ends_at, id);
            Ends::<T>::insert(ends_at, id, ());
            channel.ends_at = ends_at;
            channel.closing = true;
            Channels::<T>::insert(id, channel);
            Self::deposit_event(Event::Closing { id, ends_at });
            Ok(())
        }
    }

    impl<T: Config> Pallet<T> {
        /// The channel, unless its time is over.
        fn open_channel(id: ChannelId) -> Result<ChannelOf<T>, Error<T>> {
            ensure!(id >= 1 && id <= LastId::<T>::get(), Error::<T>::UnknownChannel);
            let channel = Channels::<T>::get(id).ok_or(Error::<T>::ChannelEnded)?;
            ensure!(frame_system::Pallet::<T>::block_number() < channel.ends_at, Error::<T>::ChannelEnded);
            Ok(channel)
        }

        /// What wasn't redeemed goes back, and the channel is gone.
        fn end(id: ChannelId, channel: ChannelOf<T>) {
            let (reason, held) = (HoldReason::Deposit.into(), channel.held());
            let returned =
                <T as Config>::Currency::release(&reason, &channel.depositor, held, Precision::BestEffort).unwrap_or(0);
            Ends::<T>::remove(channel.ends_at, id);
            Channels::<T>::remove(id);
            Self::deposit_event(Event::Ended { id, redeemed: channel.redeemed, returned });
        }
    }
}
