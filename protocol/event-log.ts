import { sha256 } from './bytes.ts';
import { encodeCbor, equalBytes, type CborValue } from './cbor.ts';

/**
 * TCG Canonical Event Log (CEL 1.0): what was measured into which PCR, in order. Records carry the fields of its information
 * model (recnum, pcr, digests, content_type, content), written as one deterministic CBOR array with those names as keys.
 * A log is a claim: only `replay` matching a verified quote makes it true.
 */
export type MeasuredFile = { readonly sha256: Uint8Array; readonly version: string };

/** What the launcher measures in process mode. Content types of others may appear in a log and are reported, never trusted. */
export type TeaEvent =
  | { readonly contentType: 'tea.node-binary'; readonly content: MeasuredFile }
  | { readonly contentType: 'tea.bundle'; readonly content: MeasuredFile };

export type EventRecord = {
  /** position in the log, from 0, without gaps */
  readonly recnum: number;
  readonly pcr: number;
  /** SHA-256 of the deterministic CBOR of {content_type, content}: what was extended */
  readonly digest: Uint8Array;
  readonly contentType: string;
  readonly content: Readonly<Record<string, CborValue>>;
};

/**
 * What firmware and boot loaders measured, with `event_type` and `event_data` as they logged them (CEL 1.0, 4.2.3). The digest is theirs: often of
 * something that isn't in the log, such as the image that was started. So its content shows, and only its digest counts.
 */
export const FIRMWARE_EVENT = 'pcclient_std';

export const PROCESS_MODE_PCR = 12;
export const MAX_EVENTS = 4096;

/** The digest to extend for an event: it covers the content type, so no event can be read as another kind. */
export function eventDigest(contentType: string, content: Readonly<Record<string, CborValue>>): Uint8Array {
  return sha256(encodeCbor({ content_type: contentType, content }));
}

/** The next record of `log` for `event`, whose `digest` is what the TPM must be told to extend into `pcr`. */
export function recordEvent(log: readonly EventRecord[], pcr: number, event: TeaEvent): EventRecord {
  const content = { sha256: event.content.sha256, version: event.content.version };
  return { recnum: log.length, pcr, digest: eventDigest(event.contentType, content), contentType: event.contentType, content };
}

export function encodeEventLog(log: readonly EventRecord[]): Uint8Array {
  return encodeCbor(
    log.map(({ recnum, pcr, digest, contentType, content }) => ({
      recnum,
      pcr,
      digests: [{ hashAlg: 'sha256', digest }],
      content_type: contentType,
      content: { ...content },
    })),
  );
}

/** Value of each PCR named in the log, from zero: PCR := SHA-256(PCR ‖ digest) per record (TPM 2.0 Part 1, 11.4.4). */
export function replay(log: readonly Pick<EventRecord, 'pcr' | 'digest'>[]): ReadonlyMap<number, Uint8Array> {
  const pcrs = new Map<number, Uint8Array>();
  for (const { pcr, digest } of log) pcrs.set(pcr, sha256(pcrs.get(pcr) ?? new Uint8Array(32), digest));
  return pcrs;
}

/** Records of ours whose digest is not the hash of their content: such a log shows one thing and extended another. */
export function misdigestedEvents(log: readonly EventRecord[]): EventRecord[] {
  return log.filter(({ contentType, content, digest }) => contentType !== FIRMWARE_EVENT && !equalBytes(eventDigest(contentType, content), digest));
}
