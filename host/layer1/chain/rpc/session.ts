import { archiveStorageMethods } from './archive-storage.ts';
import { archiveMethods } from './archive.ts';
import { chainHeadMethods } from './chain-head.ts';
import type { RpcContext, RpcMethods } from './context.ts';
import { errorFrame, parseRequest, resultFrame, RPC_ERRORS, RpcError, type RpcId } from './json-rpc.ts';
import { Search } from './search.ts';
import { transactionMethods } from './transaction.ts';

/** TEA's token: what wallets and explorers show. */
const PROPERTIES = { ss58Format: 42, tokenDecimals: 12, tokenSymbol: 'TEA' };
/** Families that polkadot-api knows and may choose from; see `archive.ts` for why the others are served but not listed. */
const LISTED = /^(archive|chainHead|chainSpec|transaction)_v1_|^rpc_methods$/;

/** One client's JSON-RPC session. Frames in, frames out; nothing a client sends makes it throw. */
export class RpcSession {
  readonly #methods: RpcMethods;
  readonly #send: (frame: string) => void;
  readonly #closers: readonly (() => void)[];
  #afterAnswer: (() => void)[] = [];
  #open = true;

  constructor(context: RpcContext, send: (frame: string) => void) {
    this.#send = (frame) => {
      if (this.#open) send(frame);
    };
    const afterAnswer = (run: () => void): void => void this.#afterAnswer.push(run);
    const archiveStorage = archiveStorageMethods(context, this.#send, afterAnswer);
    const { chain, chainName, author } = context;
    const search = new Search(() => author.finality.moved());
    const chainHead = chainHeadMethods(context, this.#send, afterAnswer, search);
    const transaction = transactionMethods(context, search);
    this.#closers = [archiveStorage.close, chainHead.close, transaction.close, author.finality.join(search)];
    this.#methods = {
      ...archiveMethods(context),
      ...archiveStorage.methods,
      ...chainHead.methods,
      ...transaction.methods,
      rpc_methods: () => ({ methods: Object.keys(this.#methods).filter((name) => LISTED.test(name)) }),
      chainSpec_v1_chainName: () => chainName,
      chainSpec_v1_genesisHash: () => chain.genesisHash,
      chainSpec_v1_properties: () => PROPERTIES,
      system_health: () => ({ peers: 0, isSyncing: false, shouldHavePeers: false }),
      system_chain: () => chainName,
      system_name: () => 'TEA embedded chain',
      system_version: () => `${chain.best.runtime.version.implName} ${chain.best.runtime.version.specVersion}`,
      system_properties: () => PROPERTIES,
      author_pendingExtrinsics: () => Array.from(author.pool.ready(), ({ extrinsic }) => `0x${extrinsic.toHex()}`),
    };
  }

  receive(frame: string): void {
    if (!this.#open) return;
    let id: RpcId = null;
    try {
      const request = parseRequest(frame);
      id = request.id;
      if (!Object.hasOwn(this.#methods, request.method)) throw new RpcError(RPC_ERRORS.noSuchMethod, `no method ${request.method.slice(0, 100)}`);
      const result = this.#methods[request.method]?.(request.params);
      this.#send(resultFrame(id, result));
    } catch (error) {
      this.#send(errorFrame(id, error));
    }
    const later = this.#afterAnswer;
    this.#afterAnswer = [];
    for (const run of later) run();
  }

  close(): void {
    this.#open = false;
    for (const close of this.#closers) close();
  }
}
