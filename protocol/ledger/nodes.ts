import { decodeNodeRecord, type NodeRecord } from '../layer1/node-record.ts';
import { type AppraisalRecord, decodeAppraisalRecord } from '../layer1/appraisal-record.ts';
import { appraisalStorageKey, nodeStorageKey } from '../layer1/storage-keys.ts';
import type { Ledger } from './ledger.ts';

/** The record of a node (32 bytes of id) as of the last finalised block; null when there is none. @throws TeaError as `ProvenState.read` */
export async function readNode({ state }: Pick<Ledger, 'state'>, id: Uint8Array): Promise<NodeRecord | null> {
  const {
    value: [record],
  } = await state.read([nodeStorageKey(id)]);
  return record === null || record === undefined ? null : decodeNodeRecord(record);
}

/** One appraisal as of the last finalised block; null when there is none. @throws TeaError as `ProvenState.read` */
export async function readAppraisal({ state }: Pick<Ledger, 'state'>, id: bigint): Promise<AppraisalRecord | null> {
  const {
    value: [record],
  } = await state.read([appraisalStorageKey(id)]);
  return record === null || record === undefined ? null : decodeAppraisalRecord(record);
}
