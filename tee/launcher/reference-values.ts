import * as v from 'valibot';
import { bytesFromBase64, encodeReferenceValues } from '@tea/protocol';
import { runProcess, startLine } from '@tea/platform';
import { localReferenceValues, measureProcess } from './measurements.ts';

const settings = v.strictObject({ imageRelease: v.optional(v.strictObject({ key: bytesFromBase64, issue: v.number() })) });

/** Prints the reference values of this checkout as base64url of their CBOR: what a relying party compares evidence with. */
await runProcess('reference values', async () => {
  const { imageRelease } = await startLine(settings);
  const values = localReferenceValues(await measureProcess(imageRelease));
  process.stdout.write(`${encodeReferenceValues(values).toBase64({ alphabet: 'base64url', omitPadding: true })}\n`);
});
