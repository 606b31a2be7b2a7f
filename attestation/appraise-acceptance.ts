import type { AppraisalPolicy, Claim } from '@tea/protocol';
import { describeStanding, type SoftwareStanding } from '@tea/protocol/layer1';
import { judge } from './claims.ts';

/**
 * Whether layer 1 accepts the software (pallet `releases`). Whoever asked layer 1 refuses what it revoked, and reference values that it puts in force later,
 * whatever the policy says; a policy with `acceptance: 'onLayer1'` also wants the reference values, or an image in the evidence, to be in force.
 * @param standings undefined when the caller didn't ask layer 1: then it can't be told
 * @returns no claim where layer 1 forbids nothing and the policy asks for none, so that such results are the same with and without layer 1
 */
export function appraiseAcceptance({ acceptance }: AppraisalPolicy, standings: readonly SoftwareStanding[] | undefined): Claim[] {
  const forbidden =
    standings?.find(({ standing }) => standing === 'revoked') ??
    standings?.find(({ of, standing }) => of === 'referenceValues' && standing === 'notYetActive');
  if (acceptance === undefined && forbidden === undefined) return [];
  const expected =
    acceptance === undefined
      ? 'nothing that layer 1 revoked or has yet to put in force'
      : 'reference values or an image in force on layer 1, and nothing revoked';
  if (standings === undefined) return [judge('referenceValues.accepted', null, expected, 'layer 1 was not asked')];
  const ok = forbidden === undefined && standings.some(({ standing }) => standing === 'inForce');
  const shown = forbidden === undefined ? standings : [forbidden];
  return [judge('referenceValues.accepted', ok, expected, shown.map(describeSoftware).join('; ') || 'nothing to ask layer 1 about')];
}

function describeSoftware({ of, digest, ...standing }: SoftwareStanding): string {
  return `${of === 'image' ? 'image' : 'reference values'} ${digest.toHex()}: ${describeStanding(standing)}`;
}
