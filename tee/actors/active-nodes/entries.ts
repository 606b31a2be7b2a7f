import type { KnownNode } from './known-node.ts';

export const ID_BYTES = 32;
const ENTRY_BYTES = ID_BYTES + 8;

/** The freshest first; of equally fresh ones, the nearest. */
export function encodeEntries(nodes: readonly KnownNode[], nowMs: number): Uint8Array {
  const ranked = nodes
    .map((node) => ({ node, ageMs: Math.max(0, nowMs - (node.seenMs ?? 0)) }))
    .toSorted((a, b) => a.ageMs - b.ageMs || a.node.roundTripMs - b.node.roundTripMs);
  const bytes = new Uint8Array(ranked.length * ENTRY_BYTES);
  const view = new DataView(bytes.buffer);
  for (const [index, { node, ageMs }] of ranked.entries()) {
    const at = index * ENTRY_BYTES;
    bytes.set(node.id, at);
    view.setUint32(at + ID_BYTES, ageMs, true);
    view.setUint32(at + ID_BYTES + 4, node.roundTripMs, true);
  }
  return bytes;
}

/** What `layer1.active-nodes` comes back as; undefined for anything else. */
export function decodeActiveNodes(bytes: Uint8Array): { readonly block: number; readonly ids: readonly Uint8Array[] } | undefined {
  if (bytes.length < 4 || (bytes.length - 4) % ID_BYTES !== 0) return undefined;
  const ids = Array.from({ length: (bytes.length - 4) / ID_BYTES }, (_, index) => bytes.slice(4 + index * ID_BYTES, 4 + (index + 1) * ID_BYTES));
  return { block: new DataView(bytes.buffer, bytes.byteOffset).getUint32(0, true), ids };
}
