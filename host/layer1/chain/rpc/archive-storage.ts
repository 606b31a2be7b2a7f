import { randomBytes } from 'node:crypto';
import { type RpcContext, type RpcMethods } from './context.ts';
import { notificationFrame, RPC_ERRORS, RpcError } from './json-rpc.ts';
import { answerStorageQueries, parseStorageQueries, type StorageItem } from './storage-query.ts';

const MAX_SUBSCRIPTIONS = 16;
/** Items told before others get their turn. */
const ITEMS_A_TURN = 500;

/** `archive_v1_storage` and its end: items come as notifications, one each, then `storageDone`. */
export function archiveStorageMethods(
  { chain }: RpcContext,
  send: (frame: string) => void,
  afterAnswer: (run: () => void) => void,
): { readonly methods: RpcMethods; readonly close: () => void } {
  const running = new Set<string>();
  const tell = (id: string, event: object): void => send(notificationFrame('archive_v1_storageEvent', id, event));
  const run = (id: string, items: Iterator<StorageItem>): void => {
    for (let count = 0; count < ITEMS_A_TURN; count++) {
      if (!running.has(id)) return;
      const next = items.next();
      if (next.done === true) {
        running.delete(id);
        return tell(id, { event: 'storageDone' });
      }
      tell(id, { event: 'storage', ...next.value });
    }
    setImmediate(() => run(id, items));
  };
  const methods: RpcMethods = {
    archive_v1_storage: (params) => {
      if (running.size >= MAX_SUBSCRIPTIONS) throw new RpcError(RPC_ERRORS.internal, `at most ${MAX_SUBSCRIPTIONS} archive queries at once`);
      // TEA's runtimes have no child tries: one that is asked for has no items.
      const queries = params.has(2) ? [] : parseStorageQueries(params.list(1));
      const block = chain.block(params.text(0).toLowerCase());
      const id = randomBytes(8).toString('hex');
      running.add(id);
      afterAnswer(() => {
        if (block !== null) return run(id, answerStorageQueries(block.state, queries, chain.hashing));
        running.delete(id);
        tell(id, { event: 'storageError', error: `no such block, or its state is no longer kept: ${params.text(0).slice(0, 66)}` });
      });
      return id;
    },
    archive_v1_stopStorage: (params) => {
      running.delete(params.text(0));
      return null;
    },
  };
  return { methods, close: () => running.clear() };
}
