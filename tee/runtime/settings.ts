import * as v from 'valibot';
import { BUS_USERS, bytesFromBase64 } from '@tea/protocol';
import { KEPT_FILES } from './kept-by-host.ts';

/** What the one JSON line that starts a TEE says to every one. All of it comes from the untrusted host; what matters is appraised by others. */
const shared = {
  nats: v.strictObject({ servers: v.array(v.string()), user: v.picklist(BUS_USERS), pass: v.string(), inboxPrefix: v.string() }),
  /** DER of the CAs above the TPM's EK certificate. */
  caCertificates: v.array(bytesFromBase64),
  /** What the release key approved, from anywhere: the TPM takes none that the key in this image did not sign. */
  imageApprovals: v.optional(v.array(v.strictObject({ policy: bytesFromBase64, signature: bytesFromBase64 })), []),
  /** Of system actors, by the release key of this image: no other counts where it has one. */
  actorManifests: v.optional(v.array(bytesFromBase64), []),
  /** Which EK to show where a TPM has certificates of several; without it, RSA where it is certified. */
  endorsementKey: v.optional(v.picklist(['rsa', 'ecc'])),
  /** How long a receipt waits for others to share its quote while the TPM is free; a busy TPM gathers them anyway. */
  /** The chain to serve, by its genesis hash; without it, whichever the host shows. It is the starter's setting, not a measured one: a client pins its own. */
  genesis: v.optional(v.pipe(v.string(), v.length(64), v.hexadecimal())),
  receiptGatherMs: v.optional(v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(1000)), 0),
};

/** Process mode, on stdin: its launcher stands for firmware and boot loader too. */
export const processSettings = v.strictObject({
  ...shared,
  /** Where the TPM is: a simulator's socket, or a character device. */
  tpmSocket: v.optional(v.string()),
  tpmDevice: v.optional(v.string()),
  /** Sealed state only. */
  stateDir: v.string(),
  /** What the launcher measured: `encodeEventLog`. */
  eventLog: bytesFromBase64,
});

/** A machine, over its network: nothing that says what was measured, or where. */
export const machineSettings = v.strictObject({
  ...shared,
  /** What the host kept for an earlier start. */
  kept: v.optional(v.strictObject(v.entriesFromList(KEPT_FILES, v.optional(bytesFromBase64))), {}),
});
