import { X509Certificate } from 'node:crypto';
import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { TeaError } from '@tea/protocol';

const PEM = /-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g;

/**
 * Certificates in files, as makers of TPMs publish them.
 * @param path a file, or a folder of files; without it there are none @returns DER of each
 * @throws TeaError `badInput` for what can't be read or is no certificate
 */
export async function readCertificates(path: string | boolean | undefined): Promise<readonly Uint8Array[]> {
  if (path === undefined) return [];
  const name = String(path);
  const isFolder = await stat(name).then(
    (found) => found.isDirectory(),
    () => false, // reading it will say what is wrong
  );
  const files = isFolder ? (await readdir(name)).toSorted().map((each) => join(name, each)) : [name];
  return (await Promise.all(files.map(readFileOfCertificates))).flat();
}

async function readFileOfCertificates(path: string): Promise<Uint8Array[]> {
  try {
    const bytes = await readFile(path);
    const pems = bytes.toString('latin1').match(PEM);
    return (pems ?? [bytes]).map((each) => new Uint8Array(new X509Certificate(each).raw));
  } catch (cause) {
    throw new TeaError('badInput', `${path} holds no certificate`, {
      expected: 'X.509 certificates in DER or PEM',
      actual: (cause as Error).message,
    });
  }
}
