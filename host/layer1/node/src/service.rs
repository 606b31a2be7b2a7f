//! The parts of a node and how they hang together.

use std::{sync::Arc, time::Duration};

use polkadot_sdk::{
    sc_basic_authorship::ProposerFactory,
    sc_client_api::BlockBackend,
    sc_consensus::{DefaultImportQueue, LongestChain},
    sc_consensus_aura::{self, ImportQueueParams, SlotProportion, StartAuraParams},
    sc_consensus_grandpa::{
        self, FinalityProofProvider, GrandpaBlockImport, GrandpaParams, LinkHalf, SharedVoterState, VotingRulesBuilder,
    },
    sc_consensus_slots::BackoffAuthoringOnFinalizedHeadLagging,
    sc_executor::WasmExecutor,
    sc_network::{config::FullNetworkConfiguration, NetworkBackend},
    sc_service::{
        self, BuildNetworkParams, Configuration, Error, PartialComponents, SpawnTasksParams, TFullBackend, TFullClient,
        TaskManager, WarpSyncConfig,
    },
    sc_telemetry::{self, Telemetry, TelemetryWorker},
    sc_transaction_pool::{self, TransactionPoolHandle},
    sc_transaction_pool_api::OffchainTransactionPoolFactory,
    sp_consensus_aura::{
        inherents::InherentDataProvider as SlotInherent,
        sr25519::{AuthorityId as AuraId, AuthorityPair as AuraPair},
        SlotDuration,
    },
    sp_io::SubstrateHostFunctions,
    sp_timestamp::InherentDataProvider as TimeInherent,
};

use crate::{
    interface::{Block, Hash, RuntimeApi},
    rpc,
};

pub type Client = TFullClient<Block, RuntimeApi, WasmExecutor<SubstrateHostFunctions>>;
pub type Backend = TFullBackend<Block>;
pub type Pool = TransactionPoolHandle<Block, Client>;
type Longest = LongestChain<Backend, Block>;
type Import = GrandpaBlockImport<Backend, Block, Client, Longest>;
type Link = LinkHalf<Block, Client, Longest>;
type Parts =
    PartialComponents<Client, Backend, Longest, DefaultImportQueue<Block>, Pool, (Import, Link, Option<Telemetry>)>;

/// Every round's justification is kept with its block, so that a proof of finality can be had at once and needs few headers: about 130 bytes
/// a validator and round. A network of a hundred validators would rather keep fewer.
const JUSTIFICATION_PERIOD: u32 = 1;
const GOSSIP: Duration = Duration::from_millis(333);

/// What a block must say of its time.
fn inherents(slot: SlotDuration) -> (SlotInherent, TimeInherent) {
    let now = TimeInherent::from_system_time();
    (SlotInherent::from_timestamp_and_slot_duration(*now, slot), now)
}

fn telemetry(config: &Configuration) -> Result<Option<(TelemetryWorker, Telemetry)>, sc_telemetry::Error> {
    let Some(endpoints) = config.telemetry_endpoints.clone().filter(|endpoints| !endpoints.is_empty()) else {
        return Ok(None);
    };
    let worker = TelemetryWorker::new(16)?;
    let telemetry = worker.handle().new_telemetry(endpoints);
    Ok(Some((worker, telemetry)))
}

/// The chain itself: its database, its pool, and the rules by which blocks come into it.
fn parts(config: &Configuration) -> Result<Parts, Error> {
    let telemetry = telemetry(config)?;
    let handle = telemetry.as_ref().map(|(_, telemetry)| telemetry.handle());
    let executor = sc_service::new_wasm_executor(&config.executor);
    let (client, backend, keystore_container, task_manager) =
        sc_service::new_full_parts::<Block, RuntimeApi, _>(config, handle.clone(), executor, Vec::new())?;
    let client = Arc::new(client);
    let telemetry = telemetry.map(|(worker, telemetry)| {
        task_manager.spawn_handle().spawn("telemetry", None, worker.run());
        telemetry
    });

    let select_chain = LongestChain::new(backend.clone());
    let essential = task_manager.spawn_essential_handle();
    let pool = sc_transaction_pool::Builder::new(essential.clone(), client.clone(), config.role.is_authority().into())
        .with_options(config.transaction_pool.clone())
        .with_prometheus(config.prometheus_registry())
        .build();
    let (block_import, link) = sc_consensus_grandpa::block_import(
        client.clone(),
        JUSTIFICATION_PERIOD,
        &client,
        select_chain.clone(),
        handle.clone(),
    )?;

    let asked = client.clone();
    let import_queue = sc_consensus_aura::import_queue::<AuraPair, _, _, _, _, _>(ImportQueueParams {
        block_import: block_import.clone(),
        justification_import: Some(Box::new(block_import.clone())),
        client: client.clone(),
        create_inherent_data_providers: move |parent, ()| {
            let slot = sc_consensus_aura::standalone::slot_duration_at(&*asked, parent);
            async move { Ok(inherents(slot?)) }
        },
        spawner: &essential,
        registry: config.prometheus_registry(),
        check_for_equivocation: Default::default(),
        telemetry: handle,
        compatibility_mode: Default::default(),
    })?;

    Ok(PartialComponents {
        client,
        backend,
        task_manager,
        import_queue,
        keystore_container,
        select_chain,
        transaction_pool: Arc::new(pool),
        other: (block_import, link, telemetry),
    })
}

/// Starts a node over the network `N`: it syncs, answers JSON-RPC, and, with a validator's keys, makes and finalises blocks.
pub fn start<N: NetworkBackend<Block, Hash>>(config: Configuration) -> Result<TaskManager, Error> {
    let PartialComponents {
        client,
        backend,
        mut task_manager,
        import_queue,
        keystore_container,
        select_chain,
        transaction_pool,
        other: (block_import, link, mut telemetry),
    } = parts(&config)?;
    let handle = telemetry.as_ref().map(Telemetry::handle);
    let keystore = keystore_container.keystore();
    let (role, force_authoring) = (config.role, config.force_authoring);
    let (name, grandpa_runs) = (config.network.node_name.clone(), !config.disable_grandpa);
    let registry = config.prometheus_registry().cloned();

    let mut net_config = FullNetworkConfiguration::<Block, Hash, N>::new(&config.network, registry.clone());
    let metrics = N::register_notification_metrics(registry.as_ref());
    let genesis = client.block_hash(0)?.ok_or(Error::Other("the database holds no genesis block".into()))?;
    let protocol_name = sc_consensus_grandpa::protocol_standard_name(&genesis, &config.chain_spec);
    let (protocol, notification_service) = sc_consensus_grandpa::grandpa_peers_set_config::<_, N>(
        protocol_name.clone(),
        metrics.clone(),
        net_config.peer_store_handle(),
    );
    net_config.add_notification_protocol(protocol);
    let warp_proofs = sc_consensus_grandpa::warp_proof::NetworkProvider::new(
        backend.clone(),
        link.shared_authority_set().clone(),
        Vec::new(),
    );
    let (network, system_rpc_tx, tx_handler_controller, sync_service, _) =
        sc_service::build_network(BuildNetworkParams {
            config: &config,
            net_config,
            client: client.clone(),
            transaction_pool: transaction_pool.clone(),
            spawn_handle: task_manager.spawn_handle(),
            spawn_essential_handle: task_manager.spawn_essential_handle(),
            import_queue,
            block_announce_validator_builder: None,
            warp_sync_config: Some(WarpSyncConfig::WithProvider(Arc::new(warp_proofs))),
            block_relay: None,
            metrics,
            gap_sync_body_policy: None,
        })?;

    let shared_voter_state = SharedVoterState::empty();
    let finality = rpc::Finality {
        authorities: link.shared_authority_set().clone(),
        voter: shared_voter_state.clone(),
        justifications: link.justification_stream(),
        proofs: FinalityProofProvider::new_for_service(backend.clone(), Some(link.shared_authority_set().clone())),
    };
    let (rpc_client, rpc_pool) = (client.clone(), transaction_pool.clone());
    sc_service::spawn_tasks(SpawnTasksParams {
        config,
        client: client.clone(),
        backend,
        task_manager: &mut task_manager,
        keystore: keystore.clone(),
        transaction_pool: transaction_pool.clone(),
        rpc_builder: Box::new(move |executor| {
            rpc::methods(rpc_client.clone(), rpc_pool.clone(), finality.clone(), executor)
        }),
        network: network.clone(),
        system_rpc_tx,
        tx_handler_controller,
        sync_service: sync_service.clone(),
        telemetry: telemetry.as_mut(),
        tracing_execute_block: None,
    })?;

    if role.is_authority() {
        let slot_duration = sc_consensus_aura::slot_duration::<AuraId, _, _>(&*client)?;
        let proposer_factory = ProposerFactory::new(
            task_manager.spawn_handle(),
            client.clone(),
            transaction_pool.clone(),
            registry.as_ref(),
            handle.clone(),
        );
        let aura = sc_consensus_aura::start_aura::<AuraPair, _, _, _, _, _, _, _, _, _, _>(StartAuraParams {
            slot_duration,
            client,
            select_chain,
            block_import,
            proposer_factory,
            create_inherent_data_providers: move |_, ()| async move { Ok(inherents(slot_duration)) },
            force_authoring,
            backoff_authoring_blocks: Some(BackoffAuthoringOnFinalizedHeadLagging::default()),
            keystore: keystore.clone(),
            sync_oracle: sync_service.clone(),
            justification_sync_link: sync_service.clone(),
            block_proposal_slot_portion: SlotProportion::new(2.0 / 3.0),
            max_block_proposal_slot_portion: None,
            telemetry: handle.clone(),
            compatibility_mode: Default::default(),
        })?;
        task_manager.spawn_essential_handle().spawn_blocking("aura", Some("block-authoring"), aura);
    }

    if grandpa_runs {
        let voter = sc_consensus_grandpa::run_grandpa_voter(GrandpaParams {
            config: sc_consensus_grandpa::Config {
                gossip_duration: GOSSIP,
                justification_generation_period: JUSTIFICATION_PERIOD,
                name: Some(name),
                observer_enabled: false,
                keystore: role.is_authority().then_some(keystore),
                local_role: role,
                telemetry: handle.clone(),
                protocol_name,
            },
            link,
            network,
            sync: Arc::new(sync_service),
            notification_service,
            voting_rule: VotingRulesBuilder::default().build(),
            prometheus_registry: registry,
            shared_voter_state,
            telemetry: handle,
            offchain_tx_pool_factory: OffchainTransactionPoolFactory::new(transaction_pool),
        })?;
        task_manager.spawn_essential_handle().spawn_blocking("grandpa-voter", None, voter);
    }
    Ok(task_manager)
}
