import { equalBytes } from '@tea/protocol';
import { printable } from '../printable.ts';
import { describeDevicePath } from './device-path.ts';
import { decodeEfiVariable, decodeEfiVariableValue, describeEfiVariableValue, type EfiVariable, type EfiVariableValue } from './efi-variable.ts';
import { ascii, LittleEndianReader, utf16 } from './little-endian.ts';
import { HASHES, type PcrBank } from './replay-tcg-log.ts';
import { EV_NO_ACTION } from './tcg-event-types.ts';
import type { TcgEvent } from './tcg-log.ts';

/** What an event is about, as far as its data says. */
export type TcgEventFacts =
  | { readonly kind: 'separator'; readonly error: boolean }
  | { readonly kind: 'variable'; readonly variable: EfiVariable; readonly value: EfiVariableValue }
  | { readonly kind: 'image'; readonly path: string }
  | { readonly kind: 'firmware'; readonly base: string; readonly sizeBytes: string }
  | { readonly kind: 'partitions'; readonly names: readonly string[] }
  | { readonly kind: 'startupLocality'; readonly locality: number }
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'opaque'; readonly sizeBytes: number };

export type DescribedTcgEvent = {
  readonly facts: TcgEventFacts;
  /** one line for people, fit to print */
  readonly text: string;
  /**
   * `measured`: the digest is the hash of what the facts were read from, so a log that replays can't lie about them. `stated`: the digest is of
   * something else (an image, say), or of nothing, and the facts are the log writer's word.
   */
  readonly standing: 'measured' | 'stated';
};

/** Decodes an event to names people know. Never throws: data that does not decode is opaque. */
export function describeTcgEvent(event: TcgEvent): DescribedTcgEvent {
  let facts: TcgEventFacts;
  try {
    facts = factsOf(event);
  } catch {
    facts = { kind: 'opaque', sizeBytes: event.data.length };
  }
  return { facts, text: printable(describe(event, facts)), standing: isMeasured(event, facts) ? 'measured' : 'stated' };
}

function factsOf(event: TcgEvent): TcgEventFacts {
  const { typeName, data } = event;
  switch (typeName) {
    case 'EV_SEPARATOR': {
      const value = data.length === 4 ? new LittleEndianReader(data, 'separator').uint32() : 1;
      return { kind: 'separator', error: value !== 0 && value !== 0xffff_ffff }; // 10.4.1: other values say that the firmware failed
    }
    case 'EV_EFI_VARIABLE_DRIVER_CONFIG':
    case 'EV_EFI_VARIABLE_BOOT':
    case 'EV_EFI_VARIABLE_BOOT2': {
      const variable = decodeEfiVariable(data);
      return { kind: 'variable', variable, value: decodeEfiVariableValue(variable) };
    }
    case 'EV_EFI_VARIABLE_AUTHORITY': {
      const variable = decodeEfiVariable(data);
      return { kind: 'variable', variable, value: decodeEfiVariableValue(variable, true) };
    }
    case 'EV_EFI_BOOT_SERVICES_APPLICATION':
    case 'EV_EFI_BOOT_SERVICES_DRIVER':
    case 'EV_EFI_RUNTIME_SERVICES_DRIVER': {
      // UEFI_IMAGE_LOAD_EVENT, 10.2.3
      const reader = new LittleEndianReader(data, 'image load event');
      reader.bytes(24); // where it was loaded, its size and link address
      return { kind: 'image', path: describeDevicePath(reader.bytes(reader.length64())) };
    }
    case 'EV_EFI_PLATFORM_FIRMWARE_BLOB': {
      const view = new DataView(data.buffer, data.byteOffset, data.byteLength);
      return { kind: 'firmware', base: `0x${view.getBigUint64(0, true).toString(16)}`, sizeBytes: String(view.getBigUint64(8, true)) };
    }
    case 'EV_EFI_GPT_EVENT':
    case 'EV_EFI_GPT_EVENT2':
      return { kind: 'partitions', names: partitionNames(data) };
    case 'EV_EFI_PLATFORM_FIRMWARE_BLOB2': {
      const described = data.subarray(1 + (data[0] ?? 0));
      return factsOf({ ...event, typeName: 'EV_EFI_PLATFORM_FIRMWARE_BLOB', data: described });
    }
    case 'EV_NO_ACTION':
      return ascii(data.subarray(0, 16)) === 'StartupLocality' ? { kind: 'startupLocality', locality: data[16] ?? 0 } : text(data.subarray(0, 16));
    case 'EV_POST_CODE':
    case 'EV_ACTION':
    case 'EV_EFI_ACTION':
    case 'EV_S_CRTM_VERSION':
    case 'EV_IPL':
      return text(data);
    default:
      return { kind: 'opaque', sizeBytes: data.length };
  }
}

/** Text in printable single bytes or UTF-16, whichever it looks like; anything else is opaque. */
function text(data: Uint8Array): TcgEventFacts {
  const wide = data.length >= 4 && data[1] === 0 && data[0] !== 0;
  const shown = wide ? utf16(data.subarray(0, data.length - (data.length % 2))) : ascii(data);
  return shown.length > 0 && (wide || isPrintable(data)) ? { kind: 'text', text: shown } : { kind: 'opaque', sizeBytes: data.length };
}

function isPrintable(data: Uint8Array): boolean {
  const end = data.indexOf(0);
  return data.subarray(0, end < 0 ? data.length : end).every((byte) => (byte >= 0x20 && byte < 0x7f) || (byte >= 9 && byte <= 13));
}

/** UEFI_GPT_DATA, 10.2.5: the header, then as many entries as it counts. */
function partitionNames(data: Uint8Array): string[] {
  const reader = new LittleEndianReader(data, 'partition table');
  const HEADER_BYTES = 92;
  reader.bytes(HEADER_BYTES);
  const count = reader.length64();
  return Array.from({ length: count }, () => {
    reader.bytes(56); // type, id, first and last block, attributes
    return utf16(reader.bytes(72)) || 'unnamed';
  });
}

/** Whether the digest is the hash of the data itself, or of the part of it that the event type measures. */
function isMeasured({ type, digests, data }: TcgEvent, facts: TcgEventFacts): boolean {
  if (type === EV_NO_ACTION) return false; // never extended, whatever digest stands there
  const banks = (Object.keys(HASHES) as PcrBank[]).filter((bank) => digests.has(bank));
  const bank = banks.find((each) => each === 'sha256') ?? banks[0];
  const digest = bank && digests.get(bank);
  if (bank === undefined || digest === undefined) return false;
  return measuredSpans(data, facts).some((span) => equalBytes(HASHES[bank](span), digest));
}

function measuredSpans(data: Uint8Array, facts: TcgEventFacts): Uint8Array[] {
  if (facts.kind === 'variable') {
    if (facts.variable.name === 'Shim') return [data, data.subarray(0, -1)]; // older shims measured a byte less than they logged
    return [data, facts.variable.data]; // the second for EV_EFI_VARIABLE_BOOT of older firmware
  }
  if (facts.kind !== 'text') return [data];
  const unterminated = data.subarray(0, data.at(-1) === 0 ? data.length - 1 : data.length);
  const afterLabel = unterminated.indexOf(0x20) + 1; // GRUB writes `grub_cmd: ` and its like before what it measures
  return [data, unterminated, unterminated.subarray(afterLabel), data.subarray(afterLabel)];
}

function describe({ typeName, pcr }: TcgEvent, facts: TcgEventFacts): string {
  switch (facts.kind) {
    case 'separator':
      return facts.error ? `the firmware reports an error in PCR ${pcr}` : `end of the firmware’s measurements into PCR ${pcr}`;
    case 'variable':
      return `${facts.variable.name}: ${describeEfiVariableValue(facts.value)}`;
    case 'image':
      return `${IMAGES[typeName] ?? 'image'} ${facts.path || 'without a path'}`;
    case 'firmware':
      return `firmware of ${facts.sizeBytes} bytes at ${facts.base}`;
    case 'partitions':
      return `partitions ${facts.names.join(', ') || 'none'}`;
    case 'startupLocality':
      return `TPM started from locality ${facts.locality}`;
    case 'text':
      return facts.text;
    case 'opaque':
      return `${typeName}, ${facts.sizeBytes} bytes`;
  }
}

const IMAGES: Readonly<Record<string, string>> = {
  EV_EFI_BOOT_SERVICES_APPLICATION: 'application',
  EV_EFI_BOOT_SERVICES_DRIVER: 'driver',
  EV_EFI_RUNTIME_SERVICES_DRIVER: 'runtime driver',
};
