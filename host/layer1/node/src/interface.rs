//! What the node knows of the runtime: the shape of its blocks, and which functions it has.
//!
//! The node always executes the WebAssembly in the chain's state. [`Unlinked`] stands where a natively linked runtime would, so
//! that calls have types; the bodies below are never run. They follow `../runtime/src/apis.rs`.

use polkadot_sdk::{
    frame_system_rpc_runtime_api, sp_api,
    sp_api::impl_runtime_apis,
    sp_block_builder,
    sp_consensus_aura::{self, sr25519::AuthorityId as AuraId, SlotDuration},
    sp_consensus_grandpa::{
        self, AuthorityId as GrandpaId, AuthorityList, EquivocationProof, OpaqueKeyOwnershipProof, SetId,
    },
    sp_core::{crypto::KeyTypeId, OpaqueMetadata, H256},
    sp_inherents::{CheckInherentsResult, InherentData},
    sp_runtime::{
        generic,
        traits::{BlakeTwo256, Block as BlockT, NumberFor},
        transaction_validity::{TransactionSource, TransactionValidity},
        AccountId32, ApplyExtrinsicResult, ExtrinsicInclusionMode, OpaqueExtrinsic,
    },
    sp_session::{self, OpaqueGeneratedSessionKeys},
    sp_transaction_pool,
    sp_version::RuntimeVersion,
};

pub type AccountId = AccountId32;
pub type Nonce = u32;
pub type Hash = H256;
pub type Header = generic::Header<u32, BlakeTwo256>;
/// Extrinsics stay opaque: only the runtime reads them.
pub type Block = generic::Block<Header, OpaqueExtrinsic>;

/// A runtime that isn't here.
#[allow(dead_code)] // a name for the macro below to hang the types on
pub struct Unlinked;

impl_runtime_apis! {
    impl sp_api::Core<Block> for Unlinked {
        fn version() -> RuntimeVersion {
            unimplemented!()
        }
        fn execute_block(_: <Block as BlockT>::LazyBlock) {
            unimplemented!()
        }
        fn initialize_block(_: &<Block as BlockT>::Header) -> ExtrinsicInclusionMode {
            unimplemented!()
        }
    }

    impl sp_api::Metadata<Block> for Unlinked {
        fn metadata() -> OpaqueMetadata {
            unimplemented!()
        }
        fn metadata_at_version(_: u32) -> Option<OpaqueMetadata> {
            unimplemented!()
        }
        fn metadata_versions() -> Vec<u32> {
            unimplemented!()
        }
    }

    impl sp_block_builder::BlockBuilder<Block> for Unlinked {
        fn apply_extrinsic(_: <Block as BlockT>::Extrinsic) -> ApplyExtrinsicResult {
            unimplemented!()
        }
        fn finalize_block() -> <Block as BlockT>::Header {
            unimplemented!()
        }
        fn inherent_extrinsics(_: InherentData) -> Vec<<Block as BlockT>::Extrinsic> {
            unimplemented!()
        }
        fn check_inherents(_: <Block as BlockT>::LazyBlock, _: InherentData) -> CheckInherentsResult {
            unimplemented!()
        }
    }

    impl sp_transaction_pool::runtime_api::TaggedTransactionQueue<Block> for Unlinked {
        fn validate_transaction(
            _: TransactionSource,
            _: <Block as BlockT>::Extrinsic,
            _: <Block as BlockT>::Hash,
        ) -> TransactionValidity {
            unimplemented!()
        }
    }

    impl sp_consensus_aura::AuraApi<Block, AuraId> for Unlinked {
        fn slot_duration() -> SlotDuration {
            unimplemented!()
        }
        fn authorities() -> Vec<AuraId> {
            unimplemented!()
        }
    }

    impl sp_session::SessionKeys<Block> for Unlinked {
        fn generate_session_keys(_: Vec<u8>, _: Option<Vec<u8>>) -> OpaqueGeneratedSessionKeys {
            unimplemented!()
        }
        fn decode_session_keys(_: Vec<u8>) -> Option<Vec<(Vec<u8>, KeyTypeId)>> {
            unimplemented!()
        }
    }

    impl sp_consensus_grandpa::GrandpaApi<Block> for Unlinked {
        fn grandpa_authorities() -> AuthorityList {
            unimplemented!()
        }
        fn current_set_id() -> SetId {
            unimplemented!()
        }
        fn submit_report_equivocation_unsigned_extrinsic(
            _: EquivocationProof<<Block as BlockT>::Hash, NumberFor<Block>>,
            _: OpaqueKeyOwnershipProof,
        ) -> Option<()> {
            unimplemented!()
        }
        fn generate_key_ownership_proof(_: SetId, _: GrandpaId) -> Option<OpaqueKeyOwnershipProof> {
            unimplemented!()
        }
    }

    impl frame_system_rpc_runtime_api::AccountNonceApi<Block, AccountId, Nonce> for Unlinked {
        fn account_nonce(_: AccountId) -> Nonce {
            unimplemented!()
        }
    }
}
