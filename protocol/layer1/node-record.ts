import { TeaError } from '../errors.ts';
import { TRUST_CLASSES, type TrustClass } from '../trust-class.ts';
import { ScaleReader } from './scale.ts';

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

/** Bounds of the pallet (`Cid`, `Transports`, `Transport`). */
const MAX_TRANSPORTS = 4;
const MAX_TRANSPORT_BYTES = 128;
const MAX_CID_BYTES = 64;

/** @throws TeaError `badMessage` unless the bytes are exactly one node record */
export function decodeNodeRecord(bytes: Uint8Array): NodeRecord {
  const reader = new ScaleReader(bytes, 'node record');
  const record: NodeRecord = {
    operator: reader.bytes(32).slice(),
    teeAccount: reader.bytes(32).slice(),
    hostAccount: reader.bytes(32).slice(),
    trustClass: oneOf(reader.u8(), TRUST_CLASSES),
    evidenceCid: cid(reader),
    evidenceDigest: reader.bytes(32).slice(),
    gasPrice: reader.u128(),
    stake: reader.u128(),
    founding: oneOf(reader.u8(), [false, true] as const),
    status: oneOf(reader.u8(), NODE_STATUSES),
    reason: oneOf(reader.u8(), NODE_REASONS),
    appraisal: reader.u64(),
    registeredAt: reader.u32(),
    lastHeartbeat: reader.u32(),
    expiresAt: reader.u32(),
    dueAt: reader.u32(),
    transports: transports(reader),
    bootstrap: oneOf(reader.u8(), [false, true] as const),
  };
  reader.end();
  return record;
}

function cid(reader: ScaleReader): Uint8Array {
  const bytes = reader.vector().slice();
  if (bytes.length > MAX_CID_BYTES) throw bad(`a CID of at most ${MAX_CID_BYTES} bytes`, String(bytes.length));
  return bytes;
}

function transports(reader: ScaleReader): string[] {
  const count = reader.compact();
  if (count > MAX_TRANSPORTS) throw bad(`at most ${MAX_TRANSPORTS} transports`, String(count));
  return Array.from({ length: count }, () => {
    const url = String.fromCharCode(...reader.vector());
    if (url.length > MAX_TRANSPORT_BYTES || !/^[!-~]+$/.test(url))
      throw bad(`1 to ${MAX_TRANSPORT_BYTES} printable letters`, JSON.stringify(url.slice(0, 200)));
    return url;
  });
}

function oneOf<const T extends readonly unknown[]>(index: number, variants: T): T[number] {
  if (index >= variants.length) throw bad(`a variant below ${variants.length}`, String(index));
  return variants[index];
}

function bad(expected: string, actual: string): TeaError {
  return new TeaError('badMessage', 'This is not a node record', { expected, actual });
}
