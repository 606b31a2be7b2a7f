//! What a runtime upgrade does to nodes that an older runtime wrote.
//!
//! | from | to | what changed |
//! |---|---|---|
//! | 0, as the first networks wrote | 1 | `Node` ends with `transports`, empty for those that were there |

use polkadot_sdk::frame_support::{migrations::VersionedMigration, traits::UncheckedOnRuntimeUpgrade, weights::Weight};

use crate::*;

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
        pub votes: BoundedVec<Vote<AccountId>, ConstU32<MAX_VOTES>>,
        pub registered_at: BlockNumber,
        pub last_heartbeat: BlockNumber,
        pub due_at: BlockNumber,
    }
}

/// Once, from 0 to 1, in one block: fit for networks of thousands of nodes, for more than which it should go over many blocks.
pub type ToV1<T> = VersionedMigration<0, 1, AddTransports<T>, Pallet<T>, <T as frame_system::Config>::DbWeight>;

/// Not to be used by itself: [`ToV1`] looks at the version and sets it.
pub struct AddTransports<T>(core::marker::PhantomData<T>);

impl<T: Config> UncheckedOnRuntimeUpgrade for AddTransports<T> {
    fn on_runtime_upgrade() -> Weight {
        let mut nodes = 0u64;
        Nodes::<T>::translate_values(|old: v0::Node<T::AccountId, BlockNumberFor<T>>| {
            nodes = nodes.saturating_add(1);
            Some(Node {
                operator: old.operator,
                tee_account: old.tee_account,
                host_account: old.host_account,
                class: old.class,
                evidence_cid: old.evidence_cid,
                evidence_digest: old.evidence_digest,
                gas_price: old.gas_price,
                stake: old.stake,
                founding: old.founding,
                status: old.status,
                votes: old.votes,
                registered_at: old.registered_at,
                last_heartbeat: old.last_heartbeat,
                due_at: old.due_at,
                transports: Transports::default(),
            })
        });
        T::DbWeight::get().reads_writes(nodes, nodes)
    }
}
