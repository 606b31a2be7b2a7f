import { RecordReader } from './record-reader.ts';

/** `Vouchers.Channels[id]` (struct `Channel` of host/layer1/pallets/vouchers), decoded from its SCALE bytes without asking the chain what they mean. */
export type ChannelRecord = {
  /** Whose money it is, and whose key signs the vouchers. */
  readonly depositor: Uint8Array;
  readonly node: Uint8Array;
  readonly payee: Uint8Array;
  /** all that was ever put in */
  readonly deposited: bigint;
  /** all that was ever redeemed */
  readonly redeemed: bigint;
  /** the first block that is too late for a voucher */
  readonly endsAt: number;
  /** whether its depositor closed it */
  readonly closing: boolean;
};

/** @throws TeaError `badMessage` unless the bytes are exactly one channel */
export function decodeChannelRecord(bytes: Uint8Array): ChannelRecord {
  const reader = new RecordReader(bytes, 'payment channel');
  const record = {
    depositor: reader.id(),
    node: reader.id(),
    payee: reader.id(),
    deposited: reader.u128(),
    redeemed: reader.u128(),
    endsAt: reader.u32(),
  };
  const closing = reader.flag();
  reader.end();
  if (record.redeemed > record.deposited) throw reader.refusal('no more redeemed than deposited', 'more');
  return { ...record, closing };
}
