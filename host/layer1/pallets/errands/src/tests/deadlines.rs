//! Who didn't act, and what happens by rule.

use super::chain::*;

type Step = fn() -> ErrandId;

#[test]
fn each_missed_deadline_names_who_failed_and_gives_everything_back() {
    use RefundReason::*;
    let table: [(Step, RefundReason); 5] = [
        (created, ConsumerDidNotFund),
        (selected, ExecutorDidNotAttest),
        (attested, OwnerDidNotRelease(Part::Code)),
        (keys_released, ExecutorDidNotStart),
        (running, ExecutorDidNotProve),
    ];
    for (step, reason) in table {
        chain().execute_with(|| {
            let id = step();
            let (before, deadline) = (state(id), errand(id).deadline);
            run_to(deadline - 1);
            assert_eq!(state(id), before);
            run_to(deadline);
            assert_eq!(state(id), State::Refunded(reason.clone()));
            assert_eq!(free(CONSUMER), ENDOWMENT);
            assert_eq!(errand(id).deadline, deadline);
        });
    }
}

#[test]
fn silence_accepts_a_proved_errand_and_an_unresolved_dispute_leaves_the_receipt_standing() {
    for step in [proved as Step, disputed] {
        chain().execute_with(|| {
            let id = step();
            run_to(errand(id).deadline);
            assert_eq!(state(id), State::Settled);
            assert_eq!(free(CONSUMER), ENDOWMENT - 281);
        });
    }
}

#[test]
fn each_state_lasts_as_long_as_its_period_says() {
    let table: [(Step, u32); 7] = [
        (created, PERIODS.fund),
        (funded, PERIODS.select),
        (attested, PERIODS.release),
        (keys_released, PERIODS.start),
        (running, PERIODS.run),
        (proved, PERIODS.accept),
        (disputed, PERIODS.resolve),
    ];
    for (step, period) in table {
        chain().execute_with(|| {
            let id = step();
            assert_eq!(errand(id).deadline, System::block_number() + u64::from(period));
        });
    }
}

/// With more late errands than a block works off, some are still there: late all the same.
#[test]
fn a_late_party_is_refused_even_while_its_errand_waits_to_be_worked_off() {
    let states: [Step; 6] = [created, selected, attested, keys_released, running, disputed];
    for step in states {
        chain().execute_with(|| {
            let id = step();
            System::set_block_number(errand(id).deadline);
            let who = errand(id).selection.map(|selection| selection.tee_account);
            for who in [Some(CONSUMER), Some(CODE_OWNER), Some(DATA_OWNER), who].into_iter().flatten() {
                assert_eq!(accepted(calls(who, id)), Vec::<&str>::new());
            }
            assert_eq!(accepted(calls_by(RuntimeOrigin::root, id)), Vec::<&str>::new());
        });
    }
}

#[test]
fn after_the_window_anybody_settles_and_nobody_disputes() {
    chain().execute_with(|| {
        let id = proved();
        assert_noop!(Ledger::settle(signed(STRANGER), id), Error::<Test>::AcceptanceWindowOpen);
        System::set_block_number(errand(id).deadline);
        assert_noop!(Ledger::dispute(signed(CONSUMER), id, words("late")), Error::<Test>::DeadlinePassed);
        assert_ok!(Ledger::settle(signed(STRANGER), id));
        assert_eq!(free(CONSUMER), ENDOWMENT - 281);
    });
}

#[test]
fn a_party_who_acts_in_the_last_block_is_in_time() {
    chain().execute_with(|| {
        let id = running();
        run_to(errand(id).deadline - 1);
        assert_ok!(prove(id, Outcome::Ok, 1));
        next_block();
        assert_eq!(state(id), State::Proved);
    });
}

#[test]
fn more_late_errands_than_a_block_can_take_all_end_and_none_is_lost() {
    chain().execute_with(|| {
        let ids: Vec<_> = (0..203).map(|_| created()).collect();
        let deadline = errand(ids[0]).deadline;
        let ended = || ids.iter().filter(|id| state(**id) != State::Created).count();
        run_to(deadline);
        assert_eq!(ended(), EXPIRIES_PER_BLOCK as usize);
        run_to(deadline + 10);
        assert_eq!(ended(), 11 * EXPIRIES_PER_BLOCK as usize);
        run_to(deadline + 60);
        assert_eq!(ended(), ids.len());
        assert_eq!(Deadlines::<Test>::iter_keys().count(), 0);
        let id = created();
        run_to(errand(id).deadline);
        assert_eq!(state(id), State::Refunded(RefundReason::ConsumerDidNotFund));
    });
}

/// All money on hold, no node to run anything, one common deadline.
#[test]
fn ten_thousand_errands_that_expire_in_one_block_cost_each_block_bounded_work_and_all_give_their_money_back() {
    use polkadot_sdk::frame_support::traits::Hooks;
    const MANY: u64 = 10_000;
    let mut chain = chain_without_nodes();
    let (wealth, mut block) = chain.execute_with(|| {
        let wealth = CEILING * Balance::from(MANY) + ENDOWMENT;
        assert_ok!(Balances::force_set_balance(RuntimeOrigin::root(), CONSUMER, wealth));
        (0..MANY).for_each(|_| assert!(funded() > 0));
        assert_eq!(free(CONSUMER), ENDOWMENT);
        (wealth, errand(1).deadline)
    });
    let most = chain.execute_with(|| Ledger::on_initialize(1)).ref_time()
        * u64::from(1 + SELECTIONS_PER_BLOCK + EXPIRIES_PER_BLOCK);
    let mut ended = 0;
    while ended < MANY {
        // What a block changed goes to the backend, as on a chain.
        chain.commit_all().unwrap();
        ended += chain.execute_with(|| {
            System::reset_events();
            System::set_block_number(block);
            assert!(Ledger::on_initialize(block).ref_time() <= most);
            let refunds = System::events().into_iter().filter(|record| {
                matches!(record.event, RuntimeEvent::Ledger(Event::Refunded { refunded: CEILING, .. }))
            });
            let count = refunds.count() as u64;
            assert!(count <= EXPIRIES_PER_BLOCK.into());
            count
        });
        block += 1;
    }
    chain.execute_with(|| {
        assert_eq!((ended, free(CONSUMER)), (MANY, wealth));
        assert_eq!(Deadlines::<Test>::iter_keys().count(), 0);
        Ledger::do_try_state().unwrap();
    });
}

#[test]
fn the_work_of_a_block_stays_within_its_bounds() {
    chain().execute_with(|| {
        use polkadot_sdk::frame_support::traits::Hooks;
        let idle = Ledger::on_initialize(1);
        for _ in 0..100 {
            funded();
        }
        System::set_block_number(50);
        let each = <() as WeightInfo>::choose_executor(OPERATORS.len() as u32);
        let most = each.saturating_mul(SELECTIONS_PER_BLOCK.into()) + <() as WeightInfo>::expire(EXPIRIES_PER_BLOCK);
        let busy = Ledger::on_initialize(50);
        assert!(busy.ref_time() > idle.ref_time() && busy.ref_time() <= idle.ref_time() + most.ref_time(), "{busy:?}");
    });
}

#[test]
#[should_panic(expected = "periods")]
fn a_genesis_with_a_period_of_no_blocks_is_refused() {
    use polkadot_sdk::sp_runtime::BuildStorage;
    let periods = Periods { run: 0, ..PERIODS };
    let genesis = GenesisConfig::<Test> { periods, ..Default::default() };
    let _ = genesis.build_storage();
}
