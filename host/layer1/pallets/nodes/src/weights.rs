//! What the calls of `tea_nodes` weigh, as measured. **Generated**; change `benchmarking.rs` and run `node host/layer1/weigh.ts`.
//!
//! SDK benchmark 64.0.0, 2026-11-24, 20 steps of 10 repeats, wasm Compiled, on AMD EPYC.
//! Computing is measured and reads and writes are counted; the database's time is `T::DbWeight`'s, a constant of the SDK's reference
//! machine. Proof sizes are left out: they are for parachains, whose blocks are proved to a relay chain.
//!
//! Command:
//! `tea-bencher`
//! `--runtime=target/benchmarks.wasm`
//! `--genesis-builder=runtime`
//! `--genesis-builder-preset=development`
//! `--pallet=tea_nodes`
//! `--extrinsic=*`
//! `--steps=20`
//! `--repeat=10`
//! `--min-duration=1`
//! `--output-analysis=median-slopes`
//! `--wasm-execution=compiled`
//! `--no-storage-info`
//! `--template=bencher/weights.hbs`
//! `--output=pallets/nodes/src/weights.rs`

#![cfg_attr(rustfmt, rustfmt_skip)]
#![allow(unused_parens, clippy::all)]

use core::marker::PhantomData;
use polkadot_sdk::{
    frame_support::{traits::Get, weights::{constants::ParityDbWeight, Weight}},
    frame_system,
};

/// What `tea_nodes` asks for.
pub trait WeightInfo {
    fn register() -> Weight;
    fn update_evidence(n: u32, ) -> Weight;
    fn renew(n: u32, ) -> Weight;
    fn set_gas_price(n: u32, ) -> Weight;
    fn exit(n: u32, ) -> Weight;
    fn depart(n: u32, ) -> Weight;
    fn vote_undecided() -> Weight;
    fn vote(n: u32, ) -> Weight;
    fn heartbeat(n: u32, ) -> Weight;
    fn heartbeat_active() -> Weight;
    fn set_transports() -> Weight;
    fn look_at(n: u32, ) -> Weight;
    fn close() -> Weight;
}

/// Measured, with the database of the chain.
pub struct Measured<T>(PhantomData<T>);

impl<T: frame_system::Config> WeightInfo for Measured<T> {
    /// Storage: `System::BlockHash` (r:1 w:0)
    /// Proof: `System::BlockHash` (`max_values`: None, `max_size`: Some(44), added: 2519, mode: `MaxEncodedLen`)
    /// Storage: `Nodes::Nodes` (r:1 w:1)
    /// Proof: `Nodes::Nodes` (`max_values`: None, `max_size`: Some(824), added: 3299, mode: `MaxEncodedLen`)
    /// Storage: `Nodes::Appraisals` (r:1 w:3)
    /// Proof: `Nodes::Appraisals` (`max_values`: None, `max_size`: Some(644), added: 3119, mode: `MaxEncodedLen`)
    /// Storage: `Balances::Holds` (r:2 w:2)
    /// Proof: `Balances::Holds` (`max_values`: None, `max_size`: Some(121), added: 2596, mode: `MaxEncodedLen`)
    /// Storage: `System::Account` (r:5 w:5)
    /// Proof: `System::Account` (`max_values`: None, `max_size`: Some(128), added: 2603, mode: `MaxEncodedLen`)
    /// Storage: `Nodes::SeatsOf` (r:1 w:1)
    /// Proof: `Nodes::SeatsOf` (`max_values`: None, `max_size`: Some(562), added: 3037, mode: `MaxEncodedLen`)
    /// Storage: `Nodes::AppraisalsForgottenTo` (r:1 w:0)
    /// Proof: `Nodes::AppraisalsForgottenTo` (`max_values`: Some(1), `max_size`: Some(8), added: 503, mode: `MaxEncodedLen`)
    /// Storage: `Nodes::TeeAccounts` (r:1 w:2)
    /// Proof: `Nodes::TeeAccounts` (`max_values`: None, `max_size`: Some(80), added: 2555, mode: `MaxEncodedLen`)
    /// Storage: `Nodes::LastAppraisal` (r:1 w:1)
    /// Proof: `Nodes::LastAppraisal` (`max_values`: Some(1), `max_size`: Some(8), added: 503, mode: `MaxEncodedLen`)
    /// Storage: `Nodes::FoundingOperators` (r:1 w:0)
    /// Proof: `Nodes::FoundingOperators` (`max_values`: None, `max_size`: Some(48), added: 2523, mode: `MaxEncodedLen`)
    /// Storage: `Nodes::ActiveOperators` (r:1 w:0)
    /// Proof: `Nodes::ActiveOperators` (`max_values`: None, `max_size`: Some(52), added: 2527, mode: `MaxEncodedLen`)
    /// Storage: `Nodes::CounterForActiveOperators` (r:1 w:0)
    /// Proof: `Nodes::CounterForActiveOperators` (`max_values`: Some(1), `max_size`: Some(4), added: 499, mode: `MaxEncodedLen`)
    /// Storage: `Nodes::AppraisalFee` (r:1 w:0)
    /// Proof: `Nodes::AppraisalFee` (`max_values`: Some(1), `max_size`: Some(16), added: 511, mode: `MaxEncodedLen`)
    /// Storage: `Sortition::LastId` (r:1 w:1)
    /// Proof: `Sortition::LastId` (`max_values`: Some(1), `max_size`: Some(8), added: 503, mode: `MaxEncodedLen`)
    /// Storage: `Nodes::Due` (r:0 w:1)
    /// Proof: `Nodes::Due` (`max_values`: None, `max_size`: Some(60), added: 2535, mode: `MaxEncodedLen`)
    /// Storage: `Nodes::AppraisalsDue` (r:0 w:1)
    /// Proof: `Nodes::AppraisalsDue` (`max_values`: None, `max_size`: Some(28), added: 2503, mode: `MaxEncodedLen`)
    /// Storage: `Sortition::Due` (r:0 w:1)
    /// Proof: `Sortition::Due` (`max_values`: None, `max_size`: Some(28), added: 2503, mode: `MaxEncodedLen`)
    /// Storage: `Sortition::Draws` (r:0 w:1)
    /// Proof: `Sortition::Draws` (`max_values`: None, `max_size`: Some(1108), added: 3583, mode: `MaxEncodedLen`)
    fn register() -> Weight {
        // Minimum execution time: 563_847_000 picoseconds.
        Weight::from_parts(634_212_000, 0)
            .saturating_add(T::DbWeight::get().reads(19_u64))
            .saturating_add(T::DbWeight::get().writes(20_u64))
    }
    /// Storage: `Nodes::Nodes` (r:1 w:1)
    /// Proof: `Nodes::Nodes` (`max_values`: None, `max_size`: Some(824), added: 3299, mode: `MaxEncodedLen`)
    /// Storage: `Nodes::ActiveNodes` (r:1 w:1)
    /// Proof: `Nodes::ActiveNodes` (`max_values`: Some(1), `max_size`: Some(48002), added: 48497, mode: `MaxEncodedLen`)
    /// Storage: `Nodes::Appraisals` (r:1 w:2)
    /// Proof: `Nodes::Appraisals` (`max_values`: None, `max_size`: Some(644), added: 3119, mode: `MaxEncodedLen`)
    /// Storage: `Balances::Holds` (r:1 w:1)
    /// Proof: `Balances::Holds` (`max_values`: None, `max_size`: Some(121), added: 2596, mode: `MaxEncodedLen`)
    /// Storage: `System::Account` (r:4 w:4)
    /// Proof: `System::Account` (`max_values`: None, `max_size`: Some(128), added: 2603, mode: `MaxEncodedLen`)
    /// Storage: `Nodes::SeatsOf` (r:1 w:1)
    /// Proof: `Nodes::SeatsOf` (`max_values`: None, `max_size`: Some(562), added: 3037, mode: `MaxEncodedLen`)
    /// Storage: `Nodes::ActiveOperators` (r:1 w:1)
    /// Proof: `Nodes::ActiveOperators` (`max_values`: None, `max_size`: Some(52), added: 2527, mode: `MaxEncodedLen`)
    /// Storage: `Nodes::CounterForActiveOperators` (r:1 w:1)
    /// Proof: `Nodes::CounterForActiveOperators` (`max_values`: Some(1), `max_size`: Some(4), added: 499, mode: `MaxEncodedLen`)
    /// Storage: `Nodes::LastAppraisal` (r:1 w:1)
    /// Proof: `Nodes::LastAppraisal` (`max_values`: Some(1), `max_size`: Some(8), added: 503, mode: `MaxEncodedLen`)
    /// Storage: `Nodes::AppraisalsForgottenTo` (r:1 w:0)
    /// Proof: `Nodes::AppraisalsForgottenTo` (`max_values`: Some(1), `max_size`: Some(8), added: 503, mode: `MaxEncodedLen`)
    /// Storage: `Nodes::FoundingOperators` (r:1 w:0)
    /// Proof: `Nodes::FoundingOperators` (`max_values`: None, `max_size`: Some(48), added: 2523, mode: `MaxEncodedLen`)
    /// Storage: `Nodes::AppraisalFee` (r:1 w:0)
    /// Proof: `Nodes::AppraisalFee` (`max_values`: Some(1), `max_size`: Some(16), added: 511, mode: `MaxEncodedLen`)
    /// Storage: `Sortition::LastId` (r:1 w:1)
    /// Proof: `Sortition::LastId` (`max_values`: Some(1), `max_size`: Some(8), added: 503, mode: `MaxEncodedLen`)
    /// Storage: `Nodes::Due` (r:0 w:1)
    /// Proof: `Nodes::Due` (`max_values`: None, `max_size`: Some(60), added: 2535, mode: `MaxEncodedLen`)
    /// Storage: `Nodes::AppraisalsDue` (r:0 w:1)
    /// Proof: `Nodes::AppraisalsDue` (`max_values`: None, `max_size`: Some(28), added: 2503, mode: `MaxEncodedLen`)
    /// Storage: `Sortition::Due` (r:0 w:1)
    /// Proof: `Sortition::Due` (`max_values`: None, `max_size`: Some(28), added: 2503, mode: `MaxEncodedLen`)
    /// Storage: `Sortition::Draws` (r:0 w:1)
    /// Proof: `Sortition::Draws` (`max_values`: None, `max_size`: Some(1108), added: 3583, mode: `MaxEncodedLen`)
    /// The range of component `n` is `[10, 1000]`.
    fn update_evidence(n: u32, ) -> Weight {
        // Minimum execution time: 402_134_000 picoseconds.
        Weight::from_parts(475_772_153, 0)
            // Standard Error: 0
            .saturating_add(Weight::from_parts(352_076, 0).saturating_mul(n.into()))
            .saturating_add(T::DbWeight::get().reads(16_u64))
            .saturating_add(T::DbWeight::get().writes(18_u64))
    }
    /// Storage: `Nodes::Nodes` (r:1 w:1)
    /// Proof: `Nodes::Nodes` (`max_values`: None, `max_size`: Some(824), added: 3299, mode: `MaxEncodedLen`)
    /// Storage: `Nodes::ActiveNodes` (r:1 w:1)
    /// Proof: `Nodes::ActiveNodes` (`max_values`: Some(1), `max_size`: Some(48002), added: 48497, mode: `MaxEncodedLen`)
    /// Storage: `Nodes::Appraisals` (r:1 w:2)
    /// Proof: `Nodes::Appraisals` (`max_values`: None, `max_size`: Some(644), added: 3119, mode: `MaxEncodedLen`)
    /// Storage: `Nodes::ActiveOperators` (r:1 w:1)
    /// Proof: `Nodes::ActiveOperators` (`max_values`: None, `max_size`: Some(52), added: 2527, mode: `MaxEncodedLen`)
    /// Storage: `Nodes::CounterForActiveOperators` (r:1 w:1)
    /// Proof: `Nodes::CounterForActiveOperators` (`max_values`: Some(1), `max_size`: Some(4), added: 499, mode: `MaxEncodedLen`)
    /// Storage: `Nodes::LastAppraisal` (r:1 w:1)
    /// Proof: `Nodes::LastAppraisal` (`max_values`: Some(1), `max_size`: Some(8), added: 503, mode: `MaxEncodedLen`)
    /// Storage: `Nodes::AppraisalsForgottenTo` (r:1 w:0)
    /// Proof: `Nodes::AppraisalsForgottenTo` (`max_values`: Some(1), `max_size`: Some(8), added: 503, mode: `MaxEncodedLen`)
    /// Storage: `Nodes::FoundingOperators` (r:1 w:0)
    /// Proof: `Nodes::FoundingOperators` (`max_values`: None, `max_size`: Some(48), added: 2523, mode: `MaxEncodedLen`)
    /// Storage: `Nodes::AppraisalFee` (r:1 w:0)
    /// Proof: `Nodes::AppraisalFee` (`max_values`: Some(1), `max_size`: Some(16), added: 511, mode: `MaxEncodedLen`)
    /// Storage: `System::Account` (r:1 w:1)
    /// Proof: `System::Account` (`max_values`: None, `max_size`: Some(128), added: 2603, mode: `MaxEncodedLen`)
    /// Storage: `Balances::Holds` (r:1 w:1)
    /// Proof: `Balances::Holds` (`max_values`: None, `max_size`: Some(121), added: 2596, mode: `MaxEncodedLen`)
    /// Storage: `Sortition::LastId` (r:1 w:1)
    /// Proof: `Sortition::LastId` (`max_values`: Some(1), `max_size`: Some(8), added: 503, mode: `MaxEncodedLen`)
    /// Storage: `Nodes::Due` (r:0 w:1)
    /// Proof: `Nodes::Due` (`max_values`: None, `max_size`: Some(60), added: 2535, mode: `MaxEncodedLen`)
    /// Storage: `Sortition::Due` (r:0 w:1)
    /// Proof: `Sortition::Due` (`max_values`: None, `max_size`: Some(28), added: 2503, mode: `MaxEncodedLen`)
    /// Storage: `Sortition::Draws` (r:0 w:1)
    /// Proof: `Sortition::Draws` (`max_values`: None, `max_size`: Some(1108), added: 3583, mode: `MaxEncodedLen`)
    /// The range of component `n` is `[10, 1000]`.
    fn renew(n: u32, ) -> Weight {
        // Minimum execution time: 161_903_000 picoseconds.
        Weight::from_parts(184_788_621, 0)
            // Standard Error: 0
            .saturating_add(Weight::from_parts(414_151, 0).saturating_mul(n.into()))
            .saturating_add(T::DbWeight::get().reads(12_u64))
            .saturating_add(T::DbWeight::get().writes(13_u64))
    }
    /// Storage: `Nodes::Nodes` (r:1 w:1)
    /// Proof: `Nodes::Nodes` (`max_values`: None, `max_size`: Some(824), added: 3299, mode: `MaxEncodedLen`)
    /// Storage: `Nodes::ActiveNodes` (r:1 w:1)
    /// Proof: `Nodes::ActiveNodes` (`max_values`: Some(1), `max_size`: Some(48002), added: 48497, mode: `MaxEncodedLen`)
    /// The range of component `n` is `[10, 1000]`.
    fn set_gas_price(n: u32, ) -> Weight {
        // Minimum execution time: 29_515_000 picoseconds.
        Weight::from_parts(73_012_952, 0)
            // Standard Error: 0
            .saturating_add(Weight::from_parts(300_965, 0).saturating_mul(n.into()))
            .saturating_add(T::DbWeight::get().reads(2_u64))
            .saturating_add(T::DbWeight::get().writes(2_u64))
    }
    /// Storage: `Nodes::Nodes` (r:1 w:1)
    /// Proof: `Nodes::Nodes` (`max_values`: None, `max_size`: Some(824), added: 3299, mode: `MaxEncodedLen`)
    /// Storage: `Nodes::ActiveNodes` (r:1 w:1)
    /// Proof: `Nodes::ActiveNodes` (`max_values`: Some(1), `max_size`: Some(48002), added: 48497, mode: `MaxEncodedLen`)
    /// Storage: `Nodes::Appraisals` (r:1 w:1)
    /// Proof: `Nodes::Appraisals` (`max_values`: None, `max_size`: Some(644), added: 3119, mode: `MaxEncodedLen`)
    /// Storage: `Balances::Holds` (r:1 w:1)
    /// Proof: `Balances::Holds` (`max_values`: None, `max_size`: Some(121), added: 2596, mode: `MaxEncodedLen`)
    /// Storage: `System::Account` (r:4 w:4)
    /// Proof: `System::Account` (`max_values`: None, `max_size`: Some(128), added: 2603, mode: `MaxEncodedLen`)
    /// Storage: `Nodes::SeatsOf` (r:1 w:1)
    /// Proof: `Nodes::SeatsOf` (`max_values`: None, `max_size`: Some(562), added: 3037, mode: `MaxEncodedLen`)
    /// Storage: `Nodes::ActiveOperators` (r:1 w:1)
    /// Proof: `Nodes::ActiveOperators` (`max_values`: None, `max_size`: Some(52), added: 2527, mode: `MaxEncodedLen`)
    /// Storage: `Nodes::CounterForActiveOperators` (r:1 w:1)
    /// Proof: `Nodes::CounterForActiveOperators` (`max_values`: Some(1), `max_size`: Some(4), added: 499, mode: `MaxEncodedLen`)
    /// Storage: `Nodes::UnbondingPeriod` (r:1 w:0)
    /// Proof: `Nodes::UnbondingPeriod` (`max_values`: Some(1), `max_size`: Some(4), added: 499, mode: `MaxEncodedLen`)
    /// Storage: `Nodes::Due` (r:0 w:2)
    /// Proof: `Nodes::Due` (`max_values`: None, `max_size`: Some(60), added: 2535, mode: `MaxEncodedLen`)
    /// Storage: `Nodes::AppraisalsDue` (r:0 w:1)
    /// Proof: `Nodes::AppraisalsDue` (`max_values`: None, `max_size`: Some(28), added: 2503, mode: `MaxEncodedLen`)
    /// The range of component `n` is `[10, 1000]`.
    fn exit(n: u32, ) -> Weight {
        // Minimum execution time: 322_144_000 picoseconds.
        Weight::from_parts(420_882_855, 0)
            // Standard Error: 0
            .saturating_add(Weight::from_parts(288_588, 0).saturating_mul(n.into()))
            .saturating_add(T::DbWeight::get().reads(12_u64))
            .saturating_add(T::DbWeight::get().writes(14_u64))
    }
    /// Storage: `Nodes::Nodes` (r:1 w:1)
    /// Proof: `Nodes::Nodes` (`max_values`: None, `max_size`: Some(824), added: 3299, mode: `MaxEncodedLen`)
    /// Storage: `Nodes::ActiveNodes` (r:1 w:1)
    /// Proof: `Nodes::ActiveNodes` (`max_values`: Some(1), `max_size`: Some(48002), added: 48497, mode: `MaxEncodedLen`)
    /// Storage: `Nodes::Appraisals` (r:1 w:0)
    /// Proof: `Nodes::Appraisals` (`max_values`: None, `max_size`: Some(644), added: 3119, mode: `MaxEncodedLen`)
    /// Storage: `Nodes::ActiveOperators` (r:1 w:1)
    /// Proof: `Nodes::ActiveOperators` (`max_values`: None, `max_size`: Some(52), added: 2527, mode: `MaxEncodedLen`)
    /// Storage: `Nodes::CounterForActiveOperators` (r:1 w:1)
    /// Proof: `Nodes::CounterForActiveOperators` (`max_values`: Some(1), `max_size`: Some(4), added: 499, mode: `MaxEncodedLen`)
    /// Storage: `Nodes::UnbondingPeriod` (r:1 w:0)
    /// Proof: `Nodes::UnbondingPeriod` (`max_values`: Some(1), `max_size`: Some(4), added: 499, mode: `MaxEncodedLen`)
    /// Storage: `Nodes::Due` (r:0 w:2)
    /// Proof: `Nodes::Due` (`max_values`: None, `max_size`: Some(60), added: 2535, mode: `MaxEncodedLen`)
    /// The range of component `n` is `[10, 1000]`.
    fn depart(n: u32, ) -> Weight {
        // Minimum execution time: 59_429_000 picoseconds.
        Weight::from_parts(121_681_426, 0)
            // Standard Error: 0
            .saturating_add(Weight::from_parts(342_072, 0).saturating_mul(n.into()))
            .saturating_add(T::DbWeight::get().reads(6_u64))
            .saturating_add(T::DbWeight::get().writes(6_u64))
    }
    /// Storage: `Nodes::TeeAccounts` (r:1 w:0)
    /// Proof: `Nodes::TeeAccounts` (`max_values`: None, `max_size`: Some(80), added: 2555, mode: `MaxEncodedLen`)
    /// Storage: `Nodes::Nodes` (r:2 w:0)
    /// Proof: `Nodes::Nodes` (`max_values`: None, `max_size`: Some(824), added: 3299, mode: `MaxEncodedLen`)
    /// Storage: `Nodes::Appraisals` (r:1 w:1)
    /// Proof: `Nodes::Appraisals` (`max_values`: None, `max_size`: Some(644), added: 3119, mode: `MaxEncodedLen`)
    /// Storage: `Nodes::SeatsOf` (r:1 w:1)
    /// Proof: `Nodes::SeatsOf` (`max_values`: None, `max_size`: Some(562), added: 3037, mode: `MaxEncodedLen`)
    fn vote_undecided() -> Weight {
        // Minimum execution time: 48_173_000 picoseconds.
        Weight::from_parts(77_397_000, 0)
            .saturating_add(T::DbWeight::get().reads(5_u64))
            .saturating_add(T::DbWeight::get().writes(2_u64))
    }
    /// Storage: `Nodes::TeeAccounts` (r:1 w:0)
    /// Proof: `Nodes::TeeAccounts` (`max_values`: None, `max_size`: Some(80), added: 2555, mode: `MaxEncodedLen`)
    /// Storage: `Nodes::Nodes` (r:2 w:1)
    /// Proof: `Nodes::Nodes` (`max_values`: None, `max_size`: Some(824), added: 3299, mode: `MaxEncodedLen`)
    /// Storage: `Nodes::Appraisals` (r:1 w:1)
    /// Proof: `Nodes::Appraisals` (`max_values`: None, `max_size`: Some(644), added: 3119, mode: `MaxEncodedLen`)
    /// Storage: `Nodes::SeatsOf` (r:1 w:1)
    /// Proof: `Nodes::SeatsOf` (`max_values`: None, `max_size`: Some(562), added: 3037, mode: `MaxEncodedLen`)
    /// Storage: `Nodes::EvidenceLifetime` (r:1 w:0)
    /// Proof: `Nodes::EvidenceLifetime` (`max_values`: Some(1), `max_size`: Some(4), added: 499, mode: `MaxEncodedLen`)
    /// Storage: `Nodes::ActiveNodes` (r:1 w:1)
    /// Proof: `Nodes::ActiveNodes` (`max_values`: Some(1), `max_size`: Some(48002), added: 48497, mode: `MaxEncodedLen`)
    /// Storage: `Nodes::ActiveOperators` (r:1 w:1)
    /// Proof: `Nodes::ActiveOperators` (`max_values`: None, `max_size`: Some(52), added: 2527, mode: `MaxEncodedLen`)
    /// Storage: `Nodes::CounterForActiveOperators` (r:1 w:1)
    /// Proof: `Nodes::CounterForActiveOperators` (`max_values`: Some(1), `max_size`: Some(4), added: 499, mode: `MaxEncodedLen`)
    /// Storage: `Nodes::HeartbeatPeriod` (r:1 w:0)
    /// Proof: `Nodes::HeartbeatPeriod` (`max_values`: Some(1), `max_size`: Some(4), added: 499, mode: `MaxEncodedLen`)
    /// Storage: `Balances::Holds` (r:1 w:1)
    /// Proof: `Balances::Holds` (`max_values`: None, `max_size`: Some(121), added: 2596, mode: `MaxEncodedLen`)
    /// Storage: `System::Account` (r:5 w:5)
    /// Proof: `System::Account` (`max_values`: None, `max_size`: Some(128), added: 2603, mode: `MaxEncodedLen`)
    /// Storage: `Nodes::Due` (r:0 w:2)
    /// Proof: `Nodes::Due` (`max_values`: None, `max_size`: Some(60), added: 2535, mode: `MaxEncodedLen`)
    /// Storage: `Nodes::AppraisalsDue` (r:0 w:1)
    /// Proof: `Nodes::AppraisalsDue` (`max_values`: None, `max_size`: Some(28), added: 2503, mode: `MaxEncodedLen`)
    /// The range of component `n` is `[10, 999]`.
    fn vote(n: u32, ) -> Weight {
        // Minimum execution time: 373_571_000 picoseconds.
        Weight::from_parts(474_245_388, 0)
            // Standard Error: 0
            .saturating_add(Weight::from_parts(324_871, 0).saturating_mul(n.into()))
            .saturating_add(T::DbWeight::get().reads(16_u64))
            .saturating_add(T::DbWeight::get().writes(15_u64))
    }
    /// Storage: `Nodes::TeeAccounts` (r:1 w:0)
    /// Proof: `Nodes::TeeAccounts` (`max_values`: None, `max_size`: Some(80), added: 2555, mode: `MaxEncodedLen`)
    /// Storage: `Nodes::Nodes` (r:1 w:1)
    /// Proof: `Nodes::Nodes` (`max_values`: None, `max_size`: Some(824), added: 3299, mode: `MaxEncodedLen`)
    /// Storage: `Nodes::ActiveNodes` (r:1 w:1)
    /// Proof: `Nodes::ActiveNodes` (`max_values`: Some(1), `max_size`: Some(48002), added: 48497, mode: `MaxEncodedLen`)
    /// Storage: `Nodes::ActiveOperators` (r:1 w:1)
    /// Proof: `Nodes::ActiveOperators` (`max_values`: None, `max_size`: Some(52), added: 2527, mode: `MaxEncodedLen`)
    /// Storage: `Nodes::CounterForActiveOperators` (r:1 w:1)
    /// Proof: `Nodes::CounterForActiveOperators` (`max_values`: Some(1), `max_size`: Some(4), added: 499, mode: `MaxEncodedLen`)
    /// Storage: `Nodes::HeartbeatPeriod` (r:1 w:0)
    /// Proof: `Nodes::HeartbeatPeriod` (`max_values`: Some(1), `max_size`: Some(4), added: 499, mode: `MaxEncodedLen`)
    /// Storage: `Nodes::Due` (r:0 w:2)
    /// Proof: `Nodes::Due` (`max_values`: None, `max_size`: Some(60), added: 2535, mode: `MaxEncodedLen`)
    /// The range of component `n` is `[10, 999]`.
    fn heartbeat(n: u32, ) -> Weight {
        // Minimum execution time: 54_221_000 picoseconds.
        Weight::from_parts(123_923_265, 0)
            // Standard Error: 0
            .saturating_add(Weight::from_parts(310_889, 0).saturating_mul(n.into()))
            .saturating_add(T::DbWeight::get().reads(6_u64))
            .saturating_add(T::DbWeight::get().writes(6_u64))
    }
    /// Storage: `Nodes::TeeAccounts` (r:1 w:0)
    /// Proof: `Nodes::TeeAccounts` (`max_values`: None, `max_size`: Some(80), added: 2555, mode: `MaxEncodedLen`)
    /// Storage: `Nodes::Nodes` (r:1 w:1)
    /// Proof: `Nodes::Nodes` (`max_values`: None, `max_size`: Some(824), added: 3299, mode: `MaxEncodedLen`)
    /// Storage: `Nodes::HeartbeatPeriod` (r:1 w:0)
    /// Proof: `Nodes::HeartbeatPeriod` (`max_values`: Some(1), `max_size`: Some(4), added: 499, mode: `MaxEncodedLen`)
    fn heartbeat_active() -> Weight {
        // Minimum execution time: 22_263_000 picoseconds.
        Weight::from_parts(24_447_000, 0)
            .saturating_add(T::DbWeight::get().reads(3_u64))
            .saturating_add(T::DbWeight::get().writes(1_u64))
    }
    /// Storage: `Nodes::Nodes` (r:1 w:1)
    /// Proof: `Nodes::Nodes` (`max_values`: None, `max_size`: Some(824), added: 3299, mode: `MaxEncodedLen`)
    fn set_transports() -> Weight {
        // Minimum execution time: 22_544_000 picoseconds.
        Weight::from_parts(25_488_000, 0)
            .saturating_add(T::DbWeight::get().reads(1_u64))
            .saturating_add(T::DbWeight::get().writes(1_u64))
    }
    /// Storage: `Nodes::DueFrom` (r:1 w:1)
    /// Proof: `Nodes::DueFrom` (`max_values`: Some(1), `max_size`: Some(4), added: 499, mode: `MaxEncodedLen`)
    /// Storage: `Nodes::Due` (r:1 w:2)
    /// Proof: `Nodes::Due` (`max_values`: None, `max_size`: Some(60), added: 2535, mode: `MaxEncodedLen`)
    /// Storage: `Nodes::Nodes` (r:1 w:1)
    /// Proof: `Nodes::Nodes` (`max_values`: None, `max_size`: Some(824), added: 3299, mode: `MaxEncodedLen`)
    /// Storage: `Nodes::HeartbeatPeriod` (r:1 w:0)
    /// Proof: `Nodes::HeartbeatPeriod` (`max_values`: Some(1), `max_size`: Some(4), added: 499, mode: `MaxEncodedLen`)
    /// Storage: `Nodes::ActiveNodes` (r:1 w:1)
    /// Proof: `Nodes::ActiveNodes` (`max_values`: Some(1), `max_size`: Some(48002), added: 48497, mode: `MaxEncodedLen`)
    /// Storage: `Nodes::ActiveOperators` (r:1 w:1)
    /// Proof: `Nodes::ActiveOperators` (`max_values`: None, `max_size`: Some(52), added: 2527, mode: `MaxEncodedLen`)
    /// Storage: `Nodes::CounterForActiveOperators` (r:1 w:1)
    /// Proof: `Nodes::CounterForActiveOperators` (`max_values`: Some(1), `max_size`: Some(4), added: 499, mode: `MaxEncodedLen`)
    /// The range of component `n` is `[10, 1000]`.
    fn look_at(n: u32, ) -> Weight {
        // Minimum execution time: 51_437_000 picoseconds.
        Weight::from_parts(97_897_082, 0)
            // Standard Error: 0
            .saturating_add(Weight::from_parts(321_221, 0).saturating_mul(n.into()))
            .saturating_add(T::DbWeight::get().reads(7_u64))
            .saturating_add(T::DbWeight::get().writes(7_u64))
    }
    /// Storage: `Nodes::AppraisalsDueFrom` (r:1 w:1)
    /// Proof: `Nodes::AppraisalsDueFrom` (`max_values`: Some(1), `max_size`: Some(4), added: 499, mode: `MaxEncodedLen`)
    /// Storage: `Nodes::AppraisalsDue` (r:1 w:1)
    /// Proof: `Nodes::AppraisalsDue` (`max_values`: None, `max_size`: Some(28), added: 2503, mode: `MaxEncodedLen`)
    /// Storage: `Nodes::Appraisals` (r:1 w:1)
    /// Proof: `Nodes::Appraisals` (`max_values`: None, `max_size`: Some(644), added: 3119, mode: `MaxEncodedLen`)
    /// Storage: `Balances::Holds` (r:1 w:1)
    /// Proof: `Balances::Holds` (`max_values`: None, `max_size`: Some(121), added: 2596, mode: `MaxEncodedLen`)
    /// Storage: `System::Account` (r:4 w:4)
    /// Proof: `System::Account` (`max_values`: None, `max_size`: Some(128), added: 2603, mode: `MaxEncodedLen`)
    /// Storage: `Nodes::SeatsOf` (r:1 w:1)
    /// Proof: `Nodes::SeatsOf` (`max_values`: None, `max_size`: Some(562), added: 3037, mode: `MaxEncodedLen`)
    /// Storage: `Nodes::Nodes` (r:1 w:1)
    /// Proof: `Nodes::Nodes` (`max_values`: None, `max_size`: Some(824), added: 3299, mode: `MaxEncodedLen`)
    /// Storage: `Nodes::Due` (r:0 w:1)
    /// Proof: `Nodes::Due` (`max_values`: None, `max_size`: Some(60), added: 2535, mode: `MaxEncodedLen`)
    fn close() -> Weight {
        // Minimum execution time: 287_672_000 picoseconds.
        Weight::from_parts(326_210_000, 0)
            .saturating_add(T::DbWeight::get().reads(10_u64))
            .saturating_add(T::DbWeight::get().writes(11_u64))
    }
}

/// The same with ParityDB, for tests' chains.
impl WeightInfo for () {
    fn register() -> Weight {
        Weight::from_parts(634_212_000, 0)
            .saturating_add(ParityDbWeight::get().reads(19_u64))
            .saturating_add(ParityDbWeight::get().writes(20_u64))
    }
    fn update_evidence(n: u32, ) -> Weight {
        Weight::from_parts(475_772_153, 0)
            .saturating_add(Weight::from_parts(352_076, 0).saturating_mul(n.into()))
            .saturating_add(ParityDbWeight::get().reads(16_u64))
            .saturating_add(ParityDbWeight::get().writes(18_u64))
    }
    fn renew(n: u32, ) -> Weight {
        Weight::from_parts(184_788_621, 0)
            .saturating_add(Weight::from_parts(414_151, 0).saturating_mul(n.into()))
            .saturating_add(ParityDbWeight::get().reads(12_u64))
            .saturating_add(ParityDbWeight::get().writes(13_u64))
    }
    fn set_gas_price(n: u32, ) -> Weight {
        Weight::from_parts(73_012_952, 0)
            .saturating_add(Weight::from_parts(300_965, 0).saturating_mul(n.into()))
            .saturating_add(ParityDbWeight::get().reads(2_u64))
            .saturating_add(ParityDbWeight::get().writes(2_u64))
    }
    fn exit(n: u32, ) -> Weight {
        Weight::from_parts(420_882_855, 0)
            .saturating_add(Weight::from_parts(288_588, 0).saturating_mul(n.into()))
            .saturating_add(ParityDbWeight::get().reads(12_u64))
            .saturating_add(ParityDbWeight::get().writes(14_u64))
    }
    fn depart(n: u32, ) -> Weight {
        Weight::from_parts(121_681_426, 0)
            .saturating_add(Weight::from_parts(342_072, 0).saturating_mul(n.into()))
            .saturating_add(ParityDbWeight::get().reads(6_u64))
            .saturating_add(ParityDbWeight::get().writes(6_u64))
    }
    fn vote_undecided() -> Weight {
        Weight::from_parts(77_397_000, 0)
            .saturating_add(ParityDbWeight::get().reads(5_u64))
            .saturating_add(ParityDbWeight::get().writes(2_u64))
    }
    fn vote(n: u32, ) -> Weight {
        Weight::from_parts(474_245_388, 0)
            .saturating_add(Weight::from_parts(324_871, 0).saturating_mul(n.into()))
            .saturating_add(ParityDbWeight::get().reads(16_u64))
            .saturating_add(ParityDbWeight::get().writes(15_u64))
    }
    fn heartbeat(n: u32, ) -> Weight {
        Weight::from_parts(123_923_265, 0)
            .saturating_add(Weight::from_parts(310_889, 0).saturating_mul(n.into()))
            .saturating_add(ParityDbWeight::get().reads(6_u64))
            .saturating_add(ParityDbWeight::get().writes(6_u64))
    }
    fn heartbeat_active() -> Weight {
        Weight::from_parts(24_447_000, 0)
            .saturating_add(ParityDbWeight::get().reads(3_u64))
            .saturating_add(ParityDbWeight::get().writes(1_u64))
    }
    fn set_transports() -> Weight {
        Weight::from_parts(25_488_000, 0)
            .saturating_add(ParityDbWeight::get().reads(1_u64))
            .saturating_add(ParityDbWeight::get().writes(1_u64))
    }
    fn look_at(n: u32, ) -> Weight {
        Weight::from_parts(97_897_082, 0)
            .saturating_add(Weight::from_parts(321_221, 0).saturating_mul(n.into()))
            .saturating_add(ParityDbWeight::get().reads(7_u64))
            .saturating_add(ParityDbWeight::get().writes(7_u64))
    }
    fn close() -> Weight {
        Weight::from_parts(326_210_000, 0)
            .saturating_add(ParityDbWeight::get().reads(10_u64))
            .saturating_add(ParityDbWeight::get().writes(11_u64))
    }
}
