import type { Block } from '../block.ts';
import type { Blockchain } from '../blockchain.ts';
import { hex } from './context.ts';
import { RpcError } from './json-rpc.ts';
import { answerStorageQueries, type StorageItem, type StorageQuery } from './storage-query.ts';

/** JSON-RPC error codes of chainHead_v1 (the JSON-RPC specification's `chainHead_v1_*` pages). */
const NOT_PINNED = -32801;
const NOT_WAITING = -32802;
const DUPLICATE_UNPIN = -32804;

const MAX_OPERATIONS = 64;
const MAX_PINNED = 1_024;
/** Of one event's items: frames stay far below what the bus takes. */
const MAX_EVENT_CHARACTERS = 256 * 1024;

export type OperationStarted = { readonly result: 'started'; readonly operationId: string } | { readonly result: 'limitReached' };

/**
 * One `chainHead_v1_follow` subscription: it hears of every block, and the blocks it heard of stay pinned, with their states, until it
 * unpins them. Too many pins end it with a `stop` event, as they would on a real node.
 */
export class Follow {
  readonly #chain: Blockchain;
  readonly #withRuntime: boolean;
  readonly #notify: (event: object) => void;
  readonly #stopped: () => void;
  readonly #pinned = new Map<string, Block>();
  /** Storage queries whose further items wait for `continue`. */
  readonly #waiting = new Map<string, Iterator<StorageItem>>();
  readonly #running = new Map<string, NodeJS.Immediate>();
  #operations = 0;

  constructor(chain: Blockchain, withRuntime: boolean, notify: (event: object) => void, stopped: () => void) {
    this.#chain = chain;
    this.#withRuntime = withRuntime;
    this.#notify = notify;
    this.#stopped = stopped;
  }

  /** To be called once the subscription's name was sent. */
  begin(): void {
    const { finalised, best } = this.#chain;
    this.#pinned.set(finalised.hash, finalised);
    this.#notify({
      event: 'initialized',
      finalizedBlockHashes: [finalised.hash],
      ...(this.#withRuntime && { finalizedBlockRuntime: runtimeOf(finalised) }),
    });
    let parent = finalised;
    for (let number = finalised.header.number + 1; number <= best.header.number; number++) {
      const block = this.#chain.blockAt(number);
      if (block === null) continue;
      this.#announce(block, parent);
      parent = block;
    }
    this.#notify({ event: 'bestBlockChanged', bestBlockHash: best.hash });
    this.#chain.on('best', this.#onBest);
    this.#chain.on('finalised', this.#onFinalised);
  }

  end(): void {
    this.#chain.off('best', this.#onBest);
    this.#chain.off('finalised', this.#onFinalised);
    for (const immediate of this.#running.values()) clearImmediate(immediate);
    this.#running.clear();
    this.#waiting.clear();
    this.#pinned.clear();
  }

  header(hash: string): string {
    return hex(this.#block(hash).encodedHeader);
  }

  body(hash: string): OperationStarted {
    const block = this.#block(hash);
    return this.#operation((operationId) => this.#notify({ event: 'operationBodyDone', operationId, value: block.extrinsics.map(hex) }));
  }

  call(hash: string, method: string, args: Uint8Array): OperationStarted {
    const block = this.#block(hash);
    return this.#operation((operationId) => {
      try {
        this.#notify({ event: 'operationCallDone', operationId, output: hex(this.#chain.call(block, method, args)) });
      } catch (error) {
        this.#notify({ event: 'operationError', operationId, error: error instanceof Error ? error.message : String(error) });
      }
    });
  }

  storage(hash: string, queries: readonly StorageQuery[]): OperationStarted & { readonly discardedItems?: number } {
    const items = answerStorageQueries(this.#block(hash).state, queries, this.#chain.hashing);
    const started = this.#operation((operationId) => this.#sendItems(operationId, items));
    return started.result === 'started' ? { ...started, discardedItems: 0 } : started;
  }

  continue(operationId: string): void {
    const items = this.#waiting.get(operationId);
    if (items === undefined) throw new RpcError(NOT_WAITING, 'no operation of that name waits');
    this.#waiting.delete(operationId);
    this.#sendItems(operationId, items);
  }

  stopOperation(operationId: string): void {
    this.#waiting.delete(operationId);
    const immediate = this.#running.get(operationId);
    if (immediate !== undefined) clearImmediate(immediate);
    this.#running.delete(operationId);
  }

  unpin(hashes: readonly string[]): void {
    if (new Set(hashes).size !== hashes.length) throw new RpcError(DUPLICATE_UNPIN, 'the same block twice');
    for (const hash of hashes) this.#block(hash);
    for (const hash of hashes) this.#pinned.delete(hash);
  }

  readonly #onBest = (block: Block): void => {
    const parent = this.#chain.blockAt(block.header.number - 1);
    this.#announce(block, parent ?? block);
    this.#notify({ event: 'bestBlockChanged', bestBlockHash: block.hash });
    if (this.#pinned.size > MAX_PINNED) {
      this.#notify({ event: 'stop' });
      this.#stopped();
    }
  };

  readonly #onFinalised = (blocks: readonly Block[]): void => {
    this.#notify({ event: 'finalized', finalizedBlockHashes: blocks.map((block) => block.hash), prunedBlockHashes: [] });
  };

  #announce(block: Block, parent: Block): void {
    this.#pinned.set(block.hash, block);
    this.#notify({
      event: 'newBlock',
      blockHash: block.hash,
      parentBlockHash: hex(block.header.parentHash),
      ...(this.#withRuntime && { newRuntime: block.runtime === parent.runtime ? null : runtimeOf(block) }),
    });
  }

  /** The answer that names the operation goes out first, its events after. */
  #operation(run: (operationId: string) => void): OperationStarted {
    if (this.#running.size + this.#waiting.size >= MAX_OPERATIONS) return { result: 'limitReached' };
    const operationId = String(this.#operations++);
    this.#running.set(
      operationId,
      setImmediate(() => {
        this.#running.delete(operationId);
        run(operationId);
      }),
    );
    return { result: 'started', operationId };
  }

  #sendItems(operationId: string, source: Iterator<StorageItem>): void {
    const items: StorageItem[] = [];
    let characters = 0;
    for (let next = source.next(); !next.done; next = source.next()) {
      items.push(next.value);
      characters += next.value.key.length + (next.value.value?.length ?? 0) + 100;
      if (characters < MAX_EVENT_CHARACTERS) continue;
      this.#notify({ event: 'operationStorageItems', operationId, items });
      this.#waiting.set(operationId, source);
      this.#notify({ event: 'operationWaitingForContinue', operationId });
      return;
    }
    if (items.length > 0) this.#notify({ event: 'operationStorageItems', operationId, items });
    this.#notify({ event: 'operationStorageDone', operationId });
  }

  #block(hash: string): Block {
    const block = this.#pinned.get(hash.toLowerCase());
    if (block === undefined) throw new RpcError(NOT_PINNED, 'this block is not pinned');
    return block;
  }
}

function runtimeOf(block: Block): object {
  const { specName, implName, specVersion, implVersion, transactionVersion, apis } = block.runtime.version;
  return { type: 'valid', spec: { specName, implName, specVersion, implVersion, transactionVersion, apis } };
}
