import type { ImportedChain } from './history/import-chain.ts';
import type { RawGenesis, RawGenesisInput } from './raw-genesis.ts';

export { exportChain } from './history/export-chain.ts';
export { startChain } from './start-chain.ts';
export { connectWebSocketChain, type WebSocketChain, type WebSocketChainOptions } from './websocket-chain.ts';
export type { Chain, ChainStatus, ExportedBlock, StartChainOptions } from './chain-api.ts';
export type { ImportedChain, RawGenesis };

/**
 * These two execute the runtime in the caller's own thread. They are loaded when they are called: whoever starts a chain has all that in the chain's
 * thread already, and would pay 45 MB for it twice.
 */
export async function rawGenesis(input: RawGenesisInput): Promise<RawGenesis> {
  return (await import('./raw-genesis.ts')).rawGenesis(input);
}

export async function importChain(lines: AsyncIterable<string>, dataDir: string): Promise<ImportedChain> {
  return (await import('./history/import-chain.ts')).importChain(lines, dataDir);
}
