import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Duplex } from 'node:stream';
import * as v from 'valibot';
import { startLine } from '@tea/platform';

/** What a machine without a disk has its host keep: wrapped by its TPM, or sealed and counted, so that a host can lose it and do nothing else with it. */
export const KEPT_FILES = ['tpm-keys.cbor', 'remembered.sealed'] as const;
export type KeptFile = (typeof KEPT_FILES)[number];

/** Resolves once a file that was written to the state directory outlives this machine. */
export type KeepFile = (name: KeptFile, bytes: Uint8Array) => Promise<void>;

/** Puts what the host kept where the TEE looks for its state; all of it is checked when it is opened, as if it came from a disk. */
export async function restoreKept(stateDir: string, kept: { readonly [Name in KeptFile]?: Uint8Array | undefined }): Promise<void> {
  await mkdir(stateDir, { recursive: true, mode: 0o700 });
  for (const name of KEPT_FILES) {
    const bytes = kept[name];
    if (bytes !== undefined) await writeFile(join(stateDir, name), bytes, { mode: 0o600 });
  }
}

/**
 * Has the host keep files, one at a time, over the connection that started this machine: `{ keep, bytes }` there, `{ kept }` back when it is on the host's disk.
 * @throws TeaError (of the returned function) `timeout`, `badMessage`: then nobody may count on the file
 */
export function keepByHost(host: Duplex): KeepFile {
  let before: Promise<unknown> = Promise.resolve();
  return (name, bytes) => {
    const kept = before.then(async () => {
      host.write(`${JSON.stringify({ keep: name, bytes: bytes.toBase64() })}\n`);
      await startLine(v.strictObject({ kept: v.literal(name) }), { from: host });
    });
    before = kept.catch(() => undefined);
    return kept;
  };
}
