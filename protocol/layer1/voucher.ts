import { verify } from '@scure/sr25519';
import { concatBytes } from '../bytes.ts';
import { TeaError } from '../errors.ts';
import { encodeU64, ScaleReader } from './scale.ts';

/**
 * A depositor's statement of how much a node may have taken from a channel altogether (`message` in host/layer1/pallets/vouchers). Each is worth all
 * before it; who holds the last needs no other.
 */
export type VoucherTerms = {
  /** genesis hash */
  readonly chain: Uint8Array;
  readonly channel: bigint;
  readonly node: Uint8Array;
  /** cumulative, in plancks */
  readonly amount: bigint;
};

/** `signature` is sr25519 of the depositor's account over `voucherMessage`; unverified until `verifyVoucher` says so. */
export type Voucher = VoucherTerms & { readonly signature: Uint8Array };

const DOMAIN = new TextEncoder().encode('tea/voucher/1');
const SIGNATURE_BYTES = 64;
const MAX_AMOUNT = 1n << 128n;

/** The 101 bytes that are signed: domain ‖ genesis hash ‖ channel ‖ node ‖ amount, numbers little-endian. @throws TeaError `badInput` */
export function voucherMessage({ chain, channel, node, amount }: VoucherTerms): Uint8Array {
  if (amount < 0n || amount >= MAX_AMOUNT)
    throw new TeaError('badInput', 'An amount of money', { expected: '0 to 2^128 - 1 plancks', actual: String(amount) });
  const [low, high] = [amount & 0xffff_ffff_ffff_ffffn, amount >> 64n];
  return concatBytes(DOMAIN, chain, encodeU64(channel), node, encodeU64(low), encodeU64(high));
}

/** On the wire: what was signed, then the signature, 165 bytes. */
export function encodeVoucher(voucher: Voucher): Uint8Array {
  return concatBytes(voucherMessage(voucher), voucher.signature);
}

/** Shape only: nothing of it has been verified. @throws TeaError `badMessage` */
export function decodeVoucher(bytes: Uint8Array): Voucher {
  const reader = new ScaleReader(bytes, 'voucher');
  const domain = new TextDecoder().decode(reader.bytes(DOMAIN.length));
  if (domain !== 'tea/voucher/1') throw new TeaError('badMessage', 'This is not a voucher', { expected: 'tea/voucher/1', actual: 'another domain' });
  const voucher: Voucher = {
    chain: reader.bytes(32).slice(),
    channel: reader.u64(),
    node: reader.bytes(32).slice(),
    amount: reader.u128(),
    signature: reader.bytes(SIGNATURE_BYTES).slice(),
  };
  reader.end();
  return voucher;
}

/** Whether `depositor` signed it. */
export function verifyVoucher(voucher: Voucher, depositor: Uint8Array): boolean {
  try {
    return verify(voucherMessage(voucher), voucher.signature, depositor);
  } catch {
    return false; // no signature, or no key, at all
  }
}
