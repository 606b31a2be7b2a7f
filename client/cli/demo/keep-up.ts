import { once } from 'node:events';
import type { Invocation } from '../commands/command.ts';
import { offerNetwork } from '../running-network.ts';
import type { DemoNetwork } from './demo-network.ts';

type KeepUpOptions = Pick<Invocation, 'screen' | 'signal'> & { readonly stateDir: string; /** What to type meanwhile. */ readonly next: string };

/** Lets other commands of this user find the network, until Ctrl-C. */
export async function keepUp({ client, node, tea, host }: DemoNetwork, { screen, signal, stateDir, next }: KeepUpOptions): Promise<void> {
  await using _ = await offerNetwork({ stateDir, client });
  screen.note(`\nThe network stays up until Ctrl-C. In another terminal: ${next}`);
  screen.emit('up', { stateDir, node, genesis: tea.ledger.genesis, web: host.web?.url ?? null });
  if (!signal.aborted) await once(signal, 'abort');
}
