import * as v from 'valibot';
import { fromBase64Url } from './canonical-json.ts';
import { claimSchema } from './attestation-result.ts';
import { trustClassSchema } from './trust-class.ts';

/** The JSON schema of proof.json, field by field; docs/proof-format.md explains each. Unknown fields are refused. */
export const base64Url = (maxBytes: number, minBytes = 0) =>
  v.pipe(
    v.string(),
    v.rawTransform<string, Uint8Array>(({ dataset, addIssue, NEVER }) => {
      const bytes = dataset.value.length > maxBytes * 2 + 4 ? null : fromBase64Url(dataset.value);
      if (bytes !== null && bytes.length >= minBytes && bytes.length <= maxBytes) return bytes;
      addIssue({ message: 'not base64url', expected: `${minBytes === maxBytes ? '' : 'at most '}${maxBytes} bytes in base64url without padding` });
      return NEVER;
    }),
  );

const digest = base64Url(32, 32);
const text = (maxLength: number) => v.pipe(v.string(), v.maxLength(maxLength));
const uint = v.pipe(v.number(), v.safeInteger(), v.minValue(0));

/** The last moment a Date can name (ECMA-262, 21.4.1.1): a later one would be no time to judge certificates by. */
const MAX_TIME_MS = 8.64e15;

export const decimal = (bits: number) =>
  v.pipe(
    v.string(),
    v.regex(/^(0|[1-9][0-9]{0,38})$/, 'a decimal number'),
    v.transform((digits: string) => BigInt(digits)),
    v.check((value) => value < 1n << BigInt(bits), `a number of at most ${bits} bits`),
  );

const result = v.strictObject({
  v: v.literal(1),
  verdict: v.picklist(['affirming', 'warning', 'contraindicated', 'none']),
  trustClass: trustClassSchema,
  claims: v.pipe(v.array(claimSchema), v.maxLength(256)),
  evidence: digest,
  policy: v.strictObject({ name: text(128), version: uint, digest }),
  referenceValues: v.strictObject({ name: text(128), version: text(64), digest }),
  appraisedAtMs: v.pipe(uint, v.maxValue(MAX_TIME_MS)),
});

const receipt = v.strictObject({
  cose: base64Url(1 << 16),
  inclusion: v.strictObject({ index: uint, size: uint, path: v.pipe(v.array(digest), v.maxLength(32)) }),
  quote: v.strictObject({
    root: digest,
    size: uint,
    attest: base64Url(2048),
    signature: base64Url(1024),
    pcrs: v.pipe(v.array(v.strictObject({ index: v.pipe(uint, v.maxValue(23)), digest })), v.maxLength(24)),
  }),
});

const activation = v.variant('kind', [
  v.strictObject({ kind: v.literal('performed'), akName: base64Url(34, 34), ekCertificate: digest, challenge: digest, response: digest }),
  v.strictObject({ kind: v.literal('missing') }),
]);

export const proofSchema = v.strictObject({
  format: v.literal('tea/proof/1'),
  chain: v.strictObject({
    genesisHash: digest,
    header: base64Url(1 << 16),
    storageProof: v.pipe(v.array(base64Url(1 << 20)), v.maxLength(1024)),
    key: base64Url(256),
    selection: v.exactOptional(v.pipe(v.array(base64Url(1 << 20)), v.maxLength(1024))),
    finality: v.exactOptional(
      v.strictObject({
        genesisHeader: base64Url(1 << 12),
        authoritiesProof: v.pipe(v.array(base64Url(1 << 16)), v.maxLength(64)),
        setChanges: v.exactOptional(v.pipe(v.array(v.strictObject({ header: base64Url(1 << 16), proof: base64Url(1 << 20) })), v.maxLength(256))),
        proof: base64Url(1 << 20),
      }),
    ),
  }),
  errand: v.strictObject({ id: decimal(64), record: base64Url(1 << 20) }),
  evidence: base64Url(1 << 20),
  activation,
  referenceValues: base64Url(1 << 20),
  policy: base64Url(1 << 18),
  result,
  receipt,
  releases: v.pipe(v.array(base64Url(4096)), v.maxLength(128)),
  digest,
});
