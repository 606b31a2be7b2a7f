//! Admission by those who were drawn, and by nobody else.

use super::*;

fn outcome(number: u64) -> Option<Outcome> {
    appraisal(number).outcome
}

#[test]
fn only_members_of_the_committee_vote_and_each_once_and_in_time() {
    chain().execute_with(|| {
        network(6);
        assert_ok!(register(7, 7));
        assert_noop!(vote(1, 7, true), Error::<Test>::NotSeated);
        seat(7, &[1, 2, 3, 4]);
        let digest = profile(7).evidence_digest;
        let by = |who: u64| Registry::vote(signed(who), node(7), digest, true, H256::zero());
        assert_noop!(by(2), Error::<Test>::NotTeeAccount);
        assert_noop!(by(STRANGER), Error::<Test>::NotTeeAccount);
        assert_noop!(vote(5, 7, true), Error::<Test>::NotAMember);
        assert_noop!(vote(7, 7, true), Error::<Test>::NotAMember);
        assert_noop!(vote(1, 99, true), Error::<Test>::UnknownNode);
        assert_noop!(vote_on(H256::zero(), 1, 7, true), Error::<Test>::OtherEvidence);
        assert_ok!(vote(1, 7, false));
        assert_noop!(vote(1, 7, true), Error::<Test>::AlreadyVoted);
        let closes = appraisal(7).votes_close.unwrap();
        System::set_block_number(closes);
        assert_noop!(vote(2, 7, true), Error::<Test>::TooLate);
        run_to(closes + 1);
        assert_noop!(vote(2, 7, true), Error::<Test>::TooLate);
        assert_noop!(vote(1, 7, true), Error::<Test>::AlreadyVoted);
    });
}

#[test]
fn a_member_that_is_no_longer_active_has_no_vote() {
    chain().execute_with(|| {
        network(5);
        assert_ok!(register(7, 7));
        seat(7, &[1, 2, 3, 4]);
        assert_ok!(Registry::exit(signed(2), node(2)));
        assert_noop!(vote(2, 7, true), Error::<Test>::VoterNotActive);
    });
}

#[test]
fn one_hostile_vote_neither_admits_nor_refuses() {
    chain().execute_with(|| {
        network(5);
        for (number, hostile) in [(7, false), (8, true)] {
            assert_ok!(register(number, number));
            seat(number, &[1, 2, 3, 4]);
            assert_ok!(vote(4, number, hostile));
            assert_eq!(status(number), Status::Pending);
            for voter in [1, 2] {
                assert_ok!(vote(voter, number, !hostile));
                assert_eq!(status(number), Status::Pending);
            }
            assert_ok!(vote(3, number, !hostile));
        }
        assert_eq!((status(7), status(8)), (Status::Active, Status::Refused));
        assert_eq!((profile(7).reason, profile(8).reason), (Reason::Admitted, Reason::FoundWanting));
    });
}

#[test]
fn the_fourth_vote_is_recorded_and_paid_though_three_have_decided() {
    chain().execute_with(|| {
        network(5);
        assert_ok!(register(7, 7));
        seat(7, &[1, 2, 3, 4]);
        let before: Vec<_> = (1..=4).map(Balances::free_balance).collect();
        for voter in [1, 2, 3] {
            assert_ok!(vote(voter, 7, true));
        }
        assert_eq!((status(7), outcome(7), appraisal(7).closed_at), (Status::Active, Some(Outcome::Admitted), None));
        assert_ok!(vote(4, 7, false));
        assert_eq!(status(7), Status::Active);
        let closed = appraisal(7);
        assert_eq!((closed.closed_at, closed.held, closed.votes(false)), (Some(System::block_number()), 0, 1));
        for (member, before) in (1..=4).zip(before) {
            assert_eq!(Balances::free_balance(member), before + FEE);
        }
    });
}

#[test]
fn only_who_voted_is_paid_and_the_rest_goes_back() {
    chain().execute_with(|| {
        network(5);
        let (before, silent) = (Balances::free_balance(7), Balances::free_balance(4));
        assert_ok!(register(7, 7));
        assert_eq!(Balances::free_balance(7), before - STAKE - 4 * FEE);
        seat(7, &[1, 2, 3, 4]);
        for voter in [1, 2, 3] {
            assert_ok!(vote(voter, 7, true));
        }
        let closes = appraisal(7).votes_close.unwrap();
        run_to(closes - 1);
        assert_eq!(appraisal(7).closed_at, None);
        run_to(closes);
        assert_eq!(appraisal(7).closed_at, Some(closes));
        assert_eq!(Balances::free_balance(7), before - STAKE - 3 * FEE);
        assert_eq!(Balances::free_balance(4), silent);
        assert_eq!(status(7), Status::Active);
    });
}

#[test]
fn an_undecided_node_is_expired_with_the_reason_and_may_try_again() {
    chain().execute_with(|| {
        network(5);
        assert_ok!(register(7, 7));
        seat(7, &[1, 2, 3, 4]);
        for (voter, pass) in [(1, true), (2, false), (3, true), (4, false)] {
            assert_ok!(vote(voter, 7, pass));
        }
        assert_eq!((status(7), profile(7).reason), (Status::Expired, Reason::Undecided));
        let update = Registry::update_evidence(signed(7), node(7), cid(), H256::repeat_byte(8), TrustClass::Tpm);
        assert_ok!(update);
        seat(7, &[1, 2, 3, 5]);
        run_to(appraisal(7).votes_close.unwrap());
        assert_eq!(
            (status(7), profile(7).reason, outcome(7)),
            (Status::Expired, Reason::Undecided, Some(Outcome::Undecided))
        );
    });
}

#[test]
fn without_a_committee_the_fee_goes_back_and_the_node_says_why() {
    chain().execute_with(|| {
        network(5);
        let before = Balances::free_balance(7);
        assert_ok!(register(7, 7));
        Registry::without_committee(profile(7).appraisal);
        assert_eq!((status(7), profile(7).reason), (Status::Expired, Reason::NoCommittee));
        assert_eq!(Balances::free_balance(7), before - STAKE);
        // Its draw is over: whoever it would seat now comes too late.
        seat(7, &[1, 2, 3, 4]);
        assert_noop!(vote(1, 7, true), Error::<Test>::NotSeated);
        Registry::do_try_state().unwrap();
    });
}

#[test]
fn no_operator_sits_in_judgement_of_its_own_nodes_nor_twice_at_the_limit() {
    chain().execute_with(|| {
        network(5);
        assert_ok!(register(2, 20));
        let id = profile(20).appraisal;
        assert_eq!(OPENED.with_borrow(|opened| opened.last().copied()), Some((id, 4)));
        assert!(!may_sit(id, 2), "the same operator");
        assert!(!may_sit(id, 20), "the candidate itself");
        assert!(!may_sit(id, 99), "nobody");
        assert!(may_sit(id, 1));
        SeatsOf::<Test>::insert(node(1), BoundedVec::truncate_from(vec![0; MAX_OPEN_SEATS as usize]));
        assert!(!may_sit(id, 1), "no seat is free");
    });
}

#[test]
fn seats_are_as_many_as_other_operators_up_to_four_and_more_than_half_decide() {
    chain().execute_with(|| {
        for (count, seats, quorum) in [(1, 1, 1), (2, 2, 2), (3, 3, 2), (4, 4, 3), (7, 4, 3)] {
            network(count);
            let number = 20 + count;
            assert_ok!(register(number, number));
            let id = profile(number).appraisal;
            assert_eq!(OPENED.with_borrow(|opened| opened.last().copied()), Some((id, seats)), "{count} operators");
            seat(number, &(1..=u64::from(seats)).collect::<Vec<_>>());
            assert_eq!(appraisal(number).quorum(), quorum, "{count} operators");
            assert_ok!(Registry::exit(signed(number), node(number)));
        }
    });
}

#[test]
fn a_founder_is_its_own_judge_only_while_there_is_no_full_committee() {
    chain().execute_with(|| {
        assert_ok!(register(FOUNDER, 1));
        assert_eq!(SeatsOf::<Test>::get(node(1)).len(), 1);
        assert_noop!(vote(2, 1, true), Error::<Test>::NotTeeAccount);
        assert_ok!(vote(1, 1, true));
        assert!(profile(1).founding);
        network(4);
        assert!(!profile(2).founding);
        // Of three others, no committee of four: a founder's word still goes.
        let update = |founder: u64, number: u64| {
            Registry::update_evidence(signed(founder), node(number), cid(), H256::zero(), TrustClass::Tpm)
        };
        assert_ok!(update(FOUNDER, 1));
        assert_eq!(appraisal(1).draw, None);
        assert_ok!(vote(1, 1, true));
        // Four operators are others to the second founder: its node needs a committee like everybody's.
        assert_ok!(register(OTHER_FOUNDER, 39));
        assert!(appraisal(39).draw.is_some());
        assert_noop!(vote(39, 39, true), Error::<Test>::NotSeated);
        seat(39, &[1, 2, 3, 4]);
        assert_noop!(vote(39, 39, true), Error::<Test>::NotAMember);
        for voter in [1, 2, 3] {
            assert_ok!(vote(voter, 39, true));
        }
        assert!(!profile(39).founding);
        assert_ok!(update(FOUNDER, 1));
        assert!(appraisal(1).draw.is_some());
    });
}

#[test]
fn nobody_else_admits_itself_in_an_empty_network() {
    chain().execute_with(|| {
        assert_ok!(register(2, 2));
        assert!(SeatsOf::<Test>::get(node(2)).is_empty());
        assert_noop!(vote(2, 2, true), Error::<Test>::NotSeated);
        assert!(!may_sit(profile(2).appraisal, 2));
    });
}

#[test]
fn replaced_evidence_takes_nothing_with_it_but_the_record_of_its_votes() {
    chain().execute_with(|| {
        network(5);
        let before = Balances::free_balance(7);
        assert_ok!(register(7, 7));
        let first = profile(7).appraisal;
        seat(7, &[1, 2, 3, 4]);
        let appraised = profile(7).evidence_digest;
        assert_ok!(vote(1, 7, true));
        assert_ok!(vote(2, 7, true));
        let replaced = H256::repeat_byte(7);
        assert_ok!(Registry::update_evidence(signed(7), node(7), cid(), replaced, TrustClass::Simulated));
        let old = Appraisals::<Test>::get(first).unwrap();
        assert_eq!((old.outcome, old.held, old.votes(true)), (Some(Outcome::Withdrawn), 0, 2));
        assert_eq!(old.evidence_digest, appraised);
        assert_eq!(Balances::free_balance(7), before - STAKE - 2 * FEE - 4 * FEE);
        assert_noop!(vote_on(appraised, 3, 7, true), Error::<Test>::OtherEvidence);
        assert_noop!(vote_on(replaced, 3, 7, true), Error::<Test>::NotSeated);
        assert!(SeatsOf::<Test>::get(node(3)).is_empty());
        // Withdrawn before it was seated, the draw is given up too.
        assert_ok!(Registry::update_evidence(signed(7), node(7), cid(), H256::zero(), TrustClass::Simulated));
        let draw = Appraisals::<Test>::get(profile(7).appraisal - 1).unwrap().draw.unwrap();
        assert!(ABANDONED.with_borrow(|abandoned| abandoned.contains(&draw)));
        Registry::do_try_state().unwrap();
    });
}

#[test]
fn a_wrong_vote_stays_on_record_after_the_node_is_gone() {
    chain().execute_with(|| {
        network(5);
        assert_ok!(register(7, 7));
        let id = profile(7).appraisal;
        seat(7, &[1, 2, 3, 4]);
        let (digest, reasons) = (profile(7).evidence_digest, H256::repeat_byte(0xba));
        assert_ok!(Registry::vote(signed(tee(4)), node(7), digest, true, reasons));
        for voter in [1, 2, 3] {
            assert_ok!(vote(voter, 7, false));
        }
        assert_ok!(Registry::exit(signed(7), node(7)));
        run_to(UNBONDING + 2);
        assert_eq!(Nodes::<Test>::get(node(7)), None);
        let record = Appraisals::<Test>::get(id).unwrap();
        let seat = record.seats.iter().find(|seat| seat.node == node(4)).unwrap();
        let ballot = seat.vote.clone().unwrap();
        assert_eq!((ballot.pass, ballot.reasons_digest, record.evidence_digest), (true, reasons, digest));
    });
}

#[test]
fn votes_of_more_appraisals_than_a_block_closes_are_all_closed() {
    chain().execute_with(|| {
        network(5);
        for number in 7..25 {
            assert_ok!(register(number, number));
            seat(number, &[1, 2, 3, 4]);
        }
        run_to(1 + VOTE_PERIOD);
        let open = || Appraisals::<Test>::iter_values().filter(|appraisal| appraisal.closed_at.is_none()).count();
        assert_eq!(open(), 18 - 5);
        run_to(1 + VOTE_PERIOD + 8);
        assert_eq!((open(), AppraisalsDue::<Test>::iter_keys().count()), (0, 0));
    });
}

#[test]
fn votes_that_did_their_work_cost_nothing() {
    chain().execute_with(|| {
        network(5);
        assert_ok!(register(7, 7));
        seat(7, &[1, 2, 3, 4]);
        let voted = Registry::vote(signed(tee(1)), node(7), profile(7).evidence_digest, true, H256::zero());
        assert_eq!(voted.unwrap().pays_fee, Pays::No);
    });
}

#[test]
fn a_fee_that_can_not_be_delivered_goes_back_and_holds_up_nobody() {
    chain().execute_with(|| {
        network(5);
        // Less than an account must hold, to an operator whose account is gone.
        AppraisalFee::<Test>::put(4);
        VotePeriod::<Test>::put(UNBONDING + 10);
        let before = Balances::free_balance(7);
        assert_ok!(register(7, 7));
        seat(7, &[1, 2, 3, 4]);
        assert_ok!(vote(4, 7, true));
        assert_ok!(Registry::exit(signed(4), node(4)));
        run_to(2 + UNBONDING);
        assert_ok!(Balances::transfer_all(signed(4), 1, false));
        assert!(!System::account_exists(&4));
        run_to(1 + VOTE_PERIOD.max(UNBONDING + 10));
        assert_eq!(appraisal(7).outcome, Some(Outcome::Undecided));
        assert_eq!(Balances::free_balance(7), before - STAKE);
        Registry::do_try_state().unwrap();
    });
}

#[test]
fn a_fee_beyond_all_money_is_refused_and_one_of_nothing_holds_nothing() {
    chain().execute_with(|| {
        network(5);
        for fee in [Balance::MAX, Balance::MAX / 4 + 1, 1_000_000] {
            AppraisalFee::<Test>::put(fee);
            assert!(register(7, 7).is_err());
        }
        AppraisalFee::<Test>::put(0);
        assert_ok!(register(7, 7));
        seat(7, &[1, 2, 3, 4]);
        for voter in [1, 2, 3, 4] {
            assert_ok!(vote(voter, 7, true));
        }
        assert_eq!((status(7), appraisal(7).held), (Status::Active, 0));
    });
}
