import { answer, log, now, random, refuse, wake } from 'tea:actor/host@0.1.0';
import { activeNodes as readActiveNodes } from 'tea:actor/layer1@0.1.0';
import { ping } from 'tea:actor/net@0.1.0';
import { signActiveList } from 'tea:actor/tpm@0.1.0';
import { activeNodes } from './active-nodes.ts';

// The bindings hand a u32 over as a signed number.
const actor = activeNodes({ log, answer, refuse, wake, activeNodes: readActiveNodes, ping, signActiveList }, () => (random() >>> 0) / 2 ** 32);

/** The world's one export. Events of a later world are none of ours. */
export function handle(event: string, input: Uint8Array): Uint8Array {
  const nowMs = now();
  const number = (): number => new DataView(input.buffer, input.byteOffset).getUint32(0, true);
  if (event === 'start') actor.start(nowMs);
  else if (event === 'wake') actor.wake(nowMs);
  else if (event === 'request') actor.request(nowMs, number());
  else if (event === 'done') actor.done(nowMs, number(), input.subarray(4));
  else if (event === 'failed') actor.failed(nowMs, number(), text(input.subarray(4)));
  return new Uint8Array(0);
}

/** The reasons are ours, and short. */
function text(bytes: Uint8Array): string {
  return String.fromCharCode(...bytes.subarray(0, 500));
}
