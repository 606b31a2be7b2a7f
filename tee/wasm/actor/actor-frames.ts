import type { ActorRefusal, Turn } from './actor-instance.ts';

/** What an actor's sandbox and the runtime say to each other: length (u32, little endian), then JSON with bytes in base64 and big integers as text. */
export type ToActor =
  | { readonly kind: 'load'; readonly component: Uint8Array; readonly grants: readonly string[]; readonly limits: Readonly<Record<string, number>> }
  | { readonly kind: 'event'; readonly event: string; readonly input: Uint8Array; readonly nowMs: number };
export type FromActor = { readonly kind: 'loaded' } | ActorRefusal | Turn;

export const MAX_FRAME_BYTES = 16 * 1024 * 1024;

export function encodeFrame(message: ToActor | FromActor): Uint8Array {
  const body = new TextEncoder().encode(
    JSON.stringify(message, (_, value: unknown) =>
      value instanceof Uint8Array ? value.toBase64() : typeof value === 'bigint' ? String(value) : value,
    ),
  );
  const frame = new Uint8Array(4 + body.length);
  new DataView(frame.buffer).setUint32(0, body.length, true);
  frame.set(body, 4);
  return frame;
}

/** Gathers what a pipe brings into whole frames. */
export class FrameReader {
  #held = Buffer.alloc(0);

  /** @returns the bodies that are complete now; null once one is longer than any may be */
  take(chunk: Uint8Array): readonly Uint8Array[] | null {
    this.#held = this.#held.length === 0 ? Buffer.from(chunk) : Buffer.concat([this.#held, chunk]);
    const bodies: Uint8Array[] = [];
    for (;;) {
      if (this.#held.length < 4) return bodies;
      const length = this.#held.readUInt32LE(0);
      if (length > MAX_FRAME_BYTES) return null;
      if (this.#held.length < 4 + length) return bodies;
      bodies.push(this.#held.subarray(4, 4 + length));
      this.#held = this.#held.subarray(4 + length);
    }
  }
}
