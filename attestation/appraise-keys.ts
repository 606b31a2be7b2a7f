import { equalBytes, sha256, type Claim, type Evidence, type PcrValue } from '@tea/protocol';
import { decodeAttest, nameOf, verifySignatureOf, type ObjectAttributes, type UnverifiedPublicArea } from '@tea/protocol/tpm';
import type { AppraisalInput } from './appraisal.ts';
import { judge } from './claims.ts';
import { sealingAuthPolicy } from './expected-state.ts';
import { verifyActivation } from './make-credential.ts';

/** The attestation key: what it may do, whose it is, and which TPM holds it. @throws TeaError `badMessage` */
export function appraiseAk(evidence: Evidence, ak: UnverifiedPublicArea, { activation, expected }: AppraisalInput): Claim[] {
  const { attributes, parameters, type } = ak;
  const name = nameOf(evidence.akPublic);
  const node = name.slice(2);
  const scheme = type === 'keyedHash' ? 'keyedHash' : parameters.scheme.scheme;
  const exponent = type === 'rsa' ? parameters.exponent : 0;
  const usual = exponent === 0 || exponent === 65537; // Part 2, 12.2.3.5: 0 stands for it. With exponent 1 anything is a signature.
  const signs = (type === 'rsa' && parameters.keyBits >= 2048 && usual && scheme === 'rsassa') || (type === 'ecc' && scheme === 'ecdsa');
  const hash = 'hash' in parameters.scheme ? parameters.scheme.hash : 'none';
  const wanted = attributesHold(attributes, AK_SET, AK_CLEAR);
  return [
    judge(
      'ak.attributes',
      wanted.ok && signs && hash === 'sha256',
      `${wanted.expected}; RSASSA of 2048 bits or ECDSA, with SHA-256`,
      `${wanted.actual}; ${scheme} with ${hash}${usual ? '' : ` and exponent ${exponent}`}`,
    ),
    judge('ak.node', expected.node === undefined || equalBytes(node, expected.node), expected.node?.toHex() ?? 'any node', node.toHex()),
    judge('ak.activation', ...activationHolds(evidence, name, activation)),
  ];
}

function activationHolds(evidence: Evidence, akName: Uint8Array, activation: AppraisalInput['activation']): readonly [boolean, string, string] {
  const expected = 'the credential made for this certificate and this key';
  const [ekCertificate = new Uint8Array()] = evidence.ekCertificates;
  switch (activation.kind) {
    case 'missing':
      return [false, expected, 'no challenge was made'];
    case 'recorded':
      if (activation.transcript.kind === 'missing') return [false, expected, 'no challenge was made'];
      return [false, expected, isRecordedActivation(evidence, activation) ? RECORDED_ACTIVATION : 'a record about another certificate or key'];
    case 'performed': {
      if (!equalBytes(activation.ekCertificate, ekCertificate)) return [false, expected, 'a challenge for another certificate'];
      if (!equalBytes(activation.akName, akName)) return [false, expected, 'a challenge for another attestation key'];
      return verifyActivation(activation) ? [true, expected, 'returned by the TPM'] : [false, expected, 'a wrong answer'];
    }
  }
}

/** What the activation claim says when all there is is somebody's record. */
export const RECORDED_ACTIVATION = 'somebody else recorded an activation; it convinces only whoever performed it';

/** Whether the transcript of an earlier activation at least speaks of this certificate and key. */
export function isRecordedActivation(evidence: Evidence, activation: AppraisalInput['activation']): boolean {
  if (activation.kind !== 'recorded' || activation.transcript.kind === 'missing') return false;
  const { akName, ekCertificate } = activation.transcript;
  const [leaf = new Uint8Array()] = evidence.ekCertificates;
  return equalBytes(akName, nameOf(evidence.akPublic)) && equalBytes(ekCertificate, sha256(leaf));
}

/** The sealing key, which releases are sealed to. @throws TeaError `badMessage` */
export async function appraiseSealingKey(
  { sealing, binding }: Evidence,
  ak: UnverifiedPublicArea,
  area: UnverifiedPublicArea,
  expectedPcrs: readonly PcrValue[],
): Promise<Claim[]> {
  const attest = decodeAttest(sealing.attest);
  const name = nameOf(sealing.public);
  const wanted = attributesHold(area.attributes, SEALING_SET, SEALING_CLEAR);
  const isEcdh = area.type === 'ecc' && area.parameters.curve === 'p256' && ['ecdh', 'null'].includes(area.parameters.scheme.scheme);
  const signed = await verifySignatureOf(ak, sealing.attest, sealing.signature);
  const certified = attest.type === 'certify' && equalBytes(attest.name, name);
  const policy = sealingAuthPolicy(expectedPcrs);
  return [
    judge(
      'sealing.attributes',
      wanted.ok && isEcdh,
      `${wanted.expected}; P-256 for ECDH`,
      `${wanted.actual}; ${isEcdh ? 'P-256 for ECDH' : `a key of type ${area.type} for something else`}`,
    ),
    judge(
      'sealing.certified',
      signed && certified,
      `a certification of ${name.toHex()} signed by the attestation key`,
      signed ? (attest.type === 'certify' ? `a certification of ${attest.name.toHex()}` : `a ${attest.type}`) : 'a signature of another key',
    ),
    judge(
      'sealing.policy',
      area.nameAlg === 'sha256' && equalBytes(area.authPolicy, policy),
      policy.toHex(),
      area.authPolicy.length === 0 ? 'no policy' : area.authPolicy.toHex(),
    ),
    judge('binding.sealingKey', equalBytes(binding.sealingKeyName, name), name.toHex(), binding.sealingKeyName.toHex()),
  ];
}

type Attribute = keyof ObjectAttributes;
const AK_SET: readonly Attribute[] = ['restricted', 'sign', 'fixedTPM', 'fixedParent', 'sensitiveDataOrigin'];
const AK_CLEAR: readonly Attribute[] = ['decrypt', 'encryptedDuplication', 'x509sign'];
const SEALING_SET: readonly Attribute[] = ['decrypt', 'fixedTPM', 'fixedParent', 'sensitiveDataOrigin'];
const SEALING_CLEAR: readonly Attribute[] = ['userWithAuth', 'restricted', 'sign', 'encryptedDuplication', 'x509sign'];

function attributesHold(
  attributes: ObjectAttributes,
  set: readonly Attribute[],
  clear: readonly Attribute[],
): { readonly ok: boolean; readonly expected: string; readonly actual: string } {
  const missing = set.filter((name) => !attributes[name]);
  const extra = clear.filter((name) => attributes[name]);
  const problems = [...missing.map((name) => `${name} clear`), ...extra.map((name) => `${name} set`)];
  return { ok: problems.length === 0, expected: `${set.join(', ')} set; ${clear.join(', ')} clear`, actual: problems.join(', ') || 'as expected' };
}
