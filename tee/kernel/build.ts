import { writeFile } from 'node:fs/promises';
import * as v from 'valibot';
import { bytesFromBase64, encodeReferenceValues } from '@tea/protocol';
import { exitWhenParentGone, runProcess, sayReady, startLine } from '@tea/platform';
import { buildImage } from './build-image.ts';
import { machineReferenceValues, readShape } from './machine-shape.ts';
import shape from './shapes/qemu-q35.json' with { type: 'json' };

/** Builds the image for whoever started this, who reads one line: where it is, its digest, and what it must measure as. */
const settings = v.strictObject({
  out: v.string(),
  billOfMaterials: v.optional(v.string()),
  imageRelease: v.optional(v.strictObject({ key: bytesFromBase64, issue: v.number() })),
});

await runProcess('image', async (signal) => {
  const { out, billOfMaterials, imageRelease } = await startLine(settings);
  exitWhenParentGone();
  const image = await buildImage({ release: imageRelease, say: (words) => process.stderr.write(`${words}\n`), signal });
  await writeFile(out, image.efi);
  if (billOfMaterials !== undefined) await writeFile(billOfMaterials, image.billOfMaterials);
  sayReady({
    sha256: image.sha256.toHex(),
    sizeBytes: image.efi.length,
    referenceValues: encodeReferenceValues(machineReferenceValues(image.efi, readShape(shape))).toBase64(),
  });
});
