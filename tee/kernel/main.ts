import { chmod, copyFile, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import * as v from 'valibot';
import { bytesFromBase64, decodeImageRelease, isTeaError, TeaError } from '@tea/protocol';
import { describeExit, exitWhenParentGone, requireTool, runProcess, sayReady, spawnChild, startLine, type Child } from '@tea/platform';
import { keepRunning, type Running } from '@tea/launcher/keep-running';
import { manufactureTpm } from '@tea/launcher/tpm-simulator';
import { bootDisk } from './boot-disk.ts';
import { consoleLog } from './console-log.ts';
import { keptFiles } from './kept-files.ts';
import { FIRMWARE, hasHardwareSupport, machineArguments } from './virtual-machine.ts';
import { openStartService } from './start-service.ts';

/**
 * Runs the image in a virtual machine: QEMU, firmware that measures (OVMF) and a TPM simulator. Part of the untrusted host, all of it: whoever runs this can
 * read the machine's memory and forge what its TPM says, which is why its trust class is `simulated`. The image is the one that a real machine boots.
 */
const settings = v.strictObject({
  stateDir: v.string(),
  /** The EFI binary that `tea image build` wrote. */
  image: v.string(),
  nats: v.looseObject({ servers: v.pipe(v.array(v.string()), v.minLength(1)) }),
  imageRelease: v.optional(bytesFromBase64),
  /** As the runtime's settings of these names; it judges their values. */
  genesis: v.optional(v.string()),
  receiptGatherMs: v.optional(v.number()),
});

const KVM_GAVE_UP = /KVM internal error|kvm run failed/;
/** Firmware and kernel take some 12 s where a processor is emulated on an idle machine; a busy one takes longer. */
const BOOT_DEADLINE_MS = 180_000;

await runProcess('machine', async (signal) => {
  const { stateDir, image, nats, imageRelease, genesis, receiptGatherMs } = await startLine(settings);
  exitWhenParentGone();
  const qemu = requireTool('qemu-system-x86_64', 'qemu-system-x86');
  const swtpm = requireTool('swtpm', 'swtpm');
  await mkdir(stateDir, { recursive: true, mode: 0o700 });
  await chmod(stateDir, 0o700);
  await using parts = new AsyncDisposableStack();
  const { caCertificates } = await manufactureTpm({ home: stateDir, signal });
  await writeFile(join(stateDir, 'boot-disk.img'), bootDisk(new Uint8Array(await readFile(image))));
  const release = imageRelease && decodeImageRelease(imageRelease);
  let hardware = await hasHardwareSupport();
  const starts = parts.use(
    await openStartService(
      join(stateDir, 'start.sock'),
      {
        // The bus as the machine sees it: its card leads to two sockets of this host.
        nats: { ...nats, servers: ['10.0.2.4:4222'] },
        caCertificates: caCertificates.map(base64),
        imageApprovals: release?.approvals.map(({ policy, signature }) => ({ policy: base64(policy), signature: base64(signature) })) ?? [],
        actorManifests: release?.actors?.map(base64) ?? [],
        ...(genesis !== undefined && { genesis }),
        ...(receiptGatherMs !== undefined && { receiptGatherMs }),
      },
      keptFiles(join(stateDir, 'kept')),
    ),
  );
  const natsPort = portOf(nats.servers[0] ?? '');
  const log = consoleLog((line) => process.stderr.write(`${line}\n`));

  let saidReady = false;
  async function startMachine(): Promise<Running> {
    if (!hardware) return bootMachine();
    return bootMachine().catch((error: unknown) => {
      if (!isTeaError(error) || signal.aborted || log.tail() !== '') throw error;
      process.stderr.write(`machine: KVM is there and does not run this firmware; going on with an emulated processor, some ten times slower\n`);
      hardware = false;
      return bootMachine();
    });
  }

  async function bootMachine(): Promise<Running> {
    await using started = new AsyncDisposableStack();
    await copyFile(FIRMWARE.variables, join(stateDir, 'variables.fd')).catch((cause: unknown) => {
      throw new TeaError('missingTool', 'The firmware of virtual machines is not there', {
        expected: FIRMWARE.variables,
        next: 'apt-get install ovmf',
        cause,
      });
    });
    await chmod(join(stateDir, 'variables.fd'), 0o600);
    await rm(join(stateDir, 'tpm.sock'), { force: true });
    const tpm = started.use(
      await spawnChild({
        name: 'swtpm',
        command: swtpm,
        args: ['socket', '--tpm2', '--tpmstate=dir=tpm,mode=0600', '--ctrl=type=unixio,path=tpm.sock,mode=0600', '--terminate'],
        cwd: stateDir,
        signal,
      }),
    );
    tpm.stdout.resume();
    await listening(join(stateDir, 'tpm.sock'), tpm, signal);
    const machine = started.use(
      await spawnChild({ name: 'qemu', command: qemu, args: machineArguments({ natsPort, hardware }), cwd: stateDir, signal, onStderr: heard }),
    );
    function heard(text: string): void {
      const gaveUp = KVM_GAVE_UP.test(text);
      if (gaveUp) machine.kill('SIGTERM'); // QEMU would wait for a debugger
      if (!hardware) process.stderr.write(text); // else it is pages of registers, and tried again without
    }
    machine.stdout.on('data', log.take);
    const given = AbortSignal.any([signal, AbortSignal.timeout(BOOT_DEADLINE_MS)]);
    const ended = machine.exited.then((exit) => {
      throw new TeaError('unavailable', 'The machine ended before its TEE was ready', {
        actual: `${describeExit(exit)}; its console:\n${log.tail()}`,
      });
    });
    ended.catch(() => undefined);
    const ready = await Promise.race([starts.ready(given), ended]).catch((cause: unknown) => {
      if (signal.aborted || cause instanceof TeaError) throw cause;
      throw new TeaError('timeout', 'The machine did not become ready', {
        actual: `nothing in ${BOOT_DEADLINE_MS} ms; its console:\n${log.tail()}`,
        cause,
      });
    });
    if (!saidReady) sayReady({ ...ready, pid: machine.pid });
    saidReady = true;
    const running = started.move();
    return { exited: machine.exited.then((exit) => failed(exit)), [Symbol.asyncDispose]: () => running.disposeAsync() };
  }

  await keepRunning({
    name: 'the machine',
    start: startMachine,
    say: (words) => process.stderr.write(`machine: ${words}\n`),
    delay: (delayMs) => delay(delayMs, undefined, { signal }).catch(() => undefined),
    now: () => performance.now(),
    signal,
  });
});

/** A machine that turned itself off says so by code 0, and is not meant to: its init does that when tea-runtime ended. */
function failed(exit: Awaited<Child['exited']>): Awaited<Child['exited']> {
  return exit.kind === 'exited' && exit.code === 0 ? { kind: 'exited', code: 1 } : exit;
}

async function listening(path: string, child: Child, signal: AbortSignal): Promise<void> {
  for (let attempt = 0; attempt < 200; attempt++) {
    if (
      await readFile(path).then(
        () => true,
        (error: NodeJS.ErrnoException) => error.code !== 'ENOENT',
      )
    )
      return;
    await delay(10, undefined, { signal });
  }
  throw new TeaError('timeout', 'swtpm does not listen', { actual: child.stderrTail().trim() || 'nothing on its stderr' });
}

/** NATS takes `host:port` and `nats://host:port`. */
function portOf(server: string): number {
  const port = Number(/:(\d+)$/.exec(server)?.[1]);
  if (Number.isInteger(port) && port > 0) return port;
  throw new TeaError('badInput', 'This is no address of a bus', { expected: 'host:port', actual: server });
}

function base64(bytes: Uint8Array): string {
  return bytes.toBase64();
}
