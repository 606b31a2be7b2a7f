//! The state that an older runtime left, under this one.

use polkadot_sdk::{
    frame_support::{
        traits::{GetStorageVersion, StorageVersion},
        BoundedVec,
    },
    sp_core::H256,
    sp_io::{hashing::blake2_128, storage},
};
use tea_nodes::{
    migrations::{v0, v1},
    Outcome, Reason, Status, Transports, TrustClass,
};

use super::*;

/// The last spec version whose nodes had votes of their own.
const OLD_SPEC_VERSION: u32 = 2;

fn node_id(number: u8) -> H256 {
    H256::repeat_byte(number)
}

/// A node as the runtime of spec version 1 wrote it. Those of spec version 2 end with their transports.
fn old_node(number: u8, votes: u8) -> v0::Node<AccountId, BlockNumber> {
    let account = |byte: u8| AccountId::new([byte; 32]);
    let vote = |voter: u8| v1::Vote {
        voter: node_id(voter),
        operator: account(voter),
        pass: voter.is_multiple_of(2),
        reasons_digest: H256::repeat_byte(7),
    };
    v0::Node {
        operator: account(number),
        tee_account: account(100 + number),
        host_account: account(200),
        class: TrustClass::Simulated,
        evidence_cid: BoundedVec::truncate_from(vec![number; 36]),
        evidence_digest: H256::repeat_byte(5),
        gas_price: 1_000,
        stake: 0,
        founding: number == 1,
        status: [Status::Pending, Status::Active, Status::Inactive, Status::Refused][usize::from(number % 4)],
        votes: BoundedVec::truncate_from((0..votes).map(vote).collect()),
        registered_at: 3,
        last_heartbeat: 4,
        due_at: 605,
    }
}

/// Where `Nodes.Nodes[id]` is, made by hand: a migration that moved it would be found out.
fn raw_key(id: H256) -> Vec<u8> {
    let mut key = polkadot_sdk::frame_support::storage::storage_prefix(b"Nodes", b"Nodes").to_vec();
    key.extend(blake2_128(id.as_bytes()));
    key.extend(id.as_bytes());
    key
}

/// What version `version` of the storage holds of node `number`.
fn old_bytes(version: u16, number: u8) -> Vec<u8> {
    let node = old_node(number, number % 6);
    if version == 0 {
        return node.encode();
    }
    v1::Node { before: node, transports: transports(number) }.encode()
}

fn transports(number: u8) -> Transports {
    let urls = (0..number % 3).map(|_| BoundedVec::truncate_from(b"wss://tea.example/".to_vec()));
    BoundedVec::truncate_from(urls.collect())
}

/// A chain with nodes of an older storage version, just before the first block of this runtime. Everything that version kept about
/// them is there, the stakes too.
fn old_chain(version: u16, nodes: u8) -> TestExternalities {
    let mut chain = chain("development");
    chain.execute_with(|| {
        start_block(1, 10);
        let mut active = Vec::new();
        for number in 1..=nodes {
            let node = old_node(number, 0);
            storage::set(&raw_key(node_id(number)), &old_bytes(version, number));
            tea_nodes::TeeAccounts::<Runtime>::insert(&node.tee_account, node_id(number));
            if node.status == Status::Active {
                active.push(tea_nodes::ActiveNode { id: node_id(number), gas_price: node.gas_price });
                tea_nodes::Due::<Runtime>::insert(node.due_at, node_id(number), ());
                tea_nodes::ActiveOperators::<Runtime>::insert(&node.operator, 1);
            }
        }
        tea_nodes::ActiveNodes::<Runtime>::put(BoundedVec::truncate_from(active));
        StorageVersion::new(version).put::<Nodes>();
        StorageVersion::new(0).put::<Errands>();
        frame_system::LastRuntimeUpgrade::<Runtime>::put(frame_system::LastRuntimeUpgradeInfo {
            spec_version: OLD_SPEC_VERSION.into(),
            spec_name: VERSION.spec_name,
        });
    });
    chain
}

#[test]
fn nodes_that_older_runtimes_wrote_are_all_there_under_this_one_with_all_that_was_known_of_them() {
    for version in [0, 1] {
        old_chain(version, 40).execute_with(|| {
            let issuance = Balances::total_issuance();
            let periods = tea_errands::StatePeriods::<Runtime>::get();
            let active = tea_nodes::ActiveNodes::<Runtime>::get();
            start_block(2, 11);
            assert_eq!(Nodes::on_chain_storage_version(), Nodes::in_code_storage_version());
            for number in 1..=40 {
                let (old, new) = (old_node(number, number % 6), tea_nodes::Nodes::<Runtime>::get(node_id(number)));
                let new = new.unwrap_or_else(|| panic!("node {number} of version {version} is gone"));
                let kept = (&old.operator, &old.tee_account, &old.host_account, old.gas_price, old.founding);
                let is = (&new.operator, &new.tee_account, &new.host_account, new.gas_price, new.founding);
                assert_eq!(is, kept);
                assert_eq!((new.evidence_digest, new.registered_at), (old.evidence_digest, old.registered_at));
                assert_eq!(new.transports, if version == 0 { Transports::default() } else { transports(number) });
                let (status, reason, outcome) = match old.status {
                    Status::Active => (Status::Active, Reason::Admitted, Outcome::Admitted),
                    Status::Inactive => (Status::Inactive, Reason::Silent, Outcome::Admitted),
                    Status::Refused => (Status::Refused, Reason::FoundWanting, Outcome::Refused),
                    _ => (Status::Expired, Reason::NoCommittee, Outcome::NoCommittee),
                };
                assert_eq!((new.status, new.reason), (status, reason));
                // The votes that decided are on record.
                let record = tea_nodes::Appraisals::<Runtime>::get(new.appraisal).unwrap();
                assert_eq!((record.node, record.outcome), (node_id(number), Some(outcome)));
                assert_eq!(record.seats.len(), old.votes.len().min(4));
                let last = record.seats.last().map(|seat| (seat.node, seat.vote.as_ref().map(|vote| vote.pass)));
                assert_eq!(last, old.votes.last().map(|vote| (vote.voter, Some(vote.pass))));
            }
            assert_eq!(tea_nodes::ActiveNodes::<Runtime>::get(), active);
            assert_ok!(Nodes::do_try_state());
            assert_ok!(Errands::do_try_state());
            assert_eq!((Balances::total_issuance(), tea_errands::StatePeriods::<Runtime>::get()), (issuance, periods));
        });
    }
}

#[test]
fn executors_find_the_errands_that_an_older_runtime_gave_them() {
    chain("development").execute_with(|| {
        start_block(1, 10);
        let errand = |deadline: BlockNumber| -> tea_errands::ErrandOf<Runtime> {
            let account = AccountId::new([1; 32]);
            tea_errands::Errand {
                state: tea_errands::State::Selected,
                deadline,
                consumer: account.clone(),
                code: 1,
                data: BoundedVec::new(),
                input: None,
                gas_limit: 1,
                max_price: 0,
                policy: H256::zero(),
                result_key: BoundedVec::new(),
                created_at: 1,
                held: 0,
                parts: BoundedVec::new(),
                selection: Some(tea_errands::Selection {
                    block: 1,
                    seed: H256::zero(),
                    candidates: 1,
                    candidates_digest: H256::zero(),
                    node: node_id(7),
                    tee_account: account.clone(),
                    operator: account.clone(),
                    host_account: account,
                    gas_price: 0,
                }),
                evidence: None,
                proof: None,
                dispute: None,
                settlement: None,
            }
        };
        for id in 1..=3 {
            tea_errands::Errands::<Runtime>::insert(id, errand(50));
            tea_errands::Deadlines::<Runtime>::insert(50, id, ());
        }
        tea_errands::LastId::<Runtime>::put(3);
        StorageVersion::new(0).put::<Errands>();
        frame_system::LastRuntimeUpgrade::<Runtime>::put(frame_system::LastRuntimeUpgradeInfo {
            spec_version: OLD_SPEC_VERSION.into(),
            spec_name: VERSION.spec_name,
        });
        start_block(2, 11);
        let mut mine: Vec<_> = tea_errands::OpenErrandsOf::<Runtime>::iter_key_prefix(node_id(7)).collect();
        mine.sort_unstable();
        assert_eq!(mine, vec![1, 2, 3]);
        assert_ok!(Errands::do_try_state());
    });
}

#[test]
fn the_migrations_run_once() {
    old_chain(1, 8).execute_with(|| {
        start_block(2, 11);
        let today: Vec<_> = (1..=8).map(|number| storage::get(&raw_key(node_id(number)))).collect();
        // Were the upgrade seen again, the version of the storage would still say that there is nothing to do.
        frame_system::LastRuntimeUpgrade::<Runtime>::kill();
        start_block(3, 12);
        assert_eq!((1..=8).map(|number| storage::get(&raw_key(node_id(number)))).collect::<Vec<_>>(), today);
    });
}

#[test]
fn a_chain_that_begins_with_this_runtime_has_nothing_to_migrate() {
    chain("development").execute_with(|| {
        assert_eq!(Nodes::on_chain_storage_version(), Nodes::in_code_storage_version());
        assert_eq!(Errands::on_chain_storage_version(), Errands::in_code_storage_version());
        const { assert!(VERSION.spec_version > OLD_SPEC_VERSION) };
    });
}
