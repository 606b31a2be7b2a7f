import { equalBytes, isTeaError, TeaError } from '@tea/protocol';
import { parseCid } from '@tea/protocol/ipfs';
import { readNode } from '@tea/protocol/ledger';
import { nodeStanding, registerNode, type Tea } from '@tea/sdk';
import type { Tee } from '../network.ts';
import { PEOPLE, PRICES, TEA } from './people.ts';

/** Where the node stands once it was judged. */
export type Joined = { readonly founding: boolean; readonly active: boolean; readonly why: string };

/**
 * Registers the node, or waits until one that was registered before is judged on evidence of this start.
 * @param stay whether a node that is not admitted is a result rather than an error: it goes on running, for its operator to look at
 * @throws TeaError `conflict` when other software made the state in this folder; unless it may `stay`, `refused` or `timeout` as `registerNode`
 */
export async function join(
  tea: Tea,
  { node, account }: Tee,
  { signal, stay }: { readonly signal: AbortSignal; readonly stay: boolean },
): Promise<Joined> {
  const known = await readNode(tea.ledger, node);
  if (known !== null && !equalBytes(known.teeAccount, account)) {
    throw new TeaError('conflict', 'The node in this folder ran other software before', {
      expected: `the TEE with account ${known.teeAccount.toHex()}`,
      actual: `one with ${account.toHex()}: its keys are bound to what was measured`,
      next: 'choose another folder with --dir DIR, or go on with an image that the same release key approved (--image-release)',
    });
  }
  try {
    if (known === null) {
      const { operator, host } = PEOPLE;
      const terms = { operator, hostAccount: host.publicKey, gasPrice: PRICES.gasPerMillion, allowance: 10n * TEA, signal };
      return { founding: (await registerNode(tea, node, terms)).founding, active: true, why: 'Admitted' };
    }
    return await judgedAgain(tea, node, signal);
  } catch (error) {
    if (!stay || !isTeaError(error) || signal.aborted || (error.code !== 'refused' && error.code !== 'timeout')) throw error;
    const record = await readNode(tea.ledger, node);
    return { founding: record?.founding ?? false, active: false, why: `${record?.status ?? 'not registered'} (${record?.reason ?? error.summary})` };
  }
}

/** The TEE has started anew and renews its evidence by itself, but for one that was found wanting: that waits for its operator. */
async function judgedAgain(tea: Tea, node: Uint8Array, signal: AbortSignal): Promise<Joined> {
  const [record] = await tea.ledger.waitFor(
    'the verdict on evidence of this start',
    () => Promise.all([readNode(tea.ledger, node), tea.node(node).info()]),
    ([now, info]) =>
      now !== null && (now.reason === 'FoundWanting' || (now.status === 'Active' && equalBytes(now.evidenceCid, parseCid(info.evidenceCid).bytes))),
    { signal },
  );
  if (record?.status === 'Active') return { founding: record.founding, active: true, why: record.reason };
  const standing = await nodeStanding(tea, node);
  throw new TeaError('refused', 'The committee found this node’s evidence wanting', {
    expected: 'evidence that holds',
    actual: `status ${record?.status ?? 'none'} (${record?.reason ?? 'gone'}), for ${standing?.failed.map(({ id }) => id).join(', ') || 'no published reason'}`,
    next: standing?.next.join('; ') ?? 'tea node status NODE',
  });
}
