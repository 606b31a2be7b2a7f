//! # A validator of a TEA network
//!
//! Aura makes blocks, GRANDPA makes them final, and the runtime (`../runtime`) comes with the chain spec, as WebAssembly: this
//! program links none of its rules, so a runtime upgrade needs no new node. Chain specs: `./tea chain node spec`.

// `impl_runtime_apis` expands to large recursions.
#![recursion_limit = "512"]

mod interface;
mod rpc;
mod service;

use clap::Parser;
use polkadot_sdk::{
    sc_cli::{self, KeySubcommand, RunCmd, SubstrateCli},
    sc_network::{config::NetworkBackendType, Litep2pNetworkBackend, NetworkWorker},
    sc_service::{ChainSpec, GenericChainSpec},
};

use interface::{Block, Hash};

/// Runs a node of the network whose chain spec is given with `--chain FILE`.
#[derive(Debug, Parser)]
struct Cli {
    #[command(subcommand)]
    keys: Option<Keys>,

    #[command(flatten)]
    run: RunCmd,
}

#[derive(Debug, clap::Subcommand)]
enum Keys {
    /// Makes a validator's keys and puts them into its keystore.
    #[command(subcommand)]
    Key(KeySubcommand),
}

impl SubstrateCli for Cli {
    fn impl_name() -> String {
        "TEA node".into()
    }

    fn impl_version() -> String {
        env!("CARGO_PKG_VERSION").into()
    }

    fn description() -> String {
        env!("CARGO_PKG_DESCRIPTION").into()
    }

    fn author() -> String {
        "the TEA project".into()
    }

    fn support_url() -> String {
        "host/layer1/node/README.md".into()
    }

    fn copyright_start_year() -> i32 {
        2026
    }

    fn load_spec(&self, path: &str) -> Result<Box<dyn ChainSpec>, String> {
        if path.is_empty() || path == "dev" {
            return Err("name a chain spec with --chain FILE; `./tea chain node spec PRESET` makes one".into());
        }
        Ok(Box::new(GenericChainSpec::<Option<()>>::from_json_file(path.into())?))
    }
}

fn main() -> sc_cli::Result<()> {
    let cli = Cli::from_args();
    if let Some(Keys::Key(command)) = &cli.keys {
        return command.run(&cli);
    }
    cli.create_runner(&cli.run)?.run_node_until_exit(|config| async move {
        match config.network.network_backend {
            NetworkBackendType::Libp2p => service::start::<NetworkWorker<Block, Hash>>(config),
            NetworkBackendType::Litep2p => service::start::<Litep2pNetworkBackend>(config),
        }
        .map_err(sc_cli::Error::Service)
    })
}
