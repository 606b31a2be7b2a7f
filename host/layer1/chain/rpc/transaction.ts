import type { RpcContext, RpcMethods } from './context.ts';

const MAX_BROADCASTS = 1_024;

/**
 * `transaction_v1_*` of one session. A broadcast goes on until it's stopped: an extrinsic that the pool had no room for, or pushed out, is
 * handed in again with the next block, until the runtime itself says no.
 */
export function transactionMethods({ chain, author }: RpcContext): { readonly methods: RpcMethods; readonly close: () => void } {
  const broadcasts = new Map<string, Uint8Array>();
  const done = new Set<string>();
  let count = 0;
  const handIn = (id: string, extrinsic: Uint8Array): void => {
    const submitted = author.submit(extrinsic);
    if (!submitted.ok && (submitted.reason === 'invalid' || submitted.reason === 'unknown')) done.add(id);
  };
  const onBest = (): void => {
    for (const [id, extrinsic] of broadcasts)
      if (!done.has(id) && !author.pool.has(chain.hashing.blake2b256(extrinsic).toHex())) handIn(id, extrinsic);
  };
  chain.on('best', onBest);
  const methods: RpcMethods = {
    transaction_v1_broadcast: (params) => {
      const extrinsic = params.bytes(0);
      if (broadcasts.size >= MAX_BROADCASTS) return null;
      const id = String(count++);
      broadcasts.set(id, extrinsic);
      handIn(id, extrinsic);
      return id;
    },
    transaction_v1_stop: (params) => {
      broadcasts.delete(params.text(0));
      done.delete(params.text(0));
      return null;
    },
  };
  return { methods, close: () => void chain.off('best', onBest) };
}
