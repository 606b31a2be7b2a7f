import { TRUST_CLASSES, type TrustClass } from '../trust-class.ts';
import { RecordReader } from './record-reader.ts';

/** `Nodes.Nodes[id]` (struct `Node` of host/layer1/pallets/nodes), decoded from its SCALE bytes without asking the chain what they mean. */
export type NodeRecord = {
  readonly operator: Uint8Array;
  readonly teeAccount: Uint8Array;
  readonly hostAccount: Uint8Array;
  readonly trustClass: TrustClass;
  readonly evidenceCid: Uint8Array;
  readonly evidenceDigest: Uint8Array;
  /** plancks for 1,000,000 gas */
  readonly gasPrice: bigint;
  readonly stake: bigint;
  readonly founding: boolean;
  readonly status: NodeStatus;
  /** why it has this status */
  readonly reason: NodeReason;
  /** the appraisal of the present evidence (`appraisalStorageKey`); 0 if it was decided before there were appraisals */
  readonly appraisal: bigint;
  readonly registeredAt: number;
  readonly lastHeartbeat: number;
  /** the block at which the evidence gets too old; 0 if it never held */
  readonly expiresAt: number;
  /** while Active, Inactive or Exiting: the block that looks at it again */
  readonly dueAt: number;
  /** URLs that clients reach it by, in print; none of a node that is reached through others. */
  readonly transports: readonly string[];
  /** its operator offers it as a first contact */
  readonly bootstrap: boolean;
};

/** Both in the order of the pallet's enums: SCALE knows variants by position. */
export const NODE_STATUSES = ['Pending', 'Active', 'Inactive', 'Refused', 'Expired', 'Exiting'] as const;
export type NodeStatus = (typeof NODE_STATUSES)[number];
export const NODE_REASONS = [
  'Registered',
  'EvidenceReplaced',
  'Admitted',
  'Returned',
  'Silent',
  'FoundWanting',
  'EvidenceTooOld',
  'NoCommittee',
  'Undecided',
  'Left',
] as const;
export type NodeReason = (typeof NODE_REASONS)[number];

/** Bounds of the pallet (`Transports`, `Transport`). */
const MAX_TRANSPORTS = 4;
const MAX_TRANSPORT_BYTES = 128;

/** @throws TeaError `badMessage` unless the bytes are exactly one node record */
export function decodeNodeRecord(bytes: Uint8Array): NodeRecord {
  const reader = new RecordReader(bytes, 'node record');
  const record: NodeRecord = {
    operator: reader.id(),
    teeAccount: reader.id(),
    hostAccount: reader.id(),
    trustClass: reader.oneOf(TRUST_CLASSES),
    evidenceCid: reader.cid(),
    evidenceDigest: reader.id(),
    gasPrice: reader.u128(),
    stake: reader.u128(),
    founding: reader.flag(),
    status: reader.oneOf(NODE_STATUSES),
    reason: reader.oneOf(NODE_REASONS),
    appraisal: reader.u64(),
    registeredAt: reader.u32(),
    lastHeartbeat: reader.u32(),
    expiresAt: reader.u32(),
    dueAt: reader.u32(),
    transports: reader.list(MAX_TRANSPORTS, () => transport(reader)),
    bootstrap: reader.flag(),
  };
  reader.end();
  return record;
}

function transport(reader: RecordReader): string {
  const url = String.fromCharCode(...reader.vector());
  if (url.length > MAX_TRANSPORT_BYTES || !/^[!-~]+$/.test(url))
    throw reader.refusal(`1 to ${MAX_TRANSPORT_BYTES} printable letters`, JSON.stringify(url.slice(0, 200)));
  return url;
}
