import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export type TemporaryDirectory = AsyncDisposable & { readonly path: string };

/** A new directory only its owner can enter (mode 0700), deleted with all that is in it when disposed. */
export async function temporaryDirectory(purpose = 'work'): Promise<TemporaryDirectory> {
  const path = await mkdtemp(join(tmpdir(), `tea-${purpose}-`));
  return { path, [Symbol.asyncDispose]: () => rm(path, { recursive: true, force: true, maxRetries: 3 }) };
}
