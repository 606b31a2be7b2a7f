//! JSON-RPC beyond what the SDK's service answers by itself.

use std::sync::Arc;

use jsonrpsee::RpcModule;
use polkadot_sdk::{
    sc_consensus_grandpa::{FinalityProofProvider, GrandpaJustificationStream, SharedAuthoritySet, SharedVoterState},
    sc_consensus_grandpa_rpc::{Grandpa, GrandpaApiServer},
    sc_rpc::SubscriptionTaskExecutor,
    sc_service,
    substrate_frame_rpc_system::{System, SystemApiServer},
};

use crate::{
    interface::{Block, Hash},
    service::{Backend, Client, Pool},
};

/// What answers about GRANDPA, among it the proofs of finality that proof files carry.
#[derive(Clone)]
pub struct Finality {
    pub authorities: SharedAuthoritySet<Hash, u32>,
    pub voter: SharedVoterState,
    pub justifications: GrandpaJustificationStream<Block>,
    pub proofs: Arc<FinalityProofProvider<Backend, Block>>,
}

/// `system_accountNextIndex` and `grandpa_*`.
pub fn methods(
    client: Arc<Client>,
    pool: Arc<Pool>,
    finality: Finality,
    executor: SubscriptionTaskExecutor,
) -> Result<RpcModule<()>, sc_service::Error> {
    let Finality { authorities, voter, justifications, proofs } = finality;
    let mut methods = RpcModule::new(());
    let merged = methods
        .merge(System::new(client, pool).into_rpc())
        .and_then(|()| methods.merge(Grandpa::new(executor, authorities, voter, justifications, proofs).into_rpc()));
    merged.map_err(|error| sc_service::Error::Application(error.into()))?;
    Ok(methods)
}
