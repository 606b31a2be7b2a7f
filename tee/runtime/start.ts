import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { connect as connectTcp, type Socket } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import type * as v from 'valibot';
import { decodeEventLog, TeaError, type EventRecord } from '@tea/protocol';
import { exitWhenParentGone, sayReady, startLine } from '@tea/platform';
import { connectSwtpm, keyStoreIn, openTpmDevice, type KeyStore, type TpmTransport } from '@tea/tpm';
import { keepByHost, restoreKept, type KeepFile } from './kept-by-host.ts';
import { canonicalMachineLog } from './machine-log.ts';
import { machineSettings, processSettings } from './settings.ts';

/** What starts a TEE, however it was started. */
export type Start = Omit<v.InferOutput<typeof machineSettings>, 'kept'> & {
  readonly mode: 'process' | 'machine';
  /** For sealed state and wrapped keys only. */
  readonly stateDir: string;
  /** Makes a file of the state directory outlive this start. */
  readonly keep: KeepFile;
  /** What was measured before this program ran. A claim, until it explains the TPM's own PCRs. */
  readonly eventLog: readonly EventRecord[];
  readonly connectTpm: () => Promise<TpmTransport>;
  /** Tells whoever started it. */
  readonly ready: (value: unknown) => void;
};

/** Argument by which the image's init says that this program is a machine's whole user space. */
const MACHINE = '--machine';
/** The one thing on the machine's network card is its host: addresses are part of the image, so no part of it listens to whoever hands out others. */
const HOST = { host: '10.0.2.4', port: 4223 } as const;
const MACHINE_STATE = '/state';
const MACHINE_LOG = '/run/boot-log';
const RETRY_MS = 200;
const RETRIES = 50;

/** @throws TeaError `badMessage`, `timeout`; `unavailable` when a machine's host can't be reached */
export async function receiveStart(signal: AbortSignal): Promise<Start> {
  return process.argv.includes(MACHINE) ? startMachine(signal) : startProcess(signal);
}

async function startProcess(signal: AbortSignal): Promise<Start> {
  const { tpmSocket, tpmDevice, eventLog, stateDir, ...shared } = await startLine(processSettings);
  exitWhenParentGone();
  return {
    ...shared,
    mode: 'process',
    stateDir,
    keep: async () => undefined, // it is on a disk
    eventLog: decodeEventLog(eventLog),
    connectTpm: () =>
      tpmSocket === undefined ? openTpmDevice({ ...(tpmDevice && { path: tpmDevice }) }) : connectSwtpm({ socketPath: tpmSocket }, { signal }),
    ready: sayReady,
  };
}

/** A machine has its TPM and its event log from the hardware and the firmware, not from who talks to it over the network. */
async function startMachine(signal: AbortSignal): Promise<Start> {
  const eventLog = canonicalMachineLog(await readFile(MACHINE_LOG));
  const host = await reachHost(signal);
  const { kept, ...shared } = await startLine(machineSettings, { from: host });
  await restoreKept(MACHINE_STATE, kept);
  return {
    ...shared,
    mode: 'machine',
    stateDir: MACHINE_STATE,
    keep: keepByHost(host),
    eventLog,
    connectTpm: () => openTpmDevice(),
    ready: (value) => void host.write(`${JSON.stringify(value)}\n`),
  };
}

async function reachHost(signal: AbortSignal): Promise<Socket> {
  for (let attempt = 1; ; attempt++) {
    const socket = connectTcp(HOST);
    try {
      await once(socket, 'connect', { signal });
      return socket.on('error', () => undefined); // it hears whether this TEE is ready, and nothing else depends on it
    } catch (cause) {
      socket.destroy();
      if (attempt < RETRIES && !signal.aborted) {
        await delay(RETRY_MS, undefined, { signal });
        continue;
      }
      throw new TeaError('unavailable', 'The host of this machine does not answer', {
        expected: `a start line from ${HOST.host}:${HOST.port}`,
        actual: cause instanceof Error ? cause.message : String(cause),
        next: 'start the machine with `tea up --tee vm`',
        cause,
      });
    }
  }
}

/** The TPM's wrapped keys, in the state directory and where that outlives this start. */
export function keptKeyStore({ stateDir, keep }: Pick<Start, 'stateDir' | 'keep'>): KeyStore {
  const store = keyStoreIn(stateDir);
  return {
    read: store.read,
    async write(bytes) {
      await store.write(bytes);
      await keep('tpm-keys.cbor', bytes);
    },
  };
}
