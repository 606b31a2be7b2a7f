import type { Authorization } from './authorization.ts';
import type { TpmCommand } from './commands/command.ts';
import { FlushContext } from './commands/general.ts';
import { decodeResponse, encodeCommand, type Entity } from './frame.ts';
import { patientTransport } from './patient-transport.ts';
import type { TpmTransport } from './transport.ts';
import { cancelled, createTurns } from './turns.ts';

/** Part 2, 7.4: permanent handles. */
export const TPM_RH = { owner: 0x40000001, null: 0x40000007, lockout: 0x4000000a, endorsement: 0x4000000b } as const;

/** A caller's exclusive use of the transport: what a turn loads is flushed when it ends, however it ends. */
export type TpmTurn = {
  /**
   * @param entities what each handle of the command's table points at
   * @throws TeaError `tpm` with the response code's name, `unavailable` when the TPM is gone, `timeout`, `cancelled`
   */
  run<H extends string, P, R>(
    command: TpmCommand<H, P, R>,
    entities: Readonly<Record<H, Entity>>,
    values: P,
    authorizations?: readonly Authorization[],
  ): Promise<R>;
  /** Flushes the object or session when the turn ends; the returned function says that it needs no flush any more. */
  flushAfter(handle: number): () => void;
};

export type Tpm = AsyncDisposable & {
  readonly description: string;
  /** Queues `work` behind the turns of others. When `signal` fires the promise rejects at once and no further command is sent. */
  turn<T>(work: (turn: TpmTurn) => Promise<T>, options?: { readonly signal?: AbortSignal | undefined }): Promise<T>;
};

export type TpmOptions = {
  /** How many turns may wait. */
  readonly maxWaiting?: number;
  /** For a turn to begin, and for the TPM to answer one command; a TPM that stays silent longer counts as gone. */
  readonly timeoutMs?: number;
};

/** Takes over `transport`, be it the only one to a TPM or one of a resource manager's, and closes it with itself. */
export function createTpm(transport: TpmTransport, { maxWaiting = 256, timeoutMs = 60_000 }: TpmOptions = {}): Tpm {
  const turns = createTurns({ maxWaiting, timeoutMs });
  const wire = patientTransport(transport, timeoutMs);

  const run: TpmTurn['run'] = async (command, entities, values, authorizations = []) =>
    decodeResponse(command, await wire.transmit(encodeCommand(command, entities, values, authorizations)), authorizations);

  const takeTurn = async <T>(work: (turn: TpmTurn) => Promise<T>, signal: AbortSignal | undefined): Promise<T> => {
    const loaded = new Set<number>();
    try {
      return await work({
        run: (command, entities, values, authorizations) =>
          signal?.aborted ? Promise.reject(cancelled()) : run(command, entities, values, authorizations),
        flushAfter(handle) {
          loaded.add(handle);
          return () => loaded.delete(handle);
        },
      });
    } finally {
      // A handle that can't be flushed is gone already, or its TPM is: the work's own outcome says so.
      for (const flushHandle of loaded) await run(FlushContext, {}, { flushHandle }).catch(() => undefined);
    }
  };

  return {
    description: transport.description,
    async turn(work, { signal } = {}) {
      const { release } = await turns.take(signal);
      const done = takeTurn(work, signal).finally(release);
      return signal === undefined ? done : Promise.race([done, rejectedBy(signal, done)]);
    },
    [Symbol.asyncDispose]: () => wire[Symbol.asyncDispose](),
  };
}

function rejectedBy(signal: AbortSignal, settled: Promise<unknown>): Promise<never> {
  const { promise, reject } = Promise.withResolvers<never>();
  const abort = (): void => reject(cancelled());
  signal.addEventListener('abort', abort, { once: true });
  const forget = (): void => signal.removeEventListener('abort', abort);
  settled.then(forget, forget);
  return promise;
}
