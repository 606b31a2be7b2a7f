import { createCipheriv, createDecipheriv, hkdfSync } from 'node:crypto';
import { open, readFile, rename } from 'node:fs/promises';
import { join } from 'node:path';
import * as v from 'valibot';
import { bytesOf, bytesUpTo, decodeCbor, encodeCbor, TeaError } from '@tea/protocol';

/** What the TEE remembers on the host's disk: sealed, and of no use once there is a newer one. */
export type RememberedState = {
  /** undefined when nothing was ever written, or its file was deleted: that is a fresh start, which nobody can tell from the first. */
  readonly bytes: Uint8Array | undefined;
  /** @throws TeaError `conflict` when another TEE counts on the same TPM, `storage` */
  write(bytes: Uint8Array): Promise<void>;
};

export type RollbackGuardParts = {
  readonly stateDir: string;
  /** Called with what was written, before it is counted, where `stateDir` itself does not outlive a stop. */
  readonly keep?: (name: typeof FILE, bytes: Uint8Array) => Promise<void>;
  /** `TeeTpm.stateSecret`: whoever lacks it can neither read nor make a state. */
  readonly secret: Uint8Array;
  /** `TeeTpm.counter`. */
  readonly counter: { read(): Promise<bigint | undefined>; increment(): Promise<bigint> };
  readonly random: (length: number) => Uint8Array;
};

const FILE = 'remembered.sealed';
const DOMAIN = 'tea/remembered/1';
const MAX_BYTES = 4096;
const TAG_SIZE = 16;
const count = v.union([v.pipe(v.number(), v.integer(), v.minValue(0)), v.bigint()]);
const schema = v.strictObject({ v: v.literal(1), count, nonce: bytesOf(12), sealed: bytesUpTo(MAX_BYTES + TAG_SIZE) });

/**
 * Opens the state in `stateDir`. The TPM's counter n says which file is the newest: the one sealed with count n, or with n + 1 when the TEE
 * stopped between writing that file and counting up, which is then made up for. So a stop at any point leaves the old state or the new one.
 * Every opening takes a count of its own, so that a file which an earlier start wrote and never counted can't pass for a later one.
 * @throws TeaError `refused` for an older copy, and for one that is newer than the TPM's counter; `corrupt` for what this TEE did not seal
 */
export async function openRememberedState(parts: RollbackGuardParts): Promise<RememberedState> {
  const { stateDir, counter, random } = parts;
  const key = new Uint8Array(hkdfSync('sha256', parts.secret, new Uint8Array(), DOMAIN, 32));
  let current = await counter.read();
  let usable = true;

  const write = async (bytes: Uint8Array): Promise<void> => {
    if (bytes.length > MAX_BYTES) throw new TeaError('badInput', 'This is too much to remember', { expected: `at most ${MAX_BYTES} bytes` });
    if (!usable) throw new TeaError('conflict', 'An earlier write did not finish', { next: 'open the state again' });
    usable = false; // until this one did: two files of one count must not be
    const planned = (current ?? 0n) + 1n;
    const sealed = seal(key, planned, random(12), bytes);
    await replaceFile(stateDir, sealed);
    await parts.keep?.(FILE, sealed);
    current = await counter.increment();
    if (current !== planned) {
      throw new TeaError('conflict', 'Somebody else counts on this TPM', {
        expected: `count ${planned}`,
        actual: String(current),
        next: 'stop the other TEE that uses this TPM',
      });
    }
    usable = true;
  };

  const stored = await readStored(stateDir);
  if (!stored || current === undefined) {
    current = await counter.increment(); // the first count of a TPM is any number: it is known before a file names one
    if (!stored) return { bytes: undefined, write };
  }
  const file = decodeCbor(stored, schema, 'sealed state');
  const bytes = unseal(key, file);
  if (BigInt(file.count) === current + 1n) current = await counter.increment();
  if (BigInt(file.count) !== current) throw wrongCount(BigInt(file.count), current);
  await write(bytes);
  return { bytes, write };
}

function wrongCount(file: bigint, tpm: bigint): TeaError {
  const older = file < tpm;
  return new TeaError('refused', `The TEE's state is ${older ? 'an old copy' : "newer than the TPM's counter"}`, {
    expected: `count ${tpm}, the TPM's`,
    actual: `count ${file}`,
    next: older
      ? 'put back the state directory as it was last; or delete it, and the TEE starts without what it remembered'
      : 'put back the TPM state that belongs to this directory: the TPM is another, or was itself restored from a copy',
  });
}

/** The count is part of what is authenticated, so no file passes for another's. */
function additionalData(current: bigint): Uint8Array {
  return encodeCbor({ domain: DOMAIN, count: current });
}

function seal(key: Uint8Array, current: bigint, nonce: Uint8Array, bytes: Uint8Array): Uint8Array {
  const cipher = createCipheriv('aes-256-gcm', key, nonce).setAAD(additionalData(current));
  const sealed = Buffer.concat([cipher.update(bytes), cipher.final(), cipher.getAuthTag()]);
  return encodeCbor({ v: 1, count: current, nonce, sealed: new Uint8Array(sealed) });
}

function unseal(key: Uint8Array, { count: current, nonce, sealed }: v.InferOutput<typeof schema>): Uint8Array {
  const end = sealed.length - TAG_SIZE;
  try {
    const decipher = createDecipheriv('aes-256-gcm', key, nonce)
      .setAAD(additionalData(BigInt(current)))
      .setAuthTag(sealed.subarray(Math.max(end, 0)));
    return new Uint8Array(Buffer.concat([decipher.update(sealed.subarray(0, Math.max(end, 0))), decipher.final()]));
  } catch (cause) {
    throw new TeaError('corrupt', "The TEE's state was not sealed by this TEE", {
      expected: 'a state of this TPM and this software, unaltered',
      actual: 'one that does not open',
      next: 'put back the directory that belongs to this TPM and release; or delete it, and the TEE starts without what it remembered',
      cause,
    });
  }
}

async function readStored(stateDir: string): Promise<Uint8Array | undefined> {
  try {
    return await readFile(join(stateDir, FILE));
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw storageError(cause);
  }
}

/** All of it or nothing, and on the disk before the TPM counts. */
async function replaceFile(stateDir: string, bytes: Uint8Array): Promise<void> {
  try {
    const draft = join(stateDir, `${FILE}.new`);
    {
      await using file = await open(draft, 'w', 0o600);
      await file.writeFile(bytes);
      await file.sync();
    }
    await rename(draft, join(stateDir, FILE));
    await using directory = await open(stateDir, 'r');
    await directory.sync();
  } catch (cause) {
    throw storageError(cause);
  }
}

function storageError(cause: unknown): TeaError {
  return new TeaError('storage', "The TEE's state can't be read or written", { actual: (cause as Error).message, cause });
}
