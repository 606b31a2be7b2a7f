import type { MeteredForm } from './guest-job.ts';

/** How a sandbox that only meters says what came of it: the module, and the rest as text. */
export function encodeFormFacts({ exports, startGas }: MeteredForm): Uint8Array {
  return new TextEncoder().encode(JSON.stringify({ exports, startGas: String(startGas) }));
}

/** @returns null for what `encodeFormFacts` does not write: it comes from a sandbox */
export function decodeForm(bytes: Uint8Array, facts: Uint8Array): MeteredForm | null {
  try {
    const { exports, startGas } = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(facts)) as Record<string, unknown>;
    if (typeof startGas !== 'string' || !/^\d{1,18}$/.test(startGas) || typeof exports !== 'object' || exports === null) return null;
    const { gas, depth, growthRefused, start, memory } = exports as Record<string, unknown>;
    const names = [gas, depth, growthRefused, start, memory].filter((name) => typeof name === 'string' && name.length < 1000);
    if (names.length !== 5) return null;
    return { bytes, exports: exports as MeteredForm['exports'], startGas: BigInt(startGas) };
  } catch {
    return null;
  }
}
