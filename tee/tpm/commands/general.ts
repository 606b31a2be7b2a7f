import { hashAlgorithm, REST, TPM2B_DIGEST, TPM_CC, TPMI_YES_NO, TPMS_CLOCK_INFO, UINT16, UINT32, UINT64 } from '@tea/protocol/tpm';
import { command } from './command.ts';
import { TPM2B_MAX_BUFFER, TPMT_TK, TPMS_CAPABILITY_DATA } from './types.ts';

/** Part 3, 9, 10, 15, 16, 25, 28-30: the TPM itself, random numbers, hashing, contexts. */

export const Startup = command('TPM2_Startup', TPM_CC.startup, { handles: [], parameters: { startupType: UINT16 }, response: {} });

export const SelfTest = command('TPM2_SelfTest', TPM_CC.selfTest, { handles: [], parameters: { fullTest: TPMI_YES_NO }, response: {} });

export const GetCapability = command('TPM2_GetCapability', TPM_CC.getCapability, {
  handles: [],
  parameters: { capability: UINT32, property: UINT32, propertyCount: UINT32 },
  response: { moreData: TPMI_YES_NO, capabilityData: TPMS_CAPABILITY_DATA },
});

export const GetRandom = command('TPM2_GetRandom', TPM_CC.getRandom, {
  handles: [],
  parameters: { bytesRequested: UINT16 },
  response: { randomBytes: TPM2B_DIGEST },
});

export const ReadClock = command('TPM2_ReadClock', TPM_CC.readClock, {
  handles: [],
  parameters: {},
  response: { time: UINT64, clockInfo: TPMS_CLOCK_INFO },
});

export const Hash = command('TPM2_Hash', TPM_CC.hash, {
  handles: [],
  parameters: { data: TPM2B_MAX_BUFFER, hashAlg: hashAlgorithm, hierarchy: UINT32 },
  response: { outHash: TPM2B_DIGEST, validation: TPMT_TK },
});

// flushHandle is a parameter in Part 3 as well, although it holds a handle.
export const FlushContext = command('TPM2_FlushContext', TPM_CC.flushContext, { handles: [], parameters: { flushHandle: UINT32 }, response: {} });

/** The context is a TPMS_CONTEXT, opaque to us: it only ever goes back into ContextLoad. */
export const ContextSave = command('TPM2_ContextSave', TPM_CC.contextSave, { handles: ['saveHandle'], parameters: {}, response: { context: REST } });

export const ContextLoad = command('TPM2_ContextLoad', TPM_CC.contextLoad, {
  handles: [],
  parameters: { context: REST },
  returns: 'loadedHandle',
  response: {},
});

export const DictionaryAttackLockReset = command('TPM2_DictionaryAttackLockReset', TPM_CC.dictionaryAttackLockReset, {
  handles: ['@lockHandle'],
  parameters: {},
  response: {},
});
