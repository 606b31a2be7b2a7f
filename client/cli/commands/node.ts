import { fromHex, TeaError } from '@tea/protocol';
import { describeStanding, type AcceptedRelease, type NodeRecord, standingAt } from '@tea/protocol/layer1';
import { readNode, readReleases } from '@tea/protocol/ledger';
import { nodeStanding, renewEvidence, ss58, type NodeStanding } from '@tea/sdk';
import { openAcceptedConcerns } from '../accepted-concerns.ts';
import { clientSession } from '../client-session.ts';
import { developmentAccountOf } from '../development-account.ts';
import { printable } from '../printable.ts';
import { findNetwork } from '../running-network.ts';
import { shortHex, type Screen } from '../screen.ts';
import { EXIT, type Command, type Invocation } from './command.ts';

export const node: Command = {
  name: 'node',
  summary: 'for whoever runs a node: where it stands and why, renew its evidence, forget what you accepted',
  help: `  tea node status [NODE] [--dir DIR] [--genesis HASH] [--json]
  tea node renew NODE [--dir DIR] [--genesis HASH] [--json]
  tea node forget NODE [--dir DIR] [--json]

status says what layer 1 thinks of a node, why, what its committee found, and what to do; without NODE, all nodes.
renew has a node's evidence made anew and appraised again, paid by its operator. A running TEE does that by itself: before its evidence expires,
after a restart, and when committees would judge its software otherwise than before. One whose evidence was found wanting is Inactive and
waits for its operator: status says what failed; mend that, then renew.
forget has tea ask again what you accepted about a node (a simulated TPM, say); it is kept in accepted.json of the state directory.

NODE is its 64 hexadecimal digits.

  --dir DIR        which network, by its state directory, when several run
  --genesis HASH   the chain it must be

renew signs as the node's operator, as far as that is one of the development accounts: other keys this command does not hold yet.

Exit codes: 0 the node is Active, or was forgotten; 1 it is not, and why; 64 wrong usage.`,
  options: { dir: { type: 'string' }, genesis: { type: 'string' } },
  operands: [1, 2],
  async run(invocation) {
    const [action = '', subject] = invocation.positionals;
    const actions = { status, renew, forget } as const;
    if (action !== 'status' && action !== 'renew' && action !== 'forget')
      throw new TeaError('badInput', `There is no tea node ${action}`, { expected: Object.keys(actions).join(', '), next: 'tea node --help' });
    if (action === 'status' && subject === undefined) return listNodes(invocation);
    if (!/^(0x)?[0-9a-f]{64}$/.test(subject ?? ''))
      throw new TeaError('badInput', 'This is no node', {
        expected: 'its 64 hexadecimal digits',
        actual: subject ?? 'none',
        next: 'tea node status',
      });
    return actions[action](fromHex(subject ?? '', 32), invocation);
  },
};

async function status(id: Uint8Array, { values, screen }: Invocation): Promise<number> {
  await using tea = await clientSession(values, 'node');
  const standing = await nodeStanding(tea, id);
  if (standing === null) throw unknownNode(id);
  const { value: releases, block } = await readReleases(tea.ledger);
  showStanding(screen, id, standing);
  screen.note(describeReleases(releases, block.number));
  showNext(screen, standing.next);
  const { record, ...facts } = standing;
  screen.emit('status', { node: id, ...record, ...facts });
  return record.status === 'Active' ? EXIT.done : EXIT.failed;
}

async function renew(id: Uint8Array, { values, screen, signal }: Invocation): Promise<number> {
  await using tea = await clientSession(values, 'node');
  const before = await readNode(tea.ledger, id);
  if (before === null) throw unknownNode(id);
  screen.note(`It is ${before.status} (${before.reason}).`);
  const operator = developmentAccountOf(
    before.operator,
    'node’s operator',
    'have its operator sign Nodes.update_evidence, as renewEvidence of the SDK does',
  );
  await renewEvidence(tea, id, { operator, signal }).catch(async (error: unknown) => {
    const standing = await nodeStanding(tea, id);
    if (standing !== null && standing.failed.length > 0) showFailed(screen, standing);
    throw error;
  });
  const after = await readNode(tea.ledger, id);
  if (after !== null) screen.note(`It is ${after.status} (${after.reason}), until block ${after.expiresAt}.`);
  screen.emit('renewed', { node: id, before: before.status, reason: before.reason, status: after?.status, expiresAt: after?.expiresAt });
  return EXIT.done;
}

async function forget(id: Uint8Array, { values, screen }: Invocation): Promise<number> {
  const stateDir = values['dir'] === undefined ? (await findNetwork(undefined)).stateDir : String(values['dir']);
  const forgotten = await (await openAcceptedConcerns(stateDir)).forget(id.toHex());
  screen.note(forgotten === 0 ? 'Nothing was accepted about this node.' : `${forgotten} answer(s) forgotten: you are asked again.`);
  screen.emit('forgotten', { node: id, forgotten });
  return EXIT.done;
}

/** The list is the host's word, each node in it is proven. */
async function listNodes({ values, screen }: Invocation): Promise<number> {
  await using tea = await clientSession(values, 'node');
  const entries = await tea.ledger.api.query.Nodes.Nodes.getEntries();
  const rows = await Promise.all(
    entries.map(async ({ keyArgs: [key] }) => {
      const id = fromHex(key, 32);
      return { id, record: await readNode(tea.ledger, id) };
    }),
  );
  const known = rows.flatMap(({ id, record }) => (record === null ? [] : [{ id, record }]));
  screen.table([['node', 'status', 'why', 'class', 'evidence until'], ...known.map(({ id, record }) => rowOf(id, record))]);
  if (known.length === 0) screen.note('Layer 1 knows no node yet.');
  const { value: releases, block } = await readReleases(tea.ledger);
  screen.note(`\n${describeReleases(releases, block.number)}`);
  screen.emit('nodes', { nodes: known.map(({ id, record }) => ({ node: id, ...record })) });
  return EXIT.done;
}

function rowOf(id: Uint8Array, { status: now, reason, trustClass, expiresAt, founding }: NodeRecord): readonly string[] {
  return [id.toHex(), now, founding ? `${reason}, founding` : reason, trustClass, String(expiresAt)];
}

function showStanding(screen: Screen, id: Uint8Array, standing: NodeStanding): void {
  const { record, appraisal, means, blocksLeft } = standing;
  screen.heading(`Node ${id.toHex()}: ${record.status} (${record.reason})`, `${record.trustClass}${record.founding ? ', founding' : ''}`);
  screen.note(means);
  const voted = appraisal?.seats.filter(({ vote }) => vote !== null) ?? [];
  if (appraisal !== null && appraisal.seats.length > 0) {
    const passed = voted.filter(({ vote }) => vote?.pass).length;
    screen.note(
      `Committee: ${appraisal.seats.length} seat(s), ${voted.length} voted, ${passed} for it; ${appraisal.outcome ?? `open until block ${appraisal.votesClose ?? '?'}`}.`,
    );
  }
  if (record.status === 'Active')
    screen.note(`Its evidence is taken for another ${blocksLeft} blocks, until block ${record.expiresAt}; its TEE renews it before.`);
  screen.note(`Operator ${ss58(record.operator)}.`);
  showFailed(screen, standing);
}

function showFailed(screen: Screen, { failed, unexplained }: NodeStanding): void {
  for (const { title, expected, actual, next } of failed) {
    screen.note(`\n✗ ${printable(title)}`);
    screen.note(`    expected  ${printable(expected)}`);
    screen.note(`    got       ${printable(actual)}`);
    screen.note(`    do        ${printable(next)}`);
  }
  if (unexplained > 0) screen.note(`\n${unexplained} member(s) voted against it, and nobody has their reasons any more.`);
}

function showNext(screen: Screen, next: readonly string[]): void {
  if (next.length === 0) return;
  screen.note('\nWhat to do');
  for (const [place, step] of next.entries()) screen.note(`  ${place + 1}. ${printable(step)}`);
}

/** By what committees judge now. */
export function describeReleases(releases: readonly AcceptedRelease[], atBlock: number): string {
  const values = releases.filter(({ kind }) => kind === 'referenceValues');
  if (!values.some(({ activeFrom }) => activeFrom <= atBlock)) {
    return 'This network has released no software: nodes are judged by policy tea/laptop, and compared with what their judges themselves measured as.';
  }
  const lines = values.map((record) => `  ${shortHex(record.digest)}  ${describeStanding(standingAt(record, atBlock))}`);
  return `Nodes are judged by policy tea/released, and compared with the software that layer 1 has in force:\n${lines.join('\n')}`;
}

function unknownNode(id: Uint8Array): TeaError {
  return new TeaError('notFound', `Layer 1 knows no node ${id.toHex()}`, { next: 'tea node status lists those it knows; tea up registers yours' });
}
