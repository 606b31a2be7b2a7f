import { open, readFile, rename } from 'node:fs/promises';
import { join } from 'node:path';
import { getPublicKey, secretFromSeed, sign } from '@scure/sr25519';
import { getPolkadotSigner, type PolkadotSigner } from 'polkadot-api/signer';
import * as v from 'valibot';
import { bytesUpTo, decodeCbor, encodeCbor, TeaError } from '@tea/protocol';
import { sealHpke } from '@tea/protocol/hpke';
import { openHpke, type HpkeRecipient } from '@tea/providers';

/** The TEE's account on layer 1. Its seed is made here, kept in memory, and on disk only sealed to the TPM under this TEE's PCRs. */
export type TeeAccount = { readonly publicKey: Uint8Array; readonly signer: PolkadotSigner };

const FILE = 'account.sealed';
const INFO = encodeCbor({ domain: 'tea/account-seed/1' });
const schema = v.strictObject({ enc: bytesUpTo(65), ciphertext: bytesUpTo(48) });

/**
 * Opens the account of `stateDir`, or makes one.
 * @throws TeaError `refused` when the seed there was sealed by another TPM or other software: a new node needs a new folder
 */
export async function openAccount(stateDir: string, recipient: HpkeRecipient, random: (length: number) => Uint8Array): Promise<TeeAccount> {
  const stored = await readFile(join(stateDir, FILE)).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined;
    throw new TeaError('storage', "The TEE's state can't be read", { actual: error.message, cause: error });
  });
  if (stored !== undefined) {
    const { enc, ciphertext } = decodeCbor(stored, schema, 'sealed account');
    return accountOf(await openHpke(recipient, enc, INFO, ciphertext));
  }
  const seed = random(32);
  await writeWhole(stateDir, encodeCbor({ ...(await sealHpke(recipient.publicPoint, INFO, seed)) }));
  return accountOf(seed);
}

function accountOf(seed: Uint8Array): TeeAccount {
  const secret = secretFromSeed(seed);
  seed.fill(0);
  const publicKey = getPublicKey(secret);
  return { publicKey, signer: getPolkadotSigner(publicKey, 'Sr25519', (message) => sign(secret, message)) };
}

/** All of it or nothing, whenever the power goes. */
async function writeWhole(stateDir: string, bytes: Uint8Array): Promise<void> {
  const draft = join(stateDir, `${FILE}.new`);
  const file = await open(draft, 'w', 0o600);
  try {
    await file.writeFile(bytes);
    await file.sync();
  } finally {
    await file.close();
  }
  await rename(draft, join(stateDir, FILE));
}
