import { fromHex } from '../bytes.ts';
import { TeaError } from '../errors.ts';
import { decodeErrandRecord } from '../layer1/decode-errand.ts';
import type { ErrandRecord } from '../layer1/errand-record.ts';
import type { ReleasePart } from '../release.ts';
import type { Ledger } from './ledger.ts';

/** The pallet's enum `Part` as polkadot-api wants it. */
export type PartCall =
  | { readonly type: 'Code'; readonly value: undefined }
  | { readonly type: 'Data'; readonly value: number }
  | { readonly type: 'Input'; readonly value: undefined };

export function partCall(part: ReleasePart): PartCall {
  if (part === 'code') return { type: 'Code', value: undefined };
  return part === 'input' ? { type: 'Input', value: undefined } : { type: 'Data', value: Number(part.slice('data/'.length)) };
}

/** Full storage key of an errand's record: what a read proof is asked for. */
export async function errandKey({ api }: Ledger, id: bigint): Promise<Uint8Array> {
  return fromHex(await api.query.Errands.Errands.getKey(id));
}

/** The record as of the last finalised block. @throws TeaError `notFound` */
export async function readErrand(ledger: Ledger, id: bigint): Promise<ErrandRecord> {
  const value = await ledger.client.rawQuery((await errandKey(ledger, id)).toHex());
  if (value === null) {
    throw new TeaError('notFound', `Layer 1 knows no errand ${id}`, {
      expected: 'the number that `tea run` or `tea demo` printed',
      next: 'look at the number again',
    });
  }
  return decodeErrandRecord(fromHex(value));
}

/** CID of the published bytes of one part, in binary form; their digest stands in the errand itself. @throws TeaError `notFound` */
export async function readPartCid({ api }: Ledger, errand: ErrandRecord, part: ReleasePart): Promise<Uint8Array> {
  if (part === 'input' && errand.input !== null) return errand.input.cid;
  const id = part === 'code' ? errand.code : errand.data[Number(part.slice('data/'.length))];
  const entry = id === undefined ? undefined : await api.query.Content.Entries.getValue(id);
  if (entry === undefined) throw new TeaError('notFound', `Layer 1 knows no content for ${part}`, { expected: 'a part of the errand', actual: part });
  return entry.cid;
}
