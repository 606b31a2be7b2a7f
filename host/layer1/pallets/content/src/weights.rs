//! What the calls of `tea_content` weigh, as measured. **Generated**; change `benchmarking.rs` and run `node host/layer1/weigh.ts`.
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
//! `--pallet=tea_content`
//! `--extrinsic=*`
//! `--steps=20`
//! `--repeat=10`
//! `--min-duration=1`
//! `--wasm-execution=compiled`
//! `--no-storage-info`
//! `--template=bencher/weights.hbs`
//! `--output=pallets/content/src/weights.rs`

#![cfg_attr(rustfmt, rustfmt_skip)]
#![allow(unused_parens, clippy::all)]

use core::marker::PhantomData;
use polkadot_sdk::{
    frame_support::{traits::Get, weights::{constants::ParityDbWeight, Weight}},
    frame_system,
};

/// What `tea_content` asks for.
pub trait WeightInfo {
    fn publish() -> Weight;
    fn withdraw() -> Weight;
}

/// Measured, with the database of the chain.
pub struct Measured<T>(PhantomData<T>);

impl<T: frame_system::Config> WeightInfo for Measured<T> {
    /// Storage: `Content::LastId` (r:1 w:1)
    /// Proof: `Content::LastId` (`max_values`: Some(1), `max_size`: Some(8), added: 503, mode: `MaxEncodedLen`)
    /// Storage: `Content::Entries` (r:0 w:1)
    /// Proof: `Content::Entries` (`max_values`: None, `max_size`: Some(177), added: 2652, mode: `MaxEncodedLen`)
    fn publish() -> Weight {
        // Minimum execution time: 12_188_000 picoseconds.
        Weight::from_parts(12_819_000, 0)
            .saturating_add(T::DbWeight::get().reads(1_u64))
            .saturating_add(T::DbWeight::get().writes(2_u64))
    }
    /// Storage: `Content::Entries` (r:1 w:1)
    /// Proof: `Content::Entries` (`max_values`: None, `max_size`: Some(177), added: 2652, mode: `MaxEncodedLen`)
    fn withdraw() -> Weight {
        // Minimum execution time: 12_489_000 picoseconds.
        Weight::from_parts(13_260_000, 0)
            .saturating_add(T::DbWeight::get().reads(1_u64))
            .saturating_add(T::DbWeight::get().writes(1_u64))
    }
}

/// The same with ParityDB, for tests' chains.
impl WeightInfo for () {
    fn publish() -> Weight {
        Weight::from_parts(12_819_000, 0)
            .saturating_add(ParityDbWeight::get().reads(1_u64))
            .saturating_add(ParityDbWeight::get().writes(2_u64))
    }
    fn withdraw() -> Weight {
        Weight::from_parts(13_260_000, 0)
            .saturating_add(ParityDbWeight::get().reads(1_u64))
            .saturating_add(ParityDbWeight::get().writes(1_u64))
    }
}
