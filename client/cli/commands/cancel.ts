import { TeaError } from '@tea/protocol';
import { cancelErrand, cancellationOf, explainErrand, readErrand } from '@tea/sdk';
import { clientSession, SESSION_HELP, SESSION_OPTIONS } from '../client-session.ts';
import { developmentAccountOf } from '../development-account.ts';
import { terminalConsent } from '../demo/consent.ts';
import { EXIT, type Command } from './command.ts';

export const cancel: Command = {
  name: 'cancel',
  summary: 'end an errand of yours, after showing what that costs',
  help: `  tea cancel ERRAND [--yes] [--dir DIR | --at URL] [--genesis HASH] [--json]

Before it has an executor an errand ends at once and everything comes back. While it runs its executor is asked to end it: what its meter
shows by then is paid, and nothing for code and data. In between, and once its run is proved, it can't be cancelled. The rule is shown first.

  --yes           don't ask
${SESSION_HELP}

Signs as the consumer, as far as that is one of the development accounts: other keys this command does not hold yet.

Exit codes: 0 it is cancelled, or was done before its executor heard of it; 1 it can't be cancelled, and why; 2 you said no; 64 wrong usage.`,
  options: { ...SESSION_OPTIONS, yes: { type: 'boolean' } },
  operands: [1, 1],
  async run({ values, positionals: [operand = ''], screen, signal }) {
    if (!/^[0-9]{1,19}$/.test(operand))
      throw new TeaError('badInput', 'This is not an errand', { expected: 'its number', actual: operand, next: 'tea cancel 1' });
    const id = BigInt(operand);
    await using tea = await clientSession(values, 'cancel');
    const errand = await readErrand(tea.ledger, id);
    const cancellation = cancellationOf(errand);
    screen.heading(`Errand ${id}: ${errand.state}`, `layer 1 is at block ${tea.ledger.blockNumber()}`);
    if (!cancellation.allowed) {
      throw new TeaError('conflict', `Errand ${id} can’t be cancelled`, {
        expected: 'Created, Funded or Running',
        actual: `${errand.state}: ${cancellation.because}`,
        next: `tea explain ${id}`,
      });
    }
    const consumer = developmentAccountOf(
      errand.consumer,
      'the consumer of this errand',
      'have its consumer sign Errands.cancel, as cancelErrand of the SDK does',
    );
    screen.note(`  ${cancellation.rule}`);
    screen.note(`  At most ${cancellation.atMost.toLocaleString('en')} plancks are paid for it.`);
    const ask = terminalConsent(values['yes'] !== true, {
      unanswered: 'Nobody answered, so nothing was cancelled',
      next: 'answer in a terminal, or tea cancel --yes',
    });
    if (!(await ask(`Cancel errand ${id}?`, signal))) return EXIT.cannotTell;
    await cancelErrand(tea, id, consumer);
    const isOver = ({ state }: { readonly state: string }): boolean => !['Created', 'Funded', 'Running'].includes(state);
    const ended = await tea.ledger.waitFor(`errand ${id} to end`, () => readErrand(tea.ledger, id), isOver, { signal });
    const { happened, next } = explainErrand(ended);
    screen.note(`  ${happened.at(-1) ?? ended.state}`);
    screen.note(`\n${next}`);
    screen.emit('cancelled', { errand: operand, state: ended.state, outcome: ended.run?.outcome ?? null, gasUsed: ended.run?.gasUsed ?? 0n });
    return EXIT.done;
  },
};
