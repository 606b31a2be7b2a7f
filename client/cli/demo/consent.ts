import { createInterface } from 'node:readline/promises';
import { TeaError } from '@tea/protocol';

/** Asks an owner whether their key may go. Rejects when the person stops the program. */
export type Consent = (question: string, signal: AbortSignal) => Promise<boolean>;

const RELEASE = { unanswered: 'Nobody answered, so no key was released', next: 'answer in a terminal, or tea demo --yes to release without asking' };

/** @param ask false says yes without asking; of releases only those on an affirming attestation result get that far @param told when nobody answers */
export function terminalConsent(ask: boolean, { unanswered, next } = RELEASE): Consent {
  if (!ask) return async () => true;
  return async (question, signal) => {
    const terminal = createInterface({ input: process.stdin, output: process.stderr });
    // readline takes the terminal's Ctrl-C for itself; hand it to the process, whose handler stops everything in order.
    terminal.on('SIGINT', () => process.kill(process.pid, 'SIGINT'));
    try {
      for (;;) {
        const answer = (await terminal.question(`${question} [yes/no] `, { signal })).trim().toLowerCase();
        if (['y', 'yes'].includes(answer)) return true;
        if (['n', 'no'].includes(answer)) return false;
        process.stderr.write('Please type yes or no.\n');
      }
    } catch (cause) {
      throw new TeaError('cancelled', unanswered, {
        expected: 'yes or no',
        actual: 'the end of the input',
        next,
        cause,
      });
    } finally {
      terminal.close();
    }
  };
}
