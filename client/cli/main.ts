import { parseArgs } from 'node:util';
import { isTeaError, TeaError } from '@tea/protocol';
import { stopSignal } from '@tea/platform';
import manifest from '../../package.json' with { type: 'json' };
import { EXIT, type Command } from './commands/command.ts';
import { cancel } from './commands/cancel.ts';
import { call } from './commands/call.ts';
import { chain } from './commands/chain.ts';
import { channel } from './commands/channel.ts';
import { demo } from './commands/demo.ts';
import { explain } from './commands/explain.ts';
import { guest } from './commands/guest.ts';
import { image } from './commands/image.ts';
import { inspect } from './commands/inspect.ts';
import { node } from './commands/node.ts';
import { nodes } from './commands/nodes.ts';
import { policy } from './commands/policy.ts';
import { referenceValues } from './commands/reference-values.ts';
import { releases } from './commands/releases.ts';
import { up } from './commands/up.ts';
import { verify } from './commands/verify.ts';
import { describeError, openScreen } from './screen.ts';

const COMMANDS: readonly Command[] = [
  demo,
  up,
  verify,
  explain,
  cancel,
  inspect,
  node,
  nodes,
  policy,
  referenceValues,
  releases,
  image,
  chain,
  guest,
  call,
  channel,
];
/** These are scripts of the house, run by the launcher without the CLI. */
const HOUSE_COMMANDS = [
  ['test [ROOM]', 'run every test, or one room’s'],
  ['bench [NAME]', 'measure, beside the raw part in the same run'],
  ['chain node build', 'a validator for a real network: half an hour, then cached'],
  ['chain node spec PRESET', 'its chain spec, made from the runtime alone'],
] as const;

process.exit(await main(process.argv.slice(2)));

async function main(argv: readonly string[]): Promise<number> {
  const [name = 'help', ...rest] = argv;
  if (['help', '--help', '-h'].includes(name)) return say(overview());
  if (['version', '--version', '-V'].includes(name)) return say(manifest.version);
  const command = COMMANDS.find((candidate) => candidate.name === name);
  if (command === undefined)
    return complain(
      new TeaError('badInput', `There is no command ${name}`, { expected: COMMANDS.map((each) => each.name).join(', '), next: 'tea help' }),
    );
  const signal = stopSignal();
  try {
    const { values, positionals } = parseArgs({
      args: rest,
      options: { ...command.options, json: { type: 'boolean' }, help: { type: 'boolean', short: 'h' } },
      allowPositionals: true,
    });
    if (values['help'] === true) return say(`tea ${command.name}: ${command.summary}\n\n${command.help}`);
    const [fewest, most] = command.operands;
    if (positionals.length < fewest || positionals.length > most) {
      throw new TeaError('badInput', `tea ${command.name} takes ${fewest === most ? fewest : `${fewest} to ${most}`} operand(s)`, {
        actual: String(positionals.length),
        next: `tea ${command.name} --help`,
      });
    }
    const screen = openScreen({ json: values['json'] === true, signal });
    return await command.run({ values, positionals, screen, signal });
  } catch (error) {
    if (signal.aborted) {
      process.stderr.write('Stopped. Everything that was started has ended.\n');
      return EXIT.interrupted;
    }
    return complain(isUsage(error) ? new TeaError('badInput', error.message, { next: `tea ${command.name} --help` }) : error);
  }
}

function isUsage(error: unknown): error is Error {
  return error instanceof TypeError && 'code' in error && String(error.code).startsWith('ERR_PARSE_ARGS');
}

function say(text: string): number {
  process.stdout.write(`${text}\n`);
  return EXIT.done;
}

function complain(error: unknown): number {
  process.stderr.write(`${describeError(error)}\n`);
  return isTeaError(error, 'badInput') ? EXIT.usage : EXIT.failed;
}

function overview(): string {
  const rows = [...COMMANDS.map((command) => [command.name, command.summary] as const), ...HOUSE_COMMANDS];
  return [
    `tea ${manifest.version}: run code on machines you don't own, and keep the say over it`,
    '',
    ...rows.map(([name, summary]) => `  tea ${name.padEnd(14)} ${summary}`),
    '',
    'Each takes --help and --json. Start with: tea demo',
  ].join('\n');
}
