import { readFile } from 'node:fs/promises';
import * as v from 'valibot';
import { encodeReferenceValues, replay } from '@tea/protocol';
import { runProcess, sayReady, startLine } from '@tea/platform';
import { machineReferenceValues, readShape } from './machine-shape.ts';
import shape from './shapes/qemu-q35.json' with { type: 'json' };

/** Says what a machine must measure that boots an image, for whoever started this: one line with reference values and PCRs. */
await runProcess('image', async () => {
  const { image } = await startLine(v.strictObject({ image: v.string() }));
  const values = machineReferenceValues(new Uint8Array(await readFile(image)), readShape(shape));
  const pcrs = replay(values.events.map(({ pcr, allowed: [known] }) => ({ pcr, digest: known?.digest ?? new Uint8Array(32) })));
  sayReady({
    referenceValues: encodeReferenceValues(values).toBase64(),
    pcrs: Array.from(pcrs, ([index, digest]) => ({ index, digest: digest.toHex() })).sort((a, b) => a.index - b.index),
  });
});
