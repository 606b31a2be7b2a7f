import assert from 'node:assert/strict';
import { X509Certificate } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import { equalBytes, sha256 } from '@tea/protocol';
import { decodeCertificate, isSignedBy } from './certificate.ts';
import { basicConstraints, KEY_USAGES, mayBeUsedFor } from './certificate-extensions.ts';
import { appraise, strictPolicy, tpmMakers } from './index.ts';
import { honestNode, inputFor } from './testing/scenario.ts';

const FOLDER = new URL('testing/tpm-makers/', import.meta.url);
const SHA1_WITH_RSA = '1.2.840.113549.1.1.5';
const NOW = new Date('2026-06-01T12:00:00Z');
const files = readdirSync(FOLDER).filter((name) => name.endsWith('.der'));
const certificateIn = (file: string) => new Uint8Array(readFileSync(new URL(file, FOLDER)));

for (const file of files)
  test(`pins ${file} by what it is: an authority for certificates, of today, whose signature holds`, async () => {
    const der = certificateIn(file);
    const certificate = decodeCertificate(der);
    const pin = tpmMakers.find((root) => equalBytes(root.sha256, sha256(der)));
    assert.equal(pin?.trustClass, 'tpm');
    assert.equal(basicConstraints(certificate)?.ca, true);
    assert.ok(mayBeUsedFor(certificate, KEY_USAGES.keyCertSign));
    assert.ok(certificate.notBefore < NOW && NOW < certificate.notAfter);
    const openssl = new X509Certificate(der);
    if (!equalBytes(certificate.issuer, certificate.subject)) return assert.match(openssl.issuer, /GlobalSign/);
    assert.ok(openssl.verify(openssl.publicKey));
    assert.equal(await isSignedBy(certificate, certificate), certificate.signatureAlgorithm !== SHA1_WITH_RSA);
  });

test('names every maker that the README says it does, each authority once', () => {
  const makers = new Set(tpmMakers.map(({ name }) => name.split(/[ ,]/)[0]));
  assert.deepEqual(makers, new Set(['AMD', 'Google', 'Infineon', 'Intel', 'Nationz', 'Nuvoton', 'STMicroelectronics']));
  assert.equal(new Set(tpmMakers.map((root) => root.sha256.toHex())).size, tpmMakers.length);
  assert.equal(tpmMakers.filter(({ trustClass }) => trustClass === 'tpm').length, files.length);
});

test('a certificate that only names a maker’s authority as its issuer stays simulated', async () => {
  const honest = await honestNode();
  const [leaf = new Uint8Array()] = honest.evidence.ekCertificates;
  for (const file of files) {
    const { result } = await appraise(inputFor(honest, { ekCertificates: [leaf, certificateIn(file)] }, { policy: strictPolicy }));
    const failed = result.claims.filter(({ ok }) => ok === false).map(({ id }) => id);
    assert.equal(result.verdict, 'contraindicated');
    assert.ok(failed.includes('ek.signatures'), failed.join(', '));
  }
});

test('swtpm’s own authority is nobody the makers’ list knows', async () => {
  const chain = ['ek-rsa2048.der', 'issuer.der', 'root.der'].map(
    (name) => new Uint8Array(readFileSync(new URL(`testing/swtpm/${name}`, import.meta.url))),
  );
  const { result } = await appraise(inputFor(await honestNode(), { ekCertificates: chain }, { policy: strictPolicy }));
  assert.equal(result.trustClass, 'simulated');
  assert.equal(result.claims.find(({ id }) => id === 'policy.trustClass')?.ok, false);
});
