//! What a call costs at its worst: an active list as long as it gets, and committees that have all voted and are to be paid.
//!
//! Other pallets' benchmarks make their nodes here.

use crate::*;
use alloc::vec;
use codec::Decode;
use polkadot_sdk::{
    frame_benchmarking::v2::*,
    frame_support::traits::fungible::Mutate,
    frame_system::RawOrigin,
    sp_core::{crypto::KeyTypeId, sr25519},
    sp_io::crypto::{sr25519_generate, sr25519_sign},
};

const KEYS: KeyTypeId = KeyTypeId(*b"bnch");
const PLENTY: Balance = 1 << 90;

fn cid() -> Cid {
    Cid::truncate_from(vec![1; 64])
}

fn digest() -> H256 {
    H256::repeat_byte(7)
}

fn id_of(number: u32) -> NodeId {
    // Spread over the active list, as real ids are.
    polkadot_sdk::sp_io::hashing::blake2_256(&number.to_le_bytes()).into()
}

fn rich<T: Config<Currency: Mutate<T::AccountId>>>(name: &'static str, number: u32) -> T::AccountId {
    let who: T::AccountId = account(name, number, 0);
    T::Currency::set_balance(&who, PLENTY);
    who
}

fn node<T: Config>(id: NodeId) -> NodeOf<T> {
    Nodes::<T>::get(id).expect("it was registered")
}

fn enter<T: Config>(id: NodeId, status: Status) {
    let mut changed = node::<T>(id);
    Pallet::<T>::enter(id, &mut changed, status, Reason::Admitted).expect("there is room");
    Nodes::<T>::insert(id, changed);
}

/// A node that isn't Active, of an operator and a TEE account of its own.
pub fn registered<T: Config<Currency: Mutate<T::AccountId>>>(number: u32) -> NodeId {
    registered_with::<T>(number, account("tee", number, 0))
}

fn registered_with<T: Config<Currency: Mutate<T::AccountId>>>(number: u32, tee_account: T::AccountId) -> NodeId {
    let id = id_of(number);
    let profile = FoundingNode {
        id,
        operator: rich::<T>("operator", number),
        tee_account,
        host_account: account("host", number, 0),
        class: TrustClass::Simulated,
        evidence_cid: cid().into_inner().into(),
        evidence_digest: digest(),
        gas_price: 1,
    };
    let mut made = Pallet::<T>::new_node(&profile).expect("the operator is rich");
    made.expires_at = frame_system::Pallet::<T>::block_number().saturating_add(EvidenceLifetime::<T>::get());
    Nodes::<T>::insert(id, made);
    id
}

/// An Active node whose TEE has that account.
pub fn active_with<T: Config<Currency: Mutate<T::AccountId>>>(number: u32, tee_account: T::AccountId) -> NodeId {
    let id = registered_with::<T>(number, tee_account);
    enter::<T>(id, Status::Active);
    id
}

/// Nothing but `size` Active nodes, cheap enough for everybody.
pub fn network<T: Config<Currency: Mutate<T::AccountId>>>(size: u32) -> Vec<NodeId> {
    ActiveNodes::<T>::kill();
    let first = registered::<T>(1_000_000);
    enter::<T>(first, Status::Active);
    // The others differ in nothing that would cost something.
    let profile = node::<T>(first);
    let mut ids = vec![first];
    for number in 1..size {
        let id = id_of(1_000_000 + number);
        let operator: T::AccountId = account("operator", 1_000_000 + number, 0);
        ActiveOperators::<T>::insert(&operator, 1);
        Nodes::<T>::insert(id, Node { operator, ..profile.clone() });
        ids.push(id);
    }
    let mut listed: Vec<_> = ids.iter().map(|id| ActiveNode { id: *id, gas_price: 1 }).collect();
    listed.sort_by_key(|active| active.id);
    ActiveNodes::<T>::put(BoundedVec::truncate_from(listed));
    ids
}

/// A node whose evidence waits for a committee of [`SEATS`], and the appraisal.
pub fn unseated<T: Config<Currency: Mutate<T::AccountId>>>(number: u32) -> (NodeId, AppraisalId) {
    let id = registered::<T>(number);
    let mut pending = node::<T>(id);
    // A founding operator of a small network would be its own judge.
    FoundingOperators::<T>::remove(&pending.operator);
    AppraisalFee::<T>::put(DEFAULT_FEE);
    Pallet::<T>::open_appraisal(id, &mut pending).expect("the operator is rich");
    let appraisal = pending.appraisal;
    Nodes::<T>::insert(id, pending);
    (id, appraisal)
}

/// The same with a seated committee of which all but the last have voted to pass, and the last member's TEE account.
/// What they are paid brings their operators' accounts to life.
fn judged<T: Config<Currency: Mutate<T::AccountId>>>(number: u32) -> (NodeId, AppraisalId, T::AccountId) {
    let members: Vec<NodeId> = (0..SEATS)
        .map(|seat| {
            let member = registered::<T>(2_000_000 + 10 * number + seat);
            enter::<T>(member, Status::Active);
            member
        })
        .collect();
    let (id, appraisal) = unseated::<T>(number);
    Pallet::<T>::seat(appraisal, members.iter().copied());
    let mut seated = Appraisals::<T>::get(appraisal).expect("it was opened");
    let at = frame_system::Pallet::<T>::block_number();
    for (place, seat) in seated.seats.iter_mut().enumerate() {
        seat.operator = account("paid", 10 * number + place as u32, 0);
        if place as u32 + 1 < SEATS {
            seat.vote = Some(Ballot { pass: true, reasons_digest: digest(), at });
            Pallet::<T>::leave_seat(seat.node, appraisal);
        }
    }
    Appraisals::<T>::insert(appraisal, seated);
    let last = members.last().copied().expect("there are seats");
    (id, appraisal, node::<T>(last).tee_account)
}

#[benchmarks(where
    T: Config<Currency: Mutate<T::AccountId>>,
    T::TeeSignature: From<sr25519::Signature>,
)]
mod benchmarks {
    use super::*;

    /// In place of a node whose evidence never held and whose committee is still to be paid.
    #[benchmark]
    fn register() {
        let (id, appraisal, _) = judged::<T>(1);
        enter::<T>(id, Status::Refused);
        Nodes::<T>::mutate(id, |slot| slot.iter_mut().for_each(|old| old.expires_at = Zero::zero()));
        let operator = rich::<T>("newcomer", 1);
        let key = sr25519_generate(KEYS, None);
        let tee_account = T::AccountId::decode(&mut key.0.as_slice()).expect("an account is a key");
        let message = Pallet::<T>::consent_message(id, &operator);
        let consent = sr25519_sign(KEYS, &key, &message).expect("the key is here");
        let (class, host) = (TrustClass::Simulated, account("newcomer's host", 1, 0));

        #[extrinsic_call]
        _(RawOrigin::Signed(operator.clone()), id, tee_account, host, cid(), digest(), class, 1, consent.into());

        assert_eq!(node::<T>(id).operator, operator);
        assert!(Appraisals::<T>::get(appraisal).is_some_and(|old| old.closed_at.is_some()));
    }

    /// Of an Active one of `n` nodes, whose committee is still to be paid.
    #[benchmark]
    fn update_evidence(n: Linear<10, 1_000>) {
        network::<T>(n - SEATS - 1);
        let (id, appraisal, _) = judged::<T>(1);
        AppraisalsForgottenTo::<T>::put(appraisal);
        enter::<T>(id, Status::Active);
        let operator = node::<T>(id).operator;

        #[extrinsic_call]
        _(RawOrigin::Signed(operator), id, cid(), digest(), TrustClass::Tpm);

        assert!(node::<T>(id).appraisal > appraisal);
    }

    /// The same where no committee is to be paid: the renewal of evidence that was admitted.
    #[benchmark]
    fn renew(n: Linear<10, 1_000>) {
        network::<T>(n - SEATS - 1);
        let (id, appraisal, _) = judged::<T>(1);
        Pallet::<T>::close_in_time(appraisal);
        AppraisalsForgottenTo::<T>::put(appraisal);
        enter::<T>(id, Status::Active);
        let operator = node::<T>(id).operator;

        #[extrinsic_call]
        update_evidence(RawOrigin::Signed(operator), id, cid(), digest(), TrustClass::Tpm);

        assert!(node::<T>(id).appraisal > appraisal);
    }

    #[benchmark]
    fn set_gas_price(n: Linear<10, 1_000>) {
        let id = network::<T>(n).first().copied().expect("there is one");
        let operator = node::<T>(id).operator;

        #[extrinsic_call]
        _(RawOrigin::Signed(operator), id, 9);

        assert_eq!(node::<T>(id).gas_price, 9);
    }

    /// Of an Active one of `n` nodes, whose committee is still to be paid.
    #[benchmark]
    fn exit(n: Linear<10, 1_000>) {
        network::<T>(n - SEATS - 1);
        let (id, _, _) = judged::<T>(1);
        enter::<T>(id, Status::Active);
        let operator = node::<T>(id).operator;

        #[extrinsic_call]
        _(RawOrigin::Signed(operator), id);

        assert_eq!(node::<T>(id).status, Status::Exiting);
    }

    /// The same where no committee is to be paid.
    #[benchmark]
    fn depart(n: Linear<10, 1_000>) {
        network::<T>(n - SEATS - 1);
        let (id, appraisal, _) = judged::<T>(1);
        Pallet::<T>::close_in_time(appraisal);
        enter::<T>(id, Status::Active);
        let operator = node::<T>(id).operator;

        #[extrinsic_call]
        exit(RawOrigin::Signed(operator), id);

        assert_eq!(node::<T>(id).status, Status::Exiting);
    }

    /// A vote that neither decides nor completes the committee.
    #[benchmark]
    fn vote_undecided() {
        let (id, appraisal, voter) = judged::<T>(1);
        Appraisals::<T>::mutate(appraisal, |slot| {
            slot.iter_mut().flat_map(|open| open.seats.iter_mut()).for_each(|seat| seat.vote = None);
        });

        #[extrinsic_call]
        vote(RawOrigin::Signed(voter), id, digest(), true, digest());

        assert!(Appraisals::<T>::get(appraisal).is_some_and(|open| open.outcome.is_none() && open.votes(true) == 1));
    }

    /// The vote that completes a committee: it decides, lengthens the active list of `n` and pays everybody.
    #[benchmark]
    fn vote(n: Linear<10, 999>) {
        network::<T>(n - SEATS);
        let (id, appraisal, voter) = judged::<T>(1);

        #[extrinsic_call]
        _(RawOrigin::Signed(voter), id, digest(), true, digest());

        assert_eq!(node::<T>(id).status, Status::Active);
        assert!(Appraisals::<T>::get(appraisal).is_some_and(|done| done.closed_at.is_some()));
    }

    /// Of an Inactive node that returns to a list of `n`.
    #[benchmark]
    fn heartbeat(n: Linear<10, 999>) {
        network::<T>(n);
        let id = registered::<T>(1);
        enter::<T>(id, Status::Inactive);
        Nodes::<T>::mutate(id, |slot| slot.iter_mut().for_each(|silent| silent.reason = Reason::Silent));
        let tee = node::<T>(id).tee_account;

        #[extrinsic_call]
        _(RawOrigin::Signed(tee));

        assert_eq!(node::<T>(id).status, Status::Active);
    }

    /// Of an Active node, as nearly all are.
    #[benchmark]
    fn heartbeat_active() {
        let tee: T::AccountId = account("tee", 1, 0);
        let id = active_with::<T>(1, tee.clone());

        #[extrinsic_call]
        heartbeat(RawOrigin::Signed(tee));

        assert_eq!(node::<T>(id).status, Status::Active);
    }

    #[benchmark]
    fn set_transports() {
        let id = registered::<T>(1);
        let operator = node::<T>(id).operator;
        let urls = Transports::truncate_from(vec![Transport::truncate_from(vec![b'u'; 128]); 4]);

        #[extrinsic_call]
        _(RawOrigin::Signed(operator), id, urls, true);

        assert!(node::<T>(id).bootstrap);
    }

    /// At the beginning of a block a node lapses, one of `n` Active ones.
    #[benchmark]
    fn look_at(n: Linear<10, 1_000>) {
        network::<T>(n - 1);
        // Of these one would be due at the same block.
        let _ = Due::<T>::clear(u32::MAX, None);
        let id = active_with::<T>(1, account("tee", 1, 0));
        let now = node::<T>(id).due_at;
        DueFrom::<T>::put(now);

        #[block]
        {
            work_off::<Due<T>, DueFrom<T>, _, _>(now, 1, |id| Pallet::<T>::look_at(id, now));
        }

        assert_ne!(node::<T>(id).status, Status::Active);
    }

    /// At the beginning of a block the time for votes is over, and the committee is paid.
    #[benchmark]
    fn close() {
        let (_, id, _) = judged::<T>(1);
        let now = Appraisals::<T>::get(id).and_then(|open| open.votes_close).expect("it is seated");
        AppraisalsDueFrom::<T>::put(now);

        #[block]
        {
            work_off::<AppraisalsDue<T>, AppraisalsDueFrom<T>, _, _>(now, 1, Pallet::<T>::close_in_time);
        }

        assert!(Appraisals::<T>::get(id).is_some_and(|done| done.closed_at.is_some()));
    }
}
