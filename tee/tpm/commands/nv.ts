import { TPM2B_DIGEST, TPM2B_NAME, TPM_CC, UINT16 } from '@tea/protocol/tpm';
import { command } from './command.ts';
import { TPM2B_MAX_NV_BUFFER, TPM2B_NV_PUBLIC } from './types.ts';

/** Part 3, 31: non-volatile memory. */

export const NvReadPublic = command('TPM2_NV_ReadPublic', TPM_CC.nvReadPublic, {
  handles: ['nvIndex'],
  parameters: {},
  response: { nvPublic: TPM2B_NV_PUBLIC, nvName: TPM2B_NAME },
});

export const NvRead = command('TPM2_NV_Read', TPM_CC.nvRead, {
  handles: ['@authHandle', 'nvIndex'],
  parameters: { size: UINT16, offset: UINT16 },
  response: { data: TPM2B_MAX_NV_BUFFER },
});

export const NvDefineSpace = command('TPM2_NV_DefineSpace', TPM_CC.nvDefineSpace, {
  handles: ['@authHandle'],
  parameters: { auth: TPM2B_DIGEST, publicInfo: TPM2B_NV_PUBLIC },
  response: {},
});

export const NvUndefineSpace = command('TPM2_NV_UndefineSpace', TPM_CC.nvUndefineSpace, {
  handles: ['@authHandle', 'nvIndex'],
  parameters: {},
  response: {},
});

export const NvWrite = command('TPM2_NV_Write', TPM_CC.nvWrite, {
  handles: ['@authHandle', 'nvIndex'],
  parameters: { data: TPM2B_MAX_NV_BUFFER, offset: UINT16 },
  response: {},
});

/** Of an index of type counter, whose first increment continues from the highest count that any counter of this TPM ever had. */
export const NvIncrement = command('TPM2_NV_Increment', TPM_CC.nvIncrement, {
  handles: ['@authHandle', 'nvIndex'],
  parameters: {},
  response: {},
});
