import { parentPort, workerData } from 'node:worker_threads';
import { start } from '@polkadot-api/smoldot';

/** Asks smoldot for the genesis hash of a chain spec. In a thread of its own, to be ended: smoldot leaves timers of a minute behind. */
const smoldot = start({ forbidTcp: true, forbidWs: true, forbidNonLocalWs: true, forbidWss: true, forbidWebRtc: true, logCallback: () => {} });
const chain = await smoldot.addChain({ chainSpec: workerData as string });
chain.sendJsonRpc(JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'chainSpec_v1_genesisHash', params: [] }));
const { result } = JSON.parse(await chain.nextJsonRpcResponse()) as { result: string };
if (parentPort !== null) {
  const port = parentPort;
  port.postMessage(result);
}
