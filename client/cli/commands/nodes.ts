import { TeaError, type ActiveList } from '@tea/protocol';
import { readActiveNodes } from '@tea/protocol/ledger';
import { askActiveList, askModules, laptopPolicy, requireActiveList, type NodeInspection, type Tea } from '@tea/sdk';
import { clientSession, nodeNamed, SESSION_HELP, SESSION_OPTIONS } from '../client-session.ts';
import { localReferenceValues } from '../network.ts';
import { printable } from '../printable.ts';
import type { Screen } from '../screen.ts';
import { EXIT, type Command } from './command.ts';

export const nodes: Command = {
  name: 'nodes',
  summary: 'which nodes are Active and answer, by a list that a node’s TEE signed',
  help: `  tea nodes [--of NODE] [--modules] [--dir DIR | --at URL] [--genesis HASH] [--json]

Appraises a node, asks its TEE for the list of Active nodes that answer it, and checks the list: signed by the key that the node's evidence binds, made for
this question, not expired, of this chain, the freshest node first. Which nodes are Active is read from layer 1 by the TEE with proofs; that one answers is
what the TEE saw from where it is, and proves nothing about who that node is.

  --of NODE       whose list; by default the first node that layer 1 has as Active
  --modules       also what that TEE loaded since its TPM began, actors and guests, as its TPM quotes it
${SESSION_HELP}

Exit codes: 0 a list, and its maker appraised as affirming; 1 not; 64 wrong usage.`,
  options: { of: { type: 'string' }, modules: { type: 'boolean' }, ...SESSION_OPTIONS },
  operands: [0, 0],
  async run({ values, screen, signal }) {
    await using tea = await clientSession(values, 'nodes');
    const node = values['of'] === undefined ? (await readActiveNodes(tea.ledger)).nodes[0] : nodeNamed(values['of'], 'tea nodes --help');
    if (node === undefined) throw new TeaError('notFound', 'Layer 1 has no Active node', { next: 'tea node status' });
    const now = new Date();
    const asked = await askActiveList(tea, node, {
      policy: laptopPolicy,
      referenceValues: { otherwise: () => localReferenceValues(signal) },
      now,
      signal,
    });
    const { result } = asked.inspection.appraisal;
    const list = requireActiveList(asked.verdict);
    showList(screen, list, now);
    const facts = [`${result.verdict}, trust class ${result.trustClass ?? 'none'}`, `layer 1 at block ${list.block}`];
    screen.note(`\nSigned by node ${node.toHex()} (${facts.join('; ')}), good until ${new Date(list.expiresAtMs).toISOString()}.`);
    if (result.verdict !== 'affirming') screen.note(`That node is not to be relied on: tea inspect ${node.toHex()} says why.`);
    const modules = values['modules'] === true ? await showModules(screen, tea, asked.inspection) : undefined;
    screen.emit('activeList', { ...list, ...(modules && { modules }), verdict: result.verdict, trustClass: result.trustClass });
    return result.verdict === 'affirming' ? EXIT.done : EXIT.failed;
  },
};

function showList(screen: Screen, { entries }: ActiveList, now: Date): void {
  const rows = entries.map(({ node, ageMs, roundTripMs }) => [node.toHex(), `${(ageMs / 1_000).toFixed(1)} s ago`, `${roundTripMs} ms`]);
  screen.table([['node', 'answered', 'round trip'], ...rows]);
  if (rows.length === 0) screen.note(`No Active node has answered yet (${now.toISOString()}): ask again in a moment.`);
}

async function showModules(screen: Screen, tea: Tea, inspection: NodeInspection): Promise<readonly Readonly<Record<string, unknown>>[]> {
  const verdict = await askModules(tea, inspection);
  if (!verdict.ok) {
    const { expected, actual, reason } = verdict;
    throw new TeaError('refused', `What this TEE says it loaded is not to be believed (${reason})`, { expected, actual, next: 'ask another node' });
  }
  const modules = verdict.modules.map(({ contentType, content }) => ({ contentType, ...content }));
  screen.note('\nLoaded since its TPM began, each measured before it ran:');
  screen.table([
    ['kind', 'name', 'SHA-256'],
    ...verdict.modules.map(({ contentType, content }) => [
      contentType,
      typeof content['name'] === 'string' ? printable(`${content['name']} ${String(content['version'])}`) : '',
      content['sha256'] instanceof Uint8Array ? content['sha256'].toHex() : '',
    ]),
  ]);
  return modules;
}
