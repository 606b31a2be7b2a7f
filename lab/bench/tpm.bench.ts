import { temporaryDirectory } from '@tea/platform';
import { connectSwtpm, openResourceManager, openTeeTpm, type TpmTransport } from '@tea/tpm';
import { startSwtpm } from '../../tee/launcher/swtpm.ts';

/**
 * What our codec, resource manager and sessions add to the TPM's own time: each call against the bare bytes of its main command on the same socket,
 * taken in turns.
 */
const ROUNDS = 400;
const TPM_CC_QUOTE = 0x158;

/** Remembers the last TPM2_Quote that went through. */
function remembering(transport: TpmTransport): TpmTransport & { quoteCommand: Uint8Array } {
  return {
    quoteCommand: new Uint8Array(0),
    description: transport.description,
    transmit(command) {
      if (new DataView(command.buffer, command.byteOffset).getUint32(6) === TPM_CC_QUOTE) this.quoteCommand = command;
      return transport.transmit(command);
    },
    [Symbol.asyncDispose]: () => transport[Symbol.asyncDispose](),
  };
}

function percentile(samples: readonly number[], share: number): number {
  return samples.toSorted((a, b) => a - b)[Math.floor(samples.length * share)] ?? Number.NaN;
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await work();
  return performance.now() - start;
}

function row(id: string, value: number, unit: string, comparedTo: string, goal: string, holds: boolean): void {
  process.stdout.write(`${JSON.stringify({ id, value: Number(value.toFixed(3)), unit, comparedTo, goal, holds })}\n`);
}

await using directory = await temporaryDirectory('tpm-bench');
await using swtpm = await startSwtpm({ stateDir: directory.path });
const transport = remembering(await connectSwtpm(swtpm));
await using manager = await openResourceManager({ connect: async () => transport });
await using tpm = await openTeeTpm({ transport: manager.open(), stateDir: directory.path });
const nonce = crypto.getRandomValues(new Uint8Array(32));
const { publicKey } = await crypto.subtle.generateKey({ name: 'ECDH', namedCurve: 'P-256' }, true, ['deriveBits']);
const point = new Uint8Array(await crypto.subtle.exportKey('raw', publicKey));

const ours: number[] = [];
const raw: number[] = [];
const ecdh: number[] = [];
await tpm.quote(nonce); // so that there is a command to repeat
for (let round = -50; round < ROUNDS; round++) {
  // Whoever comes second finds a TPM that has just used its share of a busy processor, so they take turns at that too.
  const quote = (): Promise<number> => timed(() => tpm.quote(nonce));
  const bare = (): Promise<number> => timed(() => transport.transmit(transport.quoteCommand));
  const [first, second] = [await (round % 2 === 0 ? quote() : bare()), await (round % 2 === 0 ? bare() : quote())];
  const [oursMs, rawMs] = round % 2 === 0 ? [first, second] : [second, first];
  const samples = [oursMs, rawMs, await timed(() => tpm.ecdhZ(point))];
  if (round < 0) continue; // the first rounds warm both up
  for (const [index, list] of [ours, raw, ecdh].entries()) list.push(samples[index] ?? Number.NaN);
}

const ratio = percentile(ours, 0.5) / percentile(raw, 0.5);
row('tpm.quoteRatio', ratio, 'ratio of p50', 'the bytes of TPM2_Quote on the same socket', '<= 1.2', ratio <= 1.2);
row('tpm.quoteP50', percentile(ours, 0.5), 'ms', `raw ${percentile(raw, 0.5).toFixed(3)} ms`, '<= 5', percentile(ours, 0.5) <= 5);
row('tpm.quoteP95', percentile(ours, 0.95), 'ms', `raw ${percentile(raw, 0.95).toFixed(3)} ms`, '<= 20', percentile(ours, 0.95) <= 20);
row('tpm.ecdhP50', percentile(ecdh, 0.5), 'ms', 'session, PolicyPCR and TPM2_ECDH_ZGen', '<= 5', percentile(ecdh, 0.5) <= 5);
