export { startChain } from './start-chain.ts';
export type { Chain, ChainStatus, ExportedBlock, StartChainOptions } from './chain-api.ts';
