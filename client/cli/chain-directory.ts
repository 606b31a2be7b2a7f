import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { TeaError } from '@tea/protocol';
import { findNetwork } from './running-network.ts';

/** Where the embedded chain of a state directory lives. */
export function chainDirectoryIn(stateDir: string): string {
  return join(resolve(stateDir), 'host', 'chain');
}

/**
 * The chain that is meant: of a state directory, whether its network runs or not, or of the one network that runs here.
 * @throws TeaError `notFound` | `badInput`
 */
export async function findChainDirectory(stateDir: string | undefined): Promise<string> {
  const directory = chainDirectoryIn(stateDir ?? (await findNetwork(undefined)).stateDir);
  if (existsSync(join(directory, 'chain.log'))) return directory;
  throw new TeaError('notFound', 'There is no embedded chain here', {
    expected: `a file ${join(directory, 'chain.log')}`,
    next: 'name the state directory of a network that was started with it: --dir DIR',
  });
}
