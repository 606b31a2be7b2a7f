import { concatBytes } from '../../bytes.ts';
import { encodeFinalityProof } from '../finality-proof.ts';
import { type DigestItem, encodeHeader, hashHeader, type Header } from '../header.ts';
import { encodeCompact, encodeU32, encodeU64 } from '../scale.ts';

/** Voters, headers and proofs of finality as a network would make them, for tests that then break them. */
export type Voter = { readonly id: Uint8Array; sign(message: Uint8Array): Promise<Uint8Array> };

export async function makeVoter(): Promise<Voter> {
  const { publicKey, privateKey } = await crypto.subtle.generateKey('Ed25519', true, ['sign', 'verify']);
  return {
    id: new Uint8Array(await crypto.subtle.exportKey('raw', publicKey)),
    sign: async (message) => new Uint8Array(await crypto.subtle.sign('Ed25519', privateKey, new Uint8Array(message))),
  };
}

/** Headers 10, 11, …, each the child of the one before. */
export function chainOf(length: number, salt = 0, digest: readonly DigestItem[] = []): Header[] {
  const headers: Header[] = [];
  for (let index = 0; index < length; index++) {
    const before = headers.at(-1);
    const root = new Uint8Array(32).fill(salt);
    headers.push({
      parentHash: before === undefined ? root : hashHeader(before),
      number: 10 + index,
      stateRoot: root,
      extrinsicsRoot: root,
      digest,
    });
  }
  return headers;
}

export type Vote = { readonly by: Voter; readonly on: Header; readonly round?: bigint; readonly set?: bigint; readonly signature?: Uint8Array };

export async function proofOf(input: {
  readonly target: Header;
  readonly votes: readonly Vote[];
  readonly headers?: readonly Header[];
  readonly ancestries?: readonly Header[];
  readonly block?: Header;
}): Promise<Uint8Array> {
  const precommits = await Promise.all(
    input.votes.map(async ({ by, on, round = 7n, set = 0n, signature }) => {
      const vote = concatBytes(hashHeader(on), encodeU32(on.number));
      const message = concatBytes(Uint8Array.of(1), vote, encodeU64(round), encodeU64(set));
      return concatBytes(vote, signature ?? (await by.sign(message)), by.id);
    }),
  );
  const list = (items: readonly Uint8Array[]): Uint8Array => concatBytes(encodeCompact(items.length), ...items);
  const { target, headers = [], ancestries = [], block = target } = input;
  const commit = concatBytes(hashHeader(target), encodeU32(target.number), list(precommits));
  const justification = concatBytes(encodeU64(7n), commit, list(ancestries.map(encodeHeader)));
  return encodeFinalityProof({ block: hashHeader(block), justification, headers });
}
