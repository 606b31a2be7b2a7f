import { isTeaError, TeaError } from '@tea/protocol';
import { buildNode } from './build-node.ts';
import { writeChainSpec } from './chain-spec.ts';

/** `./tea chain node build` and `./tea chain node spec PRESET …`: what people who run a real network need. */
const USAGE = 'tea chain node build | tea chain node spec PRESET [--patch FILE] [--boot-node MULTIADDR]… [--name NAME] [--id ID] [--out FILE]';

async function main([command, ...rest]: readonly string[]): Promise<void> {
  if (command === 'build' && rest.length === 0) process.stdout.write(`${await buildNode()}\n`);
  else if (command === 'spec') await writeChainSpec(rest);
  else throw new TeaError('badInput', 'There is no such command', { expected: USAGE });
}

try {
  await main(process.argv.slice(2));
} catch (error) {
  if (!isTeaError(error)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exitCode = error.code === 'badInput' ? 64 : 69; // sysexits' EX_USAGE, EX_UNAVAILABLE
}
