//! What the calls of `tea_errands` weigh, as measured. **Generated**; change `benchmarking.rs` and run `node host/layer1/weigh.ts`.
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
//! `--pallet=tea_errands`
//! `--extrinsic=*`
//! `--steps=20`
//! `--repeat=10`
//! `--min-duration=1`
//! `--output-analysis=median-slopes`
//! `--wasm-execution=compiled`
//! `--no-storage-info`
//! `--template=bencher/weights.hbs`
//! `--output=pallets/errands/src/weights.rs`

#![cfg_attr(rustfmt, rustfmt_skip)]
#![allow(unused_parens, clippy::all)]

use core::marker::PhantomData;
use polkadot_sdk::{
    frame_support::{traits::Get, weights::{constants::ParityDbWeight, Weight}},
    frame_system,
};

/// What `tea_errands` asks for.
pub trait WeightInfo {
    fn create(d: u32, ) -> Weight;
    fn fund(d: u32, ) -> Weight;
    fn attest() -> Weight;
    fn release() -> Weight;
    fn decline() -> Weight;
    fn start() -> Weight;
    fn prove() -> Weight;
    fn settle(p: u32, ) -> Weight;
    fn dispute() -> Weight;
    fn resolve(p: u32, ) -> Weight;
    fn cancel() -> Weight;
    fn choose_executor(n: u32, ) -> Weight;
    fn drawn() -> Weight;
    fn expire(n: u32, ) -> Weight;
}

/// Measured, with the database of the chain.
pub struct Measured<T>(PhantomData<T>);

impl<T: frame_system::Config> WeightInfo for Measured<T> {
    /// Storage: `Errands::LastId` (r:1 w:1)
    /// Proof: `Errands::LastId` (`max_values`: Some(1), `max_size`: Some(8), added: 503, mode: `MaxEncodedLen`)
    /// Storage: `Content::Entries` (r:9 w:0)
    /// Proof: `Content::Entries` (`max_values`: None, `max_size`: Some(177), added: 2652, mode: `MaxEncodedLen`)
    /// Storage: `Errands::StatePeriods` (r:1 w:0)
    /// Proof: `Errands::StatePeriods` (`max_values`: Some(1), `max_size`: Some(32), added: 527, mode: `MaxEncodedLen`)
    /// Storage: `Errands::Deadlines` (r:0 w:2)
    /// Proof: `Errands::Deadlines` (`max_values`: None, `max_size`: Some(28), added: 2503, mode: `MaxEncodedLen`)
    /// Storage: `Errands::Errands` (r:0 w:1)
    /// Proof: `Errands::Errands` (`max_values`: None, `max_size`: Some(2878), added: 5353, mode: `MaxEncodedLen`)
    /// The range of component `d` is `[0, 8]`.
    fn create(d: u32, ) -> Weight {
        // Minimum execution time: 31_217_000 picoseconds.
        Weight::from_parts(33_360_333, 0)
            // Standard Error: 0
            .saturating_add(Weight::from_parts(4_882_333, 0).saturating_mul(d.into()))
            .saturating_add(T::DbWeight::get().reads(3_u64))
            .saturating_add(T::DbWeight::get().reads((1_u64).saturating_mul(d.into())))
            .saturating_add(T::DbWeight::get().writes(4_u64))
    }
    /// Storage: `Errands::Errands` (r:1 w:1)
    /// Proof: `Errands::Errands` (`max_values`: None, `max_size`: Some(2878), added: 5353, mode: `MaxEncodedLen`)
    /// Storage: `Content::Entries` (r:9 w:0)
    /// Proof: `Content::Entries` (`max_values`: None, `max_size`: Some(177), added: 2652, mode: `MaxEncodedLen`)
    /// Storage: `System::Account` (r:1 w:1)
    /// Proof: `System::Account` (`max_values`: None, `max_size`: Some(128), added: 2603, mode: `MaxEncodedLen`)
    /// Storage: `Balances::Holds` (r:1 w:1)
    /// Proof: `Balances::Holds` (`max_values`: None, `max_size`: Some(121), added: 2596, mode: `MaxEncodedLen`)
    /// Storage: `Errands::StatePeriods` (r:1 w:0)
    /// Proof: `Errands::StatePeriods` (`max_values`: Some(1), `max_size`: Some(32), added: 527, mode: `MaxEncodedLen`)
    /// Storage: `Errands::ChoiceByLot` (r:1 w:0)
    /// Proof: `Errands::ChoiceByLot` (`max_values`: Some(1), `max_size`: Some(1), added: 496, mode: `MaxEncodedLen`)
    /// Storage: `Sortition::LastId` (r:1 w:1)
    /// Proof: `Sortition::LastId` (`max_values`: Some(1), `max_size`: Some(8), added: 503, mode: `MaxEncodedLen`)
    /// Storage: `Sortition::Due` (r:0 w:1)
    /// Proof: `Sortition::Due` (`max_values`: None, `max_size`: Some(28), added: 2503, mode: `MaxEncodedLen`)
    /// Storage: `Sortition::Draws` (r:0 w:1)
    /// Proof: `Sortition::Draws` (`max_values`: None, `max_size`: Some(1108), added: 3583, mode: `MaxEncodedLen`)
    /// Storage: `Errands::Deadlines` (r:0 w:2)
    /// Proof: `Errands::Deadlines` (`max_values`: None, `max_size`: Some(28), added: 2503, mode: `MaxEncodedLen`)
    /// Storage: `Errands::DrawOf` (r:0 w:1)
    /// Proof: `Errands::DrawOf` (`max_values`: None, `max_size`: Some(24), added: 2499, mode: `MaxEncodedLen`)
    /// The range of component `d` is `[0, 8]`.
    fn fund(d: u32, ) -> Weight {
        // Minimum execution time: 112_368_000 picoseconds.
        Weight::from_parts(121_231_500, 0)
            // Standard Error: 0
            .saturating_add(Weight::from_parts(5_708_750, 0).saturating_mul(d.into()))
            .saturating_add(T::DbWeight::get().reads(7_u64))
            .saturating_add(T::DbWeight::get().reads((1_u64).saturating_mul(d.into())))
            .saturating_add(T::DbWeight::get().writes(9_u64))
    }
    /// Storage: `Errands::Errands` (r:1 w:1)
    /// Proof: `Errands::Errands` (`max_values`: None, `max_size`: Some(2878), added: 5353, mode: `MaxEncodedLen`)
    /// Storage: `Errands::StatePeriods` (r:1 w:0)
    /// Proof: `Errands::StatePeriods` (`max_values`: Some(1), `max_size`: Some(32), added: 527, mode: `MaxEncodedLen`)
    /// Storage: `Errands::CancelAsked` (r:1 w:0)
    /// Proof: `Errands::CancelAsked` (`max_values`: None, `max_size`: Some(16), added: 2491, mode: `MaxEncodedLen`)
    /// Storage: `Errands::Deadlines` (r:0 w:2)
    /// Proof: `Errands::Deadlines` (`max_values`: None, `max_size`: Some(28), added: 2503, mode: `MaxEncodedLen`)
    fn attest() -> Weight {
        // Minimum execution time: 44_717_000 picoseconds.
        Weight::from_parts(50_446_000, 0)
            .saturating_add(T::DbWeight::get().reads(3_u64))
            .saturating_add(T::DbWeight::get().writes(3_u64))
    }
    /// Storage: `Errands::Errands` (r:1 w:1)
    /// Proof: `Errands::Errands` (`max_values`: None, `max_size`: Some(2878), added: 5353, mode: `MaxEncodedLen`)
    /// Storage: `Errands::StatePeriods` (r:1 w:0)
    /// Proof: `Errands::StatePeriods` (`max_values`: Some(1), `max_size`: Some(32), added: 527, mode: `MaxEncodedLen`)
    /// Storage: `Errands::Deadlines` (r:0 w:2)
    /// Proof: `Errands::Deadlines` (`max_values`: None, `max_size`: Some(28), added: 2503, mode: `MaxEncodedLen`)
    fn release() -> Weight {
        // Minimum execution time: 40_151_000 picoseconds.
        Weight::from_parts(44_076_000, 0)
            .saturating_add(T::DbWeight::get().reads(2_u64))
            .saturating_add(T::DbWeight::get().writes(3_u64))
    }
    /// Storage: `Errands::Errands` (r:1 w:1)
    /// Proof: `Errands::Errands` (`max_values`: None, `max_size`: Some(2878), added: 5353, mode: `MaxEncodedLen`)
    /// Storage: `Errands::DrawOf` (r:1 w:0)
    /// Proof: `Errands::DrawOf` (`max_values`: None, `max_size`: Some(24), added: 2499, mode: `MaxEncodedLen`)
    /// Storage: `Sortition::Draws` (r:1 w:1)
    /// Proof: `Sortition::Draws` (`max_values`: None, `max_size`: Some(1108), added: 3583, mode: `MaxEncodedLen`)
    /// Storage: `System::Account` (r:1 w:1)
    /// Proof: `System::Account` (`max_values`: None, `max_size`: Some(128), added: 2603, mode: `MaxEncodedLen`)
    /// Storage: `Balances::Holds` (r:1 w:1)
    /// Proof: `Balances::Holds` (`max_values`: None, `max_size`: Some(121), added: 2596, mode: `MaxEncodedLen`)
    /// Storage: `Errands::StatePeriods` (r:1 w:0)
    /// Proof: `Errands::StatePeriods` (`max_values`: Some(1), `max_size`: Some(32), added: 527, mode: `MaxEncodedLen`)
    /// Storage: `Errands::OpenErrandsOf` (r:1 w:1)
    /// Proof: `Errands::OpenErrandsOf` (`max_values`: None, `max_size`: Some(64), added: 2539, mode: `MaxEncodedLen`)
    /// Storage: `Errands::OpenErrands` (r:1 w:1)
    /// Proof: `Errands::OpenErrands` (`max_values`: None, `max_size`: Some(52), added: 2527, mode: `MaxEncodedLen`)
    /// Storage: `Sortition::Due` (r:0 w:1)
    /// Proof: `Sortition::Due` (`max_values`: None, `max_size`: Some(28), added: 2503, mode: `MaxEncodedLen`)
    /// Storage: `Errands::Deadlines` (r:0 w:1)
    /// Proof: `Errands::Deadlines` (`max_values`: None, `max_size`: Some(28), added: 2503, mode: `MaxEncodedLen`)
    fn decline() -> Weight {
        // Minimum execution time: 118_699_000 picoseconds.
        Weight::from_parts(133_190_000, 0)
            .saturating_add(T::DbWeight::get().reads(8_u64))
            .saturating_add(T::DbWeight::get().writes(8_u64))
    }
    /// Storage: `Errands::Errands` (r:1 w:1)
    /// Proof: `Errands::Errands` (`max_values`: None, `max_size`: Some(2878), added: 5353, mode: `MaxEncodedLen`)
    /// Storage: `Errands::StatePeriods` (r:1 w:0)
    /// Proof: `Errands::StatePeriods` (`max_values`: Some(1), `max_size`: Some(32), added: 527, mode: `MaxEncodedLen`)
    /// Storage: `Errands::Deadlines` (r:0 w:2)
    /// Proof: `Errands::Deadlines` (`max_values`: None, `max_size`: Some(28), added: 2503, mode: `MaxEncodedLen`)
    fn start() -> Weight {
        // Minimum execution time: 39_980_000 picoseconds.
        Weight::from_parts(43_866_000, 0)
            .saturating_add(T::DbWeight::get().reads(2_u64))
            .saturating_add(T::DbWeight::get().writes(3_u64))
    }
    /// Storage: `Errands::Errands` (r:1 w:1)
    /// Proof: `Errands::Errands` (`max_values`: None, `max_size`: Some(2878), added: 5353, mode: `MaxEncodedLen`)
    /// Storage: `Errands::StatePeriods` (r:1 w:0)
    /// Proof: `Errands::StatePeriods` (`max_values`: Some(1), `max_size`: Some(32), added: 527, mode: `MaxEncodedLen`)
    /// Storage: `Errands::CancelAsked` (r:1 w:0)
    /// Proof: `Errands::CancelAsked` (`max_values`: None, `max_size`: Some(16), added: 2491, mode: `MaxEncodedLen`)
    /// Storage: `Errands::Deadlines` (r:0 w:2)
    /// Proof: `Errands::Deadlines` (`max_values`: None, `max_size`: Some(28), added: 2503, mode: `MaxEncodedLen`)
    fn prove() -> Weight {
        // Minimum execution time: 46_209_000 picoseconds.
        Weight::from_parts(54_742_000, 0)
            .saturating_add(T::DbWeight::get().reads(3_u64))
            .saturating_add(T::DbWeight::get().writes(3_u64))
    }
    /// Storage: `Errands::Errands` (r:1 w:1)
    /// Proof: `Errands::Errands` (`max_values`: None, `max_size`: Some(2878), added: 5353, mode: `MaxEncodedLen`)
    /// Storage: `Balances::Holds` (r:1 w:1)
    /// Proof: `Balances::Holds` (`max_values`: None, `max_size`: Some(121), added: 2596, mode: `MaxEncodedLen`)
    /// Storage: `System::Account` (r:12 w:12)
    /// Proof: `System::Account` (`max_values`: None, `max_size`: Some(128), added: 2603, mode: `MaxEncodedLen`)
    /// Storage: `Errands::StatePeriods` (r:1 w:0)
    /// Proof: `Errands::StatePeriods` (`max_values`: Some(1), `max_size`: Some(32), added: 527, mode: `MaxEncodedLen`)
    /// Storage: `Errands::OpenErrandsOf` (r:1 w:1)
    /// Proof: `Errands::OpenErrandsOf` (`max_values`: None, `max_size`: Some(64), added: 2539, mode: `MaxEncodedLen`)
    /// Storage: `Errands::OpenErrands` (r:1 w:1)
    /// Proof: `Errands::OpenErrands` (`max_values`: None, `max_size`: Some(52), added: 2527, mode: `MaxEncodedLen`)
    /// Storage: `Errands::Deadlines` (r:0 w:1)
    /// Proof: `Errands::Deadlines` (`max_values`: None, `max_size`: Some(28), added: 2503, mode: `MaxEncodedLen`)
    /// The range of component `p` is `[0, 11]`.
    fn settle(p: u32, ) -> Weight {
        // Minimum execution time: 98_588_000 picoseconds.
        Weight::from_parts(112_179_000, 0)
            // Standard Error: 0
            .saturating_add(Weight::from_parts(62_318_000, 0).saturating_mul(p.into()))
            .saturating_add(T::DbWeight::get().reads(6_u64))
            .saturating_add(T::DbWeight::get().reads((1_u64).saturating_mul(p.into())))
            .saturating_add(T::DbWeight::get().writes(6_u64))
            .saturating_add(T::DbWeight::get().writes((1_u64).saturating_mul(p.into())))
    }
    /// Storage: `Errands::Errands` (r:1 w:1)
    /// Proof: `Errands::Errands` (`max_values`: None, `max_size`: Some(2878), added: 5353, mode: `MaxEncodedLen`)
    /// Storage: `Errands::StatePeriods` (r:1 w:0)
    /// Proof: `Errands::StatePeriods` (`max_values`: Some(1), `max_size`: Some(32), added: 527, mode: `MaxEncodedLen`)
    /// Storage: `Errands::Deadlines` (r:0 w:2)
    /// Proof: `Errands::Deadlines` (`max_values`: None, `max_size`: Some(28), added: 2503, mode: `MaxEncodedLen`)
    fn dispute() -> Weight {
        // Minimum execution time: 42_133_000 picoseconds.
        Weight::from_parts(47_611_000, 0)
            .saturating_add(T::DbWeight::get().reads(2_u64))
            .saturating_add(T::DbWeight::get().writes(3_u64))
    }
    /// Storage: `Errands::Errands` (r:1 w:1)
    /// Proof: `Errands::Errands` (`max_values`: None, `max_size`: Some(2878), added: 5353, mode: `MaxEncodedLen`)
    /// Storage: `Balances::Holds` (r:1 w:1)
    /// Proof: `Balances::Holds` (`max_values`: None, `max_size`: Some(121), added: 2596, mode: `MaxEncodedLen`)
    /// Storage: `System::Account` (r:12 w:12)
    /// Proof: `System::Account` (`max_values`: None, `max_size`: Some(128), added: 2603, mode: `MaxEncodedLen`)
    /// Storage: `Errands::StatePeriods` (r:1 w:0)
    /// Proof: `Errands::StatePeriods` (`max_values`: Some(1), `max_size`: Some(32), added: 527, mode: `MaxEncodedLen`)
    /// Storage: `Errands::OpenErrandsOf` (r:1 w:1)
    /// Proof: `Errands::OpenErrandsOf` (`max_values`: None, `max_size`: Some(64), added: 2539, mode: `MaxEncodedLen`)
    /// Storage: `Errands::OpenErrands` (r:1 w:1)
    /// Proof: `Errands::OpenErrands` (`max_values`: None, `max_size`: Some(52), added: 2527, mode: `MaxEncodedLen`)
    /// Storage: `Errands::Deadlines` (r:0 w:1)
    /// Proof: `Errands::Deadlines` (`max_values`: None, `max_size`: Some(28), added: 2503, mode: `MaxEncodedLen`)
    /// The range of component `p` is `[0, 11]`.
    fn resolve(p: u32, ) -> Weight {
        // Minimum execution time: 98_208_000 picoseconds.
        Weight::from_parts(104_266_428, 0)
            // Standard Error: 0
            .saturating_add(Weight::from_parts(62_193_571, 0).saturating_mul(p.into()))
            .saturating_add(T::DbWeight::get().reads(6_u64))
            .saturating_add(T::DbWeight::get().reads((1_u64).saturating_mul(p.into())))
            .saturating_add(T::DbWeight::get().writes(6_u64))
            .saturating_add(T::DbWeight::get().writes((1_u64).saturating_mul(p.into())))
    }
    /// Storage: `Errands::Errands` (r:1 w:1)
    /// Proof: `Errands::Errands` (`max_values`: None, `max_size`: Some(2878), added: 5353, mode: `MaxEncodedLen`)
    /// Storage: `Errands::DrawOf` (r:1 w:0)
    /// Proof: `Errands::DrawOf` (`max_values`: None, `max_size`: Some(24), added: 2499, mode: `MaxEncodedLen`)
    /// Storage: `Sortition::Draws` (r:1 w:1)
    /// Proof: `Sortition::Draws` (`max_values`: None, `max_size`: Some(1108), added: 3583, mode: `MaxEncodedLen`)
    /// Storage: `System::Account` (r:1 w:1)
    /// Proof: `System::Account` (`max_values`: None, `max_size`: Some(128), added: 2603, mode: `MaxEncodedLen`)
    /// Storage: `Balances::Holds` (r:1 w:1)
    /// Proof: `Balances::Holds` (`max_values`: None, `max_size`: Some(121), added: 2596, mode: `MaxEncodedLen`)
    /// Storage: `Errands::StatePeriods` (r:1 w:0)
    /// Proof: `Errands::StatePeriods` (`max_values`: Some(1), `max_size`: Some(32), added: 527, mode: `MaxEncodedLen`)
    /// Storage: `Sortition::Due` (r:0 w:1)
    /// Proof: `Sortition::Due` (`max_values`: None, `max_size`: Some(28), added: 2503, mode: `MaxEncodedLen`)
    /// Storage: `Errands::Deadlines` (r:0 w:1)
    /// Proof: `Errands::Deadlines` (`max_values`: None, `max_size`: Some(28), added: 2503, mode: `MaxEncodedLen`)
    fn cancel() -> Weight {
        // Minimum execution time: 106_310_000 picoseconds.
        Weight::from_parts(112_719_000, 0)
            .saturating_add(T::DbWeight::get().reads(6_u64))
            .saturating_add(T::DbWeight::get().writes(6_u64))
    }
    /// Storage: `Errands::SelectionRange` (r:1 w:1)
    /// Proof: `Errands::SelectionRange` (`max_values`: Some(1), `max_size`: Some(16), added: 511, mode: `MaxEncodedLen`)
    /// Storage: `Nodes::ActiveNodes` (r:1 w:0)
    /// Proof: `Nodes::ActiveNodes` (`max_values`: Some(1), `max_size`: Some(48002), added: 48497, mode: `MaxEncodedLen`)
    /// Storage: `Errands::SelectionQueue` (r:1 w:1)
    /// Proof: `Errands::SelectionQueue` (`max_values`: None, `max_size`: Some(24), added: 2499, mode: `MaxEncodedLen`)
    /// Storage: `Errands::Errands` (r:1 w:1)
    /// Proof: `Errands::Errands` (`max_values`: None, `max_size`: Some(2878), added: 5353, mode: `MaxEncodedLen`)
    /// Storage: `System::ParentHash` (r:1 w:0)
    /// Proof: `System::ParentHash` (`max_values`: Some(1), `max_size`: Some(32), added: 527, mode: `MaxEncodedLen`)
    /// Storage: `Nodes::Nodes` (r:1 w:0)
    /// Proof: `Nodes::Nodes` (`max_values`: None, `max_size`: Some(824), added: 3299, mode: `MaxEncodedLen`)
    /// Storage: `Errands::OpenErrands` (r:1 w:1)
    /// Proof: `Errands::OpenErrands` (`max_values`: None, `max_size`: Some(52), added: 2527, mode: `MaxEncodedLen`)
    /// Storage: `Errands::StatePeriods` (r:1 w:0)
    /// Proof: `Errands::StatePeriods` (`max_values`: Some(1), `max_size`: Some(32), added: 527, mode: `MaxEncodedLen`)
    /// Storage: `Errands::Deadlines` (r:0 w:2)
    /// Proof: `Errands::Deadlines` (`max_values`: None, `max_size`: Some(28), added: 2503, mode: `MaxEncodedLen`)
    /// Storage: `Errands::OpenErrandsOf` (r:0 w:1)
    /// Proof: `Errands::OpenErrandsOf` (`max_values`: None, `max_size`: Some(64), added: 2539, mode: `MaxEncodedLen`)
    /// The range of component `n` is `[1, 1000]`.
    fn choose_executor(n: u32, ) -> Weight {
        // Minimum execution time: 59_679_000 picoseconds.
        Weight::from_parts(117_110_000, 0)
            // Standard Error: 0
            .saturating_add(Weight::from_parts(171_620, 0).saturating_mul(n.into()))
            .saturating_add(T::DbWeight::get().reads(8_u64))
            .saturating_add(T::DbWeight::get().writes(7_u64))
    }
    /// Storage: `Errands::Errands` (r:1 w:1)
    /// Proof: `Errands::Errands` (`max_values`: None, `max_size`: Some(2878), added: 5353, mode: `MaxEncodedLen`)
    /// Storage: `Nodes::Nodes` (r:2 w:0)
    /// Proof: `Nodes::Nodes` (`max_values`: None, `max_size`: Some(824), added: 3299, mode: `MaxEncodedLen`)
    /// Storage: `Errands::OpenErrands` (r:1 w:1)
    /// Proof: `Errands::OpenErrands` (`max_values`: None, `max_size`: Some(52), added: 2527, mode: `MaxEncodedLen`)
    /// Storage: `Errands::StatePeriods` (r:1 w:0)
    /// Proof: `Errands::StatePeriods` (`max_values`: Some(1), `max_size`: Some(32), added: 527, mode: `MaxEncodedLen`)
    /// Storage: `Errands::Deadlines` (r:0 w:2)
    /// Proof: `Errands::Deadlines` (`max_values`: None, `max_size`: Some(28), added: 2503, mode: `MaxEncodedLen`)
    /// Storage: `Errands::OpenErrandsOf` (r:0 w:1)
    /// Proof: `Errands::OpenErrandsOf` (`max_values`: None, `max_size`: Some(64), added: 2539, mode: `MaxEncodedLen`)
    fn drawn() -> Weight {
        // Minimum execution time: 58_367_000 picoseconds.
        Weight::from_parts(62_785_000, 0)
            .saturating_add(T::DbWeight::get().reads(5_u64))
            .saturating_add(T::DbWeight::get().writes(5_u64))
    }
    /// Storage: `Errands::DeadlinesFrom` (r:1 w:1)
    /// Proof: `Errands::DeadlinesFrom` (`max_values`: Some(1), `max_size`: Some(4), added: 499, mode: `MaxEncodedLen`)
    /// Storage: `Errands::Deadlines` (r:50 w:50)
    /// Proof: `Errands::Deadlines` (`max_values`: None, `max_size`: Some(28), added: 2503, mode: `MaxEncodedLen`)
    /// Storage: `Errands::Errands` (r:50 w:50)
    /// Proof: `Errands::Errands` (`max_values`: None, `max_size`: Some(2878), added: 5353, mode: `MaxEncodedLen`)
    /// Storage: `Balances::Holds` (r:50 w:50)
    /// Proof: `Balances::Holds` (`max_values`: None, `max_size`: Some(121), added: 2596, mode: `MaxEncodedLen`)
    /// Storage: `System::Account` (r:600 w:600)
    /// Proof: `System::Account` (`max_values`: None, `max_size`: Some(128), added: 2603, mode: `MaxEncodedLen`)
    /// Storage: `Errands::StatePeriods` (r:1 w:0)
    /// Proof: `Errands::StatePeriods` (`max_values`: Some(1), `max_size`: Some(32), added: 527, mode: `MaxEncodedLen`)
    /// Storage: `Errands::OpenErrandsOf` (r:50 w:50)
    /// Proof: `Errands::OpenErrandsOf` (`max_values`: None, `max_size`: Some(64), added: 2539, mode: `MaxEncodedLen`)
    /// Storage: `Errands::OpenErrands` (r:50 w:50)
    /// Proof: `Errands::OpenErrands` (`max_values`: None, `max_size`: Some(52), added: 2527, mode: `MaxEncodedLen`)
    /// The range of component `n` is `[0, 50]`.
    fn expire(n: u32, ) -> Weight {
        // Minimum execution time: 8_703_000 picoseconds.
        Weight::from_parts(0, 0)
            // Standard Error: 0
            .saturating_add(Weight::from_parts(2_949_035_000, 0).saturating_mul(n.into()))
            .saturating_add(T::DbWeight::get().reads(2_u64))
            .saturating_add(T::DbWeight::get().reads((17_u64).saturating_mul(n.into())))
            .saturating_add(T::DbWeight::get().writes(1_u64))
            .saturating_add(T::DbWeight::get().writes((17_u64).saturating_mul(n.into())))
    }
}

/// The same with ParityDB, for tests' chains.
impl WeightInfo for () {
    fn create(d: u32, ) -> Weight {
        Weight::from_parts(33_360_333, 0)
            .saturating_add(Weight::from_parts(4_882_333, 0).saturating_mul(d.into()))
            .saturating_add(ParityDbWeight::get().reads(3_u64))
            .saturating_add(ParityDbWeight::get().reads((1_u64).saturating_mul(d.into())))
            .saturating_add(ParityDbWeight::get().writes(4_u64))
    }
    fn fund(d: u32, ) -> Weight {
        Weight::from_parts(121_231_500, 0)
            .saturating_add(Weight::from_parts(5_708_750, 0).saturating_mul(d.into()))
            .saturating_add(ParityDbWeight::get().reads(7_u64))
            .saturating_add(ParityDbWeight::get().reads((1_u64).saturating_mul(d.into())))
            .saturating_add(ParityDbWeight::get().writes(9_u64))
    }
    fn attest() -> Weight {
        Weight::from_parts(50_446_000, 0)
            .saturating_add(ParityDbWeight::get().reads(3_u64))
            .saturating_add(ParityDbWeight::get().writes(3_u64))
    }
    fn release() -> Weight {
        Weight::from_parts(44_076_000, 0)
            .saturating_add(ParityDbWeight::get().reads(2_u64))
            .saturating_add(ParityDbWeight::get().writes(3_u64))
    }
    fn decline() -> Weight {
        Weight::from_parts(133_190_000, 0)
            .saturating_add(ParityDbWeight::get().reads(8_u64))
            .saturating_add(ParityDbWeight::get().writes(8_u64))
    }
    fn start() -> Weight {
        Weight::from_parts(43_866_000, 0)
            .saturating_add(ParityDbWeight::get().reads(2_u64))
            .saturating_add(ParityDbWeight::get().writes(3_u64))
    }
    fn prove() -> Weight {
        Weight::from_parts(54_742_000, 0)
            .saturating_add(ParityDbWeight::get().reads(3_u64))
            .saturating_add(ParityDbWeight::get().writes(3_u64))
    }
    fn settle(p: u32, ) -> Weight {
        Weight::from_parts(112_179_000, 0)
            .saturating_add(Weight::from_parts(62_318_000, 0).saturating_mul(p.into()))
            .saturating_add(ParityDbWeight::get().reads(6_u64))
            .saturating_add(ParityDbWeight::get().reads((1_u64).saturating_mul(p.into())))
            .saturating_add(ParityDbWeight::get().writes(6_u64))
            .saturating_add(ParityDbWeight::get().writes((1_u64).saturating_mul(p.into())))
    }
    fn dispute() -> Weight {
        Weight::from_parts(47_611_000, 0)
            .saturating_add(ParityDbWeight::get().reads(2_u64))
            .saturating_add(ParityDbWeight::get().writes(3_u64))
    }
    fn resolve(p: u32, ) -> Weight {
        Weight::from_parts(104_266_428, 0)
            .saturating_add(Weight::from_parts(62_193_571, 0).saturating_mul(p.into()))
            .saturating_add(ParityDbWeight::get().reads(6_u64))
            .saturating_add(ParityDbWeight::get().reads((1_u64).saturating_mul(p.into())))
            .saturating_add(ParityDbWeight::get().writes(6_u64))
            .saturating_add(ParityDbWeight::get().writes((1_u64).saturating_mul(p.into())))
    }
    fn cancel() -> Weight {
        Weight::from_parts(112_719_000, 0)
            .saturating_add(ParityDbWeight::get().reads(6_u64))
            .saturating_add(ParityDbWeight::get().writes(6_u64))
    }
    fn choose_executor(n: u32, ) -> Weight {
        Weight::from_parts(117_110_000, 0)
            .saturating_add(Weight::from_parts(171_620, 0).saturating_mul(n.into()))
            .saturating_add(ParityDbWeight::get().reads(8_u64))
            .saturating_add(ParityDbWeight::get().writes(7_u64))
    }
    fn drawn() -> Weight {
        Weight::from_parts(62_785_000, 0)
            .saturating_add(ParityDbWeight::get().reads(5_u64))
            .saturating_add(ParityDbWeight::get().writes(5_u64))
    }
    fn expire(n: u32, ) -> Weight {
        Weight::from_parts(0, 0)
            .saturating_add(Weight::from_parts(2_949_035_000, 0).saturating_mul(n.into()))
            .saturating_add(ParityDbWeight::get().reads(2_u64))
            .saturating_add(ParityDbWeight::get().reads((17_u64).saturating_mul(n.into())))
            .saturating_add(ParityDbWeight::get().writes(1_u64))
            .saturating_add(ParityDbWeight::get().writes((17_u64).saturating_mul(n.into())))
    }
}
