import { canonicalJson, toBase64Url, type AttestationResult, type Verdict } from '@tea/protocol';
import { trustworthinessOf, type TrustworthinessVector } from './trustworthiness.ts';

/**
 * An EAT Attestation Result (draft-ietf-rats-ear) of one appraisal: a JWT claims set that relying parties outside TEA read. Its status is never
 * better than TEA's verdict, and no better than a warning when the TPM is simulated: whoever reads it elsewhere may not know what that means.
 */
export type Ear = {
  readonly eat_profile: 'tag:github.com,2023:veraison/ear';
  /** seconds since 1970 */
  readonly iat: number;
  readonly 'ear.verifier-id': { readonly developer: string; readonly build: string };
  readonly submods: {
    readonly 'tea-runtime': {
      readonly 'ear.status': Verdict;
      readonly 'ear.trustworthiness-vector': TrustworthinessVector;
      /** name, version and SHA-256 of the policy */
      readonly 'ear.appraisal-policy-id': string;
      readonly 'ear.tea.trust-class': AttestationResult['trustClass'];
      /** SHA-256 of the evidence, base64url */
      readonly 'ear.tea.evidence': string;
      /** name, version and SHA-256 */
      readonly 'ear.tea.reference-values': string;
      /** claims that failed or can't be told */
      readonly 'ear.tea.open-claims': readonly string[];
    };
  };
};

/** @param build the verifier's version */
export function earOf(result: AttestationResult, build: string): Ear {
  const { policy, referenceValues, evidence, trustClass, claims, appraisedAtMs } = result;
  const vector = trustworthinessOf(result);
  return {
    eat_profile: 'tag:github.com,2023:veraison/ear',
    iat: Math.floor(appraisedAtMs / 1000),
    'ear.verifier-id': { developer: 'TEA', build },
    submods: {
      'tea-runtime': {
        'ear.status': statusOf(result, vector),
        'ear.trustworthiness-vector': vector,
        'ear.appraisal-policy-id': `${policy.name}:${policy.version}:${policy.digest.toHex()}`,
        'ear.tea.trust-class': trustClass,
        'ear.tea.evidence': toBase64Url(evidence),
        'ear.tea.reference-values': `${referenceValues.name}:${referenceValues.version}:${referenceValues.digest.toHex()}`,
        'ear.tea.open-claims': claims.filter(({ ok }) => ok !== true).map(({ id }) => id),
      },
    },
  };
}

/** @param key ECDSA P-256 of the verifier @returns a JWT in compact form (RFC 7515, 7.1), ES256 */
export async function signEar(ear: Ear, key: CryptoKey): Promise<string> {
  const signed = [{ alg: 'ES256', typ: 'JWT' }, ear].map((part) => toBase64Url(canonicalJson(part))).join('.');
  const signature = await crypto.subtle.sign({ name: 'ECDSA', hash: 'SHA-256' }, key, new TextEncoder().encode(signed));
  return `${signed}.${toBase64Url(new Uint8Array(signature))}`;
}

const ORDER: readonly Verdict[] = ['affirming', 'warning', 'contraindicated'];

function statusOf({ verdict, trustClass }: AttestationResult, vector: TrustworthinessVector): Verdict {
  if (verdict === 'none') return 'none';
  const worst = Math.max(...Object.values(vector));
  const byVector = worst >= 96 ? 'contraindicated' : worst >= 32 || trustClass === 'simulated' ? 'warning' : 'affirming';
  return ORDER[Math.max(ORDER.indexOf(verdict), ORDER.indexOf(byVector))] ?? 'contraindicated';
}
