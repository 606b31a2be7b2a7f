import { concatBytes, TeaError } from '@tea/protocol';
import { encodeCompact, encodeHeader, encodeU64, type Header, ScaleReader } from '@tea/protocol/layer1';
import type { Executor } from './executor.ts';
import type { Overlay } from './overlay.ts';

/** The runtime API as the chain uses it: one function a call, each named as the runtime names it. */
const NOTHING = new Uint8Array(0);

export type RuntimeVersion = {
  readonly specName: string;
  readonly implName: string;
  readonly specVersion: number;
  readonly implVersion: number;
  readonly transactionVersion: number;
  /** `0x` and 8 bytes → version. */
  readonly apis: Readonly<Record<string, number>>;
};

export function coreVersion(executor: Executor, storage: Overlay): RuntimeVersion {
  const reader = new ScaleReader(executor.call('Core_version', NOTHING, storage), 'runtime version');
  const text = (): string => new TextDecoder().decode(reader.vector());
  const specName = text();
  const implName = text();
  reader.u32(); // authoring version
  const specVersion = reader.u32();
  const implVersion = reader.u32();
  const apis = Object.fromEntries(Array.from({ length: reader.compact() }, () => [`0x${reader.bytes(8).toHex()}`, reader.u32()]));
  return { specName, implName, specVersion, implVersion, apis, transactionVersion: reader.u32() };
}

/**
 * The JSON of a genesis preset, or with null of the runtime's default configuration, which presets are patches of.
 * @throws TeaError `badInput` when the runtime has no such preset
 */
export function genesisPreset(executor: Executor, storage: Overlay, preset: string | null): Uint8Array {
  const id = preset === null ? Uint8Array.of(0) : concatBytes(Uint8Array.of(1), vector(new TextEncoder().encode(preset)));
  const answer = new ScaleReader(executor.call('GenesisBuilder_get_preset', id, storage), 'genesis preset');
  if (answer.u8() === 0) throw new TeaError('badInput', 'The runtime has no such genesis preset', { actual: String(preset) });
  return answer.vector();
}

/** Writes the genesis state that `json` describes to `storage`. */
export function buildGenesis(executor: Executor, storage: Overlay, json: Uint8Array): void {
  const answer = new ScaleReader(executor.call('GenesisBuilder_build_state', vector(json), storage), 'genesis result');
  if (answer.u8() !== 0) {
    throw new TeaError('badInput', 'The runtime refused the genesis configuration', { actual: new TextDecoder().decode(answer.vector()) });
  }
}

export function auraSlotDurationMs(executor: Executor, storage: Overlay): number {
  return Number(new ScaleReader(executor.call('AuraApi_slot_duration', NOTHING, storage), 'slot duration').u64());
}

/** sr25519 public keys; slot `n` belongs to the one at `n` modulo their number. */
export function auraAuthorities(executor: Executor, storage: Overlay): Uint8Array[] {
  const reader = new ScaleReader(executor.call('AuraApi_authorities', NOTHING, storage), 'list of authorities');
  return Array.from({ length: reader.compact() }, () => reader.bytes(32).slice());
}

export function initializeBlock(executor: Executor, storage: Overlay, header: Header): void {
  executor.call('Core_initialize_block', encodeHeader(header), storage);
}

/** The extrinsics the runtime makes of what only the author knows: here the time. */
export function inherentExtrinsics(executor: Executor, storage: Overlay, timestampMs: number, slot: number): Uint8Array[] {
  const entries: [string, Uint8Array][] = [
    ['auraslot', encodeU64(BigInt(slot))],
    ['timstap0', encodeU64(BigInt(timestampMs))],
  ];
  const data = concatBytes(encodeCompact(entries.length), ...entries.map(([id, value]) => concatBytes(new TextEncoder().encode(id), vector(value))));
  const reader = new ScaleReader(executor.call('BlockBuilder_inherent_extrinsics', data, storage), 'list of inherents');
  return Array.from({ length: reader.compact() }, () => opaque(reader.vector()));
}

/** Opaque extrinsics travel with their length in front, also where they stand alone. */
export function opaque(body: Uint8Array): Uint8Array {
  return vector(body);
}

export type TransactionError = { readonly kind: 'invalid' | 'unknown'; readonly reason: string };
export type Applied = { readonly ok: true } | { readonly ok: false; readonly error: TransactionError };

export function applyExtrinsic(executor: Executor, storage: Overlay, extrinsic: Uint8Array): Applied {
  const reader = new ScaleReader(executor.call('BlockBuilder_apply_extrinsic', extrinsic, storage), 'result of an extrinsic');
  // A dispatch error (second level) is in the block all the same, and pays its fee.
  return reader.u8() === 0 ? { ok: true } : { ok: false, error: transactionError(reader) };
}

export function finalizeBlock(executor: Executor, storage: Overlay): Uint8Array {
  return executor.call('BlockBuilder_finalize_block', NOTHING, storage);
}

/** Re-executes a block without its seal; throws TeaError `chain` unless it comes to the header's own roots. */
export function executeBlock(executor: Executor, storage: Overlay, header: Header, extrinsics: readonly Uint8Array[]): void {
  executor.call('Core_execute_block', concatBytes(encodeHeader(header), encodeCompact(extrinsics.length), ...extrinsics), storage);
}

export type Validity = {
  readonly priority: bigint;
  readonly requires: readonly Uint8Array[];
  readonly provides: readonly Uint8Array[];
  readonly longevity: number;
};
export type Validated = { readonly ok: true; readonly validity: Validity } | { readonly ok: false; readonly error: TransactionError };

const SOURCE_EXTERNAL = 2;

export function validateTransaction(executor: Executor, storage: Overlay, extrinsic: Uint8Array, blockHash: Uint8Array): Validated {
  const args = concatBytes(Uint8Array.of(SOURCE_EXTERNAL), extrinsic, blockHash);
  const reader = new ScaleReader(executor.call('TaggedTransactionQueue_validate_transaction', args, storage), 'transaction validity');
  if (reader.u8() !== 0) return { ok: false, error: transactionError(reader) };
  const tags = (): Uint8Array[] => Array.from({ length: reader.compact() }, () => reader.vector().slice());
  return { ok: true, validity: { priority: reader.u64(), requires: tags(), provides: tags(), longevity: Number(reader.u64()) } };
}

// sp-runtime `InvalidTransaction` and `UnknownTransaction`, in their SCALE order.
const INVALID = [
  'Call',
  'Payment',
  'Future',
  'Stale',
  'BadProof',
  'AncientBirthBlock',
  'ExhaustsResources',
  'Custom',
  'BadMandatory',
  'MandatoryValidation',
  'BadSigner',
  'IndeterminateImplicit',
  'UnknownOrigin',
] as const;
const UNKNOWN = ['CannotLookup', 'NoUnsignedValidator', 'Custom'] as const;

function transactionError(reader: ScaleReader): TransactionError {
  const kind = reader.u8() === 0 ? 'invalid' : 'unknown';
  const index = reader.u8();
  const name = (kind === 'invalid' ? INVALID : UNKNOWN)[index] ?? `variant ${index}`;
  return { kind, reason: name === 'Custom' ? `Custom(${reader.u8()})` : name };
}

function vector(bytes: Uint8Array): Uint8Array {
  return concatBytes(encodeCompact(bytes.length), bytes);
}
