import { blake2b } from '@noble/hashes/blake2.js';
import { toHex } from '../bytes.ts';
import { equalBytes } from '../cbor.ts';
import { TeaError } from '../errors.ts';
import { decodeTrieNode, INLINE_NODE_LIMIT, toNibbles, type TrieNode, type TrieValue } from './trie-node.ts';

/**
 * Checks what `state_getReadProof` answered against a state root one already trusts (Polkadot specification, 2.3.3).
 *
 * @param proof trie nodes and hashed values, in any order; each must be needed, so that no byte of a proof goes unchecked
 * @returns the key's value, or null when the proof shows that the state holds no such key
 * @throws TeaError `corrupt` when the proof doesn't lead from the root to an answer, or holds anything beside it
 */
export function verifyReadProof(input: {
  readonly stateRoot: Uint8Array;
  readonly proof: readonly Uint8Array[];
  readonly key: Uint8Array;
}): Uint8Array | null {
  return verifyReadProofs({ stateRoot: input.stateRoot, proof: input.proof, keys: [input.key] })[0] ?? null;
}

/** As `verifyReadProof`, for one proof of several keys; answers in the order of `keys`. */
export function verifyReadProofs(input: {
  readonly stateRoot: Uint8Array;
  readonly proof: readonly Uint8Array[];
  readonly keys: readonly Uint8Array[];
}): (Uint8Array | null)[] {
  const opened = openReadProof(input);
  const values = input.keys.map((key) => opened.read(key));
  opened.end();
  return values;
}

/** What stands at one key of a state. */
export type StateEntry = { readonly key: Uint8Array; readonly value: Uint8Array };

export type OpenReadProof = {
  read(key: Uint8Array): Uint8Array | null;
  /** All that the state holds under `prefix`, in the order of keys: a proof that leaves something out is refused. */
  readAll(prefix: Uint8Array): readonly StateEntry[];
  end(): void;
};

/** As `verifyReadProofs`, where one value says which key to read next. `end` must be called: it refuses parts that nothing read needed. */
export function openReadProof({ stateRoot, proof }: { readonly stateRoot: Uint8Array; readonly proof: readonly Uint8Array[] }): OpenReadProof {
  const parts = new ProofParts(proof);
  return {
    read: (key) => lookUp(stateRoot, toNibbles(key), parts),
    readAll(prefix) {
      const { entries, missing } = listUnder(stateRoot, toNibbles(prefix), parts);
      if (missing.length === 0) return entries;
      throw new TeaError('corrupt', 'The storage proof leaves out what stands under a prefix', {
        expected: `all under ${toHex(prefix)}`,
        actual: `${missing.length} or more not shown, the first under ${toHex(missing[0] ?? prefix)}`,
      });
    },
    end: () => parts.requireAllUsed(),
  };
}

/**
 * What a proof shows under a prefix, and keys whose proofs would show the rest: asking for these until there are none gives all there is, and nobody's
 * word for it.
 * @throws TeaError `corrupt` when the proof does not lead from the root to the prefix
 */
export function listProven(input: { readonly stateRoot: Uint8Array; readonly proof: readonly Uint8Array[]; readonly prefix: Uint8Array }): {
  readonly entries: readonly StateEntry[];
  readonly missing: readonly Uint8Array[];
} {
  return listUnder(input.stateRoot, toNibbles(input.prefix), new ProofParts(input.proof));
}

function listUnder(stateRoot: Uint8Array, prefix: Uint8Array, parts: ProofParts): { entries: StateEntry[]; missing: Uint8Array[] } {
  const entries: StateEntry[] = [];
  const missing: Uint8Array[] = [];
  /** @param path nibbles that lead to this node @param reference its bytes, or their hash */
  function visit(path: readonly number[], reference: Uint8Array, inline: boolean): void {
    const bytes = inline ? reference : parts.find(reference);
    if (bytes === null) return void missing.push(keyOf(path));
    const node = decode(bytes);
    if (node.kind === 'empty') return;
    const here = [...path, ...node.partial];
    const shared = Math.min(here.length, prefix.length);
    if (here.slice(0, shared).some((nibble, place) => nibble !== prefix[place])) return;
    if (here.length >= prefix.length && node.value !== null) {
      const value = node.value.kind === 'inline' ? node.value.bytes : parts.find(node.value.hash);
      if (value === null) missing.push(keyOf(here));
      else entries.push({ key: keyOf(here), value });
    }
    if (node.kind === 'leaf') return;
    for (const [nibble, child] of node.children.entries()) {
      if (child === null || (here.length < prefix.length && prefix[here.length] !== nibble)) continue;
      visit([...here, nibble], child, child.length < INLINE_NODE_LIMIT);
    }
  }
  visit([], parts.take(stateRoot, 'the root node'), true);
  return { entries, missing };
}

/** Nibbles as the key they begin; an odd one is followed by 0. */
function keyOf(nibbles: readonly number[]): Uint8Array {
  return Uint8Array.from({ length: Math.ceil(nibbles.length / 2) }, (_, place) => ((nibbles[2 * place] ?? 0) << 4) | (nibbles[2 * place + 1] ?? 0));
}

function lookUp(stateRoot: Uint8Array, nibbles: Uint8Array, parts: ProofParts): Uint8Array | null {
  let node = decode(parts.take(stateRoot, 'the root node'));
  let depth = 0;
  for (;;) {
    if (node.kind === 'empty') return null;
    const rest = nibbles.subarray(depth);
    if (!equalBytes(rest.subarray(0, node.partial.length), node.partial)) return null;
    depth += node.partial.length;
    if (depth === nibbles.length) return node.value === null ? null : readValue(node.value, parts);
    if (node.kind === 'leaf') return null;
    const child: Uint8Array | null | undefined = node.children[nibbles[depth] ?? 0];
    if (child === null || child === undefined) return null;
    depth += 1;
    node = decode(child.length < INLINE_NODE_LIMIT ? child : parts.take(child, 'a node on the path'));
  }
}

function readValue(value: TrieValue, parts: ProofParts): Uint8Array {
  return value.kind === 'inline' ? value.bytes : parts.take(value.hash, 'the value');
}

function decode(bytes: Uint8Array): TrieNode {
  try {
    return decodeTrieNode(bytes);
  } catch (cause) {
    throw new TeaError('corrupt', 'The storage proof holds a broken node', { cause });
  }
}

class ProofParts {
  readonly #byHash = new Map<string, Uint8Array>();
  readonly #unused: Set<string>;

  constructor(proof: readonly Uint8Array[]) {
    for (const part of proof) this.#byHash.set(toHex(blake2b(part, { dkLen: 32 })), part);
    if (this.#byHash.size !== proof.length) throw new TeaError('corrupt', 'The storage proof holds the same part twice');
    this.#unused = new Set(this.#byHash.keys());
  }

  /** Null when the proof holds no such part. */
  find(hash: Uint8Array): Uint8Array | null {
    const hex = toHex(hash);
    this.#unused.delete(hex);
    return this.#byHash.get(hex) ?? null;
  }

  take(hash: Uint8Array, what: string): Uint8Array {
    const part = this.find(hash);
    if (part !== null) return part;
    throw new TeaError('corrupt', 'The storage proof does not lead from the state root to the key', {
      expected: `${what}, of hash ${toHex(hash)}`,
      actual: 'no such part',
    });
  }

  requireAllUsed(): void {
    if (this.#unused.size > 0) {
      throw new TeaError('corrupt', 'The storage proof holds parts that prove nothing', {
        expected: 'only nodes on the path',
        actual: `${this.#unused.size} more`,
      });
    }
  }
}
