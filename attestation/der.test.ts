import assert from 'node:assert/strict';
import { X509Certificate } from 'node:crypto';
import { test } from 'node:test';
import { AsnConvert } from '@peculiar/asn1-schema';
import { Certificate } from '@peculiar/asn1-x509';
import fc from 'fast-check';
import { decodeCertificate } from './certificate.ts';
import { membersOf, readDer } from './der.ts';
import { attributesOfName, bitsOf, integerBytesOf, objectIdentifierOf, smallNumberOf, timeOf } from './der-values.ts';
import { tpmMaker } from './testing/scenario.ts';

const maker = await tpmMaker();
const element = (hex: string) => readDer(Uint8Array.fromHex(hex));
const text = (tag: string, value: string) => element(`${tag}${value.length.toString(16).padStart(2, '0')}${new TextEncoder().encode(value).toHex()}`);

const spellings: readonly { readonly name: string; readonly read: () => unknown }[] = [
  { name: 'a length of indefinite form', read: () => element('30800000') },
  { name: 'a length in more bytes than it needs', read: () => element('0481020000') },
  { name: 'a length in two bytes that fits one', read: () => element(`048200ff${'00'.repeat(255)}`) },
  { name: 'a length beyond the bytes', read: () => element('0402aa') },
  { name: 'a length of four bytes', read: () => element('048400000001aa') },
  { name: 'a tag of two bytes', read: () => element('1f8101aa') },
  { name: 'a byte behind the element', read: () => element('050000') },
  { name: 'a member that ends beyond its sequence', read: () => membersOf(element('30030402aa')) },
  { name: 'an integer with a needless zero', read: () => integerBytesOf(element('02020001')) },
  { name: 'an integer with a needless sign', read: () => integerBytesOf(element('0202ffff')) },
  { name: 'an integer of no bytes', read: () => integerBytesOf(element('0200')) },
  { name: 'a negative path length', read: () => smallNumberOf(element('0201ff')) },
  { name: 'a path length of five bytes', read: () => smallNumberOf(element('02050100000000')) },
  { name: 'an object identifier that does not end', read: () => objectIdentifierOf(element('06022a86')) },
  { name: 'an object identifier with a padded arc', read: () => objectIdentifierOf(element('06032a8001')) },
  { name: 'an empty object identifier', read: () => objectIdentifierOf(element('0600')) },
  { name: 'a bit list that says eight bits are unused', read: () => bitsOf(element('03020800')) },
  { name: 'a bit list without bits that says some are unused', read: () => bitsOf(element('030101')) },
  { name: 'a day no calendar has', read: () => timeOf(text('17', '260230120000Z')) },
  { name: 'a time without seconds', read: () => timeOf(text('17', '2602281200Z')) },
  { name: 'a time of another zone', read: () => timeOf(text('17', '260228120000+0100')) },
  { name: 'a time with fractions', read: () => timeOf(text('18', '20260228120000.5Z')) },
  { name: 'a name with an attribute that is no sequence', read: () => attributesOfName(element('30043102a000')) },
];
for (const { name, read } of spellings) test(`refuses ${name}`, () => assert.throws(read, { code: 'badMessage' }));

test('reads what it does not refuse', () => {
  assert.equal(objectIdentifierOf(element('06092a864886f70d01010b')), '1.2.840.113549.1.1.11');
  assert.equal(objectIdentifierOf(element('06056781050801')), '2.23.133.8.1');
  assert.equal(bitsOf(element('03020204')), 1 << 5);
  assert.equal(timeOf(text('17', '491231235959Z')).toISOString(), '2049-12-31T23:59:59.000Z');
  assert.equal(timeOf(text('17', '500101000000Z')).toISOString(), '1950-01-01T00:00:00.000Z');
  assert.equal(timeOf(text('18', '99991231235959Z')).toISOString(), '9999-12-31T23:59:59.000Z');
});

test('decodes a certificate to what two other decoders say it holds, however it was altered', async () => {
  const ek = await crypto.subtle.generateKey(
    { name: 'RSA-OAEP', modulusLength: 2048, publicExponent: Uint8Array.of(1, 0, 1), hash: 'SHA-256' },
    true,
    ['encrypt', 'decrypt'],
  );
  const honest = await maker.issueEk(ek.publicKey);
  const altered = fc
    .array(fc.record({ at: fc.nat(honest.length - 1), byte: fc.nat(255) }), { maxLength: 3 })
    .map((edits) => edits.reduce((bytes, { at, byte }) => bytes.with(at, byte), honest));
  let decoded = 0;
  const decode = (bytes: Uint8Array) => {
    try {
      return decodeCertificate(bytes);
    } catch (cause) {
      assert.equal((cause as { code?: string }).code, 'badMessage');
      return null;
    }
  };
  fc.assert(
    fc.property(altered, (bytes) => {
      const ours = decode(bytes);
      const openssl = attempt(() => new X509Certificate(bytes));
      const peculiar = attempt(() => AsnConvert.parse(bytes, Certificate));
      if (ours === null || openssl === null || peculiar === null) return;
      decoded++;
      const { tbsCertificate } = peculiar;
      assert.equal(ours.notAfter.getTime(), new Date(openssl.validTo).getTime());
      assert.equal(ours.notBefore.getTime(), tbsCertificate.validity.notBefore.getTime().getTime());
      assert.deepEqual(ours.serialNumber, new Uint8Array(tbsCertificate.serialNumber));
      assert.deepEqual(ours.signature, new Uint8Array(peculiar.signatureValue));
      assert.equal(ours.signatureAlgorithm, peculiar.signatureAlgorithm.algorithm);
      assert.deepEqual(
        ours.extensions.map(({ id, critical }) => ({ id, critical })),
        [...(tbsCertificate.extensions ?? [])].map(({ extnID, critical }) => ({ id: extnID, critical })),
      );
    }),
    { numRuns: 2000 },
  );
  assert.ok(decoded > 200, `${decoded} decoded`);
});

function attempt<T>(work: () => T): T | null {
  try {
    return work();
  } catch {
    return null;
  }
}
