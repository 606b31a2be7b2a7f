import { TeaError } from '../errors.ts';
import { ScaleReader } from '../layer1/scale.ts';
import { seatsStorageKey } from '../layer1/storage-keys.ts';
import type { Ledger } from './ledger.ts';

/** Bound of the pallet (`MAX_OPEN_SEATS`), with room. */
const MAX_SEATS = 1_024;

/** The appraisals that wait for this node's vote, all of them: one value, so the host can't leave any out. @throws TeaError as `ProvenState.read` */
export async function readSeats({ state }: Pick<Ledger, 'state'>, node: Uint8Array): Promise<readonly bigint[]> {
  const {
    value: [list],
  } = await state.read([seatsStorageKey(node)]);
  if (list === null || list === undefined) return [];
  const reader = new ScaleReader(list, 'list of seats');
  const count = reader.compact();
  if (count > MAX_SEATS) throw new TeaError('badMessage', 'This is not a list of seats', { expected: `at most ${MAX_SEATS}`, actual: String(count) });
  const seats = Array.from({ length: count }, () => reader.u64());
  reader.end();
  return seats;
}
