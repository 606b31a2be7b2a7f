/** Part 2, 7.2: the first octet of a handle says what it points at. */
const TPM_HT = { hmacSession: 0x02, policySession: 0x03, transient: 0x80 } as const;

/** Where the handles begin that a client may leave behind: sessions, loaded and saved, and transient objects. */
export const FIRST_HANDLES = { loadedSession: 0x02000000, savedSession: 0x03000000, transient: 0x80000000 } as const;

export function isTransient(handle: number): boolean {
  return handle >>> 24 === TPM_HT.transient;
}

export function isSession(handle: number): boolean {
  const type = handle >>> 24;
  return type === TPM_HT.hmacSession || type === TPM_HT.policySession;
}
