import type { Inspection, NodeInspection } from '@tea/sdk';
import { printable } from './printable.ts';

/** Whose word the reference values are, for people. */
export function describeReferences({
  referenceValues,
  referencesFrom,
}: Pick<Inspection | NodeInspection, 'referenceValues' | 'referencesFrom'>): string {
  const { name, provenance } = referenceValues;
  const signer =
    provenance.kind === 'signed'
      ? `issue ${provenance.issue}, signed by ${printable(provenance.signer)} (key ${provenance.key.toHex().slice(0, 16)}…)`
      : 'nobody signed them';
  if (referencesFrom === 'layer1') return `Layer 1 released what the program must measure as: ${printable(name)}, ${signer}.`;
  if (referencesFrom === 'given') return `What the program must measure as is your file’s word: ${printable(name)}, ${signer}.`;
  return 'This network has released no software: nodes are compared with what this checkout builds to, and judge one another by what they themselves measured as.';
}
