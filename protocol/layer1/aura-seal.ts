import { verify } from '@scure/sr25519';
import { toHex } from '../bytes.ts';
import { TeaError } from '../errors.ts';
import { hashHeader, type Header } from './header.ts';
import { ScaleReader } from './scale.ts';

/** Aura (Polkadot SDK `sp-consensus-aura`): the slot says whose turn it is, and that authority signs the hash of the header without its seal. */
const ENGINE = 'aura';
const MAX_AUTHORITIES = 1_000;

/** @param bytes the value of `Aura.Authorities` @throws TeaError `badMessage` */
export function decodeAuraAuthorities(bytes: Uint8Array): Uint8Array[] {
  const reader = new ScaleReader(bytes, 'list of Aura authorities');
  const count = reader.compact();
  if (count === 0 || count > MAX_AUTHORITIES)
    throw new TeaError('badMessage', 'This is not a list of Aura authorities', { expected: `1 to ${MAX_AUTHORITIES}`, actual: String(count) });
  const authorities = Array.from({ length: count }, () => reader.bytes(32).slice());
  reader.end();
  return authorities;
}

/**
 * Checks that the authority of its slot sealed this header: it can only be changed by who holds that key. It says nothing of finality, nor of which
 * chain it is, if the authority seals for several.
 * @throws TeaError `corrupt`
 */
export function verifyAuraSeal(header: Header, authorities: readonly Uint8Array[]): void {
  const last = header.digest.at(-1);
  const slots = header.digest.filter((item) => item.kind === 'preRuntime' && item.engine === ENGINE);
  const seals = header.digest.filter((item) => item.kind === 'seal');
  const [slotItem] = slots;
  if (last?.kind !== 'seal' || last.engine !== ENGINE || seals.length !== 1 || slots.length !== 1 || slotItem?.kind !== 'preRuntime')
    throw broken(header, 'one Aura slot, and one seal at the end', 'another digest');
  const reader = new ScaleReader(slotItem.payload, 'slot');
  const slot = reader.u64();
  reader.end();
  const author = authorities[Number(slot % BigInt(Math.max(1, authorities.length)))];
  if (author === undefined) throw broken(header, 'an authority', 'none');
  const unsealed = hashHeader({ ...header, digest: header.digest.slice(0, -1) });
  if (!isSignature(unsealed, last.payload, author)) throw broken(header, `the seal of ${toHex(author)} for slot ${slot}`, 'another one');
}

function isSignature(message: Uint8Array, signature: Uint8Array, publicKey: Uint8Array): boolean {
  try {
    return verify(message, signature, publicKey);
  } catch {
    return false; // no signature at all
  }
}

function broken({ number }: Header, expected: string, actual: string): TeaError {
  return new TeaError('corrupt', `The header of block ${number} is not sealed by who may`, {
    expected,
    actual,
    next: 'ask another host: this one alters headers, or serves another chain',
  });
}
