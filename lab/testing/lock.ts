/** Breaks when three bytes in a row are right; each right one is a step of its own, as in a decoder. A file of its own, so that coverage sees it. */
export function lock(bytes: Uint8Array): void {
  if (bytes[0] !== 0x5b) return;
  if (bytes[1] !== 0x7f) return;
  if (bytes[2] !== 0x9b) return;
  throw new Error('open');
}
