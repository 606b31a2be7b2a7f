//! What the calls of `tea_releases` weigh, as measured. **Generated**; change `benchmarking.rs` and run `node host/layer1/weigh.ts`.
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
//! `--pallet=tea_releases`
//! `--extrinsic=*`
//! `--steps=20`
//! `--repeat=10`
//! `--min-duration=1`
//! `--wasm-execution=compiled`
//! `--no-storage-info`
//! `--template=bencher/weights.hbs`
//! `--output=pallets/releases/src/weights.rs`

#![cfg_attr(rustfmt, rustfmt_skip)]
#![allow(unused_parens, clippy::all)]

use core::marker::PhantomData;
use polkadot_sdk::{
    frame_support::{traits::Get, weights::{constants::ParityDbWeight, Weight}},
    frame_system,
};

/// What `tea_releases` asks for.
pub trait WeightInfo {
    fn accept() -> Weight;
    fn revoke() -> Weight;
}

/// Measured, with the database of the chain.
pub struct Measured<T>(PhantomData<T>);

impl<T: frame_system::Config> WeightInfo for Measured<T> {
    /// Storage: `Releases::Accepted` (r:1 w:1)
    /// Proof: `Releases::Accepted` (`max_values`: None, `max_size`: Some(136), added: 2611, mode: `MaxEncodedLen`)
    /// Storage: `Releases::Latest` (r:1 w:1)
    /// Proof: `Releases::Latest` (`max_values`: None, `max_size`: Some(49), added: 2524, mode: `MaxEncodedLen`)
    fn accept() -> Weight {
        // Minimum execution time: 20_210_000 picoseconds.
        Weight::from_parts(21_423_000, 0)
            .saturating_add(T::DbWeight::get().reads(2_u64))
            .saturating_add(T::DbWeight::get().writes(2_u64))
    }
    /// Storage: `Releases::Accepted` (r:1 w:1)
    /// Proof: `Releases::Accepted` (`max_values`: None, `max_size`: Some(136), added: 2611, mode: `MaxEncodedLen`)
    fn revoke() -> Weight {
        // Minimum execution time: 14_923_000 picoseconds.
        Weight::from_parts(15_634_000, 0)
            .saturating_add(T::DbWeight::get().reads(1_u64))
            .saturating_add(T::DbWeight::get().writes(1_u64))
    }
}

/// The same with ParityDB, for tests' chains.
impl WeightInfo for () {
    fn accept() -> Weight {
        Weight::from_parts(21_423_000, 0)
            .saturating_add(ParityDbWeight::get().reads(2_u64))
            .saturating_add(ParityDbWeight::get().writes(2_u64))
    }
    fn revoke() -> Weight {
        Weight::from_parts(15_634_000, 0)
            .saturating_add(ParityDbWeight::get().reads(1_u64))
            .saturating_add(ParityDbWeight::get().writes(1_u64))
    }
}
