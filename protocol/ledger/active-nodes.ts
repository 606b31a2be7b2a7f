import { decodeNodeRecord } from '../layer1/node-record.ts';
import { NODES_PREFIX } from '../layer1/storage-keys.ts';
import type { Ledger } from './ledger.ts';

const HASH_BYTES = 16;

/**
 * Ids of all nodes that are Active as of the last finalised block: a host can neither add one nor leave one out.
 * @throws TeaError as `ProvenState.list`
 */
export async function readActiveNodes({ state }: Pick<Ledger, 'state'>): Promise<{ readonly block: number; readonly nodes: readonly Uint8Array[] }> {
  const { value, block } = await state.list(NODES_PREFIX);
  const active = value.filter(({ value: record }) => decodeNodeRecord(record).status === 'Active');
  return { block: block.number, nodes: active.map(({ key }) => key.slice(NODES_PREFIX.length + HASH_BYTES)) };
}
