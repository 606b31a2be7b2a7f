import { tea } from '@polkadot-api/descriptors';
import {
  createClient,
  InvalidTxError,
  type PolkadotClient,
  type PolkadotSigner,
  type Transaction,
  type TxFinalizedPayload,
  type TypedApi,
} from 'polkadot-api';
import type { JsonRpcProvider } from '@polkadot-api/json-rpc-provider';
import { fromHex, toHex } from '../bytes.ts';
import { untilAborted } from '../cancellation.ts';
import { equalBytes } from '../cbor.ts';
import { isTeaError, TeaError } from '../errors.ts';
import { ScaleReader } from '../layer1/scale.ts';
import type { FinalisedBlock } from './proven-blocks.ts';
import { type Belief, openProvenState, type ProvenState } from './proven-state.ts';

export type TeaApi = TypedApi<typeof tea>;

/**
 * Layer 1 as a TEE or a client sees it: typed calls and queries, and one way to submit. What `api` and `client` read is the host's word; what anybody
 * acts on is read from `state` (`readErrand`, `readContent`, `readNode`), which checks it.
 */
export type Ledger = AsyncDisposable & {
  readonly client: PolkadotClient;
  readonly api: TeaApi;
  readonly state: ProvenState;
  /** Genesis hash, 32 bytes. */
  readonly genesis: Uint8Array;
  /** Number of the last finalised block heard of. */
  blockNumber(): number;
  /**
   * Signs, submits and waits until the extrinsic is in a finalised block. Calls of one ledger and signer go one after the other, so that nonces fit.
   * @throws TeaError `chain` with the pallet's own error name when the runtime refused it; `timeout` | `unavailable`
   */
  submit(transaction: Transaction, signer: PolkadotSigner, options?: { readonly signal?: AbortSignal }): Promise<TxFinalizedPayload>;
  /**
   * Reads at every finalised block, from the present one on, until `done`.
   * @throws TeaError `timeout` after `deadlineMs` (default 60,000), `cancelled`
   */
  waitFor<T>(
    what: string,
    read: () => Promise<T>,
    done: (value: T) => boolean,
    options?: { readonly signal?: AbortSignal; readonly deadlineMs?: number },
  ): Promise<T>;
};

const SUBMIT_DEADLINE_MS = 60_000;

export type LedgerOptions = {
  /** Default 15,000. */
  readonly deadlineMs?: number;
  /** The chain to expect, 32 bytes; without it, which chain this is is the host's word. */
  readonly genesis?: Uint8Array;
  /** Who may seal blocks, for a chain whose genesis state is no longer to be had. */
  readonly authorities?: readonly Uint8Array[];
  /** Ends whatever waits for an answer of this ledger: a chain that is gone for good gives none. */
  readonly signal?: AbortSignal;
  /** Default `proof`: what the chain can't prove is refused. */
  readonly belief?: Belief;
};

/** @throws TeaError `timeout` when the chain says nothing within `deadlineMs`, `refused` when it is not the chain to expect */
export async function openLedger(provider: JsonRpcProvider, options: LedgerOptions = {}): Promise<Ledger> {
  // Ours, not the host's: metadata says which bytes a call is, and whoever chooses it chooses what gets signed. After a runtime upgrade our
  // extrinsics name the version they were made for, and are refused.
  const client = createClient(provider, { getMetadata: ownMetadata });
  const { deadlineMs = 15_000, signal: end } = options;
  const ends = end === undefined ? [] : [end];
  const answer = <T>(promise: Promise<T>): Promise<T> => orTimeout(untilAborted(promise, ends), deadlineMs, 'The chain does not answer');
  const { genesisHash } = await answer(client.getChainSpecData()).catch((error: unknown) => {
    client.destroy();
    throw error;
  });
  const genesis = fromHex(genesisHash, 32);
  const { belief = 'proof', authorities } = options;
  const blockOf = ({ number, hash }: { readonly number: number; readonly hash: string }): FinalisedBlock => ({ number, hash: fromHex(hash, 32) });
  let head = blockOf(await answer(client.getFinalizedBlock()));
  if (options.genesis !== undefined && !equalBytes(genesis, options.genesis)) {
    client.destroy();
    throw new TeaError('refused', 'This is another chain', { expected: toHex(options.genesis), actual: toHex(genesis) });
  }
  const subscription = client.finalizedBlock$.subscribe({ next: (block) => (head = blockOf(block)), error: () => undefined });
  const queues = new Map<string, Promise<unknown>>();

  return {
    client,
    api: client.getTypedApi(tea),
    state: openProvenState({
      ask: (method, params) => untilAborted(client._request(method, [...params]), ends),
      head: () => head,
      genesis,
      genesisPinned: options.genesis !== undefined,
      ...(authorities && { authorities }),
      belief,
    }),
    genesis,
    blockNumber: () => head.number,
    submit(transaction, signer, { signal } = {}) {
      const account = signer.publicKey.toHex();
      const before = queues.get(account) ?? Promise.resolve();
      const stops = signal === undefined ? ends : [signal, ...ends];
      const turn = before.then(() => submitNow(transaction, signer, stops.length === 0 ? undefined : AbortSignal.any(stops)));
      queues.set(
        account,
        turn.catch(() => undefined),
      );
      return turn;
    },
    waitFor: (what, read, done, { signal, deadlineMs = 60_000 } = {}) => {
      const deadline = AbortSignal.timeout(deadlineMs);
      return readAtEveryBlock(client, read, done, AbortSignal.any([deadline, ...(signal === undefined ? [] : [signal])])).catch((cause: unknown) => {
        if (signal?.aborted) throw new TeaError('cancelled', `Waiting for ${what} was cancelled`, { cause });
        if (deadline.aborted)
          throw new TeaError('timeout', `${what} did not come`, { expected: `within ${deadlineMs} ms`, actual: 'nothing until then', cause });
        throw cause;
      });
    },
    [Symbol.asyncDispose]: async () => {
      subscription.unsubscribe();
      client.destroy();
    },
  };
}

/** The runtime wraps it in a SCALE vector (`OpaqueMetadata`); polkadot-api wants what is inside, in a buffer of its own. */
async function ownMetadata(): Promise<Uint8Array> {
  return new ScaleReader(await tea.getMetadata(), 'metadata').vector().slice();
}

async function submitNow(transaction: Transaction, signer: PolkadotSigner, signal: AbortSignal | undefined): Promise<TxFinalizedPayload> {
  signal?.throwIfAborted();
  const call = `${transaction.decodedCall.type}.${transaction.decodedCall.value.type}`;
  const outcome = await orTimeout(untilFinal(transaction, signer, signal), SUBMIT_DEADLINE_MS, `${call} did not get into a block`).catch(
    (cause: unknown) => {
      if (isTeaError(cause)) throw cause;
      const actual = cause instanceof InvalidTxError ? JSON.stringify(cause.error) : cause instanceof Error ? cause.message : String(cause);
      throw new TeaError('chain', `${call} was not taken into a block`, { expected: 'a valid extrinsic', actual, cause });
    },
  );
  if (outcome.ok) return outcome;
  throw new TeaError('chain', `${call} was refused by layer 1`, {
    expected: 'the call to be allowed now',
    actual: dispatchErrorName(outcome.dispatchError),
  });
}

/** Ends its watch when it's aborted: a client that is destroyed in the middle of one throws where nobody catches it. */
function untilFinal(transaction: Transaction, signer: PolkadotSigner, signal: AbortSignal | undefined): Promise<TxFinalizedPayload> {
  return new Promise<TxFinalizedPayload>((resolve, reject) => {
    const watch = transaction.signSubmitAndWatch(signer).subscribe({
      next: (event) => {
        if (event.type !== 'finalized') return;
        signal?.removeEventListener('abort', stop);
        resolve(event);
      },
      error: (error: Error) => {
        signal?.removeEventListener('abort', stop);
        reject(error);
      },
    });
    function stop(): void {
      reject(signal?.reason as Error);
      watch.unsubscribe();
    }
    signal?.addEventListener('abort', stop, { once: true });
  });
}

/** `Module · Errands · NotOwner` reads as `Errands.NotOwner`, anything else by its names in order. */
function dispatchErrorName(error: unknown): string {
  const names: string[] = [];
  for (let node = error; typeof node === 'object' && node !== null && 'type' in node; node = 'value' in node ? node.value : undefined)
    names.push(String(node.type));
  return (names[0] === 'Module' ? names.slice(1) : names).join('.');
}

function readAtEveryBlock<T>(client: PolkadotClient, read: () => Promise<T>, done: (value: T) => boolean, signal: AbortSignal): Promise<T> {
  return new Promise<T>((resolve, reject) => {
    let reading = false;
    let again = false;
    let subscription: { unsubscribe(): void } | undefined;
    const finish = (settle: () => void): void => {
      subscription?.unsubscribe();
      signal.removeEventListener('abort', onAbort);
      settle();
    };
    const onAbort = (): void => finish(() => reject(signal.reason as Error));
    const look = async (): Promise<void> => {
      if (reading) return void (again = true);
      reading = true;
      try {
        do {
          again = false;
          const value = await read();
          if (done(value)) return finish(() => resolve(value));
        } while (again);
      } catch (error) {
        finish(() => reject(error));
      } finally {
        reading = false;
      }
    };
    subscription = client.finalizedBlock$.subscribe({ next: () => void look(), error: (error: Error) => finish(() => reject(error)) });
    signal.addEventListener('abort', onAbort, { once: true });
    if (signal.aborted) onAbort();
  });
}

async function orTimeout<T>(promise: Promise<T>, deadlineMs: number, summary: string): Promise<T> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(
      () => reject(new TeaError('timeout', summary, { expected: `within ${deadlineMs} ms`, actual: 'nothing until then' })),
      deadlineMs,
    );
  });
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
}
