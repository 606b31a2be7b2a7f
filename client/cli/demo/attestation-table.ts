import { styleText } from 'node:util';
import type { AttestationResult, Claim } from '@tea/protocol';
import type { StepReport } from '../screen.ts';

/** An attestation result for people: verdict first, then what it rests on; what failed says what was expected, what came, what to do. */
export function reportAttestation(result: AttestationResult): StepReport {
  const verdict = result.verdict === 'affirming' ? styleText(['green', 'bold'], result.verdict) : styleText(['red', 'bold'], result.verdict);
  const held = result.claims.filter(({ ok }) => ok).length;
  return {
    line: `${verdict} · trust class ${styleText('yellow', result.trustClass)} · ${held} of ${result.claims.length} claims hold under policy ${result.policy.name}`,
    details: result.claims.flatMap(describeClaim),
    facts: { verdict: result.verdict, trustClass: result.trustClass, claims: result.claims },
  };
}

function describeClaim({ ok, title, expected, actual, next, source }: Claim): string[] {
  if (ok === true) return [`${styleText('green', '✓')} ${title} ${styleText('dim', `(${source})`)}`];
  return [
    `${ok === null ? styleText('yellow', '?') : styleText('red', '✗')} ${title} ${styleText('dim', `(${source})`)}`,
    `    expected  ${expected}`,
    `    got       ${actual}`,
    `    next      ${next}`,
  ];
}
