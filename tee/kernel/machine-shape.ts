import * as v from 'valibot';
import { FIRMWARE_EVENT, type ReferenceEvent, type ReferenceValues } from '@tea/protocol';
import { authenticodeDigest } from './authenticode.ts';
import manifest from '../../package.json' with { type: 'json' };

const hex32 = v.pipe(v.string(), v.length(64), v.hexadecimal());
const small = v.pipe(v.number(), v.integer(), v.minValue(0));

const shapeSchema = v.strictObject({
  name: v.string(),
  /** The files that are its firmware: another one measures itself otherwise. */
  firmwareSha256: hex32,
  variablesSha256: hex32,
  memoryMiB: small,
  processors: small,
  /** What this machine measures at every boot, in order; `image` stands where the digest of the EFI binary is extended. */
  events: v.array(v.strictObject({ pcr: small, type: small, digest: v.union([v.literal('image'), hex32]) })),
});

/**
 * What firmware measures of a machine besides the image: itself, its settings and where it boots from. That depends on the machine, so it was
 * recorded once on one (`node lab/heavy/machine.ts --record`) and is pinned: a machine of another shape is refused, not guessed at.
 */
export type MachineShape = v.InferOutput<typeof shapeSchema>;

/** @param json a file of `shapes/` @throws ValiError */
export function readShape(json: unknown): MachineShape {
  return v.parse(shapeSchema, json);
}

/**
 * What a machine of this shape must measure when it boots this image: computed from the bytes of the image, without booting anything.
 * @param efi with or without a Secure Boot signature, which is no part of what is measured
 * @throws TeaError `badInput` for what is no EFI binary
 */
export function machineReferenceValues(efi: Uint8Array, shape: MachineShape): ReferenceValues {
  const image = authenticodeDigest(efi);
  return {
    v: 1,
    name: 'tea-runtime, machine',
    version: manifest.version,
    mode: 'machine',
    events: shape.events.map(({ pcr, digest }): ReferenceEvent => {
      const known = digest === 'image' ? { digest: image, version: manifest.version } : { digest: Uint8Array.fromHex(digest), version: shape.name };
      return { pcr, contentType: FIRMWARE_EVENT, name: digest === 'image' ? 'TEE image' : 'machine', allowed: [known] };
    }),
    provenance: { kind: 'unsigned', note: `computed from the image, for ${shape.name}` },
  };
}
