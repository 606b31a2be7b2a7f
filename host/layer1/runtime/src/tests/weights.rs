//! What calls and whole errands take of a block, by the weights that were measured.
//!
//!     cargo test -p tea-runtime weights -- --nocapture

use polkadot_sdk::{
    frame_support::{
        dispatch::{DispatchClass, PostDispatchInfo},
        traits::{fungible::Mutate, Get, Hooks},
        weights::Weight,
        BoundedVec,
    },
    sp_core::H256,
    sp_runtime::traits::Dispatchable,
};
use tea_content::{Kind, Visibility};
use tea_errands::{Input, Outcome, Part, State, WeightInfo as _, MAX_DATA, MAX_PAYMENTS};
use tea_nodes::{ActiveNode, Node, Reason, Status, TrustClass, WeightInfo as _};
use tea_sortition::{WeightInfo as _, EXPECTED_CLAIMS};

use super::*;

/// How many complete errands fit into a block, at least, whichever way their executors are chosen.
const GOAL: u64 = 200;

/// Of an Active network that is as large as it may be.
const NODES: u32 = 1_000;

fn normal_share() -> u64 {
    BlockWeights::get().get(DispatchClass::Normal).max_total.expect("normal calls have a limit").ref_time()
}

/// All that a block may weigh, without what every block begins with.
fn whole_block() -> u64 {
    let limits = BlockWeights::get();
    limits.max_block.ref_time() - limits.base_block.ref_time()
}

/// What surrounds a call: signature, nonce, fee.
fn around(call: &RuntimeCall) -> u64 {
    let base = BlockWeights::get().get(call.get_dispatch_info().class).base_extrinsic;
    let extension = signed(Sr25519Keyring::Alice, 0, call.clone()).get_dispatch_info().extension_weight;
    base.saturating_add(extension).ref_time()
}

fn account(byte: u8) -> AccountId {
    AccountId::new([byte; 32])
}

fn cid() -> tea_content::Cid {
    BoundedVec::truncate_from(vec![1; 36])
}

/// One step of an errand: whether it takes of what normal calls may, and what it weighs.
type Step = (&'static str, DispatchClass, u64);

/// Dispatches, and adds what the call and its extrinsic weighed in the end.
fn tally(sum: &mut Vec<Step>, name: &'static str, who: &AccountId, call: impl Into<RuntimeCall>) {
    let call = call.into();
    let class = call.get_dispatch_info().class;
    let announced = call.get_dispatch_info().call_weight;
    let surroundings = around(&call);
    let done: PostDispatchInfo = call.dispatch(RuntimeOrigin::signed(who.clone())).expect(name);
    let actual = done.actual_weight.unwrap_or(announced);
    assert!(actual.all_lte(announced), "{name} weighs more than it said");
    sum.push((name, class, surroundings + actual.ref_time()));
}

/// A network of [`NODES`] Active nodes, of one operator as far as money goes.
fn network() {
    let nodes = (0..NODES).map(|number| {
        let id = H256::from_low_u64_be(number.into());
        let node = Node {
            operator: account(10),
            tee_account: account(11),
            host_account: account(12),
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
        };
        tea_nodes::Nodes::<Runtime>::insert(id, node);
        ActiveNode { id, gas_price: MILLI_TEA }
    });
    tea_nodes::ActiveNodes::<Runtime>::put(BoundedVec::truncate_from(nodes.collect()));
}

/// A whole errand with a sealed code, a sealed piece of data and a sealed input, whose executor the block chooses: three keys are
/// released and four parties paid. What each step weighed.
fn life() -> Vec<Step> {
    use tea_errands::Call;
    let mut sum = Vec::new();
    tea_errands::ChoiceByLot::<Runtime>::put(false);
    let (consumer, code_owner, data_owner) = (account(1), account(2), account(3));
    for who in [&consumer, &code_owner, &data_owner, &account(10), &account(11), &account(12)] {
        Balances::mint_into(who, 1_000 * TEA).unwrap();
    }
    let (sealed, digest) = (Visibility::Sealed, H256::repeat_byte(5));
    for (owner, kind) in [(&code_owner, Kind::Code), (&data_owner, Kind::Data)] {
        assert_ok!(Content::publish(RuntimeOrigin::signed(owner.clone()), kind, cid(), digest, 1, sealed, TEA));
    }
    let (data, input) = (
        BoundedVec::truncate_from(vec![2]),
        Some(Input { cid: cid(), sha256: digest, size: 1, visibility: Visibility::Sealed }),
    );
    let result_key = BoundedVec::truncate_from(vec![4; 65]);
    let (gas_limit, max_price, policy) = (1_000_000, 100 * TEA, digest);
    let create = Call::<Runtime>::create { code: 1, data, input, gas_limit, max_price, policy, result_key };
    tally(&mut sum, "create", &consumer, create);
    let id = tea_errands::LastId::<Runtime>::get();
    tally(&mut sum, "fund", &consumer, Call::<Runtime>::fund { id });

    System::set_block_number(System::block_number() + 1);
    // Of what the block does anyway, this errand's part is what is more than without it.
    let chosen = Errands::on_initialize(System::block_number()).ref_time();
    let choice = chosen - Errands::on_initialize(System::block_number()).ref_time();
    sum.push(("choice", DispatchClass::Mandatory, choice));

    let tee = account(11);
    let attest = Call::<Runtime>::attest { id, evidence_cid: cid(), evidence_digest: digest };
    tally(&mut sum, "attest", &tee, attest);
    for (part, owner) in [(Part::Code, &code_owner), (Part::Data(0), &data_owner), (Part::Input, &consumer)] {
        tally(&mut sum, "release", owner, Call::<Runtime>::release { id, part, release_digest: digest });
    }
    tally(&mut sum, "start", &tee, Call::<Runtime>::start { id });
    let (receipt_digest, result_cid, result_digest) = (digest, cid(), digest);
    let prove = Call::<Runtime>::prove {
        id,
        outcome: Outcome::Ok,
        gas_used: gas_limit,
        receipt_digest,
        result_cid,
        result_digest,
    };
    tally(&mut sum, "prove", &tee, prove);
    tally(&mut sum, "settle", &consumer, Call::<Runtime>::settle { id });
    let errand = tea_errands::Errands::<Runtime>::get(id).unwrap();
    assert_eq!((errand.state, errand.settlement.unwrap().payments.len()), (State::Settled, 4));
    sum
}

/// How many rounds a draw goes through, and how many claims are shown in all of them, on average: in a large network the
/// number of nodes under the threshold is Poisson's, and four times as many are expected each time that there was none.
fn expected_rounds_and_claims() -> (f64, f64) {
    let (mut reached, mut expected, mut rounds, mut claims) = (1.0f64, f64::from(EXPECTED_CLAIMS), 0.0, 0.0);
    for _ in 0..tea_sortition::MAX_ROUNDS {
        rounds += reached;
        claims += reached * expected;
        reached *= (-expected).exp();
        expected *= 4.0;
    }
    (rounds, claims)
}

/// The same by lot: the draw instead of the choice, with all the rounds and claims that are to be expected, each claim as if it were taken.
fn life_by_lot() -> Vec<Step> {
    type Sortition = tea_sortition::weights::Measured<Runtime>;
    let claim: RuntimeCall = tea_sortition::Call::<Runtime>::claim { id: 1, proof: [0; 96] }.into();
    let (rounds, claims) = expected_rounds_and_claims();
    let times = |weight: u64, count: f64| (weight as f64 * count) as u64;
    // In a block that moves on as many draws as the goal wants.
    let seed = times(Sortition::seed(GOAL as u32).ref_time() / GOAL, rounds);
    let end =
        Sortition::end(GOAL as u32).ref_time() / GOAL + tea_errands::weights::Measured::<Runtime>::drawn().ref_time();
    let steps = life().into_iter().filter(|(name, _, _)| *name != "choice");
    steps
        .chain([
            ("seeds", DispatchClass::Mandatory, seed),
            ("claims", claim.get_dispatch_info().class, times(around(&claim) + Sortition::claim().ref_time(), claims)),
            ("end of the draw", DispatchClass::Mandatory, end),
        ])
        .collect()
}

/// How many such errands a block holds: normal calls have three quarters of it, and all together have all of it.
fn report(what: &str, steps: &[Step]) -> u64 {
    let sum = |of: fn(DispatchClass) -> bool| -> u64 {
        steps.iter().filter(|(_, class, _)| of(*class)).map(|(.., weight)| weight).sum()
    };
    for (name, class, weight) in steps {
        let share = 100.0 * *weight as f64 / whole_block() as f64;
        println!("{what} {name} ({class:?}): {:.0} us, {share:.3} % of a block", *weight as f64 / 1e6);
    }
    let (normal, all) = (sum(|class| class == DispatchClass::Normal), sum(|_| true));
    let (by_calls, by_all) = (normal_share() / normal, whole_block() / all);
    println!(
        "{what}: of {:.0} us of normal calls {by_calls} fit into their share, of all {by_all} into a block",
        normal as f64 / 1e6
    );
    println!("{what}: {:.0} us altogether, {} in a block", all as f64 / 1e6, by_calls.min(by_all));
    by_calls.min(by_all)
}

#[test]
fn two_hundred_complete_errands_fit_into_a_block_whichever_way_their_executors_are_chosen() {
    let fitting = |what: &str, life: fn() -> Vec<Step>| {
        chain("production").execute_with(|| {
            System::set_block_number(1);
            network();
            report(what, &life())
        })
    };
    let by_block = fitting("errand.byBlock", life);
    let by_lot = fitting("errand.byLot", life_by_lot);
    assert!(by_block >= GOAL && by_lot >= GOAL, "{by_block} by the block, {by_lot} by lot");
    // No count stops what the weights allow: a draw moves on at its seeds and at its end.
    let (rounds, _) = expected_rounds_and_claims();
    let draws = f64::from(<<Runtime as tea_sortition::Config>::MaxDuePerBlock as Get<u32>>::get());
    assert!(draws >= GOAL as f64 * (rounds + 1.0), "{draws} draws move on in a block");
    assert!(u64::from(<<Runtime as tea_errands::Config>::MaxSelectionsPerBlock as Get<u32>>::get()) >= GOAL);
}

#[test]
fn every_call_fits_into_a_block_many_times_and_says_its_worst() {
    type Errands = tea_errands::weights::Measured<Runtime>;
    type Nodes = tea_nodes::weights::Measured<Runtime>;
    type Sortition = tea_sortition::weights::Measured<Runtime>;
    use tea_content::WeightInfo as _;
    use tea_releases::WeightInfo as _;
    use tea_vouchers::WeightInfo as _;
    type Content = tea_content::weights::Measured<Runtime>;
    type Releases = tea_releases::weights::Measured<Runtime>;
    type Vouchers = tea_vouchers::weights::Measured<Runtime>;
    let calls = [
        ("content.publish", Content::publish()),
        ("content.withdraw", Content::withdraw()),
        ("errands.create", Errands::create(MAX_DATA)),
        ("errands.fund", Errands::fund(MAX_DATA)),
        ("errands.cancel", Errands::cancel()),
        ("errands.attest", Errands::attest()),
        ("errands.release", Errands::release()),
        ("errands.decline", Errands::decline()),
        ("errands.start", Errands::start()),
        ("errands.prove", Errands::prove()),
        ("errands.settle", Errands::settle(MAX_PAYMENTS)),
        ("errands.dispute", Errands::dispute()),
        ("errands.resolve", Errands::resolve(MAX_PAYMENTS)),
        ("nodes.register", Nodes::register()),
        ("nodes.update_evidence", Nodes::update_evidence(NODES)),
        ("nodes.set_gas_price", Nodes::set_gas_price(NODES)),
        ("nodes.set_transports", Nodes::set_transports()),
        ("nodes.update_evidence, no committee to pay", Nodes::renew(NODES)),
        ("nodes.exit", Nodes::exit(NODES)),
        ("nodes.exit, no committee to pay", Nodes::depart(NODES)),
        ("nodes.vote", Nodes::vote(NODES)),
        ("nodes.vote, undecided", Nodes::vote_undecided()),
        ("nodes.heartbeat", Nodes::heartbeat(NODES)),
        ("nodes.heartbeat, of an Active node", Nodes::heartbeat_active()),
        ("releases.accept", Releases::accept()),
        ("releases.revoke", Releases::revoke()),
        ("sortition.claim, for an errand", Sortition::claim()),
        ("sortition.claim, for a seat", Sortition::claim_seat()),
        ("sortition.claim, refused at a glance", Sortition::refuse()),
        ("vouchers.open", Vouchers::open()),
        ("vouchers.top_up", Vouchers::top_up()),
        ("vouchers.redeem", Vouchers::redeem()),
        ("vouchers.close", Vouchers::close_by_depositor().max(Vouchers::close_by_payee())),
        ("alone: VRF verify", Sortition::verify_lot()),
        ("alone: signature verify", Sortition::verify_signature()),
    ];
    for (name, weight) in calls {
        let share = 100.0 * weight.ref_time() as f64 / normal_share() as f64;
        println!("call {name}: {:.0} us, {share:.3} % of a block", weight.ref_time() as f64 / 1e6);
        assert!((0.000_1..1.0).contains(&share), "{name} takes {share} % of a block");
    }
}

#[test]
fn what_the_chain_does_by_itself_leaves_most_of_a_block_to_those_who_pay() {
    type Errands = tea_errands::weights::Measured<Runtime>;
    type Nodes = tea_nodes::weights::Measured<Runtime>;
    type Sortition = tea_sortition::weights::Measured<Runtime>;
    use tea_vouchers::WeightInfo as _;
    type Vouchers = tea_vouchers::weights::Measured<Runtime>;
    let due: u32 = <Runtime as tea_nodes::Config>::MaxDuePerBlock::get();
    let choices: u32 = <Runtime as tea_errands::Config>::MaxSelectionsPerBlock::get();
    let draws: u32 = <Runtime as tea_sortition::Config>::MaxDuePerBlock::get();
    let drawn = Sortition::end(draws) + Errands::drawn() * u64::from(draws);
    let committees = Sortition::fail().max(Sortition::seat()) * u64::from(draws);
    let worst_draws = Sortition::seed(draws).max(drawn).max(committees);
    let worst_choices = Errands::choose_executor(NODES) * u64::from(choices);
    let worst = [
        // A chain does either.
        ("draws or choices", worst_draws.max(worst_choices)),
        ("missed deadlines", Errands::expire(<Runtime as tea_errands::Config>::MaxExpiriesPerBlock::get())),
        ("looks at nodes", Nodes::look_at(NODES) * u64::from(due)),
        ("committees' ends", Nodes::close() * u64::from(due)),
        ("channels' ends", Vouchers::end_channels(<Runtime as tea_vouchers::Config>::MaxEndsPerBlock::get())),
    ];
    let mut sum = Weight::zero();
    let block = BlockWeights::get().max_block.ref_time() as f64;
    for (name, weight) in worst {
        println!(
            "begin {name}: at most {:.1} ms, {:.1} % of a block",
            weight.ref_time() as f64 / 1e9,
            100.0 * weight.ref_time() as f64 / block
        );
        sum = sum.saturating_add(weight);
    }
    let share = sum.ref_time() as f64 / block;
    // All of it at once, which nobody brings about by chance, leaves seven tenths of the block to calls.
    assert!(share < 0.3, "{share}: all bounds at once");
}
