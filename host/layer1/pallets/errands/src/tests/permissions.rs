//! Who may make which call, in every state: the whole table, so that nothing is forgotten.

use super::chain::*;

/// What each party may do in each state. Whoever and whatever isn't here is refused.
fn allowed(step: fn() -> ErrandId) -> Vec<(&'static str, Vec<&'static str>)> {
    let id = step();
    let chosen = errand(id).selection.map(|selection| selection.tee_account);
    let other_tee = OPERATORS.map(tee).into_iter().find(|account| Some(*account) != chosen).unwrap();
    let parties = [
        ("consumer", CONSUMER),
        ("code owner", CODE_OWNER),
        ("data owner", DATA_OWNER),
        ("executor", chosen.unwrap_or(STRANGER)),
        ("another node's TEE", other_tee),
        ("operator", OPERATORS[0]),
        ("host", host(OPERATORS[0])),
        ("stranger", STRANGER),
    ];
    let rows = parties.into_iter().map(|(name, who)| (name, accepted(calls(who, id))));
    rows.filter(|(_, calls)| !calls.is_empty()).collect()
}

#[test]
fn every_call_in_every_state_is_open_to_its_party_and_to_nobody_else() {
    type Row = (fn() -> ErrandId, Vec<(&'static str, Vec<&'static str>)>);
    let table: Vec<Row> = vec![
        (created, vec![("consumer", vec!["fund", "cancel"])]),
        (funded, vec![("consumer", vec!["cancel"])]),
        (selected, vec![("executor", vec!["attest"])]),
        (
            attested,
            vec![
                ("consumer", vec!["release input", "decline input"]),
                ("code owner", vec!["release code", "decline code"]),
                ("data owner", vec!["release data", "decline data"]),
                ("executor", vec!["attest"]),
            ],
        ),
        (keys_released, vec![("executor", vec!["attest", "start"])]),
        (running, vec![("consumer", vec!["cancel"]), ("executor", vec!["attest", "prove"])]),
        (proved, vec![("consumer", vec!["settle", "dispute"])]),
        (disputed, vec![]),
        (settled, vec![]),
        (cancelled, vec![]),
    ];
    for (step, expected) in table {
        chain().execute_with(|| assert_eq!(allowed(step), expected));
    }
}

#[test]
fn unsigned_calls_are_refused_everywhere_and_root_only_resolves() {
    for step in [created, funded, selected, attested, keys_released, running, proved, disputed, settled, cancelled] {
        chain().execute_with(|| {
            let id = step();
            assert_eq!(accepted(calls_by(RuntimeOrigin::none, id)), Vec::<&str>::new());
            let by_root = accepted(calls_by(RuntimeOrigin::root, id));
            assert_eq!(by_root, if state(id) == State::Disputed { vec!["resolve"] } else { vec![] });
        });
    }
}

#[test]
fn unknown_errands_are_refused_to_everybody() {
    chain().execute_with(|| {
        for (name, result) in calls(CONSUMER, 7).into_iter().filter(|(name, _)| *name != "resolve") {
            assert_eq!(result, Err(Error::<Test>::UnknownErrand.into()), "{name}");
        }
    });
}

#[test]
fn the_executor_of_one_errand_has_no_say_in_another() {
    chain().execute_with(|| {
        let ids: Vec<_> = (0..6).map(|_| selected()).collect();
        for id in &ids {
            for other in ids.iter().filter(|other| executor(**other) != executor(*id)) {
                let refused = Ledger::attest(signed(executor(*other)), *id, cid(), H256::zero());
                assert_noop!(refused, Error::<Test>::NotExecutor);
            }
        }
    });
}

#[test]
fn a_plain_part_has_no_key_to_release_or_to_refuse() {
    chain().execute_with(|| {
        let id = order(PLAIN_CODE, &[SEALED_DATA, PLAIN_DATA], None).unwrap();
        assert_ok!(Ledger::fund(signed(CONSUMER), id));
        next_block();
        assert_ok!(Ledger::attest(signed(executor(id)), id, cid(), H256::zero()));
        for (owner, part) in [(CODE_OWNER, Part::Code), (DATA_OWNER, Part::Data(1))] {
            assert_noop!(Ledger::release(signed(owner), id, part, H256::zero()), Error::<Test>::PartNotSealed);
            assert_noop!(Ledger::decline(signed(owner), id, part, words("")), Error::<Test>::PartNotSealed);
        }
        for part in [Part::Data(2), Part::Input] {
            assert_noop!(Ledger::release(signed(CONSUMER), id, part, H256::zero()), Error::<Test>::UnknownPart);
        }
    });
}
