import { encodeReferenceValues } from '@tea/protocol';
import { localReferenceValues, measureProcess } from './measurements.ts';

/** Prints the reference values of this checkout as base64url of their CBOR: what a relying party compares evidence with. */
process.stdout.write(
  `${encodeReferenceValues(localReferenceValues(await measureProcess())).toBase64({ alphabet: 'base64url', omitPadding: true })}\n`,
);
