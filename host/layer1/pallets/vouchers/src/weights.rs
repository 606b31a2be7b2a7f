//! What the calls of `tea_vouchers` weigh, as measured. **Generated**; change `benchmarking.rs` and run `node host/layer1/weigh.ts`.
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
//! `--pallet=tea_vouchers`
//! `--extrinsic=*`
//! `--steps=20`
//! `--repeat=10`
//! `--min-duration=1`
//! `--wasm-execution=compiled`
//! `--no-storage-info`
//! `--template=bencher/weights.hbs`
//! `--output=pallets/vouchers/src/weights.rs`

#![cfg_attr(rustfmt, rustfmt_skip)]
#![allow(unused_parens, clippy::all)]

use core::marker::PhantomData;
use polkadot_sdk::{
    frame_support::{traits::Get, weights::{constants::ParityDbWeight, Weight}},
    frame_system,
};

/// What `tea_vouchers` asks for.
pub trait WeightInfo {
    fn open() -> Weight;
    fn top_up() -> Weight;
    fn redeem() -> Weight;
    fn close_by_depositor() -> Weight;
    fn close_by_payee() -> Weight;
    fn end_channels(n: u32, ) -> Weight;
}

/// Measured, with the database of the chain.
pub struct Measured<T>(PhantomData<T>);

impl<T: frame_system::Config> WeightInfo for Measured<T> {
    /// Storage: `Nodes::Nodes` (r:1 w:0)
    /// Proof: `Nodes::Nodes` (`max_values`: None, `max_size`: Some(824), added: 3299, mode: `MaxEncodedLen`)
    /// Storage: `Vouchers::LastId` (r:1 w:1)
    /// Proof: `Vouchers::LastId` (`max_values`: Some(1), `max_size`: Some(8), added: 503, mode: `MaxEncodedLen`)
    /// Storage: `System::Account` (r:1 w:1)
    /// Proof: `System::Account` (`max_values`: None, `max_size`: Some(128), added: 2603, mode: `MaxEncodedLen`)
    /// Storage: `Balances::Holds` (r:1 w:1)
    /// Proof: `Balances::Holds` (`max_values`: None, `max_size`: Some(121), added: 2596, mode: `MaxEncodedLen`)
    /// Storage: `Vouchers::Ends` (r:0 w:1)
    /// Proof: `Vouchers::Ends` (`max_values`: None, `max_size`: Some(28), added: 2503, mode: `MaxEncodedLen`)
    /// Storage: `Vouchers::Channels` (r:0 w:1)
    /// Proof: `Vouchers::Channels` (`max_values`: None, `max_size`: Some(149), added: 2624, mode: `MaxEncodedLen`)
    fn open() -> Weight {
        // Minimum execution time: 78_187_000 picoseconds.
        Weight::from_parts(82_223_000, 0)
            .saturating_add(T::DbWeight::get().reads(4_u64))
            .saturating_add(T::DbWeight::get().writes(5_u64))
    }
    /// Storage: `Vouchers::LastId` (r:1 w:0)
    /// Proof: `Vouchers::LastId` (`max_values`: Some(1), `max_size`: Some(8), added: 503, mode: `MaxEncodedLen`)
    /// Storage: `Vouchers::Channels` (r:1 w:1)
    /// Proof: `Vouchers::Channels` (`max_values`: None, `max_size`: Some(149), added: 2624, mode: `MaxEncodedLen`)
    /// Storage: `System::Account` (r:1 w:1)
    /// Proof: `System::Account` (`max_values`: None, `max_size`: Some(128), added: 2603, mode: `MaxEncodedLen`)
    /// Storage: `Balances::Holds` (r:1 w:1)
    /// Proof: `Balances::Holds` (`max_values`: None, `max_size`: Some(121), added: 2596, mode: `MaxEncodedLen`)
    fn top_up() -> Weight {
        // Minimum execution time: 75_353_000 picoseconds.
        Weight::from_parts(77_686_000, 0)
            .saturating_add(T::DbWeight::get().reads(4_u64))
            .saturating_add(T::DbWeight::get().writes(3_u64))
    }
    /// Storage: `Vouchers::LastId` (r:1 w:0)
    /// Proof: `Vouchers::LastId` (`max_values`: Some(1), `max_size`: Some(8), added: 503, mode: `MaxEncodedLen`)
    /// Storage: `Vouchers::Channels` (r:1 w:1)
    /// Proof: `Vouchers::Channels` (`max_values`: None, `max_size`: Some(149), added: 2624, mode: `MaxEncodedLen`)
    /// Storage: `System::BlockHash` (r:1 w:0)
    /// Proof: `System::BlockHash` (`max_values`: None, `max_size`: Some(44), added: 2519, mode: `MaxEncodedLen`)
    /// Storage: `Balances::Holds` (r:1 w:1)
    /// Proof: `Balances::Holds` (`max_values`: None, `max_size`: Some(121), added: 2596, mode: `MaxEncodedLen`)
    /// Storage: `System::Account` (r:2 w:2)
    /// Proof: `System::Account` (`max_values`: None, `max_size`: Some(128), added: 2603, mode: `MaxEncodedLen`)
    fn redeem() -> Weight {
        // Minimum execution time: 113_160_000 picoseconds.
        Weight::from_parts(117_526_000, 0)
            .saturating_add(T::DbWeight::get().reads(6_u64))
            .saturating_add(T::DbWeight::get().writes(4_u64))
    }
    /// Storage: `Vouchers::LastId` (r:1 w:0)
    /// Proof: `Vouchers::LastId` (`max_values`: Some(1), `max_size`: Some(8), added: 503, mode: `MaxEncodedLen`)
    /// Storage: `Vouchers::Channels` (r:1 w:1)
    /// Proof: `Vouchers::Channels` (`max_values`: None, `max_size`: Some(149), added: 2624, mode: `MaxEncodedLen`)
    /// Storage: `Vouchers::Ends` (r:0 w:2)
    /// Proof: `Vouchers::Ends` (`max_values`: None, `max_size`: Some(28), added: 2503, mode: `MaxEncodedLen`)
    fn close_by_depositor() -> Weight {
        // Minimum execution time: 21_423_000 picoseconds.
        Weight::from_parts(22_965_000, 0)
            .saturating_add(T::DbWeight::get().reads(2_u64))
            .saturating_add(T::DbWeight::get().writes(3_u64))
    }
    /// Storage: `Vouchers::LastId` (r:1 w:0)
    /// Proof: `Vouchers::LastId` (`max_values`: Some(1), `max_size`: Some(8), added: 503, mode: `MaxEncodedLen`)
    /// Storage: `Vouchers::Channels` (r:1 w:1)
    /// Proof: `Vouchers::Channels` (`max_values`: None, `max_size`: Some(149), added: 2624, mode: `MaxEncodedLen`)
    /// Storage: `System::Account` (r:1 w:1)
    /// Proof: `System::Account` (`max_values`: None, `max_size`: Some(128), added: 2603, mode: `MaxEncodedLen`)
    /// Storage: `Balances::Holds` (r:1 w:1)
    /// Proof: `Balances::Holds` (`max_values`: None, `max_size`: Some(121), added: 2596, mode: `MaxEncodedLen`)
    /// Storage: `Vouchers::Ends` (r:0 w:1)
    /// Proof: `Vouchers::Ends` (`max_values`: None, `max_size`: Some(28), added: 2503, mode: `MaxEncodedLen`)
    fn close_by_payee() -> Weight {
        // Minimum execution time: 65_889_000 picoseconds.
        Weight::from_parts(68_413_000, 0)
            .saturating_add(T::DbWeight::get().reads(4_u64))
            .saturating_add(T::DbWeight::get().writes(4_u64))
    }
    /// Storage: `Vouchers::EndsFrom` (r:1 w:1)
    /// Proof: `Vouchers::EndsFrom` (`max_values`: Some(1), `max_size`: Some(4), added: 499, mode: `MaxEncodedLen`)
    /// Storage: `Vouchers::Ends` (r:50 w:50)
    /// Proof: `Vouchers::Ends` (`max_values`: None, `max_size`: Some(28), added: 2503, mode: `MaxEncodedLen`)
    /// Storage: `Vouchers::Channels` (r:50 w:50)
    /// Proof: `Vouchers::Channels` (`max_values`: None, `max_size`: Some(149), added: 2624, mode: `MaxEncodedLen`)
    /// Storage: `System::Account` (r:50 w:50)
    /// Proof: `System::Account` (`max_values`: None, `max_size`: Some(128), added: 2603, mode: `MaxEncodedLen`)
    /// Storage: `Balances::Holds` (r:50 w:50)
    /// Proof: `Balances::Holds` (`max_values`: None, `max_size`: Some(121), added: 2596, mode: `MaxEncodedLen`)
    /// The range of component `n` is `[0, 50]`.
    fn end_channels(n: u32, ) -> Weight {
        // Minimum execution time: 9_054_000 picoseconds.
        Weight::from_parts(9_154_000, 0)
            // Standard Error: 4_649_653
            .saturating_add(Weight::from_parts(93_287_843, 0).saturating_mul(n.into()))
            .saturating_add(T::DbWeight::get().reads(2_u64))
            .saturating_add(T::DbWeight::get().reads((4_u64).saturating_mul(n.into())))
            .saturating_add(T::DbWeight::get().writes(1_u64))
            .saturating_add(T::DbWeight::get().writes((4_u64).saturating_mul(n.into())))
    }
}

/// The same with ParityDB, for tests' chains.
impl WeightInfo for () {
    fn open() -> Weight {
        Weight::from_parts(82_223_000, 0)
            .saturating_add(ParityDbWeight::get().reads(4_u64))
            .saturating_add(ParityDbWeight::get().writes(5_u64))
    }
    fn top_up() -> Weight {
        Weight::from_parts(77_686_000, 0)
            .saturating_add(ParityDbWeight::get().reads(4_u64))
            .saturating_add(ParityDbWeight::get().writes(3_u64))
    }
    fn redeem() -> Weight {
        Weight::from_parts(117_526_000, 0)
            .saturating_add(ParityDbWeight::get().reads(6_u64))
            .saturating_add(ParityDbWeight::get().writes(4_u64))
    }
    fn close_by_depositor() -> Weight {
        Weight::from_parts(22_965_000, 0)
            .saturating_add(ParityDbWeight::get().reads(2_u64))
            .saturating_add(ParityDbWeight::get().writes(3_u64))
    }
    fn close_by_payee() -> Weight {
        Weight::from_parts(68_413_000, 0)
            .saturating_add(ParityDbWeight::get().reads(4_u64))
            .saturating_add(ParityDbWeight::get().writes(4_u64))
    }
    fn end_channels(n: u32, ) -> Weight {
        Weight::from_parts(9_154_000, 0)
            .saturating_add(Weight::from_parts(93_287_843, 0).saturating_mul(n.into()))
            .saturating_add(ParityDbWeight::get().reads(2_u64))
            .saturating_add(ParityDbWeight::get().reads((4_u64).saturating_mul(n.into())))
            .saturating_add(ParityDbWeight::get().writes(1_u64))
            .saturating_add(ParityDbWeight::get().writes((4_u64).saturating_mul(n.into())))
    }
}
