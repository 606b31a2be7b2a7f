import type { AttackGroup } from './attack.ts';
import { onCertificates } from './certificates.ts';
import { onEventLogs, onMachines } from './event-logs.ts';
import { onFreshness } from './freshness.ts';
import { onAttestationKeys, onSealingKeys } from './keys.ts';
import { onLimits } from './limits.ts';
import { onPolicies, onReferenceValues } from './policies.ts';
import { onProofs } from './proofs.ts';
import { onQuotes } from './quotes.ts';
import { onTpms } from './real-tpm.ts';
import { onMerkle, onReceipts } from './receipts.ts';
import { onReleases, onSealedContent } from './releases.ts';

/** Every attack of the corpus, by what it is on. */
export const CORPUS: readonly AttackGroup[] = [
  onFreshness,
  onAttestationKeys,
  onSealingKeys,
  onQuotes,
  onEventLogs,
  onMachines,
  onCertificates,
  onReferenceValues,
  onPolicies,
  onReleases,
  onSealedContent,
  onReceipts,
  onMerkle,
  onProofs,
  onLimits,
  onTpms,
];
