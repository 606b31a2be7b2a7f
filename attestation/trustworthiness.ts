import type { AttestationResult } from '@tea/protocol';
import type { ClaimId } from './claims.ts';

/**
 * The trustworthiness vector of AR4SI (draft-ietf-rats-ar4si, 2.3): what an appraisal comes to in words every relying party of RATS knows.
 * -1..1 says nothing, 2..31 affirms, 32..95 warns, 96..127 contraindicates.
 */
export const TRUSTWORTHINESS_CLAIMS = [
  'instance-identity',
  'configuration',
  'executables',
  'file-system',
  'hardware',
  'runtime-opaque',
  'storage-opaque',
  'sourced-data',
] as const;
export type TrustworthinessClaim = (typeof TRUSTWORTHINESS_CLAIMS)[number];
export type TrustworthinessVector = { readonly [C in TrustworthinessClaim]: number };

const NO_CLAIM = 0;
const UNPARSABLE_EVIDENCE = 1;
const CRYPTO_FAILED = 99;
const CONTRAINDICATED = 96;
const UNRECOGNISED_INSTANCE = 97;
const UNRECOGNISED_EXECUTABLES = 33;

/** What each claim of an appraisal is about, and what its failure comes to. Every claim has a row, so none can be forgotten. */
const ABOUT: Readonly<Record<ClaimId, readonly [element: TrustworthinessClaim, whenItFails: number]>> = {
  'evidence.decodes': ['instance-identity', UNPARSABLE_EVIDENCE],
  'ek.signatures': ['instance-identity', CRYPTO_FAILED],
  'ek.validity': ['instance-identity', UNRECOGNISED_INSTANCE],
  'ek.authorities': ['instance-identity', UNRECOGNISED_INSTANCE],
  'ek.revocation': ['instance-identity', CONTRAINDICATED],
  'ek.usage': ['instance-identity', UNRECOGNISED_INSTANCE],
  'ek.identity': ['hardware', UNRECOGNISED_INSTANCE],
  'ak.attributes': ['instance-identity', CONTRAINDICATED],
  'ak.node': ['instance-identity', UNRECOGNISED_INSTANCE],
  'ak.activation': ['instance-identity', NO_CLAIM],
  'sealing.attributes': ['storage-opaque', CONTRAINDICATED],
  'sealing.certified': ['storage-opaque', CRYPTO_FAILED],
  'sealing.policy': ['storage-opaque', CONTRAINDICATED],
  'quote.signature': ['instance-identity', CRYPTO_FAILED],
  'quote.binding': ['instance-identity', CRYPTO_FAILED],
  'quote.pcrSelection': ['configuration', CONTRAINDICATED],
  'quote.pcrDigest': ['executables', CRYPTO_FAILED],
  'binding.nonce': ['instance-identity', CRYPTO_FAILED],
  'binding.purpose': ['instance-identity', UNRECOGNISED_INSTANCE],
  'binding.chain': ['instance-identity', UNRECOGNISED_INSTANCE],
  'binding.errand': ['instance-identity', UNRECOGNISED_INSTANCE],
  'binding.account': ['instance-identity', UNRECOGNISED_INSTANCE],
  'binding.sealingKey': ['storage-opaque', CRYPTO_FAILED],
  'log.digests': ['executables', CRYPTO_FAILED],
  'log.replay': ['executables', CRYPTO_FAILED],
  'log.known': ['executables', UNRECOGNISED_EXECUTABLES],
  'pcr.unused': ['configuration', CONTRAINDICATED],
  'referenceValues.provenance': ['executables', UNRECOGNISED_EXECUTABLES],
  'referenceValues.validity': ['executables', UNRECOGNISED_EXECUTABLES],
  'referenceValues.rollback': ['executables', UNRECOGNISED_EXECUTABLES],
  'referenceValues.accepted': ['executables', CONTRAINDICATED],
  'node.listedClass': ['hardware', UNRECOGNISED_INSTANCE],
  'policy.trustClass': ['hardware', UNRECOGNISED_INSTANCE],
};

/** Acceptance by layer 1 is claimed where the policy asks for it or layer 1 forbids something, the listed class by committees. */
const ONLY_IF_ASKED: ReadonlySet<string> = new Set(['referenceValues.accepted', 'node.listedClass'] satisfies ClaimId[]);

/** What each element is worth when nothing about it failed and a real TPM stands behind it. Process mode shows nothing of the rest. */
const AFFIRMED: Readonly<Record<AttestationResult['trustClass'], Partial<TrustworthinessVector>>> = {
  simulated: {}, // whoever runs a simulator can forge all of it
  vtpm: { 'instance-identity': 2, executables: 3 }, // its keys are the hypervisor's: no hardware is known to hold them
  tpm: { 'instance-identity': 2, executables: 3, hardware: 2, 'storage-opaque': 2 },
  'tpm+memory-encryption': { 'instance-identity': 2, executables: 3, hardware: 2, 'runtime-opaque': 2, 'storage-opaque': 2 },
};

/**
 * Derives the vector from the claims alone. An element affirms only when every claim about it was made and holds, the TPM's identity is
 * established, and its class is more than `simulated`; whatever is missing leaves it at 0.
 */
export function trustworthinessOf({ claims, verdict, trustClass }: AttestationResult): TrustworthinessVector {
  const made = new Map(claims.map(({ id, ok }) => [id, ok]));
  // Lists that the policy does not ask for may be open; some claims are only made where somebody asked.
  const open = (id: string) => (id === 'ek.revocation' ? made.get(id) === null : ONLY_IF_ASKED.has(id) && !made.has(id));
  const holds = (id: string) => made.get(id) === true || (verdict === 'affirming' && open(id));
  const rows = Object.entries(ABOUT);
  const rooted = rows.every(([id, [element]]) => element !== 'instance-identity' || holds(id));
  const valueOf = (element: TrustworthinessClaim): number => {
    const about = rows.filter(([, [name]]) => name === element);
    const failed = about.filter(([id]) => made.get(id) === false).map(([, [, value]]) => value);
    if (failed.length > 0) return Math.max(...failed);
    return rooted && about.every(([id]) => holds(id)) ? (AFFIRMED[trustClass][element] ?? NO_CLAIM) : NO_CLAIM;
  };
  return {
    'instance-identity': valueOf('instance-identity'),
    configuration: valueOf('configuration'),
    executables: valueOf('executables'),
    'file-system': valueOf('file-system'),
    hardware: valueOf('hardware'),
    'runtime-opaque': valueOf('runtime-opaque'),
    'storage-opaque': valueOf('storage-opaque'),
    'sourced-data': valueOf('sourced-data'),
  };
}
