//! What a call costs at its worst. Committees cost more than executors: their members are looked up one by one.

use crate::*;
use codec::Decode;
use polkadot_sdk::{
    frame_benchmarking::v2::*,
    frame_support::traits::fungible::Mutate,
    frame_system::RawOrigin,
    sp_core::{crypto::KeyTypeId, sr25519},
};
use tea_nodes::{benchmarking as nodes, SEATS};

/// Made with `vrf.sign` of `@scure/sr25519` by the development key Alice for the seed 0x11 × 32, as in the tests: a runtime has
/// no randomness to make one with.
const ALICE: [u8; 32] = *b"\xd4\x35\x93\xc7\x15\xfd\xd3\x1c\x61\x14\x1a\xbd\x04\xa9\x9f\xd6\x82\x2c\x85\x58\x85\x4c\xcd\xe3\x9a\x56\x84\xe7\xa5\x6d\xa2\x7d";
const SEED: H256 = H256::repeat_byte(0x11);
const PROOF: lot::Proof = *b"\x56\xec\xf3\xf6\xeb\xfa\x7e\x5f\xc8\x69\x72\x2d\x00\x7d\xfa\xef\x9b\x4e\x20\x9c\x17\xbf\xbe\xab\xa2\xa0\xf5\x9a\x5a\x48\x25\x4c\x51\xe5\x1a\xce\x61\x0e\x8c\x07\xa7\x88\x73\x39\xfd\xb2\x7c\xf8\xeb\x2c\x99\x8b\xc9\x8f\xbf\x5a\xa4\x9e\x5a\x89\x1a\x2e\x28\x05\x0e\x6c\x42\x3b\xea\x02\xab\xf2\x30\xe0\xa1\xe0\x80\x21\x44\x48\x0f\xa5\xd5\xae\x2b\xee\x0a\xd5\x43\x10\xf3\x4a\xe5\x66\x53\x01";

/// A draw whose round is open, and in which `nodes` but the last claimed, with the highest lots there are.
pub fn closing<T: Config>(subject: Subject, nodes: &[NodeId]) -> DrawOf<T> {
    let now = frame_system::Pallet::<T>::block_number();
    let closes_at = now.saturating_add(10u32.into());
    let claim = |(at, node): (usize, &NodeId)| Claim { lot: u128::MAX - 100 + at as u128, node: *node, proof: PROOF };
    let round = Round { number: 0, seed: SEED, fixed_at: now, electorate: 1_000, threshold: u128::MAX, closes_at };
    Draw {
        subject,
        seats: MAX_SEATS.min(nodes.len() as u32),
        opened_at: now,
        round: Some(round),
        claims: BoundedVec::truncate_from(nodes.iter().enumerate().map(claim).collect()),
        ended: false,
    }
}

/// An appraisal whose committee is to be drawn, by a draw that has it for its subject.
fn to_be_seated<T: Config<Currency: Mutate<T::AccountId>>>() -> (DrawId, DrawOf<T>) {
    let members = nodes::network::<T>(SEATS);
    let (_, appraisal) = nodes::unseated::<T>(100);
    let draw = closing::<T>(Subject::Committee(appraisal), &members);
    (recorded::<T>(&draw), draw)
}

fn recorded<T: Config>(draw: &DrawOf<T>) -> DrawId {
    let id = LastId::<T>::mutate(|last| {
        *last = last.saturating_add(1);
        *last
    });
    Draws::<T>::insert(id, draw);
    id
}

/// A draw whose claims are full, with higher lots than that of a node whose TEE's account is told.
fn to_be_claimed<T: Config<Currency: Mutate<T::AccountId>>>(draw: &DrawOf<T>) -> (DrawId, T::AccountId) {
    KeyAge::<T>::put(BlockNumberFor::<T>::from(0u32));
    let tee = T::AccountId::decode(&mut ALICE.as_slice()).expect("an account is a key");
    nodes::active_with::<T>(101, tee.clone());
    (recorded::<T>(draw), tee)
}

/// What the beginning of block `now` does for so many draws.
fn begin<T: Config>(now: BlockNumberFor<T>, draws: u32) {
    DueFrom::<T>::put(now);
    Pallet::<T>::move_all(now, draws);
}

fn shown<T: Config>(id: DrawId) -> bool {
    Draws::<T>::get(id).is_some_and(|draw| draw.claims.iter().any(|claim| claim.lot < u128::MAX - 100))
}

#[benchmarks(where T: Config<Currency: Mutate<T::AccountId>>)]
mod benchmarks {
    use super::*;

    /// A claim for an errand that doesn't end the draw.
    #[benchmark]
    fn claim() {
        let members = nodes::network::<T>(SEATS);
        let draw = closing::<T>(Subject::Executor(T::Electorate::claimable()), &members);
        let (id, tee) = to_be_claimed::<T>(&draw);

        #[extrinsic_call]
        _(RawOrigin::Signed(tee), id, PROOF);

        assert!(shown::<T>(id));
    }

    /// A claim for a committee's seat that doesn't end the draw.
    #[benchmark]
    fn claim_seat() {
        let (_, draw) = to_be_seated::<T>();
        let (id, tee) = to_be_claimed::<T>(&draw);

        #[extrinsic_call]
        claim(RawOrigin::Signed(tee), id, PROOF);

        assert!(shown::<T>(id));
    }

    /// A claim that is refused before its proof is looked at, after everything else was: the node's operator is the candidate's.
    #[benchmark]
    fn refuse() {
        let (_, draw) = to_be_seated::<T>();
        let (id, tee) = to_be_claimed::<T>(&draw);
        let node = tea_nodes::TeeAccounts::<T>::get(&tee).expect("it was registered");
        let Subject::Committee(appraisal) = draw.subject else { unreachable!() };
        let candidate = tea_nodes::Appraisals::<T>::get(appraisal).expect("it was opened").operator;
        tea_nodes::Nodes::<T>::mutate(node, |slot| slot.iter_mut().for_each(|node| node.operator = candidate.clone()));
        let refused;

        #[block]
        {
            refused = Pallet::<T>::claim(RawOrigin::Signed(tee).into(), id, PROOF);
        }

        assert_eq!(refused.map_err(|refused| refused.error), Err(Error::<T>::NotEligible.into()));
    }

    /// Computing alone: what a claim's proof costs to verify.
    #[benchmark]
    fn verify_lot() {
        let lot;
        #[block]
        {
            lot = lot::verify(&ALICE, SEED, &PROOF);
        }
        assert!(lot.is_some());
    }

    /// The same for a host function's signature, to compare with.
    #[benchmark]
    fn verify_signature() {
        let key = polkadot_sdk::sp_io::crypto::sr25519_generate(KeyTypeId(*b"bnch"), None);
        let message = [7u8; 101];
        let signature: sr25519::Signature =
            polkadot_sdk::sp_io::crypto::sr25519_sign(KeyTypeId(*b"bnch"), &key, &message).expect("the key is here");
        let good;
        #[block]
        {
            good = polkadot_sdk::sp_io::crypto::sr25519_verify(&signature, &message, &key);
        }
        assert!(good);
    }

    /// `n` draws get their seeds in one block.
    #[benchmark]
    fn seed(n: Linear<1, 50>) {
        nodes::network::<T>(1_000);
        let ids: Vec<DrawId> = (0..n).map(|errand| Pallet::<T>::open(Subject::Executor(errand.into()), 3)).collect();
        let now = frame_system::Pallet::<T>::block_number().saturating_add(1u32.into());

        #[block]
        {
            begin::<T>(now, n);
        }

        assert!(ids.iter().all(|id| Draws::<T>::get(id).is_some_and(|draw| draw.round.is_some())));
    }

    /// A draw's last round ends without a committee.
    #[benchmark]
    fn fail() {
        let (id, mut draw) = to_be_seated::<T>();
        draw.claims = BoundedVec::new();
        draw.round.iter_mut().for_each(|round| round.number = MAX_ROUNDS);
        let now = Pallet::<T>::due_at(&draw);
        Draws::<T>::insert(id, draw);
        Due::<T>::insert(now, id, ());

        #[block]
        {
            begin::<T>(now, 1);
        }

        assert!(Draws::<T>::get(id).is_some_and(|draw| draw.ended));
    }

    /// `n` draws for errands end in one block; what the errands' pallet makes of it is weighed there.
    #[benchmark]
    fn end(n: Linear<1, 50>) {
        let members = nodes::network::<T>(SEATS);
        let draw = closing::<T>(Subject::Executor(u64::MAX), &members);
        let ids: Vec<DrawId> = (0..n).map(|_| recorded::<T>(&draw)).collect();
        let now = Pallet::<T>::due_at(&draw);
        ids.iter().for_each(|id| Due::<T>::insert(now, id, ()));

        #[block]
        {
            begin::<T>(now, n);
        }

        assert!(ids.iter().all(|id| Draws::<T>::get(id).is_some_and(|draw| draw.ended)));
    }

    /// A draw ends and seats a committee.
    #[benchmark]
    fn seat() {
        let (id, draw) = to_be_seated::<T>();
        let now = Pallet::<T>::due_at(&draw);
        Due::<T>::insert(now, id, ());

        #[block]
        {
            begin::<T>(now, 1);
        }

        assert!(Draws::<T>::get(id).is_some_and(|draw| draw.ended));
    }
}
