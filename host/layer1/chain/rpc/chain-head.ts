import { randomBytes } from 'node:crypto';
import type { RpcContext, RpcMethods } from './context.ts';
import { Follow } from './follow.ts';
import { notificationFrame, RpcError } from './json-rpc.ts';
import type { Search } from './search.ts';
import { parseStorageQueries } from './storage-query.ts';

const TOO_MANY_FOLLOWS = -32800;
const MAX_FOLLOWS = 4;

/** `chainHead_v1_*` of one session (the JSON-RPC interface specification for Polkadot SDK chains). */
export function chainHeadMethods(
  { chain }: RpcContext,
  send: (frame: string) => void,
  afterAnswer: (run: () => void) => void,
  search: Search,
): { readonly methods: RpcMethods; readonly close: () => void } {
  const follows = new Map<string, Follow>();
  const end = (id: string): void => {
    follows.get(id)?.end();
    follows.delete(id);
    search.follows = follows.size > 0;
  };
  const methods: RpcMethods = {
    chainHead_v1_follow: (params) => {
      if (follows.size >= MAX_FOLLOWS) throw new RpcError(TOO_MANY_FOLLOWS, `at most ${MAX_FOLLOWS} follow subscriptions`);
      const id = randomBytes(8).toString('hex');
      const follow = new Follow(
        chain,
        params.flag(0),
        (event) => send(notificationFrame('chainHead_v1_followEvent', id, event)),
        () => end(id),
      );
      follows.set(id, follow);
      search.follows = true;
      afterAnswer(() => follow.begin());
      return id;
    },
    chainHead_v1_unfollow: (params) => {
      end(params.text(0));
      return null;
    },
    // A subscription that is gone is no error (its `stop` event may be on the way): the answers say that nothing was done.
    chainHead_v1_header: (params) => follows.get(params.text(0))?.header(params.text(1)) ?? null,
    chainHead_v1_body: (params) => {
      search.askedBody(chain.block(params.text(1).toLowerCase())?.header.number ?? 0);
      return follows.get(params.text(0))?.body(params.text(1)) ?? { result: 'limitReached' };
    },
    chainHead_v1_call: (params) => follows.get(params.text(0))?.call(params.text(1), params.text(2), params.bytes(3)) ?? { result: 'limitReached' },
    chainHead_v1_storage: (params) => {
      // TEA's runtimes have no child tries: one that is asked for has no items.
      const queries = params.has(3) ? [] : parseStorageQueries(params.list(2));
      return follows.get(params.text(0))?.storage(params.text(1), queries) ?? { result: 'limitReached' };
    },
    chainHead_v1_continue: (params) => {
      follows.get(params.text(0))?.continue(params.text(1));
      return null;
    },
    chainHead_v1_stopOperation: (params) => {
      follows.get(params.text(0))?.stopOperation(params.text(1));
      return null;
    },
    chainHead_v1_unpin: (params) => {
      const hashes = params.isText(1) ? [params.text(1)] : params.list(1).map(String);
      follows.get(params.text(0))?.unpin(hashes.map((hash) => hash.toLowerCase()));
      return null;
    },
  };
  return { methods, close: () => [...follows.keys()].forEach(end) };
}
