import { X509Certificate } from 'node:crypto';
import { equalBytes, TeaError } from '@tea/protocol';
import { publicKeyFromPublicArea } from '@tea/protocol/tpm';
import { FlushContext } from './commands/general.ts';
import { type Endorsement, loadEndorsementKey } from './endorsement.ts';
import { type HmacSession, startHmacSession } from './hmac-session.ts';
import type { LoadedKey } from './key-templates.ts';
import type { TpmTurn } from './tpm.ts';

/** One session, salted to the EK, that protects what is secret on its way to the TPM and back; opened at first use, then kept. */
export type BusSession = {
  /**
   * A session whose command failed may be out of step with the TPM: it is flushed, and the next call opens another.
   * @param loadedEk where the turn has the EK already
   * @throws TeaError `refused` when the EK is not the certificate's
   */
  protect<T>(turn: TpmTurn, work: (session: HmacSession) => Promise<T>, loadedEk?: LoadedKey): Promise<T>;
  close(turn: TpmTurn): Promise<void>;
};

/**
 * @param endorsement its first certificate is the one that verifiers are shown: who sits between TEE and TPM may offer a salt key of his own, but
 *   then the certificate is not its, or no verifier accepts it. A TPM without one no verifier accepts either.
 */
export function createBusSession({ kind, certificates: [ekCertificate] }: Endorsement): BusSession {
  let session: HmacSession | undefined;

  async function start(turn: TpmTurn, ek: LoadedKey): Promise<HmacSession> {
    if (ekCertificate) requireCertified(ek.publicArea, ekCertificate);
    return startHmacSession(turn, { salt: ek });
  }

  /** The EK takes one of the TPM's three places only until the session has its salt. */
  async function startAlone(turn: TpmTurn): Promise<HmacSession> {
    const ek = await loadEndorsementKey(turn, kind);
    const started = await start(turn, ek);
    await ek.unload();
    return started;
  }

  return {
    async protect(turn, work, loadedEk) {
      session ??= await (loadedEk ? start(turn, loadedEk) : startAlone(turn));
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

function requireCertified(publicArea: Uint8Array, certificate: Uint8Array): void {
  const certified = new Uint8Array(new X509Certificate(certificate).publicKey.export({ type: 'spki', format: 'der' }));
  const { spki } = publicKeyFromPublicArea(publicArea);
  if (equalBytes(spki, certified)) return;
  throw new TeaError('refused', "This TPM's endorsement key is not the one its certificate names", {
    expected: certified.toHex(),
    actual: spki.toHex(),
    next: 'somebody on the way to the TPM answers in its place, or the certificate is another TPM’s: do not use this machine',
  });
}
