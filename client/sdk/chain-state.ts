import * as v from 'valibot';
import { toHex } from '@tea/protocol';
import { blockHashStorageKey } from '@tea/protocol/layer1';
import type { Tea } from './tea.ts';

/** Layer 1 as a host shows it, and what of that was checked. */
export type ChainState = {
  readonly name: string;
  readonly genesisHash: string;
  /** The last final block. */
  readonly number: number;
  readonly hash: string;
  readonly runtime: string;
  readonly runtimeVersion: number;
  readonly verified: 'proof' | 'word';
  readonly checked: string;
  readonly unchecked: string;
};

const version = v.object({ specName: v.string(), specVersion: v.number() });

/** @throws TeaError `corrupt` when the newest block does not hold */
export async function chainState({ ledger }: Tea): Promise<ChainState> {
  const { block, ...state } = await ledger.state.read([blockHashStorageKey(0)]);
  const hash = `0x${toHex(block.hash)}`;
  const [name, runtime] = await Promise.all([
    ledger.client._request('system_chain', []).then((reply) => v.parse(v.pipe(v.string(), v.maxLength(200)), reply)),
    ledger.client._request('state_getRuntimeVersion', [hash]).then((reply) => v.parse(version, reply)),
  ]);
  return {
    name,
    genesisHash: `0x${toHex(ledger.genesis)}`,
    number: block.number,
    hash,
    runtime: runtime.specName,
    runtimeVersion: runtime.specVersion,
    verified: state.verified,
    checked: state.verified === 'proof' ? 'an authority of this genesis sealed the block, and it descends from genesis' : `nothing: ${state.why}`,
    unchecked: 'that the block is final, and which genesis block is the right one',
  };
}
