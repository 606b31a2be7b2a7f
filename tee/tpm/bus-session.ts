import { FlushContext } from './commands/general.ts';
import { loadEndorsementKey } from './endorsement.ts';
import type { LoadedKey } from './key-templates.ts';
import { type SaltedSession, startSaltedSession } from './salted-session.ts';
import type { TpmTurn } from './tpm.ts';

/** One session, salted to the EK, that protects what secret responses say on their way from the TPM; opened at first use, then kept. */
export type BusSession = {
  /**
   * A session whose command failed may be out of step with the TPM: it is flushed, and the next call opens another.
   * @param loadedEk where the turn has the EK already: a simulator has no room to load it twice
   */
  protect<T>(turn: TpmTurn, work: (session: SaltedSession) => Promise<T>, loadedEk?: LoadedKey): Promise<T>;
  close(turn: TpmTurn): Promise<void>;
};

export function createBusSession(): BusSession {
  let session: SaltedSession | undefined;
  return {
    async protect(turn, work, loadedEk) {
      session ??= await startSaltedSession(turn, loadedEk ?? (await loadEndorsementKey(turn)));
      try {
        return await work(session);
      } catch (error) {
        turn.flushAfter(session.handle);
        session = undefined;
        throw error;
      }
    },
    async close(turn) {
      if (session) await turn.run(FlushContext, {}, { flushHandle: session.handle });
      session = undefined;
    },
  };
}
