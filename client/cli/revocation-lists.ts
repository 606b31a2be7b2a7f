import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { TeaError } from '@tea/protocol';

/** What commands that appraise evidence say of `--crl`. */
export const CRL_HELP = `  --crl PATH                revocation lists of the TPM’s maker and its authorities: a file in DER, or a folder of such files named *.crl`;

/**
 * @param path what `--crl` names; without it there are none
 * @throws TeaError `badInput` for what can't be read, and a folder that holds none
 */
export async function readRevocationLists(path: string | boolean | undefined): Promise<readonly Uint8Array[]> {
  if (path === undefined) return [];
  const name = String(path);
  const isFolder = await stat(name).then(
    (found) => found.isDirectory(),
    () => false, // reading it will say what is wrong
  );
  if (!isFolder) return [await readList(name)];
  const names = (await readdir(name)).filter((each) => each.endsWith('.crl'));
  if (names.length > 0) return Promise.all(names.map((each) => readList(join(name, each))));
  throw new TeaError('badInput', `The folder ${name} holds no revocation list`, { expected: 'files in DER, named *.crl', actual: 'none' });
}

async function readList(path: string): Promise<Uint8Array> {
  const bytes = await readFile(path).catch((cause: NodeJS.ErrnoException) => {
    throw new TeaError('badInput', `The revocation list ${path} can't be read`, { expected: 'a readable file', actual: cause.message });
  });
  return new Uint8Array(bytes);
}
