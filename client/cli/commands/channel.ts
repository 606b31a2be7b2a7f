import { TeaError } from '@tea/protocol';
import type { ChannelRecord } from '@tea/protocol/layer1';
import { readChannel } from '@tea/protocol/ledger';
import { closeChannel, findChannels, openChannel, topUpChannel } from '@tea/sdk';
import { accountNamed, clientSession, nodeNamed, numberNamed, SESSION_HELP, SESSION_OPTIONS } from '../client-session.ts';
import { formatTea, parseTea } from '../money.ts';
import type { Screen } from '../screen.ts';
import { EXIT, type Command } from './command.ts';

const HELP = 'tea channel --help';
/** A day of 6-second blocks. */
const DEFAULT_BLOCKS = '14400';

export const channel: Command = {
  name: 'channel',
  summary: 'money set aside for calls to one node: open, top-up, close, status',
  help: `  tea channel open --node NODE --amount TEA [--blocks N] [--as NAME]
  tea channel top-up CHANNEL --amount TEA
  tea channel close CHANNEL
  tea channel status [CHANNEL]

A channel pays for calls (tea call) by signed vouchers, off chain; the node redeems what was used. Opening holds the money on layer 1. Closing
begins a challenge period of 600 blocks, in which the node redeems what it still has; then what is left comes back by itself.

  --node NODE      its 64 hexadecimal digits
  --amount TEA     how much to hold, or to hold more, as 2 or 0.5
  --blocks N       how long the channel lasts (default ${DEFAULT_BLOCKS}; at least 600)
  --as NAME        who pays, one of the development accounts (default Bob): other keys this command does not hold yet
${SESSION_HELP}

Exit codes: 0 done; 1 layer 1 refused it, and why; 64 wrong usage.

  tea channel open --node NODE --amount 5`,
  options: {
    node: { type: 'string' },
    amount: { type: 'string' },
    blocks: { type: 'string' },
    as: { type: 'string' },
    ...SESSION_OPTIONS,
  },
  operands: [1, 2],
  async run({ values, positionals: [action = '', subject], screen }) {
    if (!['open', 'top-up', 'close', 'status'].includes(action)) {
      throw new TeaError('badInput', `There is no tea channel ${action}`, { expected: 'open, top-up, close or status', next: HELP });
    }
    const payer = accountNamed(values['as']);
    const amount = action === 'open' || action === 'top-up' ? parseTea(String(values['amount'] ?? '')) : 0n;
    const blocks = numberNamed(values['blocks'] ?? DEFAULT_BLOCKS, 'number of blocks', HELP);
    const node = action === 'open' ? nodeNamed(values['node'], HELP) : null;
    const named = action === 'top-up' || action === 'close' || subject !== undefined ? numberNamed(subject, 'channel', HELP) : null;
    await using tea = await clientSession(values, 'channel');
    const { ledger } = tea;
    if (node !== null) {
      const id = await openChannel(tea, { node, amount, endsAtBlock: ledger.blockNumber() + Number(blocks), depositor: payer });
      return show(screen, id, await readChannel(ledger, id), ledger.blockNumber());
    }
    if (named === null) {
      const found = await findChannels(tea, payer.publicKey);
      if (found.length === 0) screen.note(`${payer.name} has no open channel.`);
      for (const { id, record } of found) show(screen, id, record, ledger.blockNumber());
      return EXIT.done;
    }
    if (action === 'top-up') await topUpChannel(tea, named, amount, payer);
    if (action === 'close') await closeChannel(tea, named, payer);
    return show(screen, named, await readChannel(ledger, named), ledger.blockNumber());
  },
};

function show(screen: Screen, id: bigint, record: ChannelRecord | null, block: number): number {
  if (record === null) {
    screen.note(`Channel ${id} is not open: layer 1 has given back what was left.`);
    screen.emit('channel', { channel: id, open: false });
    return EXIT.done;
  }
  const { node, deposited, redeemed, endsAt, closing } = record;
  screen.note(`Channel ${id} to node ${node.toHex()}`);
  screen.note(`  deposited  ${formatTea(deposited)}`);
  screen.note(`  redeemed   ${formatTea(redeemed)}`);
  screen.note(`  ends at    block ${endsAt}, in ${Math.max(0, endsAt - block)}${closing ? ': it was closed, and is given back then' : ''}`);
  screen.emit('channel', { channel: id, open: true, node: node.toHex(), deposited, redeemed, endsAt, closing, block });
  return EXIT.done;
}
