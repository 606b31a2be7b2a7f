import { styleText } from 'node:util';
import type { AttestationResult, Claim } from '@tea/protocol';
import { printable } from './printable.ts';
import type { Screen } from './screen.ts';

const VERDICTS: Readonly<Record<AttestationResult['verdict'], string>> = {
  affirming: styleText(['green', 'bold'], 'Affirming: every claim that must hold holds.'),
  warning: styleText(['yellow', 'bold'], 'Warning: nothing failed, and something that must be shown was not.'),
  contraindicated: styleText(['red', 'bold'], 'Contraindicated: release nothing to this node.'),
  none: styleText(['red', 'bold'], 'This is no evidence.'),
};

/** An attestation result as a person reads it: verdict, then every claim in a table, then what to do about those that do not hold. */
export function showAttestation(screen: Screen, result: AttestationResult): void {
  screen.note(`${VERDICTS[result.verdict]} Trust class: ${styleText('yellow', result.trustClass)}.`);
  if (result.trustClass === 'simulated') screen.note('Whoever owns this machine can forge all of this: a simulated TPM protects nothing from them.');
  screen.note('');
  screen.table([['', 'what', 'expected', 'actual', 'source'], ...result.claims.map(row)]);
  for (const claim of result.claims.filter(({ ok }) => ok !== true)) {
    screen.note(`\n${mark(claim)} ${claim.title}`);
    screen.note(`    expected  ${printable(claim.expected)}`);
    screen.note(`    got       ${printable(claim.actual)}`);
    screen.note(`    next      ${claim.next}`);
  }
  const { policy, referenceValues } = result;
  screen.note(
    `\nPolicy ${printable(policy.name)} ${policy.version}; reference values ${printable(`${referenceValues.name} ${referenceValues.version}`)}.`,
  );
}

const WIDEST_CELL = 44;

function row(claim: Claim): readonly string[] {
  return [mark(claim), claim.title, shorten(claim.expected), shorten(claim.actual), claim.source];
}

function mark({ ok }: Claim): string {
  return ok === null ? '?' : ok ? '✓' : '✗';
}

/** Digests by their ends and texts by their beginning: a table is for the eye, `--json` has everything. */
function shorten(text: string): string {
  const short = printable(text).replace(/[0-9a-f]{20,}/g, (hex) => `${hex.slice(0, 8)}…${hex.slice(-4)}`);
  return short.length > WIDEST_CELL ? `${short.slice(0, WIDEST_CELL - 1)}…` : short;
}
