//! Any sequence of calls by anybody keeps money and states in order.

use super::chain::*;

/// xorshift64: enough to walk, and the same walk every time.
struct Walk(u64);

impl Walk {
    fn below(&mut self, bound: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0 % bound
    }

    fn of<A: Copy>(&mut self, these: &[A]) -> A {
        these[self.below(these.len() as u64) as usize]
    }
}

const PARTIES: [u64; 10] = [CONSUMER, CODE_OWNER, DATA_OWNER, STRANGER, 11, 12, 13, 211, 212, 213];

/// The arm of [`step`] that gets an errand on.
fn waited_for(state: &State) -> Option<u64> {
    match state {
        State::Created => Some(2),
        State::Funded => Some(15),
        State::Selected => Some(5),
        State::Attested => Some(6),
        State::KeysReleased => Some(10),
        State::Running => Some(11),
        State::Proved => Some(13),
        State::Disputed => Some(14),
        State::Settled | State::Refunded(_) => None,
    }
}

/// One random call, most often one that its errand is waiting for.
fn step(walk: &mut Walk) -> DispatchResult {
    // The newest errands are the open ones; now and then an old one is tried too.
    let last = LastId::<Test>::get();
    let id = if walk.below(20) == 0 { 1 + walk.below(last.max(1)) } else { last.saturating_sub(walk.below(6)) };
    let chosen = Errands::<Test>::get(id).and_then(|errand| errand.selection).map(|selection| selection.tee_account);
    let who = walk.of(&PARTIES);
    let executor = signed(if walk.below(8) == 0 { who } else { chosen.unwrap_or(who) });
    let consumer = signed(if walk.below(8) == 0 { who } else { CONSUMER });
    let plainly = |done: DispatchResultWithPostInfo| done.map(|_| ()).map_err(|refused| refused.error);
    let digest = H256::from_low_u64_be(walk.0);
    let any = walk.below(16);
    let waited_for = Errands::<Test>::get(id).and_then(|errand| waited_for(&errand.state));
    match waited_for.filter(|_| walk.below(2) == 0).unwrap_or(any) {
        0 if walk.below(2) == 0 => {
            let code = walk.of(&[SEALED_CODE, PLAIN_CODE, PLAIN_DATA]);
            let data: &[ContentId] = walk.of(&[&[] as &[ContentId], &[SEALED_DATA], &[PLAIN_DATA, SEALED_DATA]]);
            order(code, data, if walk.below(2) == 0 { sealed_input() } else { None }).map(|_| ())
        }
        2 | 3 => plainly(Ledger::fund(consumer, id)),
        4 => Ledger::cancel(consumer, id),
        5 => plainly(Ledger::attest(executor, id, cid(), digest)),
        6..=8 => {
            let (owner, part) = walk.of(&RELEASES);
            Ledger::release(signed(owner), id, part, digest)
        }
        9 => {
            let (owner, part) = walk.of(&RELEASES);
            Ledger::decline(signed(owner), id, part, words("no"))
        }
        10 => plainly(Ledger::start(executor, id)),
        11 => {
            let (outcome, gas) = (walk.of(&[Outcome::Ok, Outcome::Ok, Outcome::Trap]), walk.below(GAS_LIMIT + 2));
            plainly(Ledger::prove(executor, id, outcome, gas, digest, cid(), digest))
        }
        12 => plainly(Ledger::settle(consumer, id)),
        13 if walk.below(2) == 0 => Ledger::dispute(consumer, id, words("no")),
        14 => plainly(Ledger::resolve(RuntimeOrigin::root(), id, walk.below(2) == 0)),
        _ => {
            // Now and then everybody sleeps, and deadlines pass.
            let blocks = if walk.below(40) == 0 { 15 } else { walk.below(2) };
            run_to(System::block_number() + blocks);
            Ok(())
        }
    }
}

#[test]
fn ten_thousand_random_calls_conserve_money_and_reach_every_end() {
    chain().execute_with(|| {
        let issuance = Balances::total_issuance();
        let mut walk = Walk(0x9e37_79b9_7f4a_7c15);
        for at in 0..10_000 {
            // A refusal changes nothing, as the tables of permissions and transitions show.
            let _ = step(&mut walk);
            if at % 50 == 0 {
                Ledger::do_try_state().unwrap_or_else(|broken| panic!("call {at}: {broken}"));
            }
            assert_eq!(Balances::total_issuance(), issuance, "call {at}");
        }
        // A walk that never got somewhere would prove nothing about it.
        let ends: Vec<String> = Errands::<Test>::iter_values().map(|errand| format!("{:?}", errand.state)).collect();
        for end in
            ["Settled", "DidNotFund", "DidNotAttest", "DidNotRelease", "Declined", "DidNotStart", "Cancelled", "Upheld"]
        {
            assert!(ends.iter().any(|state| state.contains(end)), "no errand came to {end}");
        }

        // In the end nothing is left on hold, and every unit is with somebody.
        run_to(System::block_number() + 2_000);
        assert_eq!(Deadlines::<Test>::iter_keys().count(), 0);
        assert!(Errands::<Test>::iter_values().all(|errand| errand.held == 0));
        assert_eq!(Balances::total_issuance(), issuance);
    });
}
