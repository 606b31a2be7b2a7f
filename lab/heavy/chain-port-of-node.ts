import { chainPortContract } from '../../host/layer1/chain/chain-port.contract.ts';
import { connectWebSocketChain } from '@tea/layer1-chain';

/** The contract of `ChainPort` against a running node: `TEA_NODE_URL=ws://… node --test lab/heavy/chain-port-of-node.ts`. */
const url = process.env['TEA_NODE_URL'] ?? 'ws://127.0.0.1:9944';

chainPortContract(`the node at ${url}`, async () => {
  const chain = await connectWebSocketChain({ url });
  return { chain, [Symbol.asyncDispose]: () => chain[Symbol.asyncDispose]() };
});
