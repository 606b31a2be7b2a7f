import { isTeaError } from '@tea/protocol';
import { type Boot, flushLeftovers, readBoot } from './boots.ts';
import { responseCodeOf } from './frame.ts';
import { patientTransport } from './patient-transport.ts';
import { createSlots } from './slots.ts';
import { tpmBusy, tpmGone, type TpmTransport } from './transport.ts';
import { createTurns } from './turns.ts';
import { createVirtualTpm, refusal, type VirtualTpm } from './virtual-tpm.ts';

/**
 * Lets many callers share one TPM, each as if it had one to itself (TCG TSS 2.0 TAB and Resource Manager Specification). A caller has
 * handles and sessions of its own and can name no others; what doesn't fit the TPM's few places is swapped out; commands go first come,
 * first served, and since a caller has one command under way at a time, none crowds out another. A session that the TPM has no number for
 * waits until another ends.
 */
export type ResourceManager = AsyncDisposable & {
  /**
   * A caller's own way to the TPM. Closing it, at any moment, frees all that the caller had there. Besides what a transport throws, a call
   * may reject with TeaError `limit` or `timeout` when too many commands wait, or for too long. A TPM that was reset or lost its connection
   * has lost every caller's objects and sessions: commands that name them are answered TPM_RC_REFERENCE_…, others go on.
   */
  open(): TpmTransport;
};

export type ResourceManagerOptions = {
  /** Opens the one way to the TPM; called again when it was lost. */
  readonly connect: () => Promise<TpmTransport>;
  /** How many commands may wait. */
  readonly maxWaiting?: number;
  /** For a command's turn to come, and for the TPM to answer it. */
  readonly timeoutMs?: number;
};

const DESCRIPTION = 'the resource manager';
const TPM_RC_INITIALIZE = 0x100;
/** The TPM has no number left for one more session: 64 in the PC Client profile, swapped out or not. */
const TPM_RC_SESSION_HANDLES = 0x905;
const TPM_RC_REFERENCE = { first: 0x910, last: 0x91e } as const;

/** Takes the TPM over: whatever earlier clients left in it is flushed. @throws TeaError `unavailable` */
export async function openResourceManager({ connect, maxWaiting = 256, timeoutMs = 60_000 }: ResourceManagerOptions): Promise<ResourceManager> {
  const turns = createTurns({ maxWaiting, timeoutMs });
  const callers = new Set<VirtualTpm>();
  const left = new Set<VirtualTpm>();
  let wire: TpmTransport | undefined;
  let boot: Boot | undefined;
  let closed = false;
  const slots = createSlots(send);

  async function send(command: Uint8Array): Promise<Uint8Array> {
    const current = wire ?? gone();
    try {
      return await current.transmit(command);
    } catch (error) {
      wire = undefined;
      await current[Symbol.asyncDispose]();
      throw error;
    }
  }

  async function connected(): Promise<void> {
    if (closed) gone();
    if (wire) return;
    const opened = patientTransport(await connect(), timeoutMs);
    wire = opened;
    try {
      await startLife(await readBoot(send));
    } catch (error) {
      wire = undefined;
      await opened[Symbol.asyncDispose]();
      throw error;
    }
  }

  /** What became of the last command before a connection was lost is unknown, so a new one begins with nothing, as a reset TPM does. */
  async function startLife(now: Boot): Promise<void> {
    boot = now;
    slots.forgetAll();
    await flushLeftovers(send);
  }

  async function wasReset(): Promise<boolean> {
    const now = await readBoot(send);
    if (now.resetCount === boot?.resetCount && now.restartCount === boot.restartCount) return false;
    await startLife(now);
    return true;
  }

  async function freeWhatWasLeft(): Promise<void> {
    for (const caller of left) {
      left.delete(caller);
      await caller.free();
    }
  }

  async function execute(caller: VirtualTpm, command: Uint8Array): Promise<Uint8Array> {
    try {
      await freeWhatWasLeft();
      const response = await caller.execute(command);
      return hintsAtReset(responseCodeOf(response)) && (await wasReset()) ? await caller.execute(command) : response;
    } catch (error) {
      // The TPM would not swap: after a reset it takes no context from before.
      if (!isTeaError(error, 'tpm')) throw error;
      return (await wasReset()) ? caller.execute(command) : refusal(Number(error.details['responseCode']));
    }
  }

  async function inTurn<T>(work: () => Promise<T>): Promise<T> {
    const { release } = await turns.take();
    try {
      await connected();
      return await work();
    } finally {
      release();
    }
  }

  await inTurn(async () => undefined);
  return {
    open() {
      const caller = createVirtualTpm(slots);
      callers.add(caller);
      const leaving = Promise.withResolvers<void>();
      let open = true;
      let busy = false;
      return {
        description: DESCRIPTION,
        async transmit(command) {
          if (!open) gone();
          if (busy) throw tpmBusy();
          busy = true;
          try {
            for (;;) {
              const sessionEnded = slots.sessionEnded();
              const response = await inTurn(() => (open ? execute(caller, command) : gone()));
              if (responseCodeOf(response) !== TPM_RC_SESSION_HANDLES) return response;
              if (!(await within(timeoutMs, [sessionEnded, leaving.promise]))) return response;
            }
          } finally {
            busy = false;
          }
        },
        async [Symbol.asyncDispose]() {
          if (!open) return;
          open = false;
          leaving.resolve();
          callers.delete(caller);
          left.add(caller);
          // Whoever comes next frees what is still there when this fails.
          await inTurn(freeWhatWasLeft).catch(() => undefined);
        },
      };
    },
    async [Symbol.asyncDispose]() {
      for (const caller of callers) left.add(caller);
      if (wire) await inTurn(freeWhatWasLeft).catch(() => undefined); // a TPM that is gone has nothing to free
      closed = true;
      await wire?.[Symbol.asyncDispose]();
      wire = undefined;
    },
  };
}

function hintsAtReset(code: number): boolean {
  return code === TPM_RC_INITIALIZE || (code >= TPM_RC_REFERENCE.first && code <= TPM_RC_REFERENCE.last);
}

/** @returns whether any of `events` came in time */
async function within(timeoutMs: number, events: readonly Promise<void>[]): Promise<boolean> {
  const late = Promise.withResolvers<boolean>();
  const timer = setTimeout(() => late.resolve(false), timeoutMs);
  try {
    return await Promise.race([...events.map((event) => event.then(() => true)), late.promise]);
  } finally {
    clearTimeout(timer);
  }
}

function gone(): never {
  throw tpmGone(DESCRIPTION, 'it was closed by its owner', 'open it again');
}
