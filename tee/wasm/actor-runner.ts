/**
 * The program inside an actor's sandbox: one actor, event by event from stdin, what became of each to stdout. It ends with stdin, and when its actor
 * does: what a trap left behind is in no state to go on with.
 */
import { randomFillSync } from 'node:crypto';
import { readSync, writeSync } from 'node:fs';
import { encodeFrame, type FromActor } from './actor/actor-frames.ts';
import { type ActorLimits, loadActor, type LoadedActor } from './actor/actor-instance.ts';
import { ACTOR_GRANTS } from './actor/actor-world.ts';

/** What `encodeFrame` made of a `ToActor`; the runtime wrote it, so it is taken as it is. */
type Told = {
  readonly kind: 'load' | 'event';
  readonly component: string;
  readonly grants: readonly string[];
  readonly limits: Omit<ActorLimits, 'gasPerTurn'> & { readonly gasPerTurn: number };
  readonly event: string;
  readonly input: string;
  readonly nowMs: number;
};

let actor = null as LoadedActor | null;
for (let told = readFrame(); told !== null; told = readFrame()) {
  const answer = told.kind === 'load' ? load(told) : actor?.turn(told.event, Uint8Array.fromBase64(told.input), told.nowMs);
  if (answer === undefined) break;
  say(answer);
  if (answer.kind === 'refused' || answer.kind === 'ended') break;
}

function load({ component, grants, limits }: Told): FromActor {
  const granted = ACTOR_GRANTS.filter((grant) => grants.includes(grant));
  const loaded = loadActor(Uint8Array.fromBase64(component), granted, { ...limits, gasPerTurn: BigInt(limits.gasPerTurn) }, random);
  if (loaded.kind === 'refused') return loaded;
  actor = loaded;
  return { kind: 'loaded' };
}

function random(): number {
  return randomFillSync(new Uint32Array(1))[0] ?? 0;
}

function readFrame(): Told | null {
  const size = readBytes(4);
  if (size === null) return null;
  const body = readBytes(new DataView(size.buffer).getUint32(0, true));
  return body && (JSON.parse(new TextDecoder().decode(body)) as Told);
}

function readBytes(length: number): Uint8Array<ArrayBuffer> | null {
  const bytes = new Uint8Array(length);
  for (let at = 0; at < length;) {
    const size = readSync(0, bytes, at, length - at, null);
    if (size === 0) return null;
    at += size;
  }
  return bytes;
}

function say(answer: FromActor): void {
  const frame = encodeFrame(answer);
  for (let at = 0; at < frame.length;) at += writeSync(1, frame, at, frame.length - at);
}
