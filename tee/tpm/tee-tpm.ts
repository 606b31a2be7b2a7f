import { EVIDENCE_PCRS, isTeaError, TeaError } from '@tea/protocol';
import { password } from './authorization.ts';
import type { Boot } from './boots.ts';
import { createBusSession } from './bus-session.ts';
import { EcdhZGen } from './commands/cryptography.ts';
import { FlushContext, ReadClock } from './commands/general.ts';
import { ActivateCredential } from './commands/objects.ts';
import { type Endorsement, type EndorsementKind, loadEndorsementKey, noEkCertificate, readEndorsement } from './endorsement.ts';
import type { HmacSession } from './hmac-session.ts';
import { incrementCounter, readCounter } from './nv-counter.ts';
import { type ReleaseAuthority } from './release-policy.ts';
import { readStateSecret } from './state-secret.ts';
import { type KeyStore, keyStoreIn } from './key-state.ts';
import { extendPcr, type PcrValue, readPcrs, sha256Pcrs } from './pcrs.ts';
import { createQuoter, type TeeTpmQuote } from './quotes.ts';
import { endorsementPolicySession, pcrPolicySession } from './session.ts';
import { type Certification, loadTeeKeys, reloadTeeKeys, type TeeKeys } from './tee-keys.ts';
import { createTpm, type Tpm, type TpmOptions, type TpmTurn } from './tpm.ts';
import type { TpmTransport } from './transport.ts';

type CallOptions = { readonly signal?: AbortSignal | undefined };

/**
 * What the TEE asks of its TPM. Structures are bytes without their outer TPM2B size (see `@tea/protocol/tpm`). Every call throws TeaError:
 * `unavailable` when the TPM is gone, `tpm` when it refuses (details.response names the code), `cancelled`, `limit` or `timeout`.
 */
export type TeeTpm = AsyncDisposable & {
  /** DER, leaf first: the certificate of the EK in use and what the maker left above it. @throws TeaError `notFound` without one */
  ekCertificates(): Promise<Uint8Array[]>;
  /** RSA-2048 restricted signing key, RSASSA with SHA-256. */
  readonly ak: { readonly publicArea: Uint8Array; readonly name: Uint8Array };
  /** P-256 ECDH key that works only while `pcrs` have the values they had when it was made. */
  readonly sealingKey: { readonly publicArea: Uint8Array; readonly name: Uint8Array; readonly certification: Certification };
  /** @param qualifyingData at most 64 bytes: what the quote is fresh for @param pcrs of the SHA-256 bank @returns values in ascending order */
  quote(qualifyingData: Uint8Array, pcrs?: readonly number[], options?: CallOptions): Promise<TeeTpmQuote>;
  /** Opens a credential that was made for this TPM's EK and this AK. @throws TeaError `tpm` when it was made for another */
  activateCredential(credentialBlob: Uint8Array, encryptedSecret: Uint8Array, options?: CallOptions): Promise<Uint8Array>;
  /**
   * The shared secret of the sealing key with a peer, for HPKE's DHKEM.
   * @param point uncompressed SEC 1 point, 65 bytes @returns the x coordinate, 32 bytes
   * @throws TeaError `badMessage` for what is no point of P-256, `tpm` (TPM_RC_POLICY_FAIL) once a PCR of the policy changed
   */
  ecdhZ(point: Uint8Array, options?: CallOptions): Promise<Uint8Array>;
  /**
   * 32 bytes that only this TPM gives out, to this image or to those that the release key approved; the same after every start.
   * @throws TeaError `refused` for an image that nobody approved, `tpm` (TPM_RC_SIGNATURE, TPM_RC_POLICY_FAIL) for a forged approval
   */
  stateSecret(options?: CallOptions): Promise<Uint8Array>;
  /** Counts in the TPM's NV memory, and never back. */
  readonly counter: {
    /** @returns undefined while nobody has counted yet */
    read(options?: CallOptions): Promise<bigint | undefined>;
    /** @returns the new count */
    increment(options?: CallOptions): Promise<bigint>;
  };
  /** Which of its lives the TPM is in: evidence from another is of a machine that was started anew since. */
  boot(options?: CallOptions): Promise<Boot>;
  extendPcr(index: number, digest: Uint8Array, options?: CallOptions): Promise<void>;
  readPcrs(indices: readonly number[], options?: CallOptions): Promise<PcrValue[]>;
};

export type OpenTeeTpmOptions = TpmOptions & {
  /** Taken over: closed with the result, or when opening fails. */
  readonly transport: TpmTransport;
  /** What quotes cover and the sealing key is bound to. */
  readonly pcrs?: readonly number[];
  /** Who approves images that share this TEE's state. Without it no other image opens what this one sealed. */
  readonly release?: ReleaseAuthority;
  /** The EK that speaks for this TPM: as `readEndorsement` chooses without one. */
  readonly endorsementKey?: EndorsementKind | undefined;
  readonly signal?: AbortSignal;
} & ({ readonly stateDir: string } | { readonly state: KeyStore });

/**
 * Opens the TPM for a TEE: its keys are loaded or made. Needs two of the TPM's places for as long as it is open and a third at times, so
 * whatever else uses the TPM shares it by a resource manager. Survives a reset of the TPM: the keys are loaded again.
 * @throws TeaError `conflict` or `corrupt` for stored keys that this TPM did not make, and what a call throws
 */
export async function openTeeTpm(options: OpenTeeTpmOptions): Promise<TeeTpm> {
  const { transport, pcrs = EVIDENCE_PCRS, signal } = options;
  const store = 'state' in options ? options.state : keyStoreIn(options.stateDir);
  const tpm = createTpm(transport, options);
  try {
    const endorsement = await tpm.turn((turn) => readEndorsement(turn, options.endorsementKey), { signal });
    const keys = await tpm.turn((turn) => loadTeeKeys(turn, store, pcrs), { signal });
    return faceOf(tpm, keys, endorsement, options);
  } catch (error) {
    await tpm[Symbol.asyncDispose]();
    throw error;
  }
}

function faceOf(tpm: Tpm, firstKeys: TeeKeys, endorsement: Endorsement, { pcrs = EVIDENCE_PCRS, release }: OpenTeeTpmOptions): TeeTpm {
  const { ak, sealingKey, certification } = firstKeys;
  const { kind, certificates } = endorsement;
  const bus = createBusSession(endorsement);
  const quote = createQuoter();
  let keys = firstKeys;

  const withKeys = <T>(work: (turn: TpmTurn, keys: TeeKeys) => Promise<T>, options: CallOptions | undefined): Promise<T> =>
    tpm.turn(async (turn) => {
      try {
        return await work(turn, keys);
      } catch (error) {
        if (!wereLost(error)) throw error;
        keys = await reloadTeeKeys(turn, keys);
        return work(turn, keys);
      }
    }, options);
  const protectedCall = <T>(work: (turn: TpmTurn, session: HmacSession) => Promise<T>, options: CallOptions | undefined): Promise<T> =>
    withKeys((turn) => bus.protect(turn, (session) => work(turn, session)), options);

  return {
    ak: { publicArea: ak.publicArea, name: ak.name },
    sealingKey: { publicArea: sealingKey.publicArea, name: sealingKey.name, certification },
    ekCertificates: async () => (certificates.length > 0 ? [...certificates] : noEkCertificate(kind)),
    quote: (qualifyingData, selected = pcrs, options) => withKeys((turn, loaded) => quote(turn, loaded.ak, qualifyingData, selected), options),
    activateCredential: (credentialBlob, secret, options) =>
      withKeys(async (turn, loaded) => {
        const keyHandle = await loadEndorsementKey(turn, kind);
        const policy = await endorsementPolicySession(turn);
        const handles = { activateHandle: loaded.ak, keyHandle };
        return bus.protect(
          turn,
          async (session) => {
            const { certInfo } = await turn.run(ActivateCredential, handles, { credentialBlob, secret }, [password(), policy, session]);
            return certInfo;
          },
          keyHandle,
        );
      }, options),
    ecdhZ: async (point, options) => {
      const inPoint = splitPoint(point);
      return withKeys(async (turn, { sealingKey: keyHandle }) => {
        const policy = await pcrPolicySession(turn, sha256Pcrs(pcrs));
        return bus.protect(turn, async (session) => {
          const { outPoint } = await turn.run(EcdhZGen, { keyHandle }, { inPoint }, [policy, session]).catch(refusePoint);
          const z = new Uint8Array(32);
          z.set(outPoint.x, 32 - outPoint.x.length);
          for (const done of [outPoint.x, outPoint.y]) done.fill(0);
          return z;
        });
      }, options);
    },
    stateSecret: (options) => withKeys((turn) => readStateSecret(turn, bus, pcrs, release), options),
    counter: {
      read: (options) => protectedCall(readCounter, options),
      increment: (options) => protectedCall(incrementCounter, options),
    },
    boot: (options) =>
      tpm.turn(async (turn) => {
        const { resetCount, restartCount } = (await turn.run(ReadClock, {}, {})).clockInfo;
        return { resetCount, restartCount };
      }, options),
    extendPcr: (index, digest, options) => tpm.turn((turn) => extendPcr(turn, index, digest), options),
    readPcrs: (indices, options) => tpm.turn((turn) => readPcrs(turn, indices), options),
    async [Symbol.asyncDispose]() {
      const flush = tpm.turn(async (turn) => {
        await bus.close(turn);
        for (const { handle } of [keys.ak, keys.sealingKey]) await turn.run(FlushContext, {}, { flushHandle: handle });
      });
      await flush.catch(() => undefined); // a TPM that is gone has nothing loaded
      await tpm[Symbol.asyncDispose]();
    },
  };
}

/** TPM_RC_REFERENCE_…: a handle or session that is not loaded. */
function wereLost(error: unknown): boolean {
  return isTeaError(error, 'tpm') && String(error.details['response']).startsWith('TPM_RC_REFERENCE_');
}

function splitPoint(point: Uint8Array): { x: Uint8Array; y: Uint8Array } {
  if (point.length !== 65 || point[0] !== 4) {
    throw new TeaError('badMessage', 'This is not a P-256 point', { expected: '65 bytes, 04 first', actual: `${point.length} bytes` });
  }
  return { x: point.slice(1, 33), y: point.slice(33) };
}

function refusePoint(cause: unknown): never {
  if (cause instanceof TeaError && cause.details['response'] === 'TPM_RC_ECC_POINT') {
    throw new TeaError('badMessage', 'This is not a P-256 point', { expected: 'a point on the curve', actual: 'another', cause });
  }
  throw cause;
}
