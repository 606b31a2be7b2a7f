import { createReadStream, existsSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { TeaError } from '@tea/protocol';
import { errandHistory, explainErrand, readErrand } from '@tea/sdk';
import { clientSession, SESSION_HELP, SESSION_OPTIONS } from '../client-session.ts';
import { printable } from '../printable.ts';
import type { Screen } from '../screen.ts';
import { EXIT, type Command } from './command.ts';

export const explain: Command = {
  name: 'explain',
  summary: 'what happened to an errand, who must act, and by when',
  help: `  tea explain ERRAND [--dir DIR | --at URL | --from FILE] [--genesis HASH] [--json]

Asks layer 1 of a network that runs on this machine (tea demo --keep) or elsewhere, or reads a chain's history that was exported.

${SESSION_HELP}
  --from FILE     an export of tea chain export; tea chain import checks it

  tea explain 1`,
  options: { from: { type: 'string' }, ...SESSION_OPTIONS },
  operands: [1, 1],
  async run({ values, positionals: [operand = ''], screen }) {
    if (!/^[0-9]{1,19}$/.test(operand))
      throw new TeaError('badInput', 'This is not an errand', { expected: 'its number', actual: operand, next: 'tea explain 1' });
    if (values['from'] !== undefined) return explainFrom(String(values['from']), BigInt(operand), screen);
    await using tea = await clientSession(values, 'explain');
    const explanation = explainErrand(await readErrand(tea.ledger, BigInt(operand)));
    screen.heading(`Errand ${operand}: ${explanation.state}`, `layer 1 is at block ${tea.ledger.blockNumber()}`);
    for (const line of explanation.happened) screen.note(`  ${printable(line)}`);
    screen.note(`\n${explanation.next}`);
    screen.emit('explained', { errand: operand, ...explanation, block: tea.ledger.blockNumber() });
    return EXIT.done;
  },
};

async function explainFrom(file: string, id: bigint, screen: Screen): Promise<number> {
  if (!existsSync(file)) throw new TeaError('badInput', `${file} can't be read`, { expected: 'an export', next: 'tea chain export --out FILE' });
  const lines = createInterface({ input: createReadStream(file), crlfDelay: Number.POSITIVE_INFINITY });
  const { record, states, lastBlock } = await errandHistory(lines, id);
  const explanation = explainErrand(record);
  screen.heading(`Errand ${id}: ${explanation.state}`, `the history in ${file} ends at block ${lastBlock}`);
  for (const line of explanation.happened) screen.note(`  ${line}`);
  screen.note(`\n  ${states.map(({ block, state }) => `${state} ${block}`).join(' → ')}`);
  screen.note(`\n${explanation.next}`);
  screen.emit('explained', { errand: String(id), ...explanation, states, block: lastBlock });
  return EXIT.done;
}
