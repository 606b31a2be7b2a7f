import { publicKeyFromPublicArea } from '@tea/protocol/tpm';
import { TPM_RH, type TpmTurn } from '@tea/tpm';
import { KEY_USAGES } from '../attestation/certificate-extensions.ts';
import type { Maker } from '../attestation/testing/scenario.ts';
import { password } from '../tee/tpm/authorization.ts';
import { NvDefineSpace, NvReadPublic, NvWrite } from '../tee/tpm/commands/nv.ts';
import { loadEndorsementKey } from '../tee/tpm/endorsement.ts';

const ECC_CERTIFICATE = 0x01c0000a;
// TPMA_NV: AUTHWRITE, AUTHREAD, NO_DA
const ATTRIBUTES = (1 << 2) | (1 << 18) | (1 << 25);
const NONE = new Uint8Array();

/** As a manufacturer does: certifies the P-256 EK that the TPM's seed gives, and leaves the certificate in the TPM. */
export async function certifyEcc(turn: TpmTurn, maker: Maker): Promise<void> {
  const { publicArea } = await loadEndorsementKey(turn, 'ecc');
  const { spki } = publicKeyFromPublicArea(publicArea);
  const key = await crypto.subtle.importKey('spki', new Uint8Array(spki), { name: 'ECDH', namedCurve: 'P-256' }, true, []);
  const certificate = await maker.issueEk(key, { usage: KEY_USAGES.keyAgreement });
  const publicInfo = { nvIndex: ECC_CERTIFICATE, nameAlg: 'sha256', attributes: ATTRIBUTES, authPolicy: NONE, dataSize: certificate.length } as const;
  await turn.run(NvDefineSpace, { authHandle: TPM_RH.owner }, { auth: NONE, publicInfo }, [password()]);
  for (let offset = 0; offset < certificate.length; offset += 512) {
    const { nvName } = await turn.run(NvReadPublic, { nvIndex: ECC_CERTIFICATE }, {});
    const index = { handle: ECC_CERTIFICATE, name: nvName };
    await turn.run(NvWrite, { authHandle: index, nvIndex: index }, { data: certificate.slice(offset, offset + 512), offset }, [password()]);
  }
}
