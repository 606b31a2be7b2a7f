import { TeaError } from '../errors.ts';
import { decodeErrandRecord } from '../layer1/decode-errand.ts';
import type { ErrandRecord } from '../layer1/errand-record.ts';
import { errandStorageKey } from '../layer1/storage-keys.ts';
import type { ReleasePart } from '../release.ts';
import { readContent } from './content.ts';
import type { Ledger } from './ledger.ts';
import { mapVerified, type Verified } from './verified.ts';

/** The pallet's enum `Part` as polkadot-api wants it. */
export type PartCall =
  | { readonly type: 'Code'; readonly value: undefined }
  | { readonly type: 'Data'; readonly value: number }
  | { readonly type: 'Input'; readonly value: undefined };

export function partCall(part: ReleasePart): PartCall {
  if (part === 'code') return { type: 'Code', value: undefined };
  return part === 'input' ? { type: 'Input', value: undefined } : { type: 'Data', value: Number(part.slice('data/'.length)) };
}

/** The record as of the last finalised block, and what it stands on. @throws TeaError `notFound` when there is none; as `ProvenState.read` */
export async function readErrandVerified({ state }: Pick<Ledger, 'state'>, id: bigint): Promise<Verified<ErrandRecord>> {
  return mapVerified(await state.read([errandStorageKey(id)]), ([value]) => {
    if (value === null || value === undefined) {
      throw new TeaError('notFound', `Layer 1 knows no errand ${id}`, {
        expected: 'the number that `tea run` or `tea demo` printed',
        next: 'look at the number again',
      });
    }
    return decodeErrandRecord(value);
  });
}

/** As `readErrandVerified`, for whoever opened the ledger such that it believes enough. */
export async function readErrand(ledger: Pick<Ledger, 'state'>, id: bigint): Promise<ErrandRecord> {
  return (await readErrandVerified(ledger, id)).value;
}

/** CID of the published bytes of one part, in binary form; their digest stands in the errand itself. @throws TeaError `notFound` */
export async function readPartCid(ledger: Pick<Ledger, 'state'>, errand: ErrandRecord, part: ReleasePart): Promise<Uint8Array> {
  if (part === 'input' && errand.input !== null) return errand.input.cid;
  const id = part === 'code' ? errand.code : errand.data[Number(part.slice('data/'.length))];
  const entry = id === undefined ? null : await readContent(ledger, id);
  if (entry === null) throw new TeaError('notFound', `Layer 1 knows no content for ${part}`, { expected: 'a part of the errand', actual: part });
  return entry.cid;
}
