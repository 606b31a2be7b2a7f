import { createHmac } from 'node:crypto';

/** KDFa with HMAC-SHA-256 (Part 1, 11.4.10.2): counter ‖ label ‖ 0 ‖ contextU ‖ contextV ‖ bits, block after block. */
export function kdfa(key: Uint8Array, label: string, contextU: Uint8Array, contextV: Uint8Array, bits: number): Uint8Array {
  const output = new Uint8Array(bits / 8);
  for (let offset = 0, counter = 1; offset < output.length; offset += 32, counter++) {
    const block = createHmac('sha256', key)
      .update(uint32(counter))
      .update(`${label}\0`)
      .update(contextU)
      .update(contextV)
      .update(uint32(bits))
      .digest();
    output.set(block.subarray(0, output.length - offset), offset);
  }
  return output;
}

function uint32(value: number): Uint8Array {
  return Uint8Array.of(value >>> 24, value >>> 16, value >>> 8, value);
}
