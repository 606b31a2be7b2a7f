import { describeDevicePath } from './device-path.ts';
import { decodeAuthority, decodeSignatureLists, describeSignature, type EfiSignature } from './efi-signatures.ts';
import { ascii, LittleEndianReader, utf16 } from './little-endian.ts';

/** UEFI_VARIABLE_DATA, TCG PC Client Platform Firmware Profile 1.06, 10.2.6. */
export type EfiVariable = { readonly vendor: string; readonly name: string; readonly data: Uint8Array };

/** What is known of a variable's value. */
export type EfiVariableValue =
  | { readonly kind: 'switch'; readonly on: boolean }
  | { readonly kind: 'keys'; readonly signatures: readonly EfiSignature[] }
  | { readonly kind: 'bootOrder'; readonly entries: readonly string[] }
  | { readonly kind: 'bootEntry'; readonly description: string; readonly active: boolean; readonly path: string }
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'opaque'; readonly sizeBytes: number };

const EFI_GLOBAL = '8be4df61-93ca-11d2-aa0d-00e098032b8c';
const IMAGE_SECURITY = 'd719b2cb-3d3a-4596-a3bc-dad00e67656f';
const SHIM_LOCK = '605dab50-e046-4300-abb6-3dd810dd8b23';
const MAX_NAME_CHARACTERS = 1024;
const LOAD_OPTION_ACTIVE = 1;

/** @throws TeaError `badMessage` */
export function decodeEfiVariable(bytes: Uint8Array): EfiVariable {
  const reader = new LittleEndianReader(bytes, 'UEFI variable');
  const vendor = reader.guid();
  const nameLength = reader.length64();
  if (nameLength > MAX_NAME_CHARACTERS) throw reader.refuse(`a name of at most ${MAX_NAME_CHARACTERS} characters`, String(nameLength));
  const dataLength = reader.length64();
  const name = utf16(reader.bytes(nameLength * 2));
  return { vendor, name, data: reader.bytes(dataLength) };
}

/** @param authority whether the event is of an image's authority, whose data is one signature and no list @throws TeaError `badMessage` */
export function decodeEfiVariableValue({ vendor, name, data }: EfiVariable, authority = false): EfiVariableValue {
  if (vendor === SHIM_LOCK) {
    if (name === 'SbatLevel') return { kind: 'text', text: ascii(data.map((byte) => (byte === 0x0a ? 0x20 : byte))).trim() };
    if (name === 'MokListTrusted' || name === 'MokSBState') return { kind: 'switch', on: data[0] === 1 };
    return authority && data.length > 16 ? { kind: 'keys', signatures: [decodeAuthority(data)] } : { kind: 'opaque', sizeBytes: data.length };
  }
  if (authority) return { kind: 'keys', signatures: [decodeAuthority(data)] };
  if (vendor === IMAGE_SECURITY || (vendor === EFI_GLOBAL && (name === 'PK' || name === 'KEK'))) {
    return { kind: 'keys', signatures: decodeSignatureLists(data) };
  }
  if (vendor !== EFI_GLOBAL) return { kind: 'opaque', sizeBytes: data.length };
  if (['SecureBoot', 'AuditMode', 'DeployedMode', 'SetupMode'].includes(name)) return { kind: 'switch', on: data[0] === 1 };
  if (name === 'BootOrder') return { kind: 'bootOrder', entries: bootOrder(data) };
  return /^Boot[0-9A-F]{4}$/.test(name) ? bootEntry(data) : { kind: 'opaque', sizeBytes: data.length };
}

export function describeEfiVariableValue(value: EfiVariableValue): string {
  switch (value.kind) {
    case 'switch':
      return value.on ? 'on' : 'off';
    case 'keys':
      return value.signatures.length === 0 ? 'empty' : describeKeys(value.signatures);
    case 'bootOrder':
      return value.entries.join(', ') || 'empty';
    case 'bootEntry':
      return `“${value.description}”${value.active ? '' : ' (inactive)'} ${value.path}`;
    case 'text':
      return value.text;
    case 'opaque':
      return `${value.sizeBytes} bytes`;
  }
}

function describeKeys(signatures: readonly EfiSignature[]): string {
  const digests = signatures.filter(({ kind }) => kind === 'digest').length;
  const named = signatures.filter(({ kind }) => kind !== 'digest').map(describeSignature);
  return [...named, ...(digests > 0 ? [`${digests} image digests`] : [])].join(', ');
}

function bootOrder(data: Uint8Array): string[] {
  const reader = new LittleEndianReader(data, 'boot order');
  const entries: string[] = [];
  while (reader.remaining > 0) entries.push(`Boot${reader.uint16().toString(16).toUpperCase().padStart(4, '0')}`);
  return entries;
}

/** EFI_LOAD_OPTION, UEFI 2.10, 3.1.3. */
function bootEntry(data: Uint8Array): EfiVariableValue {
  const reader = new LittleEndianReader(data, 'boot entry');
  const active = (reader.uint32() & LOAD_OPTION_ACTIVE) !== 0;
  const pathLength = reader.uint16();
  const characters: number[] = [];
  for (let character = reader.uint16(); character !== 0; character = reader.uint16()) characters.push(character);
  return {
    kind: 'bootEntry',
    description: String.fromCharCode(...characters.slice(0, MAX_NAME_CHARACTERS)),
    active,
    path: describeDevicePath(reader.bytes(pathLength)),
  };
}
