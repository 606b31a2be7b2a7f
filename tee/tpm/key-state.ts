import { randomUUID } from 'node:crypto';
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { bytesUpTo, decodeCbor, encodeCbor, TeaError } from '@tea/protocol';
import * as v from 'valibot';

/** A key as TPM2_Create returned it. The private part is encrypted by the storage key: only its own TPM can load it. */
const wrappedKey = v.strictObject({ publicArea: bytesUpTo(1024), privateArea: bytesUpTo(2048) });
const keyState = v.strictObject({ version: v.literal(1), storageKeyName: bytesUpTo(34), ak: wrappedKey, sealingKey: wrappedKey });

export type WrappedKey = v.InferOutput<typeof wrappedKey>;
export type KeyState = v.InferOutput<typeof keyState>;

/** Where the TEE's wrapped keys survive a restart. They are no secret, but without them the node is another node. */
export type KeyStore = {
  /** undefined when nothing was ever written */
  read(): Promise<Uint8Array | undefined>;
  write(state: Uint8Array): Promise<void>;
};

export function encodeKeyState(state: KeyState): Uint8Array {
  return encodeCbor(state);
}

/** @throws TeaError `badMessage` */
export function decodeKeyState(bytes: Uint8Array): KeyState {
  return decodeCbor(bytes, keyState, 'TPM key state');
}

/** `tpm-keys.cbor` in `directory`, replaced as a whole. @throws TeaError `storage` */
export function keyStoreIn(directory: string): KeyStore {
  const path = join(directory, 'tpm-keys.cbor');
  return {
    async read() {
      try {
        return await readFile(path);
      } catch (cause) {
        if ((cause as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
        throw storageError('read', path, cause);
      }
    },
    async write(state) {
      const temporary = `${path}.${randomUUID()}`;
      try {
        await mkdir(directory, { recursive: true, mode: 0o700 });
        await writeFile(temporary, state, { mode: 0o600, flush: true });
        await rename(temporary, path);
      } catch (cause) {
        await rm(temporary, { force: true }).catch(() => undefined); // the first failure is the one to tell
        throw storageError('write', path, cause);
      }
    },
  };
}

function storageError(verb: string, path: string, cause: unknown): TeaError {
  return new TeaError('storage', `Could not ${verb} the TPM keys at ${path}`, {
    actual: String((cause as NodeJS.ErrnoException).code ?? cause),
    cause,
  });
}
