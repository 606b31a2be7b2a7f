import type { Chain, StartChainOptions } from './chain-api.ts';
export declare function startChain(options: StartChainOptions): Promise<Chain>;
