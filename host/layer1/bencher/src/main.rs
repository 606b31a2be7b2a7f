//! The SDK's `benchmark pallet`, which takes a runtime and needs no chain. `../weigh.ts` says how it is called.

use clap::Parser;
use frame_benchmarking_cli::PalletCmd;
use sp_runtime::traits::BlakeTwo256;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    // No host functions beside the SDK's own: the embedded chain and the real node offer no others.
    PalletCmd::parse().run_with_spec::<BlakeTwo256, ()>(None)?;
    Ok(())
}
