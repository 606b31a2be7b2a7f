/**
 * ECDSA-Sig-Value (RFC 3279, 2.2.3) in DER to r ‖ s as WebCrypto takes it.
 * @returns null for any encoding but the one DER form of two positive integers of at most `sizeBytes`
 */
export function derToP1363(der: Uint8Array, sizeBytes: number): Uint8Array<ArrayBuffer> | null {
  const long = der[1] === 0x81;
  const start = long ? 3 : 2;
  const length = long ? der[2] : der[1];
  if (der[0] !== 0x30 || length !== der.length - start || (long && length < 0x80)) return null;
  const out = new Uint8Array(sizeBytes * 2);
  let at = start;
  for (const end of [sizeBytes, sizeBytes * 2]) {
    const size = der[at + 1];
    if (der[at] !== 0x02 || size === undefined || size === 0 || at + 2 + size > der.length) return null;
    const digits = der.subarray(at + 2, at + 2 + size);
    const [first = 0, second = 0] = digits;
    if (first >= 0x80 || (first === 0 && second < 0x80)) return null; // negative, or a needless leading zero
    const number = first === 0 ? digits.subarray(1) : digits;
    if (number.length > sizeBytes) return null;
    out.set(number, end - number.length);
    at += 2 + size;
  }
  return at === der.length ? out : null;
}
