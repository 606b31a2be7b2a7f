import * as v from 'valibot';
import { fromHex, toHex } from '../bytes.ts';
import { TeaError } from '../errors.ts';
import { listProven, type StateEntry, verifyReadProofs } from '../layer1/read-proof.ts';
import { type AskChain, type FinalisedBlock, ProvenBlocks, readProof } from './proven-blocks.ts';
import type { Verified } from './verified.ts';

/** What to do where the chain can't prove what it says: refuse it, or take its word and say so. A proof that fails is refused either way. */
export type Belief = 'proof' | 'word';

export type ProvenStateOptions = {
  readonly ask: AskChain;
  /** The last finalised block that the host told of. */
  readonly head: () => FinalisedBlock;
  readonly genesis: Uint8Array;
  /** Whether `genesis` was configured, or is what the host named. */
  readonly genesisPinned: boolean;
  /** Who may seal blocks, where the genesis state is not to be had (a pruned node). */
  readonly authorities?: readonly Uint8Array[];
  readonly belief: Belief;
};

/** The state of layer 1, read through a host that may lie. */
export type ProvenState = {
  /**
   * What the state after the last finalised block holds at `keys`, in their order; null where it shows that there's nothing.
   * @throws TeaError `corrupt` when header or proof don't hold; `unavailable` when the chain proves nothing and its word isn't enough
   */
  read(keys: readonly Uint8Array[]): Promise<Verified<readonly (Uint8Array | null)[]>>;
  /**
   * All that this state holds under `prefix`. Only by proof, whatever the belief: a list on somebody's word may leave out anything.
   * @throws TeaError as `read`; `limit` when there is more than a few thousand
   */
  list(prefix: Uint8Array): Promise<Verified<readonly StateEntry[]>>;
};

/** A list has a few layers of trie nodes, each asked for by what the one above shows. */
const MAX_ROUNDS = 80;
const MAX_LISTED = 4_096;

export function openProvenState({ ask, head, genesis, genesisPinned, authorities, belief }: ProvenStateOptions): ProvenState {
  const blocks = new ProvenBlocks({ ask, genesis, ...(authorities && { authorities }) });

  /** @param otherwise what to answer where the chain refuses to prove */
  async function proven<T>(prove: (at: At) => Promise<T>, otherwise?: (hash: Uint8Array) => Promise<T>): Promise<Verified<T>> {
    const { number, hash } = head();
    try {
      const value = await prove({ hash, stateRoot: blocks.header({ number, hash }).then((header) => header.stateRoot) });
      return { verified: 'proof', value, block: { number, hash, genesis: genesisPinned ? 'pinned' : 'word', finality: 'word' } };
    } catch (error) {
      const refusal = chainRefusal(error);
      if (refusal === null) throw error;
      if (otherwise !== undefined) return { verified: 'word', value: await otherwise(hash), block: { number, hash }, why: refusal };
      throw new TeaError('unavailable', 'The chain does not prove what it says', {
        expected: 'headers and storage proofs, the genesis state’s among them',
        actual: refusal,
        next: 'ask a host that serves them, or configure the authorities',
        cause: error,
      });
    }
  }

  return {
    read: (keys) =>
      proven(
        async (at) => {
          const [stateRoot, proof] = await Promise.all([at.stateRoot, readProof(ask, keys, at.hash)]);
          return verifyReadProofs({ stateRoot, proof, keys });
        },
        belief === 'word' ? (hash) => readWord(ask, keys, hash) : undefined,
      ),
    list: (prefix) =>
      proven(async (at) => {
        const [stateRoot, first] = await Promise.all([at.stateRoot, readProof(ask, [prefix], at.hash)]);
        let proof = first;
        for (let round = 0; round < MAX_ROUNDS; round++) {
          const { entries, missing } = listProven({ stateRoot, proof, prefix });
          if (entries.length + missing.length > MAX_LISTED)
            throw new TeaError('limit', 'There is too much under this prefix', { expected: `at most ${MAX_LISTED}`, actual: 'more' });
          if (missing.length === 0) return entries;
          proof = unite(proof, await readProof(ask, missing, at.hash));
        }
        throw new TeaError('corrupt', 'The chain does not show all that it holds', {
          expected: `all under ${toHex(prefix)}`,
          actual: 'a part of it',
        });
      }),
  };
}

type At = { readonly hash: Uint8Array; readonly stateRoot: Promise<Uint8Array> };

function unite(some: readonly Uint8Array[], more: readonly Uint8Array[]): Uint8Array[] {
  return [...new Map([...some, ...more].map((part) => [toHex(part), part])).values()];
}

/** What the chain said when it refused a request; null for every other failure. */
function chainRefusal(error: unknown): string | null {
  const refused = error instanceof Error && !(error instanceof TeaError) && 'code' in error && typeof error.code === 'number';
  return refused ? `${error.message.slice(0, 200)} (${String(error.code)})` : null;
}

const storageReply = v.nullable(v.pipe(v.string(), v.regex(/^0x([0-9a-f]{2})*$/)));

function readWord(ask: AskChain, keys: readonly Uint8Array[], at: Uint8Array): Promise<(Uint8Array | null)[]> {
  return Promise.all(
    keys.map(async (key) => {
      const reply = v.safeParse(storageReply, await ask('state_getStorage', [`0x${toHex(key)}`, `0x${toHex(at)}`]));
      if (!reply.success) throw new TeaError('badMessage', 'This is not a stored value', { expected: 'hex or null', actual: 'something else' });
      return reply.output === null ? null : fromHex(reply.output);
    }),
  );
}
