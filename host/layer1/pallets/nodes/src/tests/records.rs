//! What calls give back of their worst, and how long appraisals stay in the state.

use super::*;

fn weight(called: DispatchResultWithPostInfo) -> Weight {
    called.unwrap().actual_weight.expect("it says what it weighed")
}

/// What a vote weighs at the bound of the active list, which is announced and taken first.
fn worst() -> Weight {
    <() as WeightInfo>::vote(<<Test as Config>::MaxActive as Get<u32>>::get())
}

#[test]
fn a_vote_weighs_by_what_it_did_and_not_by_its_worst() {
    chain().execute_with(|| {
        network(5);
        assert_ok!(register(9, 9));
        seat(9, &[1, 2, 3, 4]);
        let cast = |voter: u64| {
            weight(Registry::vote(signed(tee(voter)), node(9), profile(9).evidence_digest, true, H256::zero()))
        };
        let (first, second) = (cast(1), cast(2));
        assert_eq!((first, second), (<() as WeightInfo>::vote_undecided(), first));
        // The third decides, the fourth completes the committee, which is paid.
        assert_eq!(cast(3), <() as WeightInfo>::vote(6));
        assert_eq!(cast(4), <() as WeightInfo>::vote(6));
        let times = [first, <() as WeightInfo>::vote(6), worst()].map(|weight| weight.ref_time());
        assert!(times.is_sorted() && times[0] < times[2], "{times:?}");
    });
}

#[test]
fn heartbeats_prices_renewals_and_exits_weigh_by_the_network_there_is() {
    chain().execute_with(|| {
        network(5);
        assert_eq!(weight(Registry::heartbeat(signed(tee(2)))), <() as WeightInfo>::heartbeat_active());
        assert_eq!(weight(Registry::set_gas_price(signed(2), node(2), 7)), <() as WeightInfo>::set_gas_price(5));
        let renew = || Registry::update_evidence(signed(2), node(2), cid(), H256::zero(), TrustClass::Simulated);
        assert_eq!(weight(renew()), <() as WeightInfo>::renew(5));
        // Now there is a committee to be dismissed.
        assert_eq!(weight(renew()), <() as WeightInfo>::update_evidence(4));
        assert_eq!(weight(Registry::exit(signed(2), node(2))), <() as WeightInfo>::exit(4));
        assert_eq!(weight(Registry::exit(signed(3), node(3))), <() as WeightInfo>::depart(4));
        run_to(1 + PERIOD);
        assert_eq!(status(4), Status::Inactive);
        // Of the first five, node 1 alone is left by now, if it is: whoever returns lengthens the list there is.
        let returned = weight(Registry::heartbeat(signed(tee(4))));
        assert_eq!(returned, <() as WeightInfo>::heartbeat(Registry::active()));
    });
}

#[test]
fn a_closed_appraisal_leaves_the_state_after_its_retention_unless_its_evidence_is_the_present_one() {
    chain().execute_with(|| {
        network(5);
        let (first, second) = (profile(4).appraisal, profile(5).appraisal);
        assert!(second > first);
        let renewed = Registry::update_evidence(signed(4), node(4), cid(), H256::zero(), TrustClass::Simulated);
        assert_ok!(renewed);
        let closed = Appraisals::<Test>::get(second).unwrap().closed_at.unwrap();
        run_to(closed + RETENTION - 1);
        assert!(Appraisals::<Test>::contains_key(first));
        run_to(closed + RETENTION + 2);
        assert!(!Appraisals::<Test>::contains_key(first), "it is about evidence that was replaced");
        assert!(Appraisals::<Test>::contains_key(second), "it is why node 5 stands where it does");
        // Whatever replaces it takes it off the record, so that nothing stays for ever.
        let again = Registry::update_evidence(signed(5), node(5), cid(), H256::zero(), TrustClass::Simulated);
        assert_ok!(again);
        assert!(!Appraisals::<Test>::contains_key(second));
        assert_ok!(Registry::do_try_state());
    });
}

#[test]
fn a_node_that_is_gone_leaves_no_appraisal_behind_for_ever() {
    chain().execute_with(|| {
        network(5);
        let old = profile(5).appraisal;
        run_to(RETENTION + 10);
        assert!(Appraisals::<Test>::contains_key(old) && AppraisalsForgottenTo::<Test>::get() >= old);
        assert_ok!(Registry::exit(signed(5), node(5)));
        run_to(RETENTION + 10 + UNBONDING);
        assert!(!Appraisals::<Test>::contains_key(old));
    });
}
