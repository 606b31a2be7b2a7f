import { type ContentEntry, decodeContentEntry } from '../layer1/content-entry.ts';
import { contentStorageKey } from '../layer1/storage-keys.ts';
import type { Ledger } from './ledger.ts';

/** The entry as of the last finalised block; null when there is none. @throws TeaError as `ProvenState.read` */
export async function readContent({ state }: Pick<Ledger, 'state'>, id: bigint): Promise<ContentEntry | null> {
  const {
    value: [entry],
  } = await state.read([contentStorageKey(id)]);
  return entry === null || entry === undefined ? null : decodeContentEntry(entry);
}
