import { type ChannelRecord, decodeChannelRecord } from '../layer1/channel-record.ts';
import { channelStorageKey } from '../layer1/storage-keys.ts';
import type { Ledger } from './ledger.ts';

/** The channel as of the last finalised block; null when there is none, or it ended. @throws TeaError as `ProvenState.read` */
export async function readChannel({ state }: Pick<Ledger, 'state'>, id: bigint): Promise<ChannelRecord | null> {
  const {
    value: [record],
  } = await state.read([channelStorageKey(id)]);
  return record === null || record === undefined ? null : decodeChannelRecord(record);
}
