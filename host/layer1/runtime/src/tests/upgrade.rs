//! The state that an older runtime left, under this one.

use polkadot_sdk::{
    frame_support::{
        traits::{GetStorageVersion, StorageVersion},
        BoundedVec,
    },
    sp_core::H256,
    sp_io::{hashing::blake2_128, storage},
};
use tea_nodes::{migrations::v0, Status, Transports, TrustClass, Vote};

use super::*;

const OLD_SPEC_VERSION: u32 = 1;

fn node_id(number: u8) -> H256 {
    H256::repeat_byte(number)
}

/// A node as the runtime of spec version 1 wrote it.
fn old_node(number: u8, votes: u8) -> v0::Node<AccountId, BlockNumber> {
    let account = |byte: u8| AccountId::new([byte; 32]);
    let vote = |voter: u8| Vote {
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
        status: Status::Pending,
        votes: BoundedVec::truncate_from((0..votes).map(vote).collect()),
        registered_at: 3,
        last_heartbeat: 4,
        due_at: 5,
    }
}

/// Where `Nodes.Nodes[id]` is, made by hand: a migration that moved it would be found out.
fn raw_key(id: H256) -> Vec<u8> {
    let mut key = polkadot_sdk::frame_support::storage::storage_prefix(b"Nodes", b"Nodes").to_vec();
    key.extend(blake2_128(id.as_bytes()));
    key.extend(id.as_bytes());
    key
}

/// A chain of spec version 1 with nodes, just before the first block of this runtime.
fn old_chain(nodes: u8) -> TestExternalities {
    let mut chain = chain("development");
    chain.execute_with(|| {
        start_block(1, 10);
        for number in 1..=nodes {
            let node = old_node(number, number % 5);
            storage::set(&raw_key(node_id(number)), &node.encode());
            tea_nodes::TeeAccounts::<Runtime>::insert(&node.tee_account, node_id(number));
        }
        StorageVersion::new(0).put::<Nodes>();
        frame_system::LastRuntimeUpgrade::<Runtime>::put(frame_system::LastRuntimeUpgradeInfo {
            spec_version: OLD_SPEC_VERSION.into(),
            spec_name: VERSION.spec_name,
        });
    });
    chain
}

#[test]
fn nodes_that_an_older_runtime_wrote_are_all_there_under_this_one_with_nothing_else_changed() {
    old_chain(40).execute_with(|| {
        let issuance = Balances::total_issuance();
        let errands = tea_errands::StatePeriods::<Runtime>::get();
        assert_eq!(tea_nodes::Nodes::<Runtime>::get(node_id(1)), None, "the old bytes are no node of today");
        start_block(2, 11);
        assert_eq!(Nodes::on_chain_storage_version(), Nodes::in_code_storage_version());
        for number in 1..=40 {
            let new = tea_nodes::Nodes::<Runtime>::get(node_id(number)).unwrap();
            assert_eq!(new.transports, Transports::default());
            // What was added stands at the end: before it, every byte is as it was.
            assert_eq!(new.encode(), [old_node(number, number % 5).encode(), Transports::default().encode()].concat());
        }
        assert_ok!(Nodes::do_try_state());
        assert_ok!(Errands::do_try_state());
        assert_eq!((Balances::total_issuance(), tea_errands::StatePeriods::<Runtime>::get()), (issuance, errands));
    });
}

#[test]
fn the_migration_runs_once() {
    old_chain(1).execute_with(|| {
        start_block(2, 11);
        let today = storage::get(&raw_key(node_id(1)));
        // Were the upgrade seen again, the version of the storage would still say that there is nothing to do.
        frame_system::LastRuntimeUpgrade::<Runtime>::kill();
        start_block(3, 12);
        assert_eq!(storage::get(&raw_key(node_id(1))), today);
    });
}

#[test]
fn a_chain_that_begins_with_this_runtime_has_nothing_to_migrate() {
    chain("development").execute_with(|| {
        assert_eq!(Nodes::on_chain_storage_version(), Nodes::in_code_storage_version());
        const { assert!(VERSION.spec_version > OLD_SPEC_VERSION) };
    });
}
