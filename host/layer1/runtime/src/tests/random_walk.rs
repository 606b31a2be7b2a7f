//! Any sequence of calls by anybody, over all of TEA's pallets and balances at once, keeps money and states in order.
//!
//! The default walk is short. The long one, of as many calls as one likes, checked as often:
//!
//!     TEA_WALK_CALLS=100000 cargo test -p tea-runtime random_walk -- --nocapture

use std::collections::BTreeMap;

use polkadot_sdk::{
    frame_support::{
        traits::{fungible::Inspect, GetCallMetadata, Hooks},
        BoundedVec,
    },
    sp_core::{sr25519, Pair, H256},
    sp_runtime::traits::Dispatchable,
};
use tea_content::{Kind, Visibility};
use tea_errands::{ErrandId, ErrandOf, Input, Outcome, Part, Periods, State};
use tea_nodes::TrustClass;

use super::*;

const PARTIES: u64 = 20;
const NODES: u64 = 10;
const PERIODS: Periods =
    Periods { fund: 12, select: 16, attest: 12, release: 12, start: 12, run: 12, accept: 12, resolve: 12 };

/// The calls that a walk must have got through, each at least once, or it would prove nothing about them.
const MUST_SUCCEED: [&str; 28] = [
    "Nodes.register",
    "Nodes.vote",
    "Nodes.heartbeat",
    "Nodes.set_gas_price",
    "Nodes.set_transports",
    "Nodes.update_evidence",
    "Nodes.exit",
    "Content.publish",
    "Content.withdraw",
    "Errands.create",
    "Errands.fund",
    "Errands.cancel",
    "Errands.attest",
    "Errands.release",
    "Errands.decline",
    "Errands.start",
    "Errands.prove",
    "Errands.settle",
    "Errands.dispute",
    "Errands.resolve",
    "Releases.accept",
    "Releases.revoke",
    "Vouchers.open",
    "Vouchers.top_up",
    "Vouchers.redeem",
    "Vouchers.close",
    "Balances.transfer_allow_death",
    "Sortition.claim",
];

struct Walk {
    random: u64,
    pairs: Vec<sr25519::Pair>,
    /// Errands without an end, as they were last seen; and the digests of those with one.
    open: BTreeMap<ErrandId, ErrandOf<Runtime>>,
    ended: BTreeMap<ErrandId, H256>,
    succeeded: BTreeMap<String, u32>,
    refused: u32,
    /// Calls made, whether they succeeded or were refused.
    calls: u32,
}

impl Walk {
    fn new(seed: u64) -> Self {
        let pairs = (1..=PARTIES).map(|number| sr25519::Pair::from_seed(&[number as u8; 32])).collect();
        let (open, ended, succeeded) = Default::default();
        Self { random: seed, pairs, open, ended, succeeded, refused: 0, calls: 0 }
    }

    /// xorshift64: enough to walk, and the same walk every time.
    fn below(&mut self, bound: u64) -> u64 {
        self.random ^= self.random << 13;
        self.random ^= self.random >> 7;
        self.random ^= self.random << 17;
        self.random % bound
    }

    fn one_in(&mut self, number: u64) -> bool {
        self.below(number) == 0
    }

    fn of<A: Clone>(&mut self, these: &[A]) -> A {
        these[self.below(these.len() as u64) as usize].clone()
    }

    fn account(&self, party: u64) -> AccountId {
        AccountId::new(self.pairs[(party % PARTIES) as usize].public().0)
    }

    fn anybody(&mut self) -> AccountId {
        let party = self.below(PARTIES);
        self.account(party)
    }

    /// `who`, and now and then somebody else.
    fn mostly(&mut self, who: AccountId) -> AccountId {
        if self.one_in(8) {
            self.anybody()
        } else {
            who
        }
    }

    fn key(&self, account: &AccountId) -> Option<sr25519::Pair> {
        self.pairs.iter().find(|pair| pair.public().0 == *AsRef::<[u8; 32]>::as_ref(account)).cloned()
    }

    /// An amount as people would choose, or would not.
    fn amount(&mut self, usual: Balance) -> Balance {
        match self.below(24) {
            0 => 0,
            1 => 1,
            2 => Balance::MAX,
            3 => EXISTENTIAL_DEPOSIT - 1,
            _ => usual / 2 + Balance::from(self.below(1_000)) * (usual / 1_000),
        }
    }

    fn call(&mut self, origin: RuntimeOrigin, call: impl Into<RuntimeCall>) {
        let call = call.into();
        let name = call.get_call_metadata();
        self.calls += 1;
        match call.dispatch(origin) {
            Ok(_) => *self.succeeded.entry(format!("{}.{}", name.pallet_name, name.function_name)).or_default() += 1,
            Err(_) => self.refused += 1,
        }
    }

    fn signed(&mut self, who: AccountId, call: impl Into<RuntimeCall>) {
        self.call(RuntimeOrigin::signed(who), call);
    }

    fn next_block(&mut self) {
        let number = System::block_number() + 1;
        System::reset_events();
        System::initialize(&number, &H256::from_low_u64_be(self.random), &Default::default());
        Nodes::on_initialize(number);
        Sortition::on_initialize(number);
        Errands::on_initialize(number);
        Vouchers::on_initialize(number);
        let by_lot = self.one_in(2);
        tea_errands::ChoiceByLot::<Runtime>::put(by_lot);
        self.look_at_all();
    }

    fn look_at_all(&mut self) {
        for id in self.open.keys().copied().collect::<Vec<_>>() {
            self.look_at(id);
        }
    }

    /// Whether the errand moved as the state machine allows, and what ended stays as it was.
    fn look_at(&mut self, id: ErrandId) {
        let Some(errand) = tea_errands::Errands::<Runtime>::get(id) else { return };
        if let Some(digest) = self.ended.get(&id) {
            return assert_eq!(digest_of(&errand), *digest, "errand {id} changed after its end");
        }
        let before = self.open.get(&id).map(|errand| errand.state.clone());
        assert!(may_follow(before.as_ref(), &errand.state), "errand {id}: {before:?} → {:?}", errand.state);
        if matches!(errand.state, State::Settled | State::Refunded(_)) {
            self.open.remove(&id);
            self.ended.insert(id, digest_of(&errand));
        } else {
            self.open.insert(id, errand);
        }
    }

    fn step(&mut self) {
        match self.below(20) {
            0 => self.nodes(),
            1 => self.content(),
            2 => self.vouchers(),
            3 if self.one_in(2) => self.releases(),
            3 => self.transfer(),
            4 if self.one_in(3) => self.claim(),
            4..=6 => self.next_block(),
            _ => self.errands(),
        }
    }

    fn nodes(&mut self) {
        let number = self.below(NODES);
        let node_id = H256::from_low_u64_be(number);
        let (operator, tee) = (self.account(number), self.account(number + NODES));
        let evidence_digest = H256::from_low_u64_be(self.random);
        let (evidence_cid, class) = (cid(), TrustClass::Simulated);
        let gas_price = self.amount(MILLI_TEA);
        let who = self.mostly(operator.clone());
        match self.below(12) {
            0..=2 => {
                let (tee_account, host_account) = (self.mostly(tee), self.anybody());
                let message = Nodes::consent_message(node_id, &who);
                let Some(pair) = self.key(&tee_account) else { return };
                let consent = pair.sign(&message).into();
                let call = tea_nodes::Call::<Runtime>::register {
                    node_id,
                    tee_account,
                    host_account,
                    evidence_cid,
                    evidence_digest,
                    class,
                    gas_price,
                    consent,
                };
                self.signed(who, call);
            }
            3..=7 => {
                let voter = if self.one_in(8) { self.anybody() } else { self.member(node_id) };
                let pass = !self.one_in(8);
                let evidence_digest =
                    tea_nodes::Nodes::<Runtime>::get(node_id).map_or(H256::zero(), |node| node.evidence_digest);
                let reasons_digest = H256::zero();
                self.signed(voter, tea_nodes::Call::<Runtime>::vote { node_id, evidence_digest, pass, reasons_digest });
            }
            8..=9 => {
                let who = self.mostly(tee);
                self.signed(who, tea_nodes::Call::<Runtime>::heartbeat {});
            }
            10 if self.one_in(4) => {
                let transports = BoundedVec::truncate_from(vec![BoundedVec::truncate_from(b"wss://a".to_vec())]);
                let bootstrap = self.one_in(2);
                self.signed(who, tea_nodes::Call::<Runtime>::set_transports { node_id, transports, bootstrap });
            }
            10 => self.signed(who, tea_nodes::Call::<Runtime>::set_gas_price { node_id, gas_price }),
            _ if self.one_in(4) => self.signed(who, tea_nodes::Call::<Runtime>::exit { node_id }),
            _ if self.one_in(2) => {
                let call =
                    tea_nodes::Call::<Runtime>::update_evidence { node_id, evidence_cid, evidence_digest, class };
                self.signed(who, call);
            }
            _ => {}
        }
    }

    /// The TEE of somebody who has a seat in the appraisal of this node, or of anybody.
    fn member(&mut self, node_id: H256) -> AccountId {
        let appraisal = tea_nodes::Nodes::<Runtime>::get(node_id).map_or(0, |node| node.appraisal);
        let seats = tea_nodes::Appraisals::<Runtime>::get(appraisal).map(|appraisal| appraisal.seats);
        let missing = seats.iter().flatten().filter(|seat| seat.vote.is_none()).map(|seat| seat.node);
        let members: Vec<H256> = missing.collect();
        if members.is_empty() {
            return self.anybody();
        }
        let member = self.of(&members);
        let tee = tea_nodes::Nodes::<Runtime>::get(member).map(|node| node.tee_account);
        tee.unwrap_or_else(|| self.anybody())
    }

    fn content(&mut self) {
        let who = self.anybody();
        if self.one_in(3) {
            let id = self.below(tea_content::LastId::<Runtime>::get() + 2);
            let owner = tea_content::Entries::<Runtime>::get(id).map_or(who, |entry| entry.owner);
            let who = self.mostly(owner);
            return self.signed(who, tea_content::Call::<Runtime>::withdraw { id });
        }
        let (kind, visibility) =
            (self.of(&[Kind::Code, Kind::Data]), self.of(&[Visibility::Plain, Visibility::Sealed]));
        let (price, size, sha256) = (self.amount(TEA), self.below(10), H256::zero());
        self.signed(who, tea_content::Call::<Runtime>::publish { kind, cid: cid(), sha256, size, visibility, price });
    }

    fn create(&mut self) {
        let last = tea_content::LastId::<Runtime>::get();
        let recent = |walk: &mut Self| last.saturating_sub(walk.below(12));
        let data = (0..self.below(3)).map(|_| recent(self)).collect::<Vec<_>>();
        let code = recent(self);
        let visibility = self.of(&[Visibility::Plain, Visibility::Sealed]);
        let input = self.one_in(2).then(|| Input { cid: cid(), sha256: H256::zero(), size: 1, visibility });
        let (who, max_price, gas_limit) = (self.anybody(), self.amount(20 * TEA), 1 + self.below(2_000_000));
        let call = tea_errands::Call::<Runtime>::create {
            code,
            data: BoundedVec::truncate_from(data),
            input,
            gas_limit,
            max_price,
            policy: H256::zero(),
            result_key: BoundedVec::truncate_from(vec![4; 65]),
        };
        self.signed(who, call);
        self.look_at(tea_errands::LastId::<Runtime>::get());
    }

    fn errands(&mut self) {
        // The newest errands are the open ones; now and then an old one is tried too.
        let last = tea_errands::LastId::<Runtime>::get();
        let id = if self.one_in(20) { 1 + self.below(last.max(1)) } else { last.saturating_sub(self.below(8)) };
        let Some(errand) = tea_errands::Errands::<Runtime>::get(id) else { return self.create() };
        let consumer = self.mostly(errand.consumer.clone());
        let tee = errand.selection.as_ref().map(|selection| selection.tee_account.clone());
        let executor = match tee {
            Some(tee) => self.mostly(tee),
            None => self.anybody(),
        };
        let sealed = errand.parts.iter().find(|terms| terms.sealed && terms.release.is_none());
        let (part, owner) = sealed.map_or((Part::Code, consumer.clone()), |terms| (terms.part, terms.owner.clone()));
        let owner = self.mostly(owner);
        let digest = H256::from_low_u64_be(self.random);
        let reason = BoundedVec::truncate_from(b"no".to_vec());
        let waited_for = match errand.state {
            State::Created => 1,
            State::Selected => 3,
            State::Attested => 4,
            State::KeysReleased => 6,
            State::Running => 7,
            State::Proved => 8,
            State::Disputed => 10,
            _ => 0,
        };
        let any = self.below(12);
        match if self.one_in(4) { any } else { waited_for } {
            1 => self.signed(consumer, tea_errands::Call::<Runtime>::fund { id }),
            2 => self.signed(consumer, tea_errands::Call::<Runtime>::cancel { id }),
            3 => {
                let call = tea_errands::Call::<Runtime>::attest { id, evidence_cid: cid(), evidence_digest: digest };
                self.signed(executor, call);
            }
            4 => self.signed(owner, tea_errands::Call::<Runtime>::release { id, part, release_digest: digest }),
            5 => self.signed(owner, tea_errands::Call::<Runtime>::decline { id, part, reason }),
            6 => self.signed(executor, tea_errands::Call::<Runtime>::start { id }),
            7 => {
                let (outcome, gas_used) =
                    (self.of(&[Outcome::Ok, Outcome::Ok, Outcome::Trap]), self.below(errand.gas_limit + 2));
                let (receipt_digest, result_cid, result_digest) = (digest, cid(), digest);
                let call = tea_errands::Call::<Runtime>::prove {
                    id,
                    outcome,
                    gas_used,
                    receipt_digest,
                    result_cid,
                    result_digest,
                };
                self.signed(executor, call);
            }
            8 if self.one_in(3) => self.signed(consumer, tea_errands::Call::<Runtime>::dispute { id, reason }),
            8 | 9 => self.signed(consumer, tea_errands::Call::<Runtime>::settle { id }),
            10 => {
                let pay = self.one_in(2);
                let origin = if self.one_in(4) { RuntimeOrigin::signed(consumer) } else { RuntimeOrigin::root() };
                self.call(origin, tea_errands::Call::<Runtime>::resolve { id, pay });
            }
            _ => self.create(),
        }
        self.look_at(id);
    }

    /// The lots that are to be shown now: of every node in a draw that takes claims, for lots that nobody shows move nothing.
    fn claim(&mut self) {
        let open: Vec<_> = tea_sortition::Due::<Runtime>::iter_keys().map(|(_, id)| id).collect();
        let Some(id) = (!open.is_empty()).then(|| self.of(&open)) else { return };
        for tee in NODES..2 * NODES {
            self.claim_as(id, tee);
        }
        self.look_at_all();
    }

    /// A lot in a draw, whether or not it is worth showing.
    fn claim_as(&mut self, id: tea_sortition::DrawId, tee: u64) {
        let Some(round) = tea_sortition::Draws::<Runtime>::get(id).and_then(|draw| draw.round) else { return };
        let who = self.account(tee);
        let Some(pair) = self.key(&who) else { return };
        // An expanded ed25519-style secret key, as sp_core keeps it.
        let keypair = schnorrkel::Keypair::from(pair);
        let context = schnorrkel::context::signing_context(b"tea/sortition");
        let (output, proof, _) = keypair.vrf_sign(context.bytes(&tea_sortition::lot::message(round.seed)));
        let mut shown = [0u8; 96];
        shown[..32].copy_from_slice(&output.to_preout().to_bytes());
        shown[32..].copy_from_slice(&proof.to_bytes());
        self.signed(who, tea_sortition::Call::<Runtime>::claim { id, proof: shown });
    }

    fn releases(&mut self) {
        let digest = H256::from_low_u64_be(self.below(40));
        let block = (System::block_number() + self.below(20) as u32).saturating_sub(2);
        let origin = if self.one_in(4) { RuntimeOrigin::signed(self.anybody()) } else { RuntimeOrigin::root() };
        if self.one_in(3) {
            return self.call(origin, tea_releases::Call::<Runtime>::revoke { digest, revoked_from: block });
        }
        let kind = self.of(&[tea_releases::Kind::Image, tea_releases::Kind::ReferenceValues]);
        let version = System::block_number().into();
        self.call(
            origin,
            tea_releases::Call::<Runtime>::accept { digest, kind, cid: cid(), version, active_from: block },
        );
    }

    fn vouchers(&mut self) {
        let id = tea_vouchers::LastId::<Runtime>::get().saturating_sub(self.below(4));
        let Some(channel) = tea_vouchers::Channels::<Runtime>::get(id).filter(|_| !self.one_in(4)) else {
            let (who, node) = (self.anybody(), H256::from_low_u64_be(self.below(NODES)));
            let (amount, ends_at) = (self.amount(10 * TEA), System::block_number() + 590 + self.below(40) as u32);
            return self.signed(who, tea_vouchers::Call::<Runtime>::open { node, amount, ends_at });
        };
        let depositor = self.mostly(channel.depositor.clone());
        match self.below(8) {
            0 => self.signed(depositor, tea_vouchers::Call::<Runtime>::close { id }),
            1 => self.signed(channel.payee, tea_vouchers::Call::<Runtime>::close { id }),
            2..=4 => {
                let amount = self.amount(TEA);
                self.signed(depositor, tea_vouchers::Call::<Runtime>::top_up { id, amount });
            }
            _ => {
                let amount = channel.redeemed.saturating_add(self.amount(TEA));
                let genesis = System::block_hash(0).into();
                let message = tea_vouchers::message(genesis, id, channel.node, amount);
                let Some(pair) = self.key(&depositor) else { return };
                let (who, signature) = (self.anybody(), pair.sign(&message));
                self.signed(who, tea_vouchers::Call::<Runtime>::redeem { id, amount, signature });
            }
        }
    }

    fn transfer(&mut self) {
        let (from, to) = (self.anybody(), self.anybody());
        // Now and then all there is: the account may die.
        let all = Balances::reducible_balance(
            &from,
            polkadot_sdk::frame_support::traits::tokens::Preservation::Expendable,
            polkadot_sdk::frame_support::traits::tokens::Fortitude::Polite,
        );
        let value = if self.one_in(20) { all } else { self.amount(100 * TEA) };
        self.signed(from, pallet_balances::Call::<Runtime>::transfer_allow_death { dest: to.into(), value });
    }
}

fn cid() -> tea_content::Cid {
    BoundedVec::truncate_from(vec![1; 36])
}

fn digest_of(errand: &ErrandOf<Runtime>) -> H256 {
    polkadot_sdk::sp_io::hashing::blake2_256(&errand.encode()).into()
}

/// The state machine, in one step; or none.
fn may_follow(before: Option<&State>, after: &State) -> bool {
    use State::*;
    let Some(before) = before else { return *after == Created };
    before == after
        || matches!(
            (before, after),
            (Created, Funded | Refunded(_))
                | (Funded, Selected | Refunded(_))
                | (Selected, Attested | KeysReleased | Refunded(_))
                | (Attested, KeysReleased | Refunded(_))
                // A TEE that was started anew attests again.
                | (KeysReleased, Attested | Running | Refunded(_))
                | (Running, Attested | KeysReleased | Proved | Refunded(_))
                | (Proved, Disputed | Settled)
                | (Disputed, Settled | Refunded(_))
        )
}

fn check(walk: &Walk, at: u32) {
    let broken = |pallet: &str, result: Result<(), &'static str>| {
        result.unwrap_or_else(|broken| panic!("call {at}, {pallet}: {broken}"));
    };
    broken("nodes", Nodes::do_try_state());
    broken("errands", Errands::do_try_state());
    broken("sortition", Sortition::do_try_state());
    broken("content", Content::do_try_state());
    broken("releases", Releases::do_try_state());
    broken("vouchers", Vouchers::do_try_state());
    let known = walk.open.len() + walk.ended.len();
    assert_eq!(known as u64, tea_errands::LastId::<Runtime>::get(), "call {at}: an errand came from nowhere");
}

#[test]
fn random_walk_of_twenty_accounts_over_all_pallets_conserves_money_and_keeps_the_state_machine() {
    let calls: u32 = std::env::var("TEA_WALK_CALLS").map_or(4_000, |calls| calls.parse().expect("a number of calls"));
    let begun = std::time::Instant::now();
    chain("development").execute_with(|| {
        let mut walk = Walk::new(0x9e37_79b9_7f4a_7c15);
        System::set_block_number(1);
        tea_errands::StatePeriods::<Runtime>::put(PERIODS);
        for party in 0..PARTIES {
            let dest = walk.account(party).into();
            let value = 20_000 * TEA;
            let alice = RuntimeOrigin::signed(Sr25519Keyring::Alice.to_account_id());
            assert_ok!(Balances::transfer_allow_death(alice, dest, value));
            tea_nodes::FoundingOperators::<Runtime>::insert(walk.account(party), ());
        }
        let issuance = Balances::total_issuance();
        // The first nodes come of age before lots are drawn.
        while tea_nodes::ActiveNodes::<Runtime>::decode_len().unwrap_or(0) < 6 {
            walk.nodes();
            walk.claim();
            if walk.one_in(4) {
                walk.next_block();
            }
        }
        (0..600).for_each(|_| walk.next_block());

        let mut checked = 0;
        while walk.calls < calls {
            walk.step();
            assert_eq!(Balances::total_issuance(), issuance, "call {}", walk.calls);
            if walk.calls >= checked + 500 {
                checked = walk.calls;
                check(&walk, checked);
            }
        }
        check(&walk, calls);
        for (id, digest) in &walk.ended {
            let errand = tea_errands::Errands::<Runtime>::get(id).expect("errands stay for ever");
            assert_eq!(digest_of(&errand), *digest, "errand {id} changed after its end");
        }
        println!(
            "{calls} calls in {:.0?}: {} blocks, {} errands ({} open), {} refused, done: {:?}",
            begun.elapsed(),
            System::block_number(),
            tea_errands::LastId::<Runtime>::get(),
            walk.open.len(),
            walk.refused,
            walk.succeeded,
        );
        for name in MUST_SUCCEED {
            assert!(walk.succeeded.contains_key(name), "no {name} succeeded: {:?}", walk.succeeded);
        }

        // In the end nothing is left on hold but stakes, and every unit is with somebody.
        for _ in 0..1_300 {
            walk.next_block();
        }
        check(&walk, calls);
        assert!(walk.open.is_empty());
        assert_eq!(tea_vouchers::Channels::<Runtime>::iter_keys().count(), 0);
        let held: Balance = (0..PARTIES).map(|party| Balances::reserved_balance(walk.account(party))).sum();
        let staked: Balance = tea_nodes::Nodes::<Runtime>::iter_values().map(|node| node.stake).sum();
        assert_eq!((held, Balances::total_issuance()), (staked, issuance));
    });
}
