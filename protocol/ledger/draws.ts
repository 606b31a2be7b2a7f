import { decodeDrawRecord, type DrawRecord } from '../layer1/draw-record.ts';
import { ScaleReader } from '../layer1/scale.ts';
import { drawStorageKey, LAST_DRAW_KEY } from '../layer1/storage-keys.ts';
import type { Ledger } from './ledger.ts';

/** Draws as of the last finalised block, in the order asked for; null where there is none of this number. @throws TeaError as `ProvenState.read` */
export async function readDraws({ state }: Pick<Ledger, 'state'>, ids: readonly bigint[]): Promise<readonly (DrawRecord | null)[]> {
  if (ids.length === 0) return [];
  const { value } = await state.read(ids.map(drawStorageKey));
  return value.map((record) => (record === null ? null : decodeDrawRecord(record)));
}

/** The number of the newest draw: those up to it are all there are. @throws TeaError as `ProvenState.read` */
export async function readLastDraw({ state }: Pick<Ledger, 'state'>): Promise<bigint> {
  const {
    value: [last],
  } = await state.read([LAST_DRAW_KEY]);
  if (last === null || last === undefined) return 0n;
  const reader = new ScaleReader(last, 'number of a draw');
  const number = reader.u64();
  reader.end();
  return number;
}
