import { equalBytes, TeaError, toHex } from '@tea/protocol';
import { nameOf, pcrDigest, policyPcrDigest, type PublicArea } from '@tea/protocol/tpm';
import { password } from './authorization.ts';
import { Certify } from './commands/measurements.ts';
import { Create, CreatePrimary, Load } from './commands/objects.ts';
import { ATTESTATION_KEY, creationParameters, isMadeFrom, type LoadedKey, sealingKey, STORAGE_KEY } from './key-templates.ts';
import type { Entity } from './frame.ts';
import { decodeKeyState, encodeKeyState, type KeyState, type KeyStore, type WrappedKey } from './key-state.ts';
import { readPcrs, sha256Pcrs } from './pcrs.ts';
import { TPM_RH, type TpmTurn } from './tpm.ts';

/** The AK's statement (TPM2_Certify) that this TPM holds the sealing key with this public area: attributes, policy and all. */
export type Certification = { readonly attest: Uint8Array; readonly signature: Uint8Array };

export type TeeKeys = {
  readonly ak: LoadedKey;
  readonly sealingKey: LoadedKey;
  readonly certification: Certification;
  /** The same keys, for a TPM that lost them. */
  readonly wrapped: { readonly ak: WrappedKey; readonly sealingKey: WrappedKey };
};

/**
 * Loads the AK and the sealing key from `store`, or makes them. The sealing key is bound to the values the PCRs have now: once another
 * image is measured nobody can use the old one, and a new one takes its place under the same AK.
 * @throws TeaError `conflict` when the stored keys are another TPM's, `corrupt` when they are this TPM's but altered
 */
export async function loadTeeKeys(turn: TpmTurn, store: KeyStore, pcrs: readonly number[]): Promise<TeeKeys> {
  const values = await readPcrs(turn, pcrs);
  const sealingTemplate = sealingKey(policyPcrDigest(sha256Pcrs(pcrs), pcrDigest(values.map(({ digest }) => digest))));
  const parentKey = await loadStorageKey(turn);

  // The store is on an untrusted disk: a key of weaker attributes must not slip in, although no verifier would accept it either.
  const stored = await readState(store, parentKey.name);
  if (stored && !isMadeFrom(ATTESTATION_KEY, stored.ak.publicArea)) throw corrupt('attestation key');
  const ak = stored?.ak ?? (await createKey(turn, parentKey, ATTESTATION_KEY));
  const reusable = stored && isMadeFrom(sealingTemplate, stored.sealingKey.publicArea) ? stored.sealingKey : undefined;
  const sealing = reusable ?? (await createKey(turn, parentKey, sealingTemplate));
  if (!reusable) await store.write(encodeKeyState({ version: 1, storageKeyName: parentKey.name, ak, sealingKey: sealing }));

  const wrapped = { ak, sealingKey: sealing };
  const loaded = await loadBoth(turn, parentKey, wrapped);
  const flushBoth = [turn.flushAfter(loaded.ak.handle), turn.flushAfter(loaded.sealingKey.handle)];
  const certification = await certify(turn, loaded.sealingKey, loaded.ak);
  for (const keep of flushBoth) keep();
  return { ...loaded, certification, wrapped };
}

/** After the TPM was reset. The sealing key works again once the PCRs are what they were. */
export async function reloadTeeKeys(turn: TpmTurn, keys: TeeKeys): Promise<TeeKeys> {
  return { ...keys, ...(await loadBoth(turn, await loadStorageKey(turn), keys.wrapped)) };
}

async function loadStorageKey(turn: TpmTurn): Promise<{ readonly handle: number; readonly name: Uint8Array }> {
  const made = await turn.run(CreatePrimary, { primaryHandle: TPM_RH.owner }, creationParameters(STORAGE_KEY), [password()]);
  turn.flushAfter(made.objectHandle);
  return { handle: made.objectHandle, name: made.name };
}

async function loadBoth(turn: TpmTurn, parent: Entity, wrapped: TeeKeys['wrapped']): Promise<Pick<TeeKeys, 'ak' | 'sealingKey'>> {
  const ak = await loadKey(turn, parent, wrapped.ak, 'attestation key');
  const keep = turn.flushAfter(ak.handle);
  const sealingKey = await loadKey(turn, parent, wrapped.sealingKey, 'sealing key');
  keep();
  return { ak, sealingKey };
}

async function readState(store: KeyStore, storageKeyName: Uint8Array): Promise<KeyState | undefined> {
  const bytes = await store.read();
  if (!bytes) return undefined;
  const state = decodeKeyState(bytes);
  if (!equalBytes(state.storageKeyName, storageKeyName)) {
    throw new TeaError('conflict', 'The stored TPM keys belong to another TPM', {
      expected: `keys under the storage key ${toHex(storageKeyName)}`,
      actual: toHex(state.storageKeyName),
      next: 'start the TPM state they were made with, or delete the key file: this machine is then another node',
    });
  }
  return state;
}

async function createKey(turn: TpmTurn, parentHandle: Entity, template: PublicArea): Promise<WrappedKey> {
  const { outPublic, outPrivate } = await turn.run(Create, { parentHandle }, creationParameters(template), [password()]);
  return { publicArea: outPublic, privateArea: outPrivate };
}

async function loadKey(turn: TpmTurn, parentHandle: Entity, { publicArea, privateArea }: WrappedKey, what: string): Promise<LoadedKey> {
  try {
    const { objectHandle } = await turn.run(Load, { parentHandle }, { inPrivate: privateArea, inPublic: publicArea }, [password()]);
    return { handle: objectHandle, publicArea, name: nameOf(publicArea) };
  } catch (cause) {
    if (cause instanceof TeaError && cause.details['response'] === 'TPM_RC_INTEGRITY') throw corrupt(what, cause);
    throw cause;
  }
}

/** The password is for the ADMIN role, which certifying the key's object needs; it opens no use of the key itself. Part 3, 18.2. */
async function certify(turn: TpmTurn, objectHandle: LoadedKey, signHandle: LoadedKey): Promise<Certification> {
  const parameters = { qualifyingData: new Uint8Array(0), inScheme: { scheme: 'null' } } as const;
  const { certifyInfo, signature } = await turn.run(Certify, { objectHandle, signHandle }, parameters, [password(), password()]);
  return { attest: certifyInfo, signature };
}

function corrupt(what: string, cause?: unknown): TeaError {
  return new TeaError('corrupt', `The stored ${what} was altered`, {
    expected: 'the bytes this TPM made',
    next: 'restore the key file from a backup, or delete it: this machine is then another node',
    ...(cause === undefined ? {} : { cause }),
  });
}
