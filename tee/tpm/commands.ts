import {
  algorithm,
  encodePublicArea,
  fixed,
  list,
  named,
  type PublicArea,
  REST,
  sized,
  struct,
  tagged,
  TPM2B_DATA,
  TPM2B_DIGEST,
  TPM2B_NAME,
  tpm2b,
  TPM_CC,
  TPMI_YES_NO,
  TPML_PCR_SELECTION,
  TPMS_ECC_POINT,
  TPMS_EMPTY,
  TPMT_SYM_DEF_OBJECT,
  UINT16,
  UINT32,
  UINT8,
} from '@tea/protocol/tpm';
import { command } from './command.ts';

// Types that only commands use. Attested structures and public areas stay bytes: what a TPM returned is never encoded again.
const TPM2B_PUBLIC = tpm2b('TPM2B_PUBLIC', 1024);
const TPM2B_PRIVATE = tpm2b('TPM2B_PRIVATE', 2048);
const TPM2B_ATTEST = tpm2b('TPM2B_ATTEST', 2048);
const TPM2B_CREATION_DATA = tpm2b('TPM2B_CREATION_DATA', 1024);
const TPM2B_ID_OBJECT = tpm2b('TPM2B_ID_OBJECT', 132);
const TPM2B_ENCRYPTED_SECRET = tpm2b('TPM2B_ENCRYPTED_SECRET', 512);
const TPM2B_SENSITIVE = tpm2b('TPM2B_SENSITIVE', 2048);
const TPM2B_NONCE = TPM2B_DIGEST;
const TPM2B_ECC_POINT = sized('TPM2B_ECC_POINT', TPMS_ECC_POINT);
const TPM2B_SENSITIVE_CREATE = sized('TPM2B_SENSITIVE_CREATE', struct({ userAuth: TPM2B_DIGEST, data: tpm2b('TPM2B_SENSITIVE_DATA', 256) }));
const ticket = struct({ tag: UINT16, hierarchy: UINT32, digest: TPM2B_DIGEST });
const TPMT_SIG_SCHEME = tagged('scheme', algorithm, { null: TPMS_EMPTY });
const TPML_DIGEST_VALUES = list('TPML_DIGEST_VALUES', tagged('hash', algorithm, { sha256: struct({ digest: fixed('SHA-256 digest', 32) }) }), 16);
const TPMS_NV_PUBLIC = struct({ nvIndex: UINT32, nameAlg: algorithm, attributes: UINT32, authPolicy: TPM2B_DIGEST, dataSize: UINT16 });
const TPMS_CAPABILITY_DATA = tagged('capability', named('TPM_CAP', UINT32, { handles: 1, tpmProperties: 6 }), {
  handles: struct({ handles: list('TPML_HANDLE', UINT32, 254) }),
  tpmProperties: struct({ properties: list('TPML_TAGGED_TPM_PROPERTY', struct({ property: UINT32, value: UINT32 }), 127) }),
});

const created = { outPublic: TPM2B_PUBLIC, creationData: TPM2B_CREATION_DATA, creationHash: TPM2B_DIGEST, creationTicket: ticket };
const template = { inSensitive: TPM2B_SENSITIVE_CREATE, inPublic: TPM2B_PUBLIC, outsideInfo: TPM2B_DATA, creationPcr: TPML_PCR_SELECTION };

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

export const PcrRead = command('TPM2_PCR_Read', TPM_CC.pcrRead, {
  handles: [],
  parameters: { pcrSelectionIn: TPML_PCR_SELECTION },
  response: { pcrUpdateCounter: UINT32, pcrSelectionOut: TPML_PCR_SELECTION, pcrValues: list('TPML_DIGEST', TPM2B_DIGEST, 8) },
});

export const PcrExtend = command('TPM2_PCR_Extend', TPM_CC.pcrExtend, {
  handles: ['@pcrHandle'],
  parameters: { digests: TPML_DIGEST_VALUES },
  response: {},
});

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

export const NvReadPublic = command('TPM2_NV_ReadPublic', TPM_CC.nvReadPublic, {
  handles: ['nvIndex'],
  parameters: {},
  response: { nvPublic: sized('TPM2B_NV_PUBLIC', TPMS_NV_PUBLIC), nvName: TPM2B_NAME },
});

export const NvRead = command('TPM2_NV_Read', TPM_CC.nvRead, {
  handles: ['@authHandle', 'nvIndex'],
  parameters: { size: UINT16, offset: UINT16 },
  response: { data: tpm2b('TPM2B_MAX_NV_BUFFER', 2048) },
});

export const StartAuthSession = command('TPM2_StartAuthSession', TPM_CC.startAuthSession, {
  handles: ['tpmKey', 'bind'],
  parameters: {
    nonceCaller: TPM2B_NONCE,
    encryptedSalt: TPM2B_ENCRYPTED_SECRET,
    sessionType: named('TPM_SE', UINT8, { hmac: 0, policy: 1, trial: 3 }),
    symmetric: TPMT_SYM_DEF_OBJECT,
    authHash: algorithm,
  },
  returns: 'sessionHandle',
  response: { nonceTpm: TPM2B_NONCE },
});

export const PolicyPcr = command('TPM2_PolicyPCR', TPM_CC.policyPcr, {
  handles: ['policySession'],
  parameters: { pcrDigest: TPM2B_DIGEST, pcrs: TPML_PCR_SELECTION },
  response: {},
});

export const PolicySecret = command('TPM2_PolicySecret', TPM_CC.policySecret, {
  handles: ['@authHandle', 'policySession'],
  parameters: { nonceTpm: TPM2B_NONCE, cpHashA: TPM2B_DIGEST, policyRef: TPM2B_NONCE, expiration: UINT32 },
  response: { timeout: TPM2B_DIGEST, policyTicket: ticket },
});

export const PolicyGetDigest = command('TPM2_PolicyGetDigest', TPM_CC.policyGetDigest, {
  handles: ['policySession'],
  parameters: {},
  response: { policyDigest: TPM2B_DIGEST },
});

/** `signature` is a TPMT_SIGNATURE as the TPM made it, here and in Certify. */
export const Quote = command('TPM2_Quote', TPM_CC.quote, {
  handles: ['@signHandle'],
  parameters: { qualifyingData: TPM2B_DATA, inScheme: TPMT_SIG_SCHEME, pcrSelect: TPML_PCR_SELECTION },
  response: { quoted: TPM2B_ATTEST, signature: REST },
});

export const Certify = command('TPM2_Certify', TPM_CC.certify, {
  handles: ['@objectHandle', '@signHandle'],
  parameters: { qualifyingData: TPM2B_DATA, inScheme: TPMT_SIG_SCHEME },
  response: { certifyInfo: TPM2B_ATTEST, signature: REST },
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

export const EcdhZGen = command('TPM2_ECDH_ZGen', TPM_CC.ecdhZGen, {
  handles: ['@keyHandle'],
  parameters: { inPoint: TPM2B_ECC_POINT },
  response: { outPoint: TPM2B_ECC_POINT },
});

export const VerifySignature = command('TPM2_VerifySignature', TPM_CC.verifySignature, {
  handles: ['keyHandle'],
  parameters: { digest: TPM2B_DIGEST, signature: REST },
  response: { validation: ticket },
});

/** Parameters that make no object content, no outside data and no creation PCRs: what TEA creates keys with. */
export function creationParameters(area: PublicArea) {
  const none = new Uint8Array(0);
  return { inSensitive: { userAuth: none, data: none }, inPublic: encodePublicArea(area), outsideInfo: none, creationPcr: [] };
}
