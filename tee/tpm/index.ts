/** The TEE's side of a TPM 2.0. Start reading at `tee-tpm.ts`. */
export { openTeeTpm } from './tee-tpm.ts';
export type { OpenTeeTpmOptions, TeeTpm } from './tee-tpm.ts';
export type { TeeTpmQuote } from './quotes.ts';
export { keyStoreIn } from './key-state.ts';
export type { KeyStore } from './key-state.ts';
export type { Certification } from './tee-keys.ts';
export { createTpm, TPM_RH } from './tpm.ts';
export type { Tpm, TpmOptions, TpmTurn } from './tpm.ts';
export { openResourceManager } from './resource-manager.ts';
export type { ResourceManager, ResourceManagerOptions } from './resource-manager.ts';
export type { ReleaseAuthority } from './release-policy.ts';
export { extendPcr, readPcrs } from './pcrs.ts';
export type { PcrValue } from './pcrs.ts';
export { connectSwtpm } from './swtpm-transport.ts';
export type { SwtpmAddress } from './swtpm-transport.ts';
export { openTpmDevice } from './device-transport.ts';
export type { TpmTransport } from './transport.ts';
export { GetRandom, Startup } from './commands/general.ts';
