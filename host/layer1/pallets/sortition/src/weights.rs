//! What the calls of `tea_sortition` weigh, as measured. **Generated**; change `benchmarking.rs` and run `node host/layer1/weigh.ts`.
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
//! `--pallet=tea_sortition`
//! `--extrinsic=*`
//! `--steps=20`
//! `--repeat=10`
//! `--min-duration=1`
//! `--output-analysis=median-slopes`
//! `--wasm-execution=compiled`
//! `--no-storage-info`
//! `--template=bencher/weights.hbs`
//! `--output=pallets/sortition/src/weights.rs`

#![cfg_attr(rustfmt, rustfmt_skip)]
#![allow(unused_parens, clippy::all)]

use core::marker::PhantomData;
use polkadot_sdk::{
    frame_support::{traits::Get, weights::{constants::ParityDbWeight, Weight}},
    frame_system,
};

/// What `tea_sortition` asks for.
pub trait WeightInfo {
    fn claim() -> Weight;
    fn claim_seat() -> Weight;
    fn refuse() -> Weight;
    fn verify_lot() -> Weight;
    fn verify_signature() -> Weight;
    fn seed(n: u32, ) -> Weight;
    fn fail() -> Weight;
    fn end(n: u32, ) -> Weight;
    fn seat() -> Weight;
}

/// Measured, with the database of the chain.
pub struct Measured<T>(PhantomData<T>);

impl<T: frame_system::Config> WeightInfo for Measured<T> {
    /// Storage: `Nodes::TeeAccounts` (r:1 w:0)
    /// Proof: `Nodes::TeeAccounts` (`max_values`: None, `max_size`: Some(80), added: 2555, mode: `MaxEncodedLen`)
    /// Storage: `Sortition::Draws` (r:1 w:1)
    /// Proof: `Sortition::Draws` (`max_values`: None, `max_size`: Some(1108), added: 3583, mode: `MaxEncodedLen`)
    /// Storage: `Nodes::Nodes` (r:1 w:0)
    /// Proof: `Nodes::Nodes` (`max_values`: None, `max_size`: Some(824), added: 3299, mode: `MaxEncodedLen`)
    /// Storage: `Sortition::KeyAge` (r:1 w:0)
    /// Proof: `Sortition::KeyAge` (`max_values`: Some(1), `max_size`: Some(4), added: 499, mode: `MaxEncodedLen`)
    /// Storage: `Errands::Errands` (r:1 w:0)
    /// Proof: `Errands::Errands` (`max_values`: None, `max_size`: Some(2878), added: 5353, mode: `MaxEncodedLen`)
    /// Storage: `Errands::OpenErrands` (r:1 w:0)
    /// Proof: `Errands::OpenErrands` (`max_values`: None, `max_size`: Some(52), added: 2527, mode: `MaxEncodedLen`)
    fn claim() -> Weight {
        // Minimum execution time: 324_367_000 picoseconds.
        Weight::from_parts(348_784_000, 0)
            .saturating_add(T::DbWeight::get().reads(6_u64))
            .saturating_add(T::DbWeight::get().writes(1_u64))
    }
    /// Storage: `Nodes::TeeAccounts` (r:1 w:0)
    /// Proof: `Nodes::TeeAccounts` (`max_values`: None, `max_size`: Some(80), added: 2555, mode: `MaxEncodedLen`)
    /// Storage: `Sortition::Draws` (r:1 w:1)
    /// Proof: `Sortition::Draws` (`max_values`: None, `max_size`: Some(1108), added: 3583, mode: `MaxEncodedLen`)
    /// Storage: `Nodes::Nodes` (r:5 w:0)
    /// Proof: `Nodes::Nodes` (`max_values`: None, `max_size`: Some(824), added: 3299, mode: `MaxEncodedLen`)
    /// Storage: `Sortition::KeyAge` (r:1 w:0)
    /// Proof: `Sortition::KeyAge` (`max_values`: Some(1), `max_size`: Some(4), added: 499, mode: `MaxEncodedLen`)
    /// Storage: `Nodes::SeatsOf` (r:1 w:0)
    /// Proof: `Nodes::SeatsOf` (`max_values`: None, `max_size`: Some(562), added: 3037, mode: `MaxEncodedLen`)
    /// Storage: `Nodes::Appraisals` (r:1 w:0)
    /// Proof: `Nodes::Appraisals` (`max_values`: None, `max_size`: Some(644), added: 3119, mode: `MaxEncodedLen`)
    /// Storage: `Nodes::ActiveOperators` (r:1 w:0)
    /// Proof: `Nodes::ActiveOperators` (`max_values`: None, `max_size`: Some(52), added: 2527, mode: `MaxEncodedLen`)
    /// Storage: `Nodes::CounterForActiveOperators` (r:1 w:0)
    /// Proof: `Nodes::CounterForActiveOperators` (`max_values`: Some(1), `max_size`: Some(4), added: 499, mode: `MaxEncodedLen`)
    fn claim_seat() -> Weight {
        // Minimum execution time: 355_073_000 picoseconds.
        Weight::from_parts(388_573_000, 0)
            .saturating_add(T::DbWeight::get().reads(12_u64))
            .saturating_add(T::DbWeight::get().writes(1_u64))
    }
    /// Storage: `Nodes::TeeAccounts` (r:1 w:0)
    /// Proof: `Nodes::TeeAccounts` (`max_values`: None, `max_size`: Some(80), added: 2555, mode: `MaxEncodedLen`)
    /// Storage: `Sortition::Draws` (r:1 w:0)
    /// Proof: `Sortition::Draws` (`max_values`: None, `max_size`: Some(1108), added: 3583, mode: `MaxEncodedLen`)
    /// Storage: `Nodes::Nodes` (r:1 w:0)
    /// Proof: `Nodes::Nodes` (`max_values`: None, `max_size`: Some(824), added: 3299, mode: `MaxEncodedLen`)
    /// Storage: `Sortition::KeyAge` (r:1 w:0)
    /// Proof: `Sortition::KeyAge` (`max_values`: Some(1), `max_size`: Some(4), added: 499, mode: `MaxEncodedLen`)
    /// Storage: `Nodes::SeatsOf` (r:1 w:0)
    /// Proof: `Nodes::SeatsOf` (`max_values`: None, `max_size`: Some(562), added: 3037, mode: `MaxEncodedLen`)
    /// Storage: `Nodes::Appraisals` (r:1 w:0)
    /// Proof: `Nodes::Appraisals` (`max_values`: None, `max_size`: Some(644), added: 3119, mode: `MaxEncodedLen`)
    fn refuse() -> Weight {
        // Minimum execution time: 38_378_000 picoseconds.
        Weight::from_parts(43_516_000, 0)
            .saturating_add(T::DbWeight::get().reads(6_u64))
    }
    fn verify_lot() -> Weight {
        // Minimum execution time: 267_843_000 picoseconds.
        Weight::from_parts(278_328_000, 0)
    }
    fn verify_signature() -> Weight {
        // Minimum execution time: 34_281_000 picoseconds.
        Weight::from_parts(41_522_000, 0)
    }
    /// Storage: `Sortition::Due` (r:50 w:100)
    /// Proof: `Sortition::Due` (`max_values`: None, `max_size`: Some(28), added: 2503, mode: `MaxEncodedLen`)
    /// Storage: `Sortition::Draws` (r:50 w:50)
    /// Proof: `Sortition::Draws` (`max_values`: None, `max_size`: Some(1108), added: 3583, mode: `MaxEncodedLen`)
    /// Storage: `Nodes::ActiveNodes` (r:1 w:0)
    /// Proof: `Nodes::ActiveNodes` (`max_values`: Some(1), `max_size`: Some(48002), added: 48497, mode: `MaxEncodedLen`)
    /// Storage: `System::ParentHash` (r:1 w:0)
    /// Proof: `System::ParentHash` (`max_values`: Some(1), `max_size`: Some(32), added: 527, mode: `MaxEncodedLen`)
    /// Storage: `Sortition::Window` (r:1 w:0)
    /// Proof: `Sortition::Window` (`max_values`: Some(1), `max_size`: Some(4), added: 499, mode: `MaxEncodedLen`)
    /// Storage: `Sortition::DueFrom` (r:0 w:1)
    /// Proof: `Sortition::DueFrom` (`max_values`: Some(1), `max_size`: Some(4), added: 499, mode: `MaxEncodedLen`)
    /// The range of component `n` is `[1, 50]`.
    fn seed(n: u32, ) -> Weight {
        // Minimum execution time: 112_138_000 picoseconds.
        Weight::from_parts(101_466_400, 0)
            // Standard Error: 0
            .saturating_add(Weight::from_parts(19_715_600, 0).saturating_mul(n.into()))
            .saturating_add(T::DbWeight::get().reads(3_u64))
            .saturating_add(T::DbWeight::get().reads((2_u64).saturating_mul(n.into())))
            .saturating_add(T::DbWeight::get().writes(1_u64))
            .saturating_add(T::DbWeight::get().writes((3_u64).saturating_mul(n.into())))
    }
    /// Storage: `Sortition::Due` (r:1 w:1)
    /// Proof: `Sortition::Due` (`max_values`: None, `max_size`: Some(28), added: 2503, mode: `MaxEncodedLen`)
    /// Storage: `Sortition::Draws` (r:1 w:1)
    /// Proof: `Sortition::Draws` (`max_values`: None, `max_size`: Some(1108), added: 3583, mode: `MaxEncodedLen`)
    /// Storage: `Nodes::ActiveNodes` (r:1 w:0)
    /// Proof: `Nodes::ActiveNodes` (`max_values`: Some(1), `max_size`: Some(48002), added: 48497, mode: `MaxEncodedLen`)
    /// Storage: `System::ParentHash` (r:1 w:0)
    /// Proof: `System::ParentHash` (`max_values`: Some(1), `max_size`: Some(32), added: 527, mode: `MaxEncodedLen`)
    /// Storage: `Sortition::Window` (r:1 w:0)
    /// Proof: `Sortition::Window` (`max_values`: Some(1), `max_size`: Some(4), added: 499, mode: `MaxEncodedLen`)
    /// Storage: `Nodes::Appraisals` (r:1 w:1)
    /// Proof: `Nodes::Appraisals` (`max_values`: None, `max_size`: Some(644), added: 3119, mode: `MaxEncodedLen`)
    /// Storage: `System::Account` (r:1 w:1)
    /// Proof: `System::Account` (`max_values`: None, `max_size`: Some(128), added: 2603, mode: `MaxEncodedLen`)
    /// Storage: `Balances::Holds` (r:1 w:1)
    /// Proof: `Balances::Holds` (`max_values`: None, `max_size`: Some(121), added: 2596, mode: `MaxEncodedLen`)
    /// Storage: `Nodes::Nodes` (r:1 w:1)
    /// Proof: `Nodes::Nodes` (`max_values`: None, `max_size`: Some(824), added: 3299, mode: `MaxEncodedLen`)
    /// Storage: `Nodes::Due` (r:0 w:1)
    /// Proof: `Nodes::Due` (`max_values`: None, `max_size`: Some(60), added: 2535, mode: `MaxEncodedLen`)
    /// Storage: `Sortition::DueFrom` (r:0 w:1)
    /// Proof: `Sortition::DueFrom` (`max_values`: Some(1), `max_size`: Some(4), added: 499, mode: `MaxEncodedLen`)
    fn fail() -> Weight {
        // Minimum execution time: 117_416_000 picoseconds.
        Weight::from_parts(124_487_000, 0)
            .saturating_add(T::DbWeight::get().reads(9_u64))
            .saturating_add(T::DbWeight::get().writes(8_u64))
    }
    /// Storage: `Sortition::Due` (r:50 w:50)
    /// Proof: `Sortition::Due` (`max_values`: None, `max_size`: Some(28), added: 2503, mode: `MaxEncodedLen`)
    /// Storage: `Sortition::Draws` (r:50 w:50)
    /// Proof: `Sortition::Draws` (`max_values`: None, `max_size`: Some(1108), added: 3583, mode: `MaxEncodedLen`)
    /// Storage: `Errands::Errands` (r:1 w:0)
    /// Proof: `Errands::Errands` (`max_values`: None, `max_size`: Some(2878), added: 5353, mode: `MaxEncodedLen`)
    /// Storage: `Sortition::DueFrom` (r:0 w:1)
    /// Proof: `Sortition::DueFrom` (`max_values`: Some(1), `max_size`: Some(4), added: 499, mode: `MaxEncodedLen`)
    /// The range of component `n` is `[1, 50]`.
    fn end(n: u32, ) -> Weight {
        // Minimum execution time: 30_766_000 picoseconds.
        Weight::from_parts(14_786_285, 0)
            // Standard Error: 0
            .saturating_add(Weight::from_parts(18_663_714, 0).saturating_mul(n.into()))
            .saturating_add(T::DbWeight::get().reads(1_u64))
            .saturating_add(T::DbWeight::get().reads((2_u64).saturating_mul(n.into())))
            .saturating_add(T::DbWeight::get().writes(1_u64))
            .saturating_add(T::DbWeight::get().writes((2_u64).saturating_mul(n.into())))
    }
    /// Storage: `Sortition::Due` (r:1 w:1)
    /// Proof: `Sortition::Due` (`max_values`: None, `max_size`: Some(28), added: 2503, mode: `MaxEncodedLen`)
    /// Storage: `Sortition::Draws` (r:1 w:1)
    /// Proof: `Sortition::Draws` (`max_values`: None, `max_size`: Some(1108), added: 3583, mode: `MaxEncodedLen`)
    /// Storage: `Nodes::Nodes` (r:4 w:0)
    /// Proof: `Nodes::Nodes` (`max_values`: None, `max_size`: Some(824), added: 3299, mode: `MaxEncodedLen`)
    /// Storage: `Nodes::Appraisals` (r:1 w:1)
    /// Proof: `Nodes::Appraisals` (`max_values`: None, `max_size`: Some(644), added: 3119, mode: `MaxEncodedLen`)
    /// Storage: `Nodes::VotePeriod` (r:1 w:0)
    /// Proof: `Nodes::VotePeriod` (`max_values`: Some(1), `max_size`: Some(4), added: 499, mode: `MaxEncodedLen`)
    /// Storage: `Nodes::SeatsOf` (r:4 w:4)
    /// Proof: `Nodes::SeatsOf` (`max_values`: None, `max_size`: Some(562), added: 3037, mode: `MaxEncodedLen`)
    /// Storage: `Nodes::AppraisalsDue` (r:0 w:1)
    /// Proof: `Nodes::AppraisalsDue` (`max_values`: None, `max_size`: Some(28), added: 2503, mode: `MaxEncodedLen`)
    /// Storage: `Sortition::DueFrom` (r:0 w:1)
    /// Proof: `Sortition::DueFrom` (`max_values`: Some(1), `max_size`: Some(4), added: 499, mode: `MaxEncodedLen`)
    fn seat() -> Weight {
        // Minimum execution time: 89_895_000 picoseconds.
        Weight::from_parts(98_768_000, 0)
            .saturating_add(T::DbWeight::get().reads(12_u64))
            .saturating_add(T::DbWeight::get().writes(9_u64))
    }
}

/// The same with ParityDB, for tests' chains.
impl WeightInfo for () {
    fn claim() -> Weight {
        Weight::from_parts(348_784_000, 0)
            .saturating_add(ParityDbWeight::get().reads(6_u64))
            .saturating_add(ParityDbWeight::get().writes(1_u64))
    }
    fn claim_seat() -> Weight {
        Weight::from_parts(388_573_000, 0)
            .saturating_add(ParityDbWeight::get().reads(12_u64))
            .saturating_add(ParityDbWeight::get().writes(1_u64))
    }
    fn refuse() -> Weight {
        Weight::from_parts(43_516_000, 0)
            .saturating_add(ParityDbWeight::get().reads(6_u64))
    }
    fn verify_lot() -> Weight {
        Weight::from_parts(278_328_000, 0)
    }
    fn verify_signature() -> Weight {
        Weight::from_parts(41_522_000, 0)
    }
    fn seed(n: u32, ) -> Weight {
        Weight::from_parts(101_466_400, 0)
            .saturating_add(Weight::from_parts(19_715_600, 0).saturating_mul(n.into()))
            .saturating_add(ParityDbWeight::get().reads(3_u64))
            .saturating_add(ParityDbWeight::get().reads((2_u64).saturating_mul(n.into())))
            .saturating_add(ParityDbWeight::get().writes(1_u64))
            .saturating_add(ParityDbWeight::get().writes((3_u64).saturating_mul(n.into())))
    }
    fn fail() -> Weight {
        Weight::from_parts(124_487_000, 0)
            .saturating_add(ParityDbWeight::get().reads(9_u64))
            .saturating_add(ParityDbWeight::get().writes(8_u64))
    }
    fn end(n: u32, ) -> Weight {
        Weight::from_parts(14_786_285, 0)
            .saturating_add(Weight::from_parts(18_663_714, 0).saturating_mul(n.into()))
            .saturating_add(ParityDbWeight::get().reads(1_u64))
            .saturating_add(ParityDbWeight::get().reads((2_u64).saturating_mul(n.into())))
            .saturating_add(ParityDbWeight::get().writes(1_u64))
            .saturating_add(ParityDbWeight::get().writes((2_u64).saturating_mul(n.into())))
    }
    fn seat() -> Weight {
        Weight::from_parts(98_768_000, 0)
            .saturating_add(ParityDbWeight::get().reads(12_u64))
            .saturating_add(ParityDbWeight::get().writes(9_u64))
    }
}
