export { exportChain } from './history/export-chain.ts';
export { importChain, type ImportedChain } from './history/import-chain.ts';
export { rawGenesis, type RawGenesis } from './raw-genesis.ts';
export { startChain } from './start-chain.ts';
export { connectWebSocketChain, type WebSocketChain, type WebSocketChainOptions } from './websocket-chain.ts';
export type { Chain, ChainStatus, ExportedBlock, StartChainOptions } from './chain-api.ts';
