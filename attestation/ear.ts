import { canonicalJson, toBase64Url, type AttestationResult, type Verdict } from '@tea/protocol';
import { trustworthinessOf, type TrustworthinessVector } from './trustworthiness.ts';

/**
 * An EAT Attestation Result of one appraisal: a JWT claims set that relying parties outside TEA read, in the words of draft-ietf-rats-ear-03. Its
 * status is never better than TEA's verdict, and no better than a warning when the TPM is simulated: whoever reads it elsewhere may not know what
 * that means. A relying party that reads nothing else of the evidence must compare `eat_nonce` with its own: so it knows whose result this is.
 */
export type Ear = {
  readonly eat_profile: 'tag:ietf.org,2026:rats/ear#03';
  /** seconds since 1970 */
  readonly iat: number;
  readonly ear_verifier_id: VerifierId;
  readonly submods: { readonly 'tea-runtime': EarAppraisal };
};

export type EarAppraisal = {
  readonly ear_status: Verdict;
  readonly ear_trustworthiness_vector: TrustworthinessVector;
  /** name, version and SHA-256 of the one policy */
  readonly ear_appraisal_policy_ids: readonly [string];
  /** the nonce in the evidence, base64url; missing where nothing decoded to hold one */
  readonly eat_nonce?: string;
} & TeaClaims;

/**
 * The same under the names of the profile that came before, which the libraries of Project Veraison (`veraison/ear`, `rust-ear`, `python-ear`) and
 * Trustee still read and write. It has no nonce of the evidence; one policy stands by itself.
 */
export type VeraisonEar = {
  readonly eat_profile: 'tag:github.com,2023:veraison/ear';
  readonly iat: number;
  readonly 'ear.verifier-id': VerifierId;
  readonly submods: {
    readonly 'tea-runtime': {
      readonly 'ear.status': Verdict;
      readonly 'ear.trustworthiness-vector': TrustworthinessVector;
      readonly 'ear.appraisal-policy-id': string;
    } & TeaClaims;
  };
};

type VerifierId = { readonly developer: string; readonly build: string };

/** What TEA adds, by names that nobody else's collide with. */
type TeaClaims = {
  readonly ear_tea_trust_class: AttestationResult['trustClass'];
  /** SHA-256 of the evidence, base64url */
  readonly ear_tea_evidence: string;
  /** name, version and SHA-256 */
  readonly ear_tea_reference_values: string;
  /** claims that failed or can't be told */
  readonly ear_tea_open_claims: readonly string[];
};

/** @param build the verifier's version */
export function earOf(result: AttestationResult, build: string): Ear {
  const { policy, referenceValues, evidence, trustClass, claims, appraisedAtMs } = result;
  const vector = trustworthinessOf(result);
  const nonce = claims.find(({ id }) => id === 'binding.nonce')?.actual ?? '';
  return {
    eat_profile: 'tag:ietf.org,2026:rats/ear#03',
    iat: Math.floor(appraisedAtMs / 1000),
    ear_verifier_id: { developer: 'TEA', build },
    submods: {
      'tea-runtime': {
        ear_status: statusOf(result, vector),
        ear_trustworthiness_vector: vector,
        ear_appraisal_policy_ids: [`${policy.name}:${policy.version}:${policy.digest.toHex()}`],
        ...(NONCE.test(nonce) && { eat_nonce: toBase64Url(Uint8Array.fromHex(nonce)) }),
        ear_tea_trust_class: trustClass,
        ear_tea_evidence: toBase64Url(evidence),
        ear_tea_reference_values: `${referenceValues.name}:${referenceValues.version}:${referenceValues.digest.toHex()}`,
        ear_tea_open_claims: claims.filter(({ ok }) => ok !== true).map(({ id }) => id),
      },
    },
  };
}

const NONCE = /^[0-9a-f]{64}$/;

export function veraisonEarOf(result: AttestationResult, build: string): VeraisonEar {
  const { iat, ear_verifier_id, submods } = earOf(result, build);
  const { ear_status, ear_trustworthiness_vector, ear_appraisal_policy_ids, eat_nonce: _nonce, ...ours } = submods['tea-runtime'];
  return {
    eat_profile: 'tag:github.com,2023:veraison/ear',
    iat,
    'ear.verifier-id': ear_verifier_id,
    submods: {
      'tea-runtime': {
        'ear.status': ear_status,
        'ear.trustworthiness-vector': ear_trustworthiness_vector,
        'ear.appraisal-policy-id': ear_appraisal_policy_ids[0],
        ...ours,
      },
    },
  };
}

/** @param key ECDSA P-256 of the verifier @returns a JWT in compact form (RFC 7515, 7.1), ES256 */
export async function signEar(ear: Ear | VeraisonEar, key: CryptoKey): Promise<string> {
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
