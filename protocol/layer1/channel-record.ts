import { TeaError } from '../errors.ts';
import { ScaleReader } from './scale.ts';

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
  const reader = new ScaleReader(bytes, 'payment channel');
  const record = {
    depositor: reader.bytes(32).slice(),
    node: reader.bytes(32).slice(),
    payee: reader.bytes(32).slice(),
    deposited: reader.u128(),
    redeemed: reader.u128(),
    endsAt: reader.u32(),
  };
  const closing = reader.u8();
  reader.end();
  if (closing > 1) throw new TeaError('badMessage', 'This is not a payment channel', { expected: 'closing 0 or 1', actual: String(closing) });
  if (record.redeemed > record.deposited)
    throw new TeaError('badMessage', 'This is not a payment channel', { expected: 'no more redeemed than deposited', actual: 'more' });
  return { ...record, closing: closing === 1 };
}
