import { strictPolicy } from '@tea/attestation';
import { decodePolicy, encodeCbor, encodePolicy, policyDigest, signReferenceValues, type AppraisalPolicy, type ReferenceValues } from '@tea/protocol';
import { inputFor, NOW } from '../../attestation/testing/scenario.ts';
import { onAppraisal, onCall, type AttackGroup } from './attack.ts';
import { honest } from './victims.ts';

const DAY_MS = 86_400_000;
const at = NOW.getTime();
const statement = { signer: 'TEA releases', issue: 7, issuedAtMs: at - DAY_MS, notBeforeMs: at - DAY_MS, notAfterMs: at + DAY_MS };
const generate = () => crypto.subtle.generateKey({ name: 'ECDSA', namedCurve: 'P-256' }, true, ['sign', 'verify']);
const [releaseKey, mallory] = await Promise.all([generate(), generate()]);
const point = new Uint8Array(await crypto.subtle.exportKey('raw', releaseKey.publicKey));
const signing: AppraisalPolicy = {
  ...honest.pinnedPolicy,
  referenceValues: { accept: 'signed', releaseKeys: [{ name: 'TEA release key', key: point }], minimumIssue: 5 },
};
const sign = (change: Partial<typeof statement> = {}, key = releaseKey) =>
  signReferenceValues(honest.referenceValues, key, { ...statement, ...change });
const judgedBy = (
  id: string,
  title: string,
  claims: readonly string[],
  make: () => ReferenceValues | Promise<ReferenceValues>,
  acceptedIssue?: number,
) =>
  onAppraisal(id, title, claims, async () =>
    inputFor(honest, {}, { policy: signing, referenceValues: await make(), ...(acceptedIssue !== undefined && { acceptedIssue }) }),
  );

export const onReferenceValues: AttackGroup = {
  id: 'reference-values',
  on: 'the reference values',
  wouldGain: 'a program of the attacker’s own, or an old one with a known hole, is what the verifier expects',
  attacks: [
    judgedBy('references-unsigned', 'offers values nobody signed', ['referenceValues.provenance'], () => honest.referenceValues),
    judgedBy('references-stranger', 'signs values with a key of its own, under the release key’s name', ['referenceValues.provenance'], () =>
      sign({ signer: 'TEA release key' }, mallory),
    ),
    judgedBy('references-altered', 'renames a signed set', ['referenceValues.provenance'], async () => ({ ...(await sign()), version: '9.9.9' })),
    judgedBy('references-expired', 'offers values that are no longer valid', ['referenceValues.validity'], () => sign({ notAfterMs: at - 1 })),
    judgedBy('references-future', 'offers values that are not valid yet', ['referenceValues.validity'], () => sign({ notBeforeMs: at + 1 })),
    judgedBy('references-rolled-back', 'offers an older issue than the policy asks for', ['referenceValues.rollback'], () => sign({ issue: 4 })),
    judgedBy('references-older-than-accepted', 'offers an older issue than was accepted before', ['referenceValues.rollback'], () => sign(), 8),
  ],
};

export const onPolicies: AttackGroup = {
  id: 'policy',
  on: 'the appraisal policy',
  wouldGain: 'evidence is judged by a laxer rule than its reader chose',
  attacks: [
    onAppraisal(
      'policy-strict-simulated',
      'offers a simulated TPM under the strict policy',
      ['policy.trustClass', 'referenceValues.provenance'],
      () => inputFor(honest, {}, { policy: { ...strictPolicy, revocation: 'ifGiven' } }),
    ),
    onCall('policy-freshness-off', 'writes a policy that switches freshness off', 'badMessage', () =>
      decodePolicy(encodeCbor({ ...asPlain(strictPolicy), acceptStaleQuotes: true })),
    ),
    onCall('policy-pins-simulator', 'writes a policy that pins a root as simulated', 'badMessage', () =>
      decodePolicy(encodeCbor({ ...asPlain(strictPolicy), roots: [{ name: 'x', sha256: new Uint8Array(32), trustClass: 'simulated' }] })),
    ),
    {
      id: 'policy-downgraded',
      title: 'shows a laxer policy under the name and version of the strict one',
      claims: ['another digest'],
      attempt: async () => {
        const lax: AppraisalPolicy = { ...strictPolicy, acceptedClasses: ['simulated'] };
        return policyDigest(lax).toHex() === policyDigest(strictPolicy).toHex() ? [] : ['another digest'];
      },
    },
  ],
};

function asPlain(policy: AppraisalPolicy) {
  const { v, name, version, acceptedClasses, revocation } = decodePolicy(encodePolicy(policy));
  return { v, name, version, acceptedClasses: [...acceptedClasses], roots: [], revocation, referenceValues: { accept: 'unsigned' } };
}
