import assert from 'node:assert/strict';
import { test } from 'node:test';
import { sha1 } from '@noble/hashes/legacy.js';
import fc from 'fast-check';
import { concatBytes, isTeaError } from '@tea/protocol';
import { decodeImaLog, MAX_IMA_LOG_BYTES, replayImaLog } from './ima-log.ts';

/** Entries of real machines, as keylime's test_ima_verification.py (Apache-2.0) lists them: template digest, file digest, path, signature. */
const REAL = [
  ['0c8a706a75a5689c1e168f0a573a3cbec33061b5', 'sha256:e4cb9f5709c88376b5fc3743cd88e76b9aae8f3d992d845678de5215edb31216', 'boot_aggregate', ''],
  [
    '5426cf3031a43f5bfca183d79950698a95a728f6',
    'sha256:f1125b940480d20ad841d26d5ea253edc0704b5ec1548c891edf212cb1a9365e',
    '/lib/modules/5.4.48-openpower1/kernel/drivers/usb/common/usb-common.ko',
    '',
  ],
  [
    '06e804489a77ddab51b9ef27e17053c0e5d503bd',
    'sha1:1cb84b12db45d7da8de58ba6744187db84082f0e',
    '/usr/bin/zmore',
    '030202531f402500483046022100bff9c02dc7b270c83cc94bfec10eecd42831de2cdcb04f024369a14623bc3a91022100cc4d015ae932fb98d6846645ed7d1bb1afd4621ec9089bc087126f191886dd31',
  ],
] as const;

const text = (value: string) => new TextEncoder().encode(value);
const u32 = (value: number) => new Uint8Array(Uint32Array.of(value).buffer);
const field = (bytes: Uint8Array) => concatBytes(u32(bytes.length), bytes);
const digestField = (digest: string) => {
  const [algorithm = '', hex = ''] = digest.split(':');
  return field(concatBytes(text(`${algorithm}:\0`), Uint8Array.fromHex(hex)));
};
const entry = (template: string, data: Uint8Array, templateDigest = sha1(data), pcr = 10) =>
  concatBytes(u32(pcr), templateDigest, field(text(template)), field(data));
const dataOf = (digest: string, path: string, signature?: string) =>
  concatBytes(digestField(digest), field(text(`${path}\0`)), ...(signature === undefined ? [] : [field(Uint8Array.fromHex(signature))]));
const real = concatBytes(
  ...REAL.map(([digest, file, path, signature]) => entry('ima-sig', dataOf(file, path, signature), Uint8Array.fromHex(digest))),
);
const good = dataOf(`sha256:${'ab'.repeat(32)}`, '/usr/bin/node');

const hostile: readonly { readonly name: string; readonly bytes: Uint8Array }[] = [
  { name: 'an entry whose digest is of other data', bytes: entry('ima-ng', good, sha1(text('other'))) },
  { name: 'an entry for another PCR', bytes: entry('ima-ng', good, sha1(good), 11) },
  { name: 'a template nobody knows', bytes: entry('ima-buf', good) },
  { name: 'the old template, with SHA-1 alone', bytes: entry('ima', good) },
  { name: 'a template with a field more', bytes: entry('ima-ng', concatBytes(good, field(text('x')))) },
  { name: 'a field that leads out of the entry', bytes: entry('ima-ng', u32(0xffff_ffff)) },
  { name: 'a digest without a name', bytes: entry('ima-ng', concatBytes(field(new Uint8Array(32)), field(text('/x\0')))) },
  {
    name: 'a path with an end inside it',
    bytes: entry('ima-ng', concatBytes(digestField(`sha256:${'ab'.repeat(32)}`), field(text('/usr/bin/node\0/evil\0')))),
  },
  { name: 'a cut entry', bytes: entry('ima-ng', good).subarray(0, -1) },
  { name: 'more than a kernel lists', bytes: new Uint8Array(MAX_IMA_LOG_BYTES + 1) },
];
for (const { name, bytes } of hostile) {
  test(`refuses ${name}`, () => assert.throws(() => decodeImaLog(bytes), { code: 'badMessage' }));
}

test('answers altered lists with badMessage, or with a list that replays otherwise', () => {
  const honest = replayImaLog(decodeImaLog(real), 'sha256').toHex();
  fc.assert(
    fc.property(fc.nat(real.length - 1), fc.integer({ min: 1, max: 255 }), (at, by) => {
      try {
        assert.notEqual(replayImaLog(decodeImaLog(real.with(at, (real[at] ?? 0) ^ by)), 'sha256').toHex(), honest);
      } catch (error) {
        if (!isTeaError(error, 'badMessage')) throw error;
      }
    }),
    { numRuns: 1000 },
  );
});

test('reads real machines’ entries, whose template digests hold', () => {
  const entries = decodeImaLog(real);
  assert.deepEqual(
    entries.map(({ path, algorithm, digest }) => [path, `${algorithm}:${digest.toHex()}`]),
    REAL.map(([, file, path]) => [path, file]),
  );
  let pcr: Uint8Array = new Uint8Array(20);
  for (const [digest] of REAL) pcr = sha1(concatBytes(pcr, Uint8Array.fromHex(digest)));
  assert.deepEqual(replayImaLog(entries, 'sha1'), pcr);
});

test('extends ones for a violation, whatever its data', () => {
  const violated = entry('ima-ng', dataOf(`sha1:${'00'.repeat(20)}`, '/var/log/wtmp'), new Uint8Array(20));
  const [first] = decodeImaLog(violated);
  assert.equal(first?.violation, true);
  assert.deepEqual(replayImaLog(decodeImaLog(violated), 'sha1'), sha1(concatBytes(new Uint8Array(20), new Uint8Array(20).fill(0xff))));
});
