import { toHex } from '../bytes.ts';
import { ScaleReader } from '../layer1/scale.ts';
import { cancelAskedStorageKey, openErrandsStorageKey, openErrandStorageKey } from '../layer1/storage-keys.ts';
import type { Ledger } from './ledger.ts';

/** Errands a node was chosen for that have no end yet, and how many more layer 1 counts than the host lists. */
export type OpenErrands = { readonly ids: readonly bigint[]; readonly hidden: number };

/** How many errands a node has in hand, proven. @throws TeaError as `ProvenState.read` */
export async function countOpenErrands({ state }: Pick<Ledger, 'state'>, node: Uint8Array): Promise<number> {
  const { value } = await state.read([openErrandsStorageKey(node)]);
  return countIn(value[0]);
}

/**
 * A list of keys is the host's word: no proof shows that nothing is left out of it. So each item is proven to be there, and their number is compared with
 * the one that layer 1 keeps, which is proven too: what the host invents is dropped, and what it hides is known to be hidden.
 * @throws TeaError as `ProvenState.read`
 */
export async function readOpenErrands(ledger: Pick<Ledger, 'state' | 'api'>, node: Uint8Array): Promise<OpenErrands> {
  const listed = await ledger.api.query.Errands.OpenErrandsOf.getEntries(`0x${toHex(node)}`);
  const said = [...new Set(listed.map(({ keyArgs }) => keyArgs[1]))];
  const { value } = await ledger.state.read([openErrandsStorageKey(node), ...said.map((id) => openErrandStorageKey(node, id))]);
  const ids = said.filter((_, place) => value[place + 1] !== null && value[place + 1] !== undefined);
  return { ids, hidden: Math.max(0, countIn(value[0]) - ids.length) };
}

/** Whether the consumer asks a running errand to end, proven. @throws TeaError as `ProvenState.read` */
export async function isCancelAsked({ state }: Pick<Ledger, 'state'>, errand: bigint): Promise<boolean> {
  const { value } = await state.read([cancelAskedStorageKey(errand)]);
  return value[0] !== null && value[0] !== undefined;
}

function countIn(value: Uint8Array | null | undefined): number {
  if (value === null || value === undefined) return 0;
  const reader = new ScaleReader(value, 'number of errands');
  const count = reader.u32();
  reader.end();
  return count;
}
