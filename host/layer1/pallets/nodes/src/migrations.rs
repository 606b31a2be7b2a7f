//! What a runtime upgrade does to nodes that an older runtime wrote.
//!
//! | from | to | what changed |
//! |---|---|---|
//! | 0, as the first networks wrote | 1 | `Node` ends with `transports`, empty for those that were there |
//! | 1, until spec version 2 | 2 | votes moved from the node to an appraisal of its own; evidence gets a lifetime, a status its reason |
//!
//! Each runs once and in one block: fit for networks of thousands of nodes, for more than which it should go over many blocks.

use polkadot_sdk::frame_support::{migrations::VersionedMigration, traits::UncheckedOnRuntimeUpgrade, weights::Weight};

use crate::*;

/// One below three passes, as many failures, and the vote that decided: how many votes a node had until version 2.
const MAX_VOTES: u32 = 5;

/// As version 0 kept a node.
pub mod v0 {
    use super::*;

    #[derive(Clone, Debug, Eq, PartialEq, Encode, Decode)]
    pub struct Node<AccountId, BlockNumber> {
        pub operator: AccountId,
        pub tee_account: AccountId,
        pub host_account: AccountId,
        pub class: TrustClass,
        pub evidence_cid: Cid,
        pub evidence_digest: H256,
        pub gas_price: Balance,
        pub stake: Balance,
        pub founding: bool,
        pub status: Status,
        pub votes: BoundedVec<v1::Vote<AccountId>, ConstU32<MAX_VOTES>>,
        pub registered_at: BlockNumber,
        pub last_heartbeat: BlockNumber,
        pub due_at: BlockNumber,
    }
}

/// As version 1 kept a node. Of its statuses there were the first four.
pub mod v1 {
    use super::*;

    #[derive(Clone, Debug, Eq, PartialEq, Encode, Decode, MaxEncodedLen)]
    pub struct Vote<AccountId> {
        pub voter: NodeId,
        pub operator: AccountId,
        pub pass: bool,
        pub reasons_digest: H256,
    }

    #[derive(Clone, Debug, Eq, PartialEq, Encode, Decode)]
    pub struct Node<AccountId, BlockNumber> {
        pub before: v0::Node<AccountId, BlockNumber>,
        pub transports: Transports,
    }

    /// Where version 1 kept them: in the same place.
    #[polkadot_sdk::frame_support::storage_alias]
    pub type Nodes<T: Config> = StorageMap<
        Pallet<T>,
        Blake2_128Concat,
        NodeId,
        Node<<T as frame_system::Config>::AccountId, BlockNumberFor<T>>,
    >;
}

/// From 0 to 1.
pub type ToV1<T> = VersionedMigration<0, 1, AddTransports<T>, Pallet<T>, <T as frame_system::Config>::DbWeight>;

/// From 1 to 2.
pub type ToV2<T> = VersionedMigration<1, 2, AddAppraisals<T>, Pallet<T>, <T as frame_system::Config>::DbWeight>;

/// Not to be used by itself: [`ToV1`] looks at the version and sets it.
pub struct AddTransports<T>(core::marker::PhantomData<T>);

impl<T: Config> UncheckedOnRuntimeUpgrade for AddTransports<T> {
    fn on_runtime_upgrade() -> Weight {
        let mut nodes = 0u64;
        v1::Nodes::<T>::translate_values(|before: v0::Node<T::AccountId, BlockNumberFor<T>>| {
            nodes = nodes.saturating_add(1);
            Some(v1::Node { before, transports: Transports::default() })
        });
        T::DbWeight::get().reads_writes(nodes, nodes)
    }
}

/// Not to be used by itself: [`ToV2`] looks at the version and sets it.
///
/// Votes on the present evidence become an appraisal without fee. Evidence of Active and Inactive nodes lives from now on; a Pending node is
/// Expired, for its votes were asked of everybody and now nobody would be asked for the missing ones: its operator renews the evidence.
pub struct AddAppraisals<T>(core::marker::PhantomData<T>);

impl<T: Config> UncheckedOnRuntimeUpgrade for AddAppraisals<T> {
    fn on_runtime_upgrade() -> Weight {
        let now = frame_system::Pallet::<T>::block_number();
        let old: Vec<_> = v1::Nodes::<T>::drain().collect();
        for (id, v1::Node { before, transports }) in &old {
            let appraisal = LastAppraisal::<T>::mutate(|last| {
                *last = last.saturating_add(1);
                *last
            });
            Appraisals::<T>::insert(appraisal, record_of::<T>(*id, before, now));
            Due::<T>::remove(before.due_at, id);
            Nodes::<T>::insert(id, carried_over::<T>(*id, before, transports, appraisal, now));
        }
        let nodes = old.len() as u64;
        T::DbWeight::get().reads_writes(nodes.saturating_mul(2), nodes.saturating_mul(5))
    }
}

type Before<T> = v0::Node<<T as frame_system::Config>::AccountId, BlockNumberFor<T>>;

fn record_of<T: Config>(id: NodeId, node: &Before<T>, now: BlockNumberFor<T>) -> AppraisalOf<T> {
    let seat = |vote: &v1::Vote<T::AccountId>| {
        let ballot = Ballot { pass: vote.pass, reasons_digest: vote.reasons_digest, at: now };
        Seat { node: vote.voter, operator: vote.operator.clone(), vote: Some(ballot) }
    };
    // The votes that decided are the last ones.
    let beyond = node.votes.len().saturating_sub(SEATS as usize);
    let outcome = match node.status {
        Status::Active | Status::Inactive => Outcome::Admitted,
        Status::Refused => Outcome::Refused,
        _ => Outcome::NoCommittee,
    };
    Appraisal {
        node: id,
        operator: node.operator.clone(),
        evidence_cid: node.evidence_cid.clone(),
        evidence_digest: node.evidence_digest,
        draw: None,
        opened_at: node.registered_at,
        votes_close: None,
        fee: 0,
        held: 0,
        seats: BoundedVec::truncate_from(node.votes.iter().skip(beyond).map(seat).collect()),
        outcome: Some(outcome),
        closed_at: Some(now),
    }
}

fn carried_over<T: Config>(
    id: NodeId,
    before: &Before<T>,
    transports: &Transports,
    appraisal: AppraisalId,
    now: BlockNumberFor<T>,
) -> NodeOf<T> {
    let admitted = matches!(before.status, Status::Active | Status::Inactive);
    let (status, reason) = match before.status {
        Status::Active => (Status::Active, Reason::Admitted),
        Status::Inactive => (Status::Inactive, Reason::Silent),
        Status::Refused => (Status::Refused, Reason::FoundWanting),
        _ => (Status::Expired, Reason::NoCommittee),
    };
    let expires_at = if admitted { now.saturating_add(EvidenceLifetime::<T>::get()) } else { Zero::zero() };
    let mut node = Node {
        operator: before.operator.clone(),
        tee_account: before.tee_account.clone(),
        host_account: before.host_account.clone(),
        class: before.class,
        evidence_cid: before.evidence_cid.clone(),
        evidence_digest: before.evidence_digest,
        gas_price: before.gas_price,
        stake: before.stake,
        founding: before.founding,
        status: before.status,
        reason,
        appraisal,
        registered_at: before.registered_at,
        last_heartbeat: before.last_heartbeat,
        expires_at,
        due_at: before.due_at,
        transports: transports.clone(),
        bootstrap: false,
    };
    // Neither enters nor leaves the active list, which stays as it was.
    if status != node.status || admitted {
        let _ = Pallet::<T>::enter(id, &mut node, status, reason);
    }
    node
}
