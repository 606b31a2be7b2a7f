//! Evidence brought anew: by whom, and what becomes of a node whose evidence no longer holds.

use super::*;

fn renew(who: u64, number: u64, digest: u8) -> DispatchResult {
    let class = TrustClass::Simulated;
    plainly(Registry::update_evidence(signed(who), node(number), cid(), H256::repeat_byte(digest), class))
}

fn judge(number: u64, pass: bool) {
    seat(number, &[1, 3, 4]);
    for voter in [1, 3] {
        assert_ok!(vote(voter, number, pass));
    }
}

#[test]
fn a_tee_renews_the_evidence_of_its_own_node_and_of_no_other() {
    chain().execute_with(|| {
        network(4);
        assert_noop!(renew(tee(3), 2, 8), Error::<Test>::NotOperator);
        assert_ok!(renew(tee(2), 2, 8));
        assert_eq!((status(2), profile(2).reason), (Status::Pending, Reason::EvidenceReplaced));
        judge(2, true);
        assert_eq!((status(2), profile(2).reason), (Status::Active, Reason::Admitted));
        Registry::do_try_state().unwrap();
    });
}

#[test]
fn its_operator_pays_for_what_a_tee_renews() {
    chain().execute_with(|| {
        network(4);
        let before = Balances::free_balance(2);
        assert_ok!(renew(tee(2), 2, 8));
        assert_eq!(Balances::free_balance(2), before - 3 * FEE);
    });
}

#[test]
fn an_admitted_node_whose_new_evidence_fails_is_inactive_until_its_operator_acts() {
    chain().execute_with(|| {
        network(4);
        assert_ok!(renew(tee(2), 2, 8));
        judge(2, false);
        assert_eq!((status(2), profile(2).reason), (Status::Inactive, Reason::FoundWanting));
        // Neither a sign of life nor the TEE that brought it changes that, nor does time.
        assert_ok!(Registry::heartbeat(signed(tee(2))));
        assert_noop!(renew(tee(2), 2, 9), Error::<Test>::NotOperator);
        run_to(3 * LIFETIME);
        assert_eq!((status(2), profile(2).reason), (Status::Inactive, Reason::FoundWanting));
        assert!(ActiveNodes::<Test>::get().iter().all(|active| active.id != node(2)));
        Registry::do_try_state().unwrap();
        assert_ok!(renew(2, 2, 9));
        assert_eq!(status(2), Status::Pending);
    });
}

#[test]
fn a_node_that_was_silent_comes_back_by_a_heartbeat_and_a_tee_renews_what_expired() {
    chain().execute_with(|| {
        network(4);
        run_to(1 + PERIOD);
        assert_eq!((status(2), profile(2).reason), (Status::Inactive, Reason::Silent));
        assert_ok!(Registry::heartbeat(signed(tee(2))));
        assert_eq!(status(2), Status::Active);
        run_to(3 * LIFETIME);
        assert_eq!((status(2), profile(2).reason), (Status::Expired, Reason::EvidenceTooOld));
        assert_ok!(renew(tee(2), 2, 8));
        assert_eq!(status(2), Status::Pending);
    });
}
