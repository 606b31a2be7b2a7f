//! How fast the runtime is as a native program: whole errands by signed extrinsics in blocks, a VRF, and a choice among few and among many nodes.
//! `lab/bench/layer1.bench.ts` reads what it prints (`pace NAME NUMBER`) of
//!
//!     TEA_PACE=1 cargo test --release -p tea-runtime pace -- --nocapture
//!
//! Without `TEA_PACE` it goes the same way with a handful of errands and of nodes.

use std::{
    collections::BTreeMap,
    time::{Duration, Instant},
};

use polkadot_sdk::{
    frame_support::{storage::unhashed, traits::fungible::Mutate, BoundedVec},
    sp_core::{sr25519, H256},
    sp_io::hashing::blake2_256,
};
use tea_content::{Kind, Visibility};
use tea_errands::{ErrandId, Input, Outcome, Part, State};
use tea_nodes::{ActiveNode, Node, Reason, Status, TrustClass};
use tea_sortition::{lot, DrawId, EXPECTED_CLAIMS};

use super::*;

type Call = tea_errands::Call<Runtime>;

/// Blocks in which lots may be shown, after the one that fixes the seed.
const WINDOW: BlockNumber = 2;

/// One of a network's people.
type Choose = fn(&mut Network) -> &mut Party;

/// An account with its key and the nonce of its next extrinsic.
struct Party {
    pair: sr25519::Pair,
    nonce: Nonce,
}

impl Party {
    fn new(number: u32) -> Self {
        Self { pair: sr25519::Pair::from_seed(&H256::from_low_u64_be(u64::from(number) + 1).0), nonce: 0 }
    }

    fn id(&self) -> AccountId {
        AccountId::new(self.pair.public().0)
    }
}

/// A development chain of `nodes` Active nodes, whose blocks are timed and then put into its database.
struct Network {
    chain: TestExternalities,
    parent: Hash,
    number: BlockNumber,
    consumer: Party,
    code_owner: Party,
    data_owner: Party,
    /// By TEE account; node `n` has the id `n`.
    tees: BTreeMap<AccountId, (H256, Party)>,
}

impl Network {
    fn new(nodes: u32) -> Self {
        let [consumer, code_owner, data_owner] = [0, 1, 2].map(Party::new);
        let tees = (0..nodes).map(|number| (H256::from_low_u64_be(number.into()), Party::new(1_000 + number)));
        let tees: BTreeMap<_, _> = tees.map(|(node, party)| (party.id(), (node, party))).collect();
        let mut chain = chain("development");
        chain.execute_with(|| {
            tea_sortition::Window::<Runtime>::put(WINDOW);
            tea_sortition::KeyAge::<Runtime>::put(0);
            for who in [&consumer, &code_owner, &data_owner].map(Party::id).iter().chain(tees.keys()) {
                Balances::mint_into(who, 1_000_000 * TEA).unwrap();
            }
            let sealed = Visibility::Sealed;
            for (owner, kind) in [(&code_owner, Kind::Code), (&data_owner, Kind::Data)] {
                let origin = RuntimeOrigin::signed(owner.id());
                assert_ok!(Content::publish(origin, kind, cid(), H256::zero(), 1, sealed, TEA));
            }
            for (tee, (node, _)) in &tees {
                tea_nodes::TeeAccounts::<Runtime>::insert(tee, node);
                tea_nodes::Nodes::<Runtime>::insert(node, profile(tee.clone(), code_owner.id()));
            }
            // Raw, for the runtime's own bound is a thousand.
            let mut active: Vec<_> =
                tees.values().map(|(id, _)| ActiveNode { id: *id, gas_price: MILLI_TEA }).collect();
            active.sort_by_key(|node| node.id);
            unhashed::put(&tea_nodes::ActiveNodes::<Runtime>::hashed_key(), &active);
        });
        chain.commit_all().unwrap();
        // Extrinsics are signed for the genesis that the state names.
        let parent = chain.execute_with(|| System::block_hash(0));
        Self { chain, parent, number: 0, consumer, code_owner, data_owner, tees }
    }

    /// Makes the next block, its state root included, and says how long that took, and how long its extrinsics alone.
    fn block(&mut self, extrinsics: Vec<UncheckedExtrinsic>) -> (Duration, Duration) {
        self.number += 1;
        let slot = 10 + u64::from(self.number);
        let digest = Digest { logs: vec![DigestItem::PreRuntime(*b"aura", slot.encode())] };
        let header = Header::new(self.number, Hash::zero(), Hash::zero(), self.parent, digest);
        let (sealed, block, calls) = self.chain.execute_with(|| {
            let begun = Instant::now();
            Executive::initialize_block(&header);
            let set = RuntimeCall::Timestamp(pallet_timestamp::Call::set { now: slot * 1_000 });
            assert_ok!(Executive::apply_extrinsic(UncheckedExtrinsic::new_bare(set)).unwrap());
            let calls = Instant::now();
            for extrinsic in extrinsics {
                assert_ok!(Executive::apply_extrinsic(extrinsic).unwrap());
            }
            let calls = calls.elapsed();
            let sealed = Executive::finalize_block();
            (sealed, begun.elapsed(), calls)
        });
        self.parent = sealed.hash();
        self.chain.commit_all().unwrap();
        (block, calls)
    }

    fn sign(&mut self, by: Choose, call: impl Into<RuntimeCall>) -> UncheckedExtrinsic {
        let party = by(self);
        party.nonce += 1;
        let (pair, nonce) = (party.pair.clone(), party.nonce - 1);
        self.chain.execute_with(|| signed_with(&pair, nonce, call.into()))
    }

    fn sign_as(&mut self, tee: &AccountId, call: impl Into<RuntimeCall>) -> UncheckedExtrinsic {
        let (_, party) = self.tees.get_mut(tee).expect("a TEE of this network");
        party.nonce += 1;
        let (pair, nonce) = (party.pair.clone(), party.nonce - 1);
        self.chain.execute_with(|| signed_with(&pair, nonce, call.into()))
    }

    /// The calls that order `count` errands, one block each.
    fn order(&mut self, count: u32) -> (Vec<ErrandId>, [Vec<UncheckedExtrinsic>; 2]) {
        let last = self.chain.execute_with(tea_errands::LastId::<Runtime>::get);
        let ids: Vec<_> = (1..=u64::from(count)).map(|at| last + at).collect();
        let input = Input { cid: cid(), sha256: H256::zero(), size: 1, visibility: Visibility::Sealed };
        let create = Call::create {
            code: 1,
            data: BoundedVec::truncate_from(vec![2]),
            input: Some(input),
            gas_limit: 1_000_000,
            max_price: 100 * TEA,
            policy: H256::zero(),
            result_key: BoundedVec::truncate_from(vec![4; 65]),
        };
        let created = ids.iter().map(|_| self.sign(|network| &mut network.consumer, create.clone())).collect();
        let funded = ids.iter().map(|id| self.sign(|network| &mut network.consumer, Call::fund { id: *id })).collect();
        (ids, [created, funded])
    }

    /// The lowest lots of the draw, as many as are expected, or all that are under the threshold if they are fewer, highest first: so each is worth showing.
    fn claims(&mut self, id: DrawId) -> Vec<UncheckedExtrinsic> {
        let round = self.chain.execute_with(|| tea_sortition::Draws::<Runtime>::get(id)).and_then(|draw| draw.round);
        let round = round.expect("a seed");
        let mut lots: Vec<_> =
            self.tees.iter().map(|(tee, (_, party))| (lot_of(&party.pair, round.seed), tee.clone())).collect();
        lots.sort();
        let shown = lots.into_iter().filter(|(lot, _)| *lot < round.threshold).take(EXPECTED_CLAIMS as usize);
        let mut shown: Vec<_> = shown.collect();
        shown.reverse();
        let claim = |(_, tee): &(u128, AccountId)| {
            let proof = prove(&self.tees[tee].1.pair, round.seed);
            self.sign_as(tee, tea_sortition::Call::<Runtime>::claim { id, proof })
        };
        shown.iter().map(claim).collect()
    }

    fn draw_of(&mut self, errand: ErrandId) -> DrawId {
        self.chain.execute_with(|| tea_errands::DrawOf::<Runtime>::get(errand)).expect("a draw")
    }

    fn executor_of(&mut self, errand: ErrandId) -> AccountId {
        let errand = self.chain.execute_with(|| tea_errands::Errands::<Runtime>::get(errand)).expect("an errand");
        errand.selection.expect("an executor").tee_account
    }
}

fn cid() -> tea_content::Cid {
    BoundedVec::truncate_from(vec![1; 36])
}

fn profile(tee_account: AccountId, operator: AccountId) -> tea_nodes::NodeOf<Runtime> {
    Node {
        host_account: operator.clone(),
        operator,
        tee_account,
        class: TrustClass::Simulated,
        evidence_cid: cid(),
        evidence_digest: H256::zero(),
        gas_price: MILLI_TEA,
        stake: 0,
        founding: true,
        status: Status::Active,
        reason: Reason::Admitted,
        appraisal: 0,
        registered_at: 0,
        last_heartbeat: 0,
        expires_at: 1_000_000,
        due_at: 1_000_000,
        transports: Default::default(),
        bootstrap: false,
    }
}

fn lot_of(pair: &sr25519::Pair, seed: H256) -> u128 {
    let keypair = schnorrkel::Keypair::from(pair.clone());
    let context = schnorrkel::context::signing_context(b"tea/sortition");
    let output = keypair.vrf_create_hash(context.bytes(&lot::message(seed))).to_preout().to_bytes();
    let preimage = [&lot::message(seed)[..], &pair.public().0[..], &output[..]].concat();
    u128::from_le_bytes(blake2_256(&preimage)[..16].try_into().expect("16 bytes"))
}

fn prove(pair: &sr25519::Pair, seed: H256) -> lot::Proof {
    let keypair = schnorrkel::Keypair::from(pair.clone());
    let context = schnorrkel::context::signing_context(b"tea/sortition");
    let (output, proof, _) = keypair.vrf_sign(context.bytes(&lot::message(seed)));
    let mut shown = [0u8; 96];
    shown[..32].copy_from_slice(&output.to_preout().to_bytes());
    shown[32..].copy_from_slice(&proof.to_bytes());
    shown
}

/// Small, unless somebody asked for figures.
fn size(measured: u32, small: u32) -> u32 {
    if std::env::var_os("TEA_PACE").is_some() {
        measured
    } else {
        small
    }
}

fn median(mut of: Vec<Duration>) -> f64 {
    of.sort();
    of[of.len() / 2].as_secs_f64() * 1e6
}

#[test]
fn pace_of_whole_errands_whose_executor_is_drawn_among_as_many_nodes_as_are_expected_to_claim() {
    let batch = size(50, 2);
    let mut network = Network::new(EXPECTED_CLAIMS);
    let (mut extrinsics, mut spent) = (0, Duration::ZERO);
    for _ in 0..size(8, 1) {
        let mut take = |network: &mut Network, calls: Vec<UncheckedExtrinsic>| {
            extrinsics += calls.len();
            spent += network.block(calls).0;
        };
        let (ids, ordered) = network.order(batch);
        ordered.into_iter().for_each(|calls| take(&mut network, calls));
        take(&mut network, Vec::new());
        let draws: Vec<_> = ids.iter().map(|id| network.draw_of(*id)).collect();
        let claims = draws.iter().flat_map(|draw| network.claims(*draw)).collect();
        take(&mut network, claims);
        take(&mut network, Vec::new());
        let executors: Vec<_> = ids.iter().map(|id| (*id, network.executor_of(*id))).collect();

        let (evidence_cid, digest) = (cid(), H256::repeat_byte(5));
        let attest = |id| Call::attest { id, evidence_cid: evidence_cid.clone(), evidence_digest: digest };
        let calls = executors.iter().map(|(id, tee)| network.sign_as(tee, attest(*id))).collect();
        take(&mut network, calls);
        let owners: [(Part, Choose); 3] = [
            (Part::Code, |network| &mut network.code_owner),
            (Part::Data(0), |network| &mut network.data_owner),
            (Part::Input, |network| &mut network.consumer),
        ];
        let released = ids.iter().flat_map(|id| owners.map(|(part, owner)| (*id, part, owner)));
        let released =
            released.map(|(id, part, by)| network.sign(by, Call::release { id, part, release_digest: digest }));
        let calls = released.collect();
        take(&mut network, calls);
        let calls = executors.iter().map(|(id, tee)| network.sign_as(tee, Call::start { id: *id })).collect();
        take(&mut network, calls);
        let prove = |id| Call::prove {
            id,
            outcome: Outcome::Ok,
            gas_used: 1_000_000,
            receipt_digest: digest,
            result_cid: cid(),
            result_digest: digest,
        };
        let calls = executors.iter().map(|(id, tee)| network.sign_as(tee, prove(*id))).collect();
        take(&mut network, calls);
        let calls =
            ids.iter().map(|id| network.sign(|network| &mut network.consumer, Call::settle { id: *id })).collect();
        take(&mut network, calls);
    }
    let errands = network.chain.execute_with(|| {
        assert!(tea_errands::Errands::<Runtime>::iter_values().all(|errand| errand.state == State::Settled));
        tea_errands::Errands::<Runtime>::iter_keys().count()
    });
    assert_eq!(extrinsics, errands * (9 + EXPECTED_CLAIMS as usize));
    println!("pace errand.extrinsicsPerSecond {:.0}", extrinsics as f64 / spent.as_secs_f64());
    println!("pace errand.errandsPerSecond {:.0}", errands as f64 / spent.as_secs_f64());
}

#[test]
fn pace_of_a_vrf_that_is_verified() {
    let pair = Party::new(0).pair;
    let verified = (0..u64::from(size(500, 5))).map(|number| {
        let seed = H256::from_low_u64_be(number);
        let proof = prove(&pair, seed);
        let begun = Instant::now();
        assert_eq!(lot::verify(&pair.public().0, seed, &proof), Some(lot_of(&pair, seed)));
        begun.elapsed()
    });
    println!("pace vrf.verifyUs {:.1}", median(verified.collect()));
}

/// Of one choice: the block that fixes the seed, the claims that are expected, and the block that ends the draw.
#[test]
fn pace_of_a_choice_among_few_and_among_many_nodes() {
    for nodes in [10, size(1_000, 20), size(10_000, 40)] {
        let mut network = Network::new(nodes);
        let (mut seeds, mut claims, mut ends) = (Vec::new(), Vec::new(), Vec::new());
        for _ in 0..size(9, 1) {
            let (ids, ordered) = network.order(1);
            ordered.into_iter().for_each(|calls| _ = network.block(calls));
            seeds.push(network.block(Vec::new()).0);
            let draw = network.draw_of(ids[0]);
            let shown = network.claims(draw);
            let count = shown.len() as u32;
            // Where nobody has a lot worth showing the draw takes another round, which is not what is measured.
            if count == 0 {
                continue;
            }
            claims.push(network.block(shown).1 / count);
            ends.push(network.block(Vec::new()).0);
            network.executor_of(ids[0]);
        }
        let [seed, claim, end] = [seeds, claims, ends].map(median);
        println!("pace selection.us.{nodes} {:.1}", seed + f64::from(EXPECTED_CLAIMS) * claim + end);
    }
}
