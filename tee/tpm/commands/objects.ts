import { TPM2B_DATA, TPM2B_DIGEST, TPM2B_NAME, TPM_CC, TPML_PCR_SELECTION, UINT32 } from '@tea/protocol/tpm';
import { command } from './command.ts';
import {
  TPM2B_PUBLIC,
  TPM2B_PRIVATE,
  TPM2B_CREATION_DATA,
  TPM2B_ID_OBJECT,
  TPM2B_ENCRYPTED_SECRET,
  TPM2B_SENSITIVE,
  TPM2B_SENSITIVE_DATA,
  TPM2B_SENSITIVE_CREATE,
  TPMT_TK,
} from './types.ts';

/** Part 3, 12, 24 and 28.5: keys and sealed data. */

const created = { outPublic: TPM2B_PUBLIC, creationData: TPM2B_CREATION_DATA, creationHash: TPM2B_DIGEST, creationTicket: TPMT_TK };
const template = { inSensitive: TPM2B_SENSITIVE_CREATE, inPublic: TPM2B_PUBLIC, outsideInfo: TPM2B_DATA, creationPcr: TPML_PCR_SELECTION };

export const CreatePrimary = command('TPM2_CreatePrimary', TPM_CC.createPrimary, {
  handles: ['@primaryHandle'],
  parameters: template,
  returns: 'objectHandle',
  response: { ...created, name: TPM2B_NAME },
});

export const Create = command('TPM2_Create', TPM_CC.create, {
  handles: ['@parentHandle'],
  parameters: template,
  response: { outPrivate: TPM2B_PRIVATE, ...created },
});

export const Load = command('TPM2_Load', TPM_CC.load, {
  handles: ['@parentHandle'],
  parameters: { inPrivate: TPM2B_PRIVATE, inPublic: TPM2B_PUBLIC },
  returns: 'objectHandle',
  response: { name: TPM2B_NAME },
});

export const LoadExternal = command('TPM2_LoadExternal', TPM_CC.loadExternal, {
  handles: [],
  parameters: { inPrivate: TPM2B_SENSITIVE, inPublic: TPM2B_PUBLIC, hierarchy: UINT32 },
  returns: 'objectHandle',
  response: { name: TPM2B_NAME },
});

export const ReadPublic = command('TPM2_ReadPublic', TPM_CC.readPublic, {
  handles: ['objectHandle'],
  parameters: {},
  response: { outPublic: TPM2B_PUBLIC, name: TPM2B_NAME, qualifiedName: TPM2B_NAME },
});

export const Unseal = command('TPM2_Unseal', TPM_CC.unseal, {
  handles: ['@itemHandle'],
  parameters: {},
  response: { outData: TPM2B_SENSITIVE_DATA },
});

/** Makes a loaded object persistent under `persistentHandle`, or takes that one away. */
export const EvictControl = command('TPM2_EvictControl', TPM_CC.evictControl, {
  handles: ['@auth', 'objectHandle'],
  parameters: { persistentHandle: UINT32 },
  response: {},
});

export const ActivateCredential = command('TPM2_ActivateCredential', TPM_CC.activateCredential, {
  handles: ['@activateHandle', '@keyHandle'],
  parameters: { credentialBlob: TPM2B_ID_OBJECT, secret: TPM2B_ENCRYPTED_SECRET },
  response: { certInfo: TPM2B_DIGEST },
});

export const MakeCredential = command('TPM2_MakeCredential', TPM_CC.makeCredential, {
  handles: ['handle'],
  parameters: { credential: TPM2B_DIGEST, objectName: TPM2B_NAME },
  response: { credentialBlob: TPM2B_ID_OBJECT, secret: TPM2B_ENCRYPTED_SECRET },
});
