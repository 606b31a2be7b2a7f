import { decodeHeader, encodeDigestItem } from '@tea/protocol/layer1';
import type { Block } from '../block.ts';
import type { BlockRecord } from '../log/record.ts';
import { proveKeys } from '../trie/prove.ts';
import type { Trie } from '../trie/trie.ts';
import { hex, type RpcContext, type RpcMethods } from './context.ts';
import { type Params, RPC_ERRORS, RpcError } from './json-rpc.ts';

/**
 * Questions about any block: headers and bodies reach back to genesis, states and proofs only as far as states are kept,
 * and of genesis. `archive_v1_*` are
 * the specification's; the older `chain_*` and `state_*` are here for proofs, explorers and people with curl, and are not listed by
 * `rpc_methods`: polkadot-api takes a list with them for a node of the old kind and asks for what isn't here.
 */
export function archiveMethods({ chain, author }: RpcContext): RpcMethods {
  const { blake2b256 } = chain.hashing;
  const numberOf = (params: Params, index: number): number | null =>
    params.has(index) ? chain.numberOf(params.text(index).toLowerCase()) : chain.best.header.number;
  const record = (params: Params, index: number): Pick<BlockRecord, 'header' | 'extrinsics'> | null => {
    const number = numberOf(params, index);
    return number === null ? null : chain.record(number);
  };
  const withState = (params: Params, index: number): Block => {
    const block = params.has(index) ? chain.block(params.text(index).toLowerCase()) : chain.best;
    if (block === null) throw new RpcError(RPC_ERRORS.invalidParams, 'no such block, or its state is no longer kept');
    return block;
  };
  const stateOf = (params: Params, index: number): { readonly hash: string; readonly state: Trie } => {
    const hash = params.has(index) ? params.text(index).toLowerCase() : chain.best.hash;
    const state = chain.stateAt(hash);
    if (state === null) throw new RpcError(RPC_ERRORS.invalidParams, 'no such block, or its state is no longer kept');
    return { hash, state };
  };
  return {
    archive_v1_genesisHash: () => chain.genesisHash,
    archive_v1_finalizedHeight: () => chain.finalised.header.number,
    archive_v1_hashByHeight: (params) => {
      const found = chain.record(params.wholeNumber(0));
      return found === null ? [] : [hex(blake2b256(found.header))];
    },
    archive_v1_header: (params) => {
      const found = record(params, 0);
      return found === null ? null : hex(found.header);
    },
    archive_v1_body: (params) => record(params, 0)?.extrinsics.map(hex) ?? null,
    archive_v1_call: (params) => {
      const block = params.has(0) ? chain.block(params.text(0).toLowerCase()) : null;
      if (block === null) return null;
      try {
        return { success: true, value: hex(chain.call(block, params.text(1), params.bytes(2))) };
      } catch (error) {
        return { success: false, error: error instanceof Error ? error.message : String(error) };
      }
    },
    chain_getBlockHash: (params) => {
      const number = params.has(0) ? params.wholeNumber(0) : chain.best.header.number;
      const found = chain.record(number);
      return found === null ? null : hex(blake2b256(found.header));
    },
    chain_getFinalizedHead: () => chain.finalised.hash,
    chain_getHeader: (params) => headerJson(record(params, 0)),
    chain_getBlock: (params) => {
      const found = record(params, 0);
      return found === null ? null : { block: { header: headerJson(found), extrinsics: found.extrinsics.map(hex) }, justifications: null };
    },
    state_getStorage: (params) => {
      const value = stateOf(params, 1).state.get(params.bytes(0));
      return value === null ? null : hex(value);
    },
    state_getReadProof: (params) => {
      const { hash, state } = stateOf(params, 1);
      return { at: hash, proof: proveKeys(state, params.bytesList(0), blake2b256).map(hex) };
    },
    state_call: (params) => hex(chain.call(withState(params, 2), params.text(0), params.bytes(1))),
    state_getRuntimeVersion: (params) => withState(params, 0).runtime.version,
    author_submitExtrinsic: (params) => {
      const submitted = author.submit(params.bytes(0));
      // 1010: "Invalid Transaction" of the old author API.
      if (!submitted.ok) throw new RpcError(1010, `the extrinsic was refused: ${submitted.reason} (${submitted.detail})`);
      return `0x${submitted.hash}`;
    },
  };
}

function headerJson(record: Pick<BlockRecord, 'header'> | null): object | null {
  if (record === null) return null;
  const header = decodeHeader(record.header);
  return {
    parentHash: hex(header.parentHash),
    number: `0x${header.number.toString(16)}`,
    stateRoot: hex(header.stateRoot),
    extrinsicsRoot: hex(header.extrinsicsRoot),
    digest: { logs: header.digest.map((item) => hex(encodeDigestItem(item))) },
  };
}
