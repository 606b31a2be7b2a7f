import type { Block } from '../block.ts';
import type { RpcContext, RpcMethods } from './context.ts';
import type { Search } from './search.ts';

const MAX_BROADCASTS = 1_024;

/** Hashes of a block's extrinsics, for all sessions once. */
const hashesOf = new WeakMap<Block, ReadonlySet<string>>();

/**
 * `transaction_v1_*` of one session. A broadcast goes on until it's stopped: an extrinsic that the pool had no room for, or pushed out, is
 * handed in again with the next block, until the runtime itself says no or a block holds it.
 */
export function transactionMethods({ chain, author }: RpcContext, search: Search): { readonly methods: RpcMethods; readonly close: () => void } {
  const broadcasts = new Map<string, { readonly extrinsic: Uint8Array; readonly hash: string; done: boolean }>();
  const { blake2b256 } = chain.hashing;
  let count = 0;
  const handIn = (id: string): void => {
    const broadcast = broadcasts.get(id);
    if (broadcast === undefined) return;
    const submitted = author.submit(broadcast.extrinsic);
    if (!submitted.ok && (submitted.reason === 'invalid' || submitted.reason === 'unknown')) broadcast.done = true;
  };
  const onBest = (block: Block): void => {
    const hashes = (): ReadonlySet<string> => {
      const known = hashesOf.get(block) ?? new Set(block.extrinsics.map((extrinsic) => blake2b256(extrinsic).toHex()));
      hashesOf.set(block, known);
      return known;
    };
    for (const [id, broadcast] of broadcasts) {
      if (broadcast.done) continue;
      if (hashes().has(broadcast.hash)) {
        broadcast.done = true;
        search.found(id, block.header.number);
      } else if (!author.pool.has(broadcast.hash)) handIn(id);
    }
  };
  chain.on('best', onBest);
  const methods: RpcMethods = {
    transaction_v1_broadcast: (params) => {
      const extrinsic = params.bytes(0);
      if (broadcasts.size >= MAX_BROADCASTS) return null;
      const id = String(count++);
      const hash = blake2b256(extrinsic).toHex();
      broadcasts.set(id, { extrinsic, hash, done: false });
      search.begin(id, chain.best.header.number);
      handIn(id);
      return id;
    },
    transaction_v1_stop: (params) => {
      broadcasts.delete(params.text(0));
      search.end(params.text(0));
      return null;
    },
  };
  return { methods, close: () => void chain.off('best', onBest) };
}
