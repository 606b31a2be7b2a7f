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

/** As `verifyReadProofs`, where one value says which key to read next. `end` must be called: it refuses parts that nothing read needed. */
export function openReadProof({ stateRoot, proof }: { readonly stateRoot: Uint8Array; readonly proof: readonly Uint8Array[] }): {
  read(key: Uint8Array): Uint8Array | null;
  end(): void;
} {
  const parts = new ProofParts(proof);
  return { read: (key) => lookUp(stateRoot, toNibbles(key), parts), end: () => parts.requireAllUsed() };
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

  take(hash: Uint8Array, what: string): Uint8Array {
    const hex = toHex(hash);
    const part = this.#byHash.get(hex);
    if (part === undefined) {
      throw new TeaError('corrupt', 'The storage proof does not lead from the state root to the key', {
        expected: `${what}, of hash ${hex}`,
        actual: 'no such part',
      });
    }
    this.#unused.delete(hex);
    return part;
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
