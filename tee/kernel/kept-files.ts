import { mkdir, open, readFile, rename } from 'node:fs/promises';
import { join } from 'node:path';

/** What a machine has its host keep for its next start. Its own word for them; the host can read none of it, and need not. */
export const KEPT_NAMES = ['tpm-keys.cbor', 'remembered.sealed'] as const;
export type KeptName = (typeof KEPT_NAMES)[number];

export type KeptFiles = {
  /** As base64; what was never written is left out. */
  read(): Promise<Partial<Record<KeptName, string>>>;
  /** Resolves when it is on the disk, all of it or nothing. */
  write(name: KeptName, bytes: Uint8Array): Promise<void>;
};

export function keptFiles(folder: string): KeptFiles {
  return {
    async read() {
      const found: Partial<Record<KeptName, string>> = {};
      for (const name of KEPT_NAMES) {
        const bytes = await readFile(join(folder, name)).catch((error: NodeJS.ErrnoException) => {
          if (error.code === 'ENOENT') return undefined;
          throw error;
        });
        if (bytes !== undefined) found[name] = new Uint8Array(bytes).toBase64();
      }
      return found;
    },
    async write(name, bytes) {
      await mkdir(folder, { recursive: true, mode: 0o700 });
      const draft = join(folder, `${name}.new`);
      {
        await using file = await open(draft, 'w', 0o600);
        await file.writeFile(bytes);
        await file.sync();
      }
      await rename(draft, join(folder, name));
      await using directory = await open(folder, 'r');
      await directory.sync();
    },
  };
}
