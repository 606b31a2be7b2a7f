import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import * as v from 'valibot';
import { bytesFromBase64, decodeImageRelease, encodeEventLog } from '@tea/protocol';
import { exitWhenParentGone, readyLine, requireTool, runProcess, sayReady, spawnChild, startLine } from '@tea/platform';
import { measureProcess } from './measurements.ts';
import { extendMeasurements } from './extend-measurements.ts';
import { keepRunning, type Running } from './keep-running.ts';
import { startSwtpm } from './swtpm.ts';
import { measureIntoDevice, requireDevice } from './tpm-device.ts';

/**
 * Process mode: stands where firmware and boot loader stand on a real machine. It starts a TPM simulator, or takes the TPM it is given, measures Node and
 * the TEE bundle into it, then runs the bundle, again whenever it dies (`keep-running.ts`). It is part of the untrusted host, which is why all of this is trust class `simulated`.
 */
const settings = v.strictObject({
  stateDir: v.string(),
  nats: v.looseObject({}),
  /** `encodeImageRelease`. Without one, no other bundle opens the state of this one. */
  imageRelease: v.optional(bytesFromBase64),
  /** As the runtime's settings of these names; it judges their values. */
  genesis: v.optional(v.string()),
  receiptGatherMs: v.optional(v.number()),
  endorsementKey: v.optional(v.string()),
  /** A TPM's character device, and DER of the CAs above its EK certificate that it does not hold itself. Without it, a simulator. */
  tpm: v.optional(v.strictObject({ device: v.string(), authorities: v.array(bytesFromBase64) })),
});
const teeReady = v.strictObject({ node: v.string(), account: v.string() });

await runProcess('tee launcher', async (signal) => {
  const { stateDir, nats, imageRelease, genesis, receiptGatherMs, endorsementKey, tpm } = await startLine(settings);
  exitWhenParentGone();
  await mkdir(stateDir, { recursive: true, mode: 0o700 });
  await using parts = new AsyncDisposableStack();
  const release = imageRelease && decodeImageRelease(imageRelease);
  const [swtpm, measurements] = await Promise.all([
    tpm === undefined ? startSwtpm({ stateDir: join(stateDir, 'tpm'), signal }) : requireDevice(tpm.device),
    measureProcess(release),
  ]);
  const { bundle, log } = measurements;
  if (swtpm) {
    parts.use(swtpm);
    await extendMeasurements(swtpm.socketPath, log);
  } else if (tpm !== undefined) {
    await measureIntoDevice(tpm.device, log);
  }
  const program = join(stateDir, 'tee-runtime.mjs');
  const teeSettings = {
    nats,
    ...(swtpm && { tpmSocket: swtpm.socketPath }),
    ...(tpm !== undefined && { tpmDevice: tpm.device }),
    stateDir: join(stateDir, 'state'),
    eventLog: base64(encodeEventLog(log)),
    caCertificates: (swtpm ? swtpm.caCertificates : (tpm?.authorities ?? [])).map(base64),
    imageApprovals: release?.approvals.map(({ policy, signature }) => ({ policy: base64(policy), signature: base64(signature) })) ?? [],
    actorManifests: release?.actors?.map(base64) ?? [],
    ...(genesis !== undefined && { genesis }),
    ...(endorsementKey !== undefined && { endorsementKey }),
    ...(receiptGatherMs !== undefined && { receiptGatherMs }),
  };

  let saidReady = false;
  async function startTee(): Promise<Running> {
    await rm(program, { force: true }); // an earlier one is read-only, or a link to somewhere
    await writeFile(program, bundle.source, { mode: 0o400, flush: true, flag: 'wx' });
    const tee = await spawnChild({
      name: 'tee-runtime',
      command: requireTool('prlimit', 'util-linux'),
      // No core dump may hold a key, and no signal may open Node's debugger to whoever reaches loopback.
      args: ['--core=0', process.execPath, '--disable-sigusr1', program],
      signal,
      onStderr: (text) => process.stderr.write(text),
      startLine: teeSettings,
    });
    try {
      const ready = await readyLine(tee, teeReady, { signal, deadlineMs: 25_000 });
      if (!saidReady) sayReady({ ...ready, pid: tee.pid });
      saidReady = true;
      return tee;
    } catch (error) {
      await tee[Symbol.asyncDispose]();
      throw error;
    }
  }

  // The TPM goes on meanwhile: its PCRs still say what was measured, and what runs is that, written out again.
  await keepRunning({
    name: 'tee-runtime',
    start: startTee,
    say: (words) => process.stderr.write(`tee launcher: ${words}\n`),
    delay: (delayMs) => delay(delayMs, undefined, { signal }).catch(() => undefined),
    now: () => performance.now(),
    signal,
  });
});

function base64(bytes: Uint8Array): string {
  return bytes.toBase64();
}
