import * as v from 'valibot';
import { equalBytes } from './cbor.ts';
import { TeaError } from './errors.ts';

/** What all files have in common that people hand on so that others can check them: JSON in UTF-8, of one schema, in exactly one serialisation (RFC 8785). */
export const MAX_PROOF_BYTES = 8 << 20;

/** Whether these bytes say that they are a file of this format, e.g. `tea/votes/1`. */
export function saysFormat(bytes: Uint8Array, format: string): boolean {
  return new TextDecoder().decode(bytes.subarray(0, MAX_PROOF_BYTES)).includes(`"format":"${format}"`);
}

/**
 * Decodes a file's shape; nothing in it has been verified, nor that this is its one serialisation.
 * @param summary e.g. `This is not a TEA proof file`
 * @throws TeaError `badMessage`
 */
export function parseProof<Schema extends v.GenericSchema>(bytes: Uint8Array, schema: Schema, summary: string): v.InferOutput<Schema> {
  if (bytes.length > MAX_PROOF_BYTES) throw notAProof(summary, `at most ${MAX_PROOF_BYTES} bytes`, `${bytes.length} bytes`);
  let value: unknown;
  try {
    value = JSON.parse(new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes));
  } catch (cause) {
    throw notAProof(summary, 'JSON in UTF-8', (cause as Error).message);
  }
  const parsed = v.safeParse(schema, value);
  if (parsed.success) return parsed.output;
  const issue = parsed.issues[0];
  throw notAProof(summary, `${v.getDotPath(issue) ?? 'the whole file'} to be ${issue.expected ?? issue.message}`, issue.received);
}

/** @param encode makes the one serialisation @throws TeaError `badMessage`, also on any other serialisation of the same content */
export function decodeProof<Schema extends v.GenericSchema>(
  bytes: Uint8Array,
  schema: Schema,
  encode: (content: v.InferOutput<Schema>) => Uint8Array,
  summary: string,
): v.InferOutput<Schema> {
  const content = parseProof(bytes, schema, summary);
  if (!equalBytes(encode(content), bytes)) throw notAProof(summary, 'the canonical serialisation of its content (RFC 8785)', 'another one');
  return content;
}

export function notAProof(summary: string, expected: string, actual: string): TeaError {
  return new TeaError('badMessage', summary, { expected, actual, next: 'ask for the file again from whoever wrote it' });
}
