import { ascii, LittleEndianReader } from './little-endian.ts';
import { EV_NO_ACTION, eventTypeName } from './tcg-event-types.ts';

/**
 * The firmware's event log in its two binary formats: TCG PC Client Platform Firmware Profile 1.06, 10.2 (crypto-agile, TCG_PCR_EVENT2 after a
 * Spec ID header) and the SHA-1 one of TPM 1.2 times (TCG_PCR_EVENT). Linux shows it as /sys/kernel/security/tpm0/binary_bios_measurements.
 * A log is a claim: only `replayTcgLog` matching a verified quote makes its digests true, and `describeTcgEvent` says what its data is worth.
 */
export type TcgLog = {
  readonly format: 'sha1' | 'crypto-agile';
  /** banks with a digest for every event, in the log's order */
  readonly algorithms: readonly string[];
  /** locality that started the TPM, which PCR 0 begins from: 0, 3, or 4 (H-CRTM) */
  readonly startupLocality: number;
  readonly events: readonly TcgEvent[];
};

export type TcgEvent = {
  /** position in the log, from 0 */
  readonly index: number;
  readonly pcr: number;
  readonly type: number;
  /** `EV_SEPARATOR`, or the number of a type nobody registered */
  readonly typeName: string;
  /** by algorithm, as extended; nothing is extended for EV_NO_ACTION */
  readonly digests: ReadonlyMap<string, Uint8Array>;
  readonly data: Uint8Array;
};

export const MAX_TCG_LOG_BYTES = 4 << 20;
const MAX_TCG_EVENTS = 16_384;
const MAX_PCR = 23;

/** TPM_ALG_ID (TPM 2.0 Part 2, 6.3) of digests, with their sizes. */
const DIGESTS: Readonly<Record<number, { readonly name: string; readonly sizeBytes: number }>> = {
  0x0004: { name: 'sha1', sizeBytes: 20 },
  0x000b: { name: 'sha256', sizeBytes: 32 },
  0x000c: { name: 'sha384', sizeBytes: 48 },
  0x000d: { name: 'sha512', sizeBytes: 64 },
  0x0012: { name: 'sm3_256', sizeBytes: 32 },
  0x0027: { name: 'sha3_256', sizeBytes: 32 },
  0x0028: { name: 'sha3_384', sizeBytes: 48 },
  0x0029: { name: 'sha3_512', sizeBytes: 64 },
};

const SPEC_ID_03 = 'Spec ID Event03';
const STARTUP_LOCALITY = 'StartupLocality';

type Algorithm = { readonly id: number; readonly name: string; readonly sizeBytes: number };

/** @throws TeaError `badMessage` on anything but a complete log in one of the two formats */
export function decodeTcgLog(bytes: Uint8Array): TcgLog {
  const reader = new LittleEndianReader(bytes, 'TCG event log');
  if (bytes.length > MAX_TCG_LOG_BYTES) throw reader.refuse(`at most ${MAX_TCG_LOG_BYTES} bytes`, `${bytes.length} bytes`);
  const first = readEvent(reader, 0);
  const algorithms = first.type === EV_NO_ACTION && ascii(first.data.subarray(0, 16)) === SPEC_ID_03 ? readSpecId(first.data) : null;
  const events = [first];
  while (reader.remaining > 0) {
    if (events.length >= MAX_TCG_EVENTS) throw reader.refuse(`at most ${MAX_TCG_EVENTS} events`, 'more');
    events.push(algorithms === null ? readEvent(reader, events.length) : readEvent2(reader, events.length, algorithms));
  }
  return {
    format: algorithms === null ? 'sha1' : 'crypto-agile',
    algorithms: algorithms === null ? ['sha1'] : algorithms.map(({ name }) => name),
    startupLocality: startupLocalityOf(events, reader),
    events,
  };
}

/** TCG_PCR_EVENT, 10.2.1. */
function readEvent(reader: LittleEndianReader, index: number): TcgEvent {
  const pcr = readPcr(reader);
  const type = reader.uint32();
  const digest = reader.bytes(20);
  return { index, pcr, type, typeName: eventTypeName(type), digests: new Map([['sha1', digest]]), data: reader.bytes(reader.uint32()) };
}

/** TCG_PCR_EVENT2, 10.2.2: exactly one digest for each algorithm of the header. */
function readEvent2(reader: LittleEndianReader, index: number, algorithms: readonly Algorithm[]): TcgEvent {
  const pcr = readPcr(reader);
  const type = reader.uint32();
  const count = reader.uint32();
  if (count !== algorithms.length) throw reader.refuse(`${algorithms.length} digests for event ${index}`, String(count));
  const digests = new Map<string, Uint8Array>();
  for (let place = 0; place < count; place++) {
    const id = reader.uint16();
    const algorithm = algorithms.find((known) => known.id === id);
    if (algorithm === undefined || digests.has(algorithm.name))
      throw reader.refuse('one digest for each algorithm of the header', `algorithm 0x${id.toString(16)}`);
    digests.set(algorithm.name, reader.bytes(algorithm.sizeBytes));
  }
  return { index, pcr, type, typeName: eventTypeName(type), digests, data: reader.bytes(reader.uint32()) };
}

/** A log is the firmware's and the boot loader's: no PCR beyond what the PC Client profile has. 0xffffffff stands before all PCRs, in EV_NO_ACTION. */
function readPcr(reader: LittleEndianReader): number {
  const pcr = reader.uint32();
  if (pcr > MAX_PCR && pcr !== 0xffff_ffff) throw reader.refuse(`a PCR from 0 to ${MAX_PCR}`, String(pcr));
  return pcr;
}

/** TCG_EfiSpecIDEvent, 10.4.5.1. */
function readSpecId(data: Uint8Array): readonly Algorithm[] {
  const reader = new LittleEndianReader(data, 'Spec ID event');
  reader.bytes(16 + 4 + 4); // signature, platformClass, version, errata, uintnSize
  const count = reader.uint32();
  if (count === 0 || count > 16) throw reader.refuse('1 to 16 algorithms', String(count));
  const algorithms: Algorithm[] = [];
  for (let place = 0; place < count; place++) {
    const id = reader.uint16();
    const sizeBytes = reader.uint16();
    const known = DIGESTS[id];
    if (sizeBytes === 0 || sizeBytes > 64 || (known !== undefined && known.sizeBytes !== sizeBytes) || algorithms.some((other) => other.id === id))
      throw reader.refuse('each algorithm once, with its digest size', `0x${id.toString(16)} of ${sizeBytes} bytes`);
    algorithms.push({ id, name: known?.name ?? `0x${id.toString(16)}`, sizeBytes });
  }
  reader.bytes(reader.uint8()); // vendorInfo
  reader.end();
  return algorithms;
}

/** TCG_EfiStartupLocalityEvent, 10.4.5.3: at most one, in PCR 0, before anything is extended into it. */
function startupLocalityOf(events: readonly TcgEvent[], reader: LittleEndianReader): number {
  const found = events.filter(({ type, data }) => type === EV_NO_ACTION && ascii(data.subarray(0, 16)) === STARTUP_LOCALITY);
  const [event, another] = found;
  if (event === undefined) return 0;
  const locality = event.data[16] ?? -1;
  const extendedBefore = events.slice(0, event.index).some(({ pcr, type }) => pcr === 0 && type !== EV_NO_ACTION);
  if (another !== undefined || event.pcr !== 0 || event.data.length !== 17 || ![0, 3, 4].includes(locality) || extendedBefore)
    throw reader.refuse(
      'one StartupLocality event of 17 bytes with locality 0, 3 or 4 before the first measurement into PCR 0',
      `event ${event.index}`,
    );
  return locality;
}
