//! # The TEA runtime
//!
//! The rules of layer 1 as one WebAssembly: blocks by Aura, finality by GRANDPA, balances and fees, and TEA's own pallets.
//! The same bytes are executed by the embedded chain (`../chain`, in V8) and by real Substrate nodes.
//!
//! Read `config.rs` for what each pallet is set to, `genesis.rs` for the networks it can start, `apis.rs` for what a node
//! may ask it.

#![cfg_attr(not(feature = "std"), no_std)]
// `construct_runtime` and `impl_runtime_apis` expand to large recursions.
#![recursion_limit = "512"]

extern crate alloc;

mod apis;
#[cfg(feature = "runtime-benchmarks")]
mod benchmarks;
mod config;
mod genesis;
pub mod tempo;

#[cfg(test)]
mod tests;

#[cfg(feature = "std")]
pub use apis::api;
pub use apis::RuntimeApi;
pub use config::*;

use alloc::{borrow::Cow, vec::Vec};
use polkadot_sdk::{
    frame_executive, frame_support, frame_system, pallet_aura, pallet_balances, pallet_grandpa, pallet_sudo,
    pallet_timestamp, pallet_transaction_payment, pallet_utility,
    sp_runtime::{
        generic, impl_opaque_keys,
        traits::{BlakeTwo256, IdentifyAccount, Verify},
        MultiAddress, MultiSignature,
    },
    sp_version::{runtime_version, RuntimeVersion},
};

pub type Signature = MultiSignature;
pub type AccountId = <<Signature as Verify>::Signer as IdentifyAccount>::AccountId;
pub type Address = MultiAddress<AccountId, ()>;
pub type Balance = u128;
pub type BlockNumber = u32;
pub type Nonce = u32;
pub type Hash = polkadot_sdk::sp_core::H256;
pub type Header = generic::Header<BlockNumber, BlakeTwo256>;

/// What a transaction carries beside its call, in this order.
pub type TxExtension = (
    frame_system::AuthorizeCall<Runtime>,
    frame_system::CheckNonZeroSender<Runtime>,
    frame_system::CheckSpecVersion<Runtime>,
    frame_system::CheckTxVersion<Runtime>,
    frame_system::CheckGenesis<Runtime>,
    frame_system::CheckEra<Runtime>,
    frame_system::CheckNonce<Runtime>,
    frame_system::CheckWeight<Runtime>,
    pallet_transaction_payment::ChargeTransactionPayment<Runtime>,
    frame_system::WeightReclaim<Runtime>,
);

pub type UncheckedExtrinsic = generic::UncheckedExtrinsic<Address, RuntimeCall, Signature, TxExtension>;
pub type Block = generic::Block<Header, UncheckedExtrinsic>;
pub type Executive =
    frame_executive::Executive<Runtime, Block, frame_system::ChainContext<Runtime>, Runtime, AllPalletsWithSystem>;

/// What the first block under this runtime does to the state of older ones. Each looks at its pallet's storage version itself.
pub type Migrations = (
    tea_nodes::migrations::ToV1<Runtime>,
    tea_nodes::migrations::ToV2<Runtime>,
    tea_errands::migrations::ToV1<Runtime>,
);

impl_opaque_keys! {
    pub struct SessionKeys {
        pub aura: Aura,
        pub grandpa: Grandpa,
    }
}

#[runtime_version]
pub const VERSION: RuntimeVersion = RuntimeVersion {
    spec_name: Cow::Borrowed("tea"),
    impl_name: Cow::Borrowed("tea-runtime"),
    authoring_version: 1,
    spec_version: 4,
    impl_version: 1,
    apis: apis::VERSIONS,
    transaction_version: 2,
    system_version: 1,
};

#[frame_support::runtime]
mod runtime {
    #[runtime::runtime]
    #[runtime::derive(
        RuntimeCall,
        RuntimeEvent,
        RuntimeError,
        RuntimeOrigin,
        RuntimeFreezeReason,
        RuntimeHoldReason,
        RuntimeSlashReason,
        RuntimeLockId,
        RuntimeTask,
        RuntimeViewFunction
    )]
    pub struct Runtime;

    #[runtime::pallet_index(0)]
    pub type System = frame_system;

    #[runtime::pallet_index(1)]
    pub type Tempo = crate::tempo;

    #[runtime::pallet_index(2)]
    pub type Timestamp = pallet_timestamp;

    #[runtime::pallet_index(3)]
    pub type Aura = pallet_aura;

    #[runtime::pallet_index(4)]
    pub type Grandpa = pallet_grandpa;

    #[runtime::pallet_index(5)]
    pub type Balances = pallet_balances;

    #[runtime::pallet_index(6)]
    pub type TransactionPayment = pallet_transaction_payment;

    #[runtime::pallet_index(7)]
    pub type Sudo = pallet_sudo;

    #[runtime::pallet_index(8)]
    pub type Utility = pallet_utility;

    #[runtime::pallet_index(20)]
    pub type Nodes = tea_nodes;

    #[runtime::pallet_index(21)]
    pub type Content = tea_content;

    #[runtime::pallet_index(23)]
    pub type Sortition = tea_sortition;

    #[runtime::pallet_index(22)]
    pub type Errands = tea_errands;

    #[runtime::pallet_index(24)]
    pub type Releases = tea_releases;

    #[runtime::pallet_index(25)]
    pub type Vouchers = tea_vouchers;
}
