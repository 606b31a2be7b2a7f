//! What a call costs at its worst: all parts sealed, words and CIDs as long as they get, every payee brought to life by
//! the payment, and the executor chosen by lot where that costs more.

use crate::{lots::SEATS, *};
use alloc::vec;
use polkadot_sdk::{frame_benchmarking::v2::*, frame_support::traits::fungible::Mutate, frame_system::RawOrigin};

const PLENTY: Balance = 1 << 90;
const PRICE: Balance = 1 << 60;
const GAS: u64 = 1_000_000;

/// A chain whose currency benchmarks can make money of.
trait Rich: Config<Currency: Mutate<Self::AccountId>> + tea_nodes::Config<Currency: Mutate<Self::AccountId>> {}

impl<T> Rich for T where
    T: Config<Currency: Mutate<Self::AccountId>> + tea_nodes::Config<Currency: Mutate<Self::AccountId>>
{
}

fn cid() -> Cid {
    Cid::truncate_from(vec![1; 64])
}

fn digest() -> H256 {
    H256::repeat_byte(7)
}

fn words() -> Words {
    Words::truncate_from(vec![b'w'; 128])
}

fn by<T: Config>(account: &T::AccountId) -> OriginFor<T> {
    RawOrigin::Signed(account.clone()).into()
}

/// Sealed content of an owner without an account yet.
fn published<T: Config>(kind: Kind, number: u32) -> ContentId {
    let owner: T::AccountId = account("owner", number, tea_content::LastId::<T>::get() as u32);
    tea_content::Pallet::<T>::publish(by::<T>(&owner), kind, cid(), digest(), 1, Visibility::Sealed, PRICE)
        .expect("anyone publishes");
    tea_content::LastId::<T>::get()
}

/// An errand of a new consumer with `data` sealed data.
fn created<T: Rich>(data: u32) -> ErrandId {
    let consumer: T::AccountId = account("consumer", LastId::<T>::get() as u32, 0);
    <T as Config>::Currency::set_balance(&consumer, PLENTY);
    ordered::<T>(&consumer, data)
}

/// A funded errand as large as they get, whose money nobody set aside.
pub(crate) fn claimable<T: Config>() -> ErrandId {
    let id = ordered::<T>(&account("consumer", 0, 0), MAX_DATA);
    let mut funded = errand::<T>(id);
    funded.held = funded.max_price;
    Pallet::<T>::enter(id, funded, State::Funded);
    id
}

fn ordered<T: Config>(consumer: &T::AccountId, data: u32) -> ErrandId {
    StatePeriods::<T>::put(Periods {
        fund: 100,
        select: 100,
        attest: 100,
        release: 100,
        start: 100,
        run: 100,
        accept: 100,
        resolve: 100,
    });
    let code = published::<T>(Kind::Code, 0);
    let data = BoundedVec::truncate_from((1..=data).map(|number| published::<T>(Kind::Data, number)).collect());
    let input = Some(Input { cid: cid(), sha256: digest(), size: 1, visibility: Visibility::Sealed });
    let key = ResultKey::truncate_from(vec![4; 65]);
    Pallet::<T>::create(by::<T>(consumer), code, data, input, GAS, PLENTY / 2, digest(), key).expect("it is in order");
    LastId::<T>::get()
}

fn errand<T: Config>(id: ErrandId) -> ErrandOf<T> {
    Errands::<T>::get(id).expect("it was created")
}

fn consumer<T: Config>(id: ErrandId) -> T::AccountId {
    errand::<T>(id).consumer
}

fn funded<T: Rich>(data: u32, by_lot: bool) -> ErrandId {
    ChoiceByLot::<T>::put(by_lot);
    let id = created::<T>(data);
    Pallet::<T>::fund(by::<T>(&consumer::<T>(id)), id).expect("the consumer is rich");
    id
}

/// The errand has a registered node for its executor, whatever the network looks like.
fn selected<T: Rich>(data: u32) -> ErrandId {
    let id = funded::<T>(data, true);
    let node = tea_nodes::benchmarking::registered::<T>(id as u32);
    let mut profile = tea_nodes::Nodes::<T>::get(node).expect("it was registered");
    profile.gas_price = PRICE;
    // Paid, but to accounts that don't exist yet.
    profile.operator = account("paid operator", id as u32, 0);
    let (block, seed) = (frame_system::Pallet::<T>::block_number(), digest());
    let choice = duties::Choice { block, seed, candidates: 1, digest: digest() };
    Pallet::<T>::select(id, errand::<T>(id), (node, profile), choice);
    id
}

fn executor<T: Config>(id: ErrandId) -> T::AccountId {
    errand::<T>(id).selection.expect("it was selected").tee_account
}

fn attested<T: Rich>(data: u32) -> ErrandId {
    let id = selected::<T>(data);
    Pallet::<T>::attest(by::<T>(&executor::<T>(id)), id, cid(), digest()).expect("it is the executor");
    id
}

/// All keys but that of the last part.
fn awaited<T: Rich>(data: u32) -> (ErrandId, T::AccountId, Part) {
    let id = attested::<T>(data);
    let mut parts = errand::<T>(id).parts.into_inner();
    let last = parts.pop().expect("there is an input");
    for terms in parts {
        Pallet::<T>::release(by::<T>(&terms.owner), id, terms.part, digest()).expect("it is the owner");
    }
    (id, last.owner, last.part)
}

fn keys_released<T: Rich>(data: u32) -> ErrandId {
    let (id, owner, part) = awaited::<T>(data);
    Pallet::<T>::release(by::<T>(&owner), id, part, digest()).expect("it is the owner");
    id
}

fn running<T: Rich>(data: u32) -> ErrandId {
    let id = keys_released::<T>(data);
    Pallet::<T>::start(by::<T>(&executor::<T>(id)), id).expect("it is the executor");
    id
}

/// Proved, so that `payments` are owed: code for a run without gas, executor and host for one that trapped, then data too.
fn proved<T: Rich>(payments: u32) -> ErrandId {
    let id = running::<T>(payments.saturating_sub(3));
    let outcome = if payments == 1 || payments >= 3 { Outcome::Ok } else { Outcome::Trap };
    let gas = if payments >= 2 { GAS } else { 0 };
    Pallet::<T>::prove(by::<T>(&executor::<T>(id)), id, outcome, gas, digest(), cid(), digest())
        .expect("within its gas");
    id
}

#[benchmarks(where T: Rich)]
mod benchmarks {
    use super::*;

    /// With `d` data.
    #[benchmark]
    fn create(d: Linear<0, MAX_DATA>) {
        let consumer: T::AccountId = whitelisted_caller();
        created::<T>(0);
        let code = published::<T>(Kind::Code, 0);
        let data = BoundedVec::truncate_from((1..=d).map(|number| published::<T>(Kind::Data, number)).collect());
        let input = Some(Input { cid: cid(), sha256: digest(), size: 1, visibility: Visibility::Sealed });
        let key = ResultKey::truncate_from(vec![4; 65]);

        #[extrinsic_call]
        _(RawOrigin::Signed(consumer), code, data, input, GAS, PLENTY, digest(), key);

        assert_eq!(errand::<T>(LastId::<T>::get()).state, State::Created);
    }

    /// With `d` data.
    #[benchmark]
    fn fund(d: Linear<0, MAX_DATA>) {
        ChoiceByLot::<T>::put(true);
        let id = created::<T>(d);

        #[extrinsic_call]
        _(RawOrigin::Signed(consumer::<T>(id)), id);

        assert_eq!(errand::<T>(id).state, State::Funded);
    }

    /// Again, by a TEE that was started anew while it ran the errand.
    #[benchmark]
    fn attest() {
        let id = running::<T>(MAX_DATA);

        #[extrinsic_call]
        _(RawOrigin::Signed(executor::<T>(id)), id, cid(), digest());

        assert_eq!(errand::<T>(id).state, State::Attested);
    }

    /// The last key, which moves the errand.
    #[benchmark]
    fn release() {
        let (id, owner, part) = awaited::<T>(MAX_DATA);

        #[extrinsic_call]
        _(RawOrigin::Signed(owner), id, part, digest());

        assert_eq!(errand::<T>(id).state, State::KeysReleased);
    }

    #[benchmark]
    fn decline() {
        let (id, owner, part) = awaited::<T>(MAX_DATA);

        #[extrinsic_call]
        _(RawOrigin::Signed(owner), id, part, words());

        assert!(matches!(errand::<T>(id).state, State::Refunded(_)));
    }

    #[benchmark]
    fn start() {
        let id = keys_released::<T>(MAX_DATA);

        #[extrinsic_call]
        _(RawOrigin::Signed(executor::<T>(id)), id);

        assert_eq!(errand::<T>(id).state, State::Running);
    }

    #[benchmark]
    fn prove() {
        let id = running::<T>(MAX_DATA);

        #[extrinsic_call]
        _(RawOrigin::Signed(executor::<T>(id)), id, Outcome::Ok, GAS, digest(), cid(), digest());

        assert_eq!(errand::<T>(id).state, State::Proved);
    }

    /// With `p` payments to deliver.
    #[benchmark]
    fn settle(p: Linear<0, MAX_PAYMENTS>) {
        let id = proved::<T>(p);
        assert_eq!(price::owed(&errand::<T>(id)).len() as u32, p);

        #[extrinsic_call]
        _(RawOrigin::Signed(consumer::<T>(id)), id);

        assert_eq!(errand::<T>(id).state, State::Settled);
    }

    #[benchmark]
    fn dispute() {
        let id = proved::<T>(MAX_PAYMENTS);

        #[extrinsic_call]
        _(RawOrigin::Signed(consumer::<T>(id)), id, words());

        assert_eq!(errand::<T>(id).state, State::Disputed);
    }

    /// With `p` payments to deliver.
    #[benchmark]
    fn resolve(p: Linear<0, MAX_PAYMENTS>) -> Result<(), BenchmarkError> {
        let id = proved::<T>(p);
        Pallet::<T>::dispute(by::<T>(&consumer::<T>(id)), id, words())?;
        let origin = T::GovernanceOrigin::try_successful_origin().map_err(|_| BenchmarkError::Weightless)?;

        #[extrinsic_call]
        _(origin as T::RuntimeOrigin, id, true);

        assert_eq!(errand::<T>(id).state, State::Settled);
        Ok(())
    }

    /// While its draw waits for a seed.
    #[benchmark]
    fn cancel() {
        let id = funded::<T>(MAX_DATA, true);

        #[extrinsic_call]
        _(RawOrigin::Signed(consumer::<T>(id)), id);

        assert!(matches!(errand::<T>(id).state, State::Refunded(_)));
    }

    /// The choice of one executor by the block, among `n` Active nodes that all are cheap enough.
    #[benchmark]
    fn choose_executor(n: Linear<1, 1_000>) {
        tea_nodes::benchmarking::network::<T>(n);
        let id = funded::<T>(MAX_DATA, false);
        let now = frame_system::Pallet::<T>::block_number();

        #[block]
        {
            Pallet::<T>::choose_executors(now);
        }

        assert_eq!(errand::<T>(id).state, State::Selected);
    }

    /// What a draw's end costs the errand it was for, when only the last seat's node still stands.
    #[benchmark]
    fn drawn() {
        let id = funded::<T>(MAX_DATA, true);
        let nodes = tea_nodes::benchmarking::network::<T>(SEATS);
        let mut draw = tea_sortition::benchmarking::closing::<T>(Subject::Executor(id), &nodes);
        draw.claims.iter_mut().rev().skip(1).for_each(|claim| claim.node = H256::repeat_byte(0xff));

        #[block]
        {
            <Pallet<T> as Electorate<BlockNumberFor<T>>>::drawn(id, &draw);
        }

        assert_eq!(errand::<T>(id).state, State::Selected);
    }

    /// The missed deadlines of `n` errands at the beginning of a block, each of which pays as many as there can be.
    #[benchmark]
    fn expire(n: Linear<0, 50>) {
        let ids: Vec<ErrandId> = (0..n).map(|_| proved::<T>(MAX_PAYMENTS)).collect();
        let now = frame_system::Pallet::<T>::block_number();
        for id in &ids {
            Errands::<T>::mutate(id, |slot| {
                let Some(errand) = slot else { return };
                Deadlines::<T>::remove(errand.deadline, id);
                Deadlines::<T>::insert(now, id, ());
                errand.deadline = now;
            });
        }
        DeadlinesFrom::<T>::put(now);

        #[block]
        {
            work_off::<Deadlines<T>, DeadlinesFrom<T>, _, _>(now, n.max(1), Pallet::<T>::expire);
        }

        assert!(ids.iter().all(|id| errand::<T>(*id).state == State::Settled));
    }
}
