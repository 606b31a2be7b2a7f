//! What a call costs at its worst: depositors with other holds, payees that the payment brings to life.

use crate::*;
use codec::Decode;
use polkadot_sdk::{
    frame_benchmarking::v2::*,
    frame_support::traits::fungible::Mutate,
    frame_system::RawOrigin,
    sp_core::crypto::KeyTypeId,
    sp_io::crypto::{sr25519_generate, sr25519_sign},
};

const KEYS: KeyTypeId = KeyTypeId(*b"bnch");
const PLENTY: Balance = 1 << 90;

/// A chain whose currency benchmarks can make money of.
trait Rich: Config<Currency: Mutate<Self::AccountId>> + tea_nodes::Config<Currency: Mutate<Self::AccountId>> {}

impl<T> Rich for T where
    T: Config<Currency: Mutate<Self::AccountId>> + tea_nodes::Config<Currency: Mutate<Self::AccountId>>
{
}

/// A new sr25519 key in the bencher's keystore, and the account of it.
fn rich<T: Rich>() -> (sr25519::Public, T::AccountId) {
    let key = sr25519_generate(KEYS, None);
    let account = T::AccountId::decode(&mut key.0.as_slice()).expect("an account is a key");
    <T as Config>::Currency::set_balance(&account, PLENTY);
    (key, account)
}

fn opened<T: Config>(depositor: &T::AccountId, node: NodeId, ends_at: BlockNumberFor<T>) -> ChannelId {
    let deposit = T::MinDeposit::get().saturating_mul(10);
    Pallet::<T>::open(RawOrigin::Signed(depositor.clone()).into(), node, deposit, ends_at).expect("rich enough");
    LastId::<T>::get()
}

fn far<T: Config>() -> BlockNumberFor<T> {
    frame_system::Pallet::<T>::block_number().saturating_add(T::MaxLifetime::get())
}

fn channel<T: Config>(id: ChannelId) -> ChannelOf<T> {
    Channels::<T>::get(id).expect("an open channel")
}

#[benchmarks(where T: Rich)]
mod benchmarks {
    use super::*;

    #[benchmark]
    fn open() {
        let (_, depositor) = rich::<T>();
        let node = tea_nodes::benchmarking::registered::<T>(1);
        let deposit = T::MinDeposit::get();

        #[extrinsic_call]
        _(RawOrigin::Signed(depositor), node, deposit, far::<T>());

        assert_eq!(channel::<T>(LastId::<T>::get()).deposited, deposit);
    }

    #[benchmark]
    fn top_up() {
        let (_, depositor) = rich::<T>();
        let node = tea_nodes::benchmarking::registered::<T>(1);
        let id = opened::<T>(&depositor, node, far::<T>());
        let before = channel::<T>(id).deposited;

        #[extrinsic_call]
        _(RawOrigin::Signed(depositor), id, 1);

        assert_eq!(channel::<T>(id).deposited, before + 1);
    }

    #[benchmark]
    fn redeem() {
        let (key, depositor) = rich::<T>();
        let node = tea_nodes::benchmarking::registered::<T>(1);
        let id = opened::<T>(&depositor, node, far::<T>());
        let amount = channel::<T>(id).deposited / 2;
        let genesis = frame_system::Pallet::<T>::block_hash(BlockNumberFor::<T>::zero()).into();
        let signature = sr25519_sign(KEYS, &key, &message(genesis, id, node, amount)).expect("the key is here");
        let anyone: T::AccountId = whitelisted_caller();

        #[extrinsic_call]
        _(RawOrigin::Signed(anyone), id, amount, signature);

        assert_eq!(channel::<T>(id).redeemed, amount);
    }

    #[benchmark]
    fn close_by_depositor() {
        let (_, depositor) = rich::<T>();
        let node = tea_nodes::benchmarking::registered::<T>(1);
        let id = opened::<T>(&depositor, node, far::<T>());

        #[extrinsic_call]
        close(RawOrigin::Signed(depositor), id);

        assert!(channel::<T>(id).closing);
    }

    #[benchmark]
    fn close_by_payee() {
        let (_, depositor) = rich::<T>();
        let node = tea_nodes::benchmarking::registered::<T>(1);
        let id = opened::<T>(&depositor, node, far::<T>());
        let payee = channel::<T>(id).payee;

        #[extrinsic_call]
        close(RawOrigin::Signed(payee), id);

        assert!(!Channels::<T>::contains_key(id));
    }

    /// The beginning of a block in which the time of `n` channels is over.
    #[benchmark]
    fn end_channels(n: Linear<0, 50>) {
        let node = tea_nodes::benchmarking::registered::<T>(1);
        let end = far::<T>();
        for _ in 0..n {
            opened::<T>(&rich::<T>().1, node, end);
        }
        EndsFrom::<T>::put(end);

        #[block]
        {
            Pallet::<T>::on_initialize(end);
        }

        assert_eq!(Ends::<T>::iter_prefix(end).count(), 0);
    }
}
