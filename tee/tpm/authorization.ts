import { struct, tpm2b, UINT32, UINT8, type ValueOf } from '@tea/protocol/tpm';
import type { Encryptable } from './commands/command.ts';

const nonce = tpm2b('TPM2B_NONCE', 64);
const hmac = tpm2b('TPM2B_AUTH', 64);

/** Part 2, 10.13.2. */
export const TPMS_AUTH_COMMAND = struct({ session: UINT32, nonce, attributes: UINT8, hmac });
export type AuthCommand = ValueOf<typeof TPMS_AUTH_COMMAND>;

/** Part 2, 10.13.3. */
export const TPMS_AUTH_RESPONSE = struct({ nonce, attributes: UINT8, hmac });
export type AuthResponse = ValueOf<typeof TPMS_AUTH_RESPONSE>;

/** Part 2, 8.4: TPMA_SESSION. */
export const TPMA_SESSION = { continueSession: 0x01, decrypt: 0x20, encrypt: 0x40 } as const;

/** What an authorization of a command covers (Part 1, 18.7, cpHash): code, Names of the handles, parameters as they cross the bus. */
export type AuthorizedCommand = { readonly code: number; readonly names: readonly Uint8Array[]; readonly parameters: Uint8Array };
/** And of its response (rpHash). */
export type AuthorizedResponse = { readonly code: number; readonly parameters: Uint8Array };

/** Proves to the TPM that its caller may use a handle: a password or a session. */
export type Authorization = {
  /** The command's parameters as they cross the bus, before anything is authorized. */
  encrypt?(parameters: Uint8Array, encryptable: Encryptable): Uint8Array;
  authorize(command: AuthorizedCommand): AuthCommand;
  /** @throws TeaError `corrupt` when the response does not come from the TPM that shares this session */
  accept(response: AuthorizedResponse, auth: AuthResponse): void;
  /** The response's parameters in clear, after every authorization accepted them. */
  decrypt?(parameters: Uint8Array): Uint8Array;
};

/** Part 2, 7.4: in the place of a session, a password. */
export const TPM_RS_PW = 0x40000009;
const NONE = new Uint8Array(0);

/** The password in clear on the bus (Part 1, 17.4). TEA's objects have the empty one: what protects them is policy. */
export function password(value: Uint8Array = NONE): Authorization {
  return {
    authorize: () => ({ session: TPM_RS_PW, nonce: NONE, attributes: TPMA_SESSION.continueSession, hmac: value }),
    accept: () => undefined,
  };
}
