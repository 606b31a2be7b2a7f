import * as v from 'valibot';
import { decodePolicy, encodePolicy, type AppraisalPolicy } from './appraisal-policy.ts';
import type { JsonWritable } from './canonical-json.ts';
import { TeaError } from './errors.ts';

/**
 * An appraisal policy as people write it: the fields of `AppraisalPolicy` in JSON, byte strings in hexadecimal. What counts everywhere else, and
 * what an errand names, is the digest of its CBOR encoding, whatever the spacing of the document.
 */
export const MAX_POLICY_DOCUMENT_BYTES = 256 * 1024;

const hex = v.pipe(
  v.string(),
  v.regex(/^([0-9a-f]{2})*$/, 'hexadecimal digits, lower case'),
  v.transform((digits: string) => Uint8Array.fromHex(digits)),
);

/** Shape only; ranges are checked by encoding and decoding as CBOR. */
const schema = v.strictObject({
  v: v.literal(1),
  name: v.string(),
  version: v.number(),
  acceptedClasses: v.array(v.picklist(['simulated', 'vtpm', 'tpm', 'tpm+memory-encryption'])),
  roots: v.array(v.strictObject({ name: v.string(), sha256: hex, trustClass: v.picklist(['vtpm', 'tpm', 'tpm+memory-encryption']) })),
  referenceValues: v.variant('accept', [
    v.strictObject({ accept: v.literal('unsigned') }),
    v.strictObject({
      accept: v.literal('signed'),
      releaseKeys: v.array(v.strictObject({ name: v.string(), key: hex })),
      minimumIssue: v.number(),
    }),
  ]),
  revocation: v.picklist(['ifGiven', 'required']),
  acceptance: v.exactOptional(v.literal('onLayer1')),
});

/** @throws TeaError `badInput` on anything but one policy: unknown, missing and repeated fields too, for a reader may take either of two */
export function parsePolicyDocument(bytes: Uint8Array): AppraisalPolicy {
  const parsed = v.safeParse(schema, parseJson(bytes));
  if (!parsed.success) {
    const issue = parsed.issues[0];
    throw refuse(`${v.getDotPath(issue) ?? 'the document'} to be ${issue.expected}`, issue.received);
  }
  try {
    return decodePolicy(encodePolicy(parsed.output));
  } catch (cause) {
    throw refuse('values within their ranges (docs/attestation.md)', (cause as Error).message);
  }
}

/** The document of a policy, for a person to change. */
export function writePolicyDocument(policy: AppraisalPolicy): string {
  const shown = (_key: string, value: JsonWritable) => (value instanceof Uint8Array ? value.toHex() : value);
  return `${JSON.stringify(policy, shown, 2)}\n`;
}

function parseJson(bytes: Uint8Array): unknown {
  if (bytes.length > MAX_POLICY_DOCUMENT_BYTES) throw refuse(`at most ${MAX_POLICY_DOCUMENT_BYTES} bytes`, `${bytes.length} bytes`);
  let text: string;
  let value: unknown;
  try {
    text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
    value = JSON.parse(text);
  } catch (cause) {
    throw refuse('JSON in UTF-8', (cause as Error).message);
  }
  // In valid JSON a string before a colon is a key, and nothing else holds a quotation mark.
  const written = [...text.matchAll(/"(?:[^"\\]|\\.)*"(\s*:)?/g)].filter(([, colon]) => colon !== undefined).length;
  const kept = countKeys(value);
  if (written !== kept) throw refuse('each field once', `${written - kept} repeated`);
  return value;
}

function countKeys(value: unknown): number {
  if (value === null || typeof value !== 'object') return 0;
  const members = Object.values(value);
  return members.reduce<number>((count, member) => count + countKeys(member), Array.isArray(value) ? 0 : members.length);
}

function refuse(expected: string, actual: string): TeaError {
  return new TeaError('badInput', 'This is not an appraisal policy', { expected, actual, next: 'tea policy check --help' });
}
