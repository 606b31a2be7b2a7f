import { readFile } from 'node:fs/promises';
import { parentPort, workerData } from 'node:worker_threads';
import { waitReady } from '@polkadot/wasm-crypto';
import { isTeaError, TeaError } from '@tea/protocol';
import { Author } from './authoring/author.ts';
import { Blockchain } from './blockchain.ts';
import { CallClock } from './call-clock.ts';
import { loadHashing } from './hashing.ts';
import { RpcSession } from './rpc/session.ts';
import { LOG_ERROR, LOG_WARN } from './runtime/host/context.ts';
import type { FromWorker, ToWorker, WireFailure, WorkerSettings } from './worker-messages.ts';

/** The thread in which the runtime executes: chain, author and JSON-RPC sessions, spoken to by messages alone. */

async function main(port: NonNullable<typeof parentPort>, settings: WorkerSettings): Promise<void> {
  const tell = (message: FromWorker): void => port.postMessage(message);
  const [hashing] = await Promise.all([loadHashing(), waitReady()]);
  const chain = await Blockchain.open({
    dataDir: settings.dataDir,
    preset: settings.preset,
    readRuntime: () => readRuntime(settings.runtimeWasm),
    executor: { hashing, log: writeLog, watch: new CallClock(settings.callClock) },
  });
  chain.once('failed', (error) => tell({ kind: 'failed', error: toWire(error) }));
  chain.on('refused', ({ summary, actual }) => writeLog(LOG_ERROR, 'chain', `an upgrade is in no block: ${summary} (${actual ?? 'no code'})`));
  const author = new Author({ ...settings, chain, now: Date.now });
  const sessions = new Map<number, RpcSession>();
  const context = { chain, author, chainName: settings.chainName };

  const receive = async (message: ToWorker): Promise<void> => {
    switch (message.kind) {
      case 'open':
        return void sessions.set(message.session, new RpcSession(context, (frame) => tell({ kind: 'frame', session: message.session, frame })));
      case 'frame':
        return sessions.get(message.session)?.receive(message.frame);
      case 'close':
        sessions.get(message.session)?.close();
        return void sessions.delete(message.session);
      case 'block': {
        const record = message.number <= chain.finalised.header.number ? chain.record(message.number) : null;
        const block = record && {
          number: message.number,
          hash: `0x${hashing.blake2b256(record.header).toHex()}`,
          header: record.header,
          extrinsics: record.extrinsics,
        };
        return tell({ kind: 'block', question: message.question, block });
      }
      case 'status': {
        const { best, finalised, genesisHash } = chain;
        const { specName, specVersion } = best.runtime.version;
        const at = ({ header, hash }: typeof best) => ({ number: header.number, hash });
        const counts = { pooled: author.pool.size, sessions: sessions.size };
        return tell({
          kind: 'status',
          question: message.question,
          status: { chainName: settings.chainName, genesisHash, best: at(best), finalised: at(finalised), specName, specVersion, ...counts },
        });
      }
      case 'end':
        for (const session of sessions.values()) session.close();
        author[Symbol.dispose]();
        await chain[Symbol.asyncDispose]();
        port.close();
    }
  };
  port.on('message', (message: ToWorker) => void receive(message).catch((error: unknown) => tell({ kind: 'failed', error: toWire(error) })));
  tell({ kind: 'started', genesisHash: chain.genesisHash });
}

async function readRuntime(source: Uint8Array | string): Promise<Uint8Array> {
  if (typeof source !== 'string') return source;
  try {
    return new Uint8Array(await readFile(source));
  } catch (cause) {
    throw new TeaError('notFound', 'The runtime could not be read', { expected: 'a wasm file', actual: source, cause });
  }
}

/** What the runtime itself warns of. */
function writeLog(level: number, target: string, message: string): void {
  if (level <= LOG_WARN) process.stderr.write(`layer1 ${level === LOG_ERROR ? 'error' : 'warning'} ${target}: ${message}\n`);
}

function toWire(error: unknown): WireFailure {
  const { code, summary, expected, actual, next } = isTeaError(error)
    ? error
    : new TeaError('internal', 'The chain failed', { actual: String(error) });
  return { code, summary, ...(expected !== undefined && { expected }), ...(actual !== undefined && { actual }), ...(next !== undefined && { next }) };
}

if (parentPort !== null) {
  const port = parentPort;
  main(port, workerData as WorkerSettings).catch((error: unknown) => port.postMessage({ kind: 'failed', error: toWire(error) } satisfies FromWorker));
}
