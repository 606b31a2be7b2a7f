import { readFile } from 'node:fs/promises';
import { decodeReferenceValues, fromHex, TeaError, type ReferenceValues } from '@tea/protocol';
import { describeStanding, standingAt } from '@tea/protocol/layer1';
import { openReleaseLibrary } from '@tea/protocol/ledger';
import { acceptRelease, revokeRelease } from '@tea/sdk';
import { accountNamed, clientSession } from '../client-session.ts';
import { printable } from '../printable.ts';
import { EXIT, type Command, type Invocation } from './command.ts';
import { describeReleases } from './node.ts';

export const releases: Command = {
  name: 'releases',
  summary: 'the software that layer 1 accepts in nodes: list it, accept a release, revoke one',
  help: `  tea releases list [--dir DIR] [--genesis HASH] [--json]
  tea releases accept FILE [--in BLOCKS] [--as NAME] [--dir DIR] [--genesis HASH] [--json]
  tea releases revoke DIGEST [--in BLOCKS] [--as NAME] [--dir DIR] [--genesis HASH] [--json]

From the first release in force on, nodes must measure as a release in force says, signed with the release key; until then a network judges
them by what their judges themselves run, which is what tea demo and tea up start with. There is no way back. A release stays good beside newer
ones until it is revoked; nodes that run it then renew their evidence, are found wanting, and are told why.

FILE holds signed reference values (tea reference-values --key); accept also publishes them. DIGEST is as list shows it.

  --in BLOCKS      so many blocks from now (default 2)
  --as NAME        the development account that governs (default Alice); elsewhere governance signs Releases.accept and Releases.revoke
  --dir DIR        which network, by its state directory, when several run
  --genesis HASH   the chain it must be

Exit codes: 0 done; 1 layer 1 refused; 64 wrong usage.`,
  options: { in: { type: 'string' }, as: { type: 'string' }, dir: { type: 'string' }, genesis: { type: 'string' } },
  operands: [1, 2],
  async run(invocation) {
    const [action = '', subject] = invocation.positionals;
    if (action === 'list' && subject === undefined) return list(invocation);
    if (action === 'accept' && subject !== undefined) return accept(subject, invocation);
    if (action === 'revoke' && subject !== undefined) return revoke(subject, invocation);
    throw new TeaError('badInput', `There is no tea releases ${invocation.positionals.join(' ')}`, {
      expected: 'list, accept FILE or revoke DIGEST',
      next: 'tea releases --help',
    });
  },
};

async function list({ values, screen, signal }: Invocation): Promise<number> {
  await using tea = await clientSession(values, 'releases');
  const { records, documents, unread, atBlock } = await openReleaseLibrary(tea).read(signal);
  screen.note(describeReleases(records, atBlock).split('\n')[0] ?? '');
  for (const record of records.toSorted((a, b) => (a.version < b.version ? -1 : 1))) {
    const document = documents.find(({ digest }) => digest.toHex() === record.digest.toHex())?.values;
    screen.note(`\n${record.digest.toHex()}  ${record.kind === 'image' ? 'image' : 'reference values'}`);
    screen.note(`  ${describeStanding(standingAt(record, atBlock))}`);
    if (document?.provenance.kind !== 'signed') continue;
    const { signer, key, notAfterMs } = document.provenance;
    screen.note(`  ${printable(document.name)} ${printable(document.version)}, signed by ${printable(signer)}, good until ${dateOf(notAfterMs)}`);
    screen.note(`  release key ${key.toHex()}`);
  }
  for (const error of unread) screen.note(`\nOne can't be had: ${printable(error.message)}`);
  screen.emit('releases', { atBlock, releases: records.map((record) => ({ ...record, ...standingAt(record, atBlock) })) });
  return EXIT.done;
}

async function accept(path: string, { values, screen, signal }: Invocation): Promise<number> {
  const given = await readValues(path);
  await using tea = await clientSession(values, 'releases');
  const atBlock = tea.ledger.blockNumber() + blocksIn(values['in']);
  const { digest } = await acceptRelease(tea, given, { governance: accountNamed(values['as'] ?? 'Alice'), atBlock, signal });
  screen.note(`Accepted ${digest.toHex()}, in force from block ${atBlock} on.`);
  screen.emit('accepted', { digest, atBlock });
  return EXIT.done;
}

async function revoke(subject: string, { values, screen, signal }: Invocation): Promise<number> {
  if (!/^(0x)?[0-9a-f]{64}$/.test(subject))
    throw new TeaError('badInput', 'This is no digest', { expected: '64 hexadecimal digits', actual: subject, next: 'tea releases list' });
  await using tea = await clientSession(values, 'releases');
  const atBlock = tea.ledger.blockNumber() + blocksIn(values['in']);
  await revokeRelease(tea, fromHex(subject, 32), { governance: accountNamed(values['as'] ?? 'Alice'), atBlock, signal });
  screen.note(`Revoked from block ${atBlock} on. Nodes that run it are told so when they renew.`);
  screen.emit('revoked', { digest: subject, atBlock });
  return EXIT.done;
}

async function readValues(path: string): Promise<ReferenceValues> {
  const bytes = await readFile(path).catch((cause: NodeJS.ErrnoException) => {
    throw new TeaError('badInput', `The reference values ${path} can't be read`, { expected: 'a readable file', actual: cause.message });
  });
  return decodeReferenceValues(new Uint8Array(bytes));
}

function blocksIn(value: string | boolean | undefined): number {
  if (value === undefined) return 2;
  if (typeof value === 'string' && /^[1-9][0-9]{0,8}$/.test(value)) return Number(value);
  throw new TeaError('badInput', 'This is no number of blocks', { expected: 'a whole number from 1', actual: String(value) });
}

function dateOf(ms: number): string {
  const date = new Date(ms);
  return Number.isNaN(date.getTime()) ? `${ms} ms` : date.toISOString().slice(0, 10);
}
