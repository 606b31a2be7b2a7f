import { EVIDENCE_PCRS, equalBytes, TeaError } from '@tea/protocol';
import { decodeQuote, pcrDigest } from '@tea/protocol/tpm';
import { password } from './authorization.ts';
import { createBusSession } from './bus-session.ts';
import { EcdhZGen } from './commands/cryptography.ts';
import { FlushContext } from './commands/general.ts';
import { Quote } from './commands/measurements.ts';
import { ActivateCredential } from './commands/objects.ts';
import { listHandles, loadEndorsementKey, readEkCertificates } from './endorsement.ts';
import { type KeyStore, keyStoreIn } from './key-state.ts';
import { extendPcr, type PcrValue, readPcrs, sha256Pcrs } from './pcrs.ts';
import { endorsementPolicySession, pcrPolicySession } from './session.ts';
import { type Certification, loadTeeKeys, type TeeKeys } from './tee-keys.ts';
import { createTpm, type Tpm, type TpmOptions, type TpmTurn } from './tpm.ts';
import type { TpmTransport } from './transport.ts';

export type TeeTpmQuote = { readonly attest: Uint8Array; readonly signature: Uint8Array; readonly pcrs: readonly PcrValue[] };

type CallOptions = { readonly signal?: AbortSignal | undefined };

/**
 * What the TEE asks of its TPM. Structures are bytes without their outer TPM2B size (see `@tea/protocol/tpm`). Every call throws TeaError:
 * `unavailable` when the TPM is gone, `tpm` when it refuses (details.response names the code), `cancelled`, `limit` or `timeout`.
 */
export type TeeTpm = AsyncDisposable & {
  /** DER, leaf first: the certificate of the RSA-2048 EK and what the maker left above it. @throws TeaError `notFound` without one */
  ekCertificates(options?: CallOptions): Promise<Uint8Array[]>;
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
  extendPcr(index: number, digest: Uint8Array, options?: CallOptions): Promise<void>;
  readPcrs(indices: readonly number[], options?: CallOptions): Promise<PcrValue[]>;
};

export type OpenTeeTpmOptions = TpmOptions & {
  /** Taken over: closed with the result, or when opening fails. */
  readonly transport: TpmTransport;
  /** What quotes cover and the sealing key is bound to. */
  readonly pcrs?: readonly number[];
  readonly signal?: AbortSignal;
} & ({ readonly stateDir: string } | { readonly state: KeyStore });

/**
 * Opens the TPM for the one TEE that uses it: what an earlier, killed TEE left loaded is flushed, and the keys are loaded or made.
 * @throws TeaError `conflict` or `corrupt` for stored keys that this TPM did not make, and what a call throws
 */
export async function openTeeTpm(options: OpenTeeTpmOptions): Promise<TeeTpm> {
  const { transport, pcrs = EVIDENCE_PCRS, signal } = options;
  const store = 'state' in options ? options.state : keyStoreIn(options.stateDir);
  const tpm = createTpm(transport, options);
  try {
    await tpm.turn(flushLeftovers, { signal });
    const keys = await tpm.turn((turn) => loadTeeKeys(turn, store, pcrs), { signal });
    return faceOf(tpm, keys, pcrs);
  } catch (error) {
    await tpm[Symbol.asyncDispose]();
    throw error;
  }
}

function faceOf(tpm: Tpm, keys: TeeKeys, pcrs: readonly number[]): TeeTpm {
  const { ak, sealingKey, certification } = keys;
  const bus = createBusSession();
  return {
    ak: { publicArea: ak.publicArea, name: ak.name },
    sealingKey: { publicArea: sealingKey.publicArea, name: sealingKey.name, certification },
    ekCertificates: (options) => tpm.turn(readEkCertificates, options),
    quote: (qualifyingData, selected = pcrs, options) => tpm.turn((turn) => quote(turn, keys, qualifyingData, selected), options),
    activateCredential: (credentialBlob, secret, options) =>
      tpm.turn(async (turn) => {
        const keyHandle = await loadEndorsementKey(turn);
        const policy = await endorsementPolicySession(turn);
        const handles = { activateHandle: ak, keyHandle };
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
      return tpm.turn(async (turn) => {
        const policy = await pcrPolicySession(turn, sha256Pcrs(pcrs));
        return bus.protect(turn, async (session) => {
          const { outPoint } = await turn.run(EcdhZGen, { keyHandle: sealingKey }, { inPoint }, [policy, session]).catch(refusePoint);
          const z = new Uint8Array(32);
          z.set(outPoint.x, 32 - outPoint.x.length);
          return z;
        });
      }, options);
    },
    extendPcr: (index, digest, options) => tpm.turn((turn) => extendPcr(turn, index, digest), options),
    readPcrs: (indices, options) => tpm.turn((turn) => readPcrs(turn, indices), options),
    async [Symbol.asyncDispose]() {
      const flush = tpm.turn(async (turn) => {
        await bus.close(turn);
        for (const { handle } of [ak, sealingKey]) await turn.run(FlushContext, {}, { flushHandle: handle });
      });
      await flush.catch(() => undefined); // a TPM that is gone has nothing loaded
      await tpm[Symbol.asyncDispose]();
    },
  };
}

/** The values belong to the quote: nobody else has the TPM meanwhile, and where somebody had (another locality), it is taken again. */
async function quote(turn: TpmTurn, { ak }: TeeKeys, qualifyingData: Uint8Array, selected: readonly number[]): Promise<TeeTpmQuote> {
  for (let attempt = 0; attempt < 3; attempt++) {
    const pcrs = await readPcrs(turn, selected);
    const parameters = { qualifyingData, inScheme: { scheme: 'null' }, pcrSelect: sha256Pcrs(selected) } as const;
    const { quoted, signature } = await turn.run(Quote, { signHandle: ak }, parameters, [password()]);
    if (equalBytes(decodeQuote(quoted).pcrDigest, pcrDigest(pcrs.map(({ digest }) => digest)))) return { attest: quoted, signature, pcrs };
  }
  throw new TeaError('conflict', 'The PCRs kept changing while they were quoted', { next: 'ask for the quote again' });
}

/** Transient objects and sessions, loaded and saved (Part 2, 7.2), survive a client that was killed; a simulator has room for three. */
async function flushLeftovers(turn: TpmTurn): Promise<void> {
  for (const first of [0x80000000, 0x02000000, 0x03000000]) {
    for (const flushHandle of await listHandles(turn, first)) await turn.run(FlushContext, {}, { flushHandle });
  }
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
