import { TeaError } from '@tea/protocol';

/** Part 2, 6.6.3: format-zero errors, RC_VER1 (0x100) + number. */
const VER1: Readonly<Record<number, string>> = {
  0x000: 'TPM_RC_INITIALIZE',
  0x001: 'TPM_RC_FAILURE',
  0x003: 'TPM_RC_SEQUENCE',
  0x00b: 'TPM_RC_PRIVATE',
  0x019: 'TPM_RC_HMAC',
  0x020: 'TPM_RC_DISABLED',
  0x021: 'TPM_RC_EXCLUSIVE',
  0x024: 'TPM_RC_AUTH_TYPE',
  0x025: 'TPM_RC_AUTH_MISSING',
  0x026: 'TPM_RC_POLICY',
  0x027: 'TPM_RC_PCR',
  0x028: 'TPM_RC_PCR_CHANGED',
  0x02d: 'TPM_RC_UPGRADE',
  0x02e: 'TPM_RC_TOO_MANY_CONTEXTS',
  0x02f: 'TPM_RC_AUTH_UNAVAILABLE',
  0x030: 'TPM_RC_REBOOT',
  0x031: 'TPM_RC_UNBALANCED',
  0x042: 'TPM_RC_COMMAND_SIZE',
  0x043: 'TPM_RC_COMMAND_CODE',
  0x044: 'TPM_RC_AUTHSIZE',
  0x045: 'TPM_RC_AUTH_CONTEXT',
  0x046: 'TPM_RC_NV_RANGE',
  0x047: 'TPM_RC_NV_SIZE',
  0x048: 'TPM_RC_NV_LOCKED',
  0x049: 'TPM_RC_NV_AUTHORIZATION',
  0x04a: 'TPM_RC_NV_UNINITIALIZED',
  0x04b: 'TPM_RC_NV_SPACE',
  0x04c: 'TPM_RC_NV_DEFINED',
  0x050: 'TPM_RC_BAD_CONTEXT',
  0x051: 'TPM_RC_CPHASH',
  0x052: 'TPM_RC_PARENT',
  0x053: 'TPM_RC_NEEDS_TEST',
  0x054: 'TPM_RC_NO_RESULT',
  0x055: 'TPM_RC_SENSITIVE',
};

/** Part 2, 6.6.3: format-one errors, RC_FMT1 (0x080) + number, with a parameter, handle or session number. */
const FMT1: Readonly<Record<number, string>> = {
  0x01: 'TPM_RC_ASYMMETRIC',
  0x02: 'TPM_RC_ATTRIBUTES',
  0x03: 'TPM_RC_HASH',
  0x04: 'TPM_RC_VALUE',
  0x05: 'TPM_RC_HIERARCHY',
  0x07: 'TPM_RC_KEY_SIZE',
  0x08: 'TPM_RC_MGF',
  0x09: 'TPM_RC_MODE',
  0x0a: 'TPM_RC_TYPE',
  0x0b: 'TPM_RC_HANDLE',
  0x0c: 'TPM_RC_KDF',
  0x0d: 'TPM_RC_RANGE',
  0x0e: 'TPM_RC_AUTH_FAIL',
  0x0f: 'TPM_RC_NONCE',
  0x10: 'TPM_RC_PP',
  0x12: 'TPM_RC_SCHEME',
  0x15: 'TPM_RC_SIZE',
  0x16: 'TPM_RC_SYMMETRIC',
  0x17: 'TPM_RC_TAG',
  0x18: 'TPM_RC_SELECTOR',
  0x1a: 'TPM_RC_INSUFFICIENT',
  0x1b: 'TPM_RC_SIGNATURE',
  0x1c: 'TPM_RC_KEY',
  0x1d: 'TPM_RC_POLICY_FAIL',
  0x1f: 'TPM_RC_INTEGRITY',
  0x20: 'TPM_RC_TICKET',
  0x21: 'TPM_RC_RESERVED_BITS',
  0x22: 'TPM_RC_BAD_AUTH',
  0x23: 'TPM_RC_EXPIRED',
  0x24: 'TPM_RC_POLICY_CC',
  0x25: 'TPM_RC_BINDING',
  0x26: 'TPM_RC_CURVE',
  0x27: 'TPM_RC_ECC_POINT',
};

/** Part 2, 6.6.3: warnings, RC_WARN (0x900) + number. */
const WARN: Readonly<Record<number, string>> = {
  0x01: 'TPM_RC_CONTEXT_GAP',
  0x02: 'TPM_RC_OBJECT_MEMORY',
  0x03: 'TPM_RC_SESSION_MEMORY',
  0x04: 'TPM_RC_MEMORY',
  0x05: 'TPM_RC_SESSION_HANDLES',
  0x06: 'TPM_RC_OBJECT_HANDLES',
  0x07: 'TPM_RC_LOCALITY',
  0x08: 'TPM_RC_YIELDED',
  0x09: 'TPM_RC_CANCELED',
  0x0a: 'TPM_RC_TESTING',
  0x10: 'TPM_RC_REFERENCE_H0',
  0x11: 'TPM_RC_REFERENCE_H1',
  0x12: 'TPM_RC_REFERENCE_H2',
  0x18: 'TPM_RC_REFERENCE_S0',
  0x19: 'TPM_RC_REFERENCE_S1',
  0x1a: 'TPM_RC_REFERENCE_S2',
  0x20: 'TPM_RC_NV_RATE',
  0x21: 'TPM_RC_LOCKOUT',
  0x22: 'TPM_RC_RETRY',
  0x23: 'TPM_RC_NV_UNAVAILABLE',
};

/** What a person or a caller can do about the codes they may really meet. */
const NEXT: Readonly<Record<string, string>> = {
  TPM_RC_INITIALIZE: 'send TPM2_Startup first: whoever powers this TPM has not',
  TPM_RC_FAILURE: 'if other commands fail too, the TPM is in failure mode: reset it. Alone, it is how older libtpms refuse what does not decrypt',
  TPM_RC_PCR_CHANGED: 'a PCR was extended while the policy session was open: open a new session',
  TPM_RC_AUTH_UNAVAILABLE: 'this key takes no password: use it in a policy session that satisfies its authPolicy',
  TPM_RC_POLICY_FAIL: 'the PCRs are not the ones the key is bound to: start the TEE image it was made for, or make new keys',
  TPM_RC_AUTH_FAIL: 'check the authorization value; more failures lock the TPM out',
  TPM_RC_BAD_AUTH: 'check the authorization value',
  TPM_RC_LOCKOUT: 'wait for the lockout to end, or run tpm2_dictionarylockout --clear-lockout',
  TPM_RC_INTEGRITY: 'these bytes were made by another TPM or were altered: use the TPM they belong to, or make new ones',
  TPM_RC_OBJECT_MEMORY: 'flush a transient object first; use the TPM only through one client or the resource manager (/dev/tpmrm0)',
  TPM_RC_SESSION_MEMORY: 'flush a session first; use the TPM only through one client or the resource manager (/dev/tpmrm0)',
  TPM_RC_HANDLE: 'there is nothing under this handle in this TPM: create or load it first',
  TPM_RC_RETRY: 'the TPM is busy: send the command again',
  TPM_RC_COMMAND_CODE: 'this TPM does not implement the command',
};

export type ResponseCode = { readonly name: string; readonly about: string | undefined };

/** Part 2, 6.6.2: how the bits of a response code are laid out. */
export function describeResponseCode(code: number): ResponseCode {
  const unknown = { name: `0x${code.toString(16).toUpperCase()}`, about: undefined };
  if ((code & 0x080) !== 0) {
    const name = FMT1[code & 0x3f];
    const number = (code >> 8) & 0xf;
    const about = (code & 0x040) !== 0 ? `parameter ${number}` : number >= 8 ? `session ${number - 8}` : `handle ${number}`;
    return name === undefined ? unknown : { name, about: number % 8 === 0 ? undefined : about };
  }
  const table = (code & 0xf00) === 0x900 ? WARN : (code & 0xf00) === 0x100 ? VER1 : {};
  const name = table[code & 0x7f];
  return name === undefined ? unknown : { name, about: undefined };
}

/** @param code as the TPM returned it. Bits above 16 name the layer that refused (the kernel's resource manager is 0xB). */
export function tpmError(command: string, code: number): TeaError {
  const { name, about } = describeResponseCode(code & 0xffff);
  const layer = code >>> 16;
  const next = NEXT[name];
  return new TeaError('tpm', `${command} was refused${layer === 0 ? '' : ` by layer 0x${layer.toString(16)} above the TPM`}`, {
    expected: 'TPM_RC_SUCCESS',
    actual: `${name} (0x${code.toString(16).toUpperCase()})${about === undefined ? '' : ` for ${about}`}`,
    details: { command, response: name, responseCode: code },
    ...(next === undefined ? {} : { next }),
  });
}
