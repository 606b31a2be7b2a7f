import { decodeDrawRecord, type DrawRecord } from '../layer1/draw-record.ts';
import { drawStorageKey } from '../layer1/storage-keys.ts';
import type { Ledger } from './ledger.ts';

/** One draw as of the last finalised block; null when there is none of this number. @throws TeaError as `ProvenState.read` */
export async function readDraw({ state }: Pick<Ledger, 'state'>, id: bigint): Promise<DrawRecord | null> {
  const {
    value: [record],
  } = await state.read([drawStorageKey(id)]);
  return record === null || record === undefined ? null : decodeDrawRecord(record);
}
