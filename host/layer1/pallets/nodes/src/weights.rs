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
    fn set_gas_price(n: u32, ) -> Weight;
    fn exit(n: u32, ) -> Weight;
    fn vote(n: u32, ) -> Weight;
    fn heartbeat(n: u32, ) -> Weight;
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
    /// Storage: `Nodes::Appraisals` (r:1 w:2)
    /// Proof: `Nodes::Appraisals` (`max_values`: None, `max_size`: Some(644), added: 3119, mode: `MaxEncodedLen`)
    /// Storage: `Balances::Holds` (r:2 w:2)
    /// Proof: `Balances::Holds` (`max_values`: None, `max_size`: Some(121), added: 2596, mode: `MaxEncodedLen`)
    /// Storage: `System::Account` (r:5 w:5)
    /// Proof: `System::Account` (`max_values`: None, `max_size`: Some(128), added: 2603, mode: `MaxEncodedLen`)
    /// Storage: `Nodes::SeatsOf` (r:1 w:1)
    /// Proof: `Nodes::SeatsOf` (`max_values`: None, `max_size`: Some(562), added: 3037, mode: `MaxEncodedLen`)
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
        // Minimum execution time: 502_825_000 picoseconds.
        Weight::from_parts(515_254_000, 0)
            .saturating_add(T::DbWeight::get().reads(18_u64))
            .saturating_add(T::DbWeight::get().writes(19_u64))
    }
    /// Storage: `Nodes::Nodes` (r:1 w:1)
    /// Proof: `Nodes::Nodes` (`max_values`: None, `max_size`: Some(824), added: 3299, mode: `MaxEncodedLen`)
    /// Storage: `Nodes::Appraisals` (r:1 w:2)
    /// Proof: `Nodes::Appraisals` (`max_values`: None, `max_size`: Some(644), added: 3119, mode: `MaxEncodedLen`)
    /// Storage: `Balances::Holds` (r:1 w:1)
    /// Proof: `Balances::Holds` (`max_values`: None, `max_size`: Some(121), added: 2596, mode: `MaxEncodedLen`)
    /// Storage: `System::Account` (r:4 w:4)
    /// Proof: `System::Account` (`max_values`: None, `max_size`: Some(128), added: 2603, mode: `MaxEncodedLen`)
    /// Storage: `Nodes::SeatsOf` (r:1 w:1)
    /// Proof: `Nodes::SeatsOf` (`max_values`: None, `max_size`: Some(562), added: 3037, mode: `MaxEncodedLen`)
    /// Storage: `Nodes::ActiveNodes` (r:1 w:1)
    /// Proof: `Nodes::ActiveNodes` (`max_values`: Some(1), `max_size`: Some(48002), added: 48497, mode: `MaxEncodedLen`)
    /// Storage: `Nodes::ActiveOperators` (r:1 w:1)
    /// Proof: `Nodes::ActiveOperators` (`max_values`: None, `max_size`: Some(52), added: 2527, mode: `MaxEncodedLen`)
    /// Storage: `Nodes::CounterForActiveOperators` (r:1 w:1)
    /// Proof: `Nodes::CounterForActiveOperators` (`max_values`: Some(1), `max_size`: Some(4), added: 499, mode: `MaxEncodedLen`)
    /// Storage: `Nodes::LastAppraisal` (r:1 w:1)
    /// Proof: `Nodes::LastAppraisal` (`max_values`: Some(1), `max_size`: Some(8), added: 503, mode: `MaxEncodedLen`)
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
        // Minimum execution time: 361_352_000 picoseconds.
        Weight::from_parts(369_344_056, 0)
            // Standard Error: 3_836
            .saturating_add(Weight::from_parts(290_285, 0).saturating_mul(n.into()))
            .saturating_add(T::DbWeight::get().reads(15_u64))
            .saturating_add(T::DbWeight::get().writes(18_u64))
    }
    /// Storage: `Nodes::Nodes` (r:1 w:1)
    /// Proof: `Nodes::Nodes` (`max_values`: None, `max_size`: Some(824), added: 3299, mode: `MaxEncodedLen`)
    /// Storage: `Nodes::ActiveNodes` (r:1 w:1)
    /// Proof: `Nodes::ActiveNodes` (`max_values`: Some(1), `max_size`: Some(48002), added: 48497, mode: `MaxEncodedLen`)
    /// The range of component `n` is `[10, 1000]`.
    fn set_gas_price(n: u32, ) -> Weight {
        // Minimum execution time: 26_560_000 picoseconds.
        Weight::from_parts(28_892_254, 0)
            // Standard Error: 1_503
            .saturating_add(Weight::from_parts(250_422, 0).saturating_mul(n.into()))
            .saturating_add(T::DbWeight::get().reads(2_u64))
            .saturating_add(T::DbWeight::get().writes(2_u64))
    }
    /// Storage: `Nodes::Nodes` (r:1 w:1)
    /// Proof: `Nodes::Nodes` (`max_values`: None, `max_size`: Some(824), added: 3299, mode: `MaxEncodedLen`)
    /// Storage: `Nodes::Appraisals` (r:1 w:1)
    /// Proof: `Nodes::Appraisals` (`max_values`: None, `max_size`: Some(644), added: 3119, mode: `MaxEncodedLen`)
    /// Storage: `Balances::Holds` (r:1 w:1)
    /// Proof: `Balances::Holds` (`max_values`: None, `max_size`: Some(121), added: 2596, mode: `MaxEncodedLen`)
    /// Storage: `System::Account` (r:4 w:4)
    /// Proof: `System::Account` (`max_values`: None, `max_size`: Some(128), added: 2603, mode: `MaxEncodedLen`)
    /// Storage: `Nodes::SeatsOf` (r:1 w:1)
    /// Proof: `Nodes::SeatsOf` (`max_values`: None, `max_size`: Some(562), added: 3037, mode: `MaxEncodedLen`)
    /// Storage: `Nodes::ActiveNodes` (r:1 w:1)
    /// Proof: `Nodes::ActiveNodes` (`max_values`: Some(1), `max_size`: Some(48002), added: 48497, mode: `MaxEncodedLen`)
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
        // Minimum execution time: 296_395_000 picoseconds.
        Weight::from_parts(306_726_565, 0)
            // Standard Error: 2_631
            .saturating_add(Weight::from_parts(256_181, 0).saturating_mul(n.into()))
            .saturating_add(T::DbWeight::get().reads(12_u64))
            .saturating_add(T::DbWeight::get().writes(14_u64))
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
        // Minimum execution time: 340_711_000 picoseconds.
        Weight::from_parts(358_570_996, 0)
            // Standard Error: 60_062
            .saturating_add(Weight::from_parts(304_065, 0).saturating_mul(n.into()))
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
        // Minimum execution time: 47_772_000 picoseconds.
        Weight::from_parts(59_423_452, 0)
            // Standard Error: 3_360
            .saturating_add(Weight::from_parts(256_080, 0).saturating_mul(n.into()))
            .saturating_add(T::DbWeight::get().reads(6_u64))
            .saturating_add(T::DbWeight::get().writes(6_u64))
    }
    /// Storage: `Nodes::Nodes` (r:1 w:1)
    /// Proof: `Nodes::Nodes` (`max_values`: None, `max_size`: Some(824), added: 3299, mode: `MaxEncodedLen`)
    fn set_transports() -> Weight {
        // Minimum execution time: 20_110_000 picoseconds.
        Weight::from_parts(21_262_000, 0)
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
        // Minimum execution time: 45_769_000 picoseconds.
        Weight::from_parts(43_183_998, 0)
            // Standard Error: 4_252
            .saturating_add(Weight::from_parts(284_520, 0).saturating_mul(n.into()))
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
        // Minimum execution time: 259_860_000 picoseconds.
        Weight::from_parts(273_611_000, 0)
            .saturating_add(T::DbWeight::get().reads(10_u64))
            .saturating_add(T::DbWeight::get().writes(11_u64))
    }
}

/// The same with ParityDB, for tests' chains.
impl WeightInfo for () {
    fn register() -> Weight {
        Weight::from_parts(515_254_000, 0)
            .saturating_add(ParityDbWeight::get().reads(18_u64))
            .saturating_add(ParityDbWeight::get().writes(19_u64))
    }
    fn update_evidence(n: u32, ) -> Weight {
        Weight::from_parts(369_344_056, 0)
            .saturating_add(Weight::from_parts(290_285, 0).saturating_mul(n.into()))
            .saturating_add(ParityDbWeight::get().reads(15_u64))
            .saturating_add(ParityDbWeight::get().writes(18_u64))
    }
    fn set_gas_price(n: u32, ) -> Weight {
        Weight::from_parts(28_892_254, 0)
            .saturating_add(Weight::from_parts(250_422, 0).saturating_mul(n.into()))
            .saturating_add(ParityDbWeight::get().reads(2_u64))
            .saturating_add(ParityDbWeight::get().writes(2_u64))
    }
    fn exit(n: u32, ) -> Weight {
        Weight::from_parts(306_726_565, 0)
            .saturating_add(Weight::from_parts(256_181, 0).saturating_mul(n.into()))
            .saturating_add(ParityDbWeight::get().reads(12_u64))
            .saturating_add(ParityDbWeight::get().writes(14_u64))
    }
    fn vote(n: u32, ) -> Weight {
        Weight::from_parts(358_570_996, 0)
            .saturating_add(Weight::from_parts(304_065, 0).saturating_mul(n.into()))
            .saturating_add(ParityDbWeight::get().reads(16_u64))
            .saturating_add(ParityDbWeight::get().writes(15_u64))
    }
    fn heartbeat(n: u32, ) -> Weight {
        Weight::from_parts(59_423_452, 0)
            .saturating_add(Weight::from_parts(256_080, 0).saturating_mul(n.into()))
            .saturating_add(ParityDbWeight::get().reads(6_u64))
            .saturating_add(ParityDbWeight::get().writes(6_u64))
    }
    fn set_transports() -> Weight {
        Weight::from_parts(21_262_000, 0)
            .saturating_add(ParityDbWeight::get().reads(1_u64))
            .saturating_add(ParityDbWeight::get().writes(1_u64))
    }
    fn look_at(n: u32, ) -> Weight {
        Weight::from_parts(43_183_998, 0)
            .saturating_add(Weight::from_parts(284_520, 0).saturating_mul(n.into()))
            .saturating_add(ParityDbWeight::get().reads(7_u64))
            .saturating_add(ParityDbWeight::get().writes(7_u64))
    }
    fn close() -> Weight {
        Weight::from_parts(273_611_000, 0)
            .saturating_add(ParityDbWeight::get().reads(10_u64))
            .saturating_add(ParityDbWeight::get().writes(11_u64))
    }
}
