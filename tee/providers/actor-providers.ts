import {
  type ActiveListEntry,
  collectBytes,
  concatBytes,
  decodeActiveList,
  decodeReply,
  encodeCbor,
  equalBytes,
  MAX_LISTED_NODES,
  pingMessage,
  signActiveList,
  TeaError,
} from '@tea/protocol';

/** What grants one wish of an actor. @param request bytes of the request of that number, while it is open */
export type ActorProvider = (
  numbers: readonly number[],
  bytes: Uint8Array,
  request: (number: number) => Uint8Array | undefined,
) => Promise<Uint8Array>;

export type ActorProviderParts = {
  /** genesis hash */
  readonly chain: Uint8Array;
  readonly node: Uint8Array;
  /** The receipt key, which every evidence of this TEE binds. */
  readonly key: CryptoKey;
  readonly nowMs: () => number;
  readonly random: (length: number) => Uint8Array;
  readonly activeNodes: () => Promise<{ readonly block: number; readonly nodes: readonly Uint8Array[] }>;
  /** Sends a ping to a node and resolves to its reply's bytes, within `timeoutMs`. */
  readonly ask: (node: Uint8Array, message: Uint8Array, timeoutMs: number) => Promise<Uint8Array>;
  readonly cat: (cid: string, options: { readonly maxBytes: number }) => AsyncIterable<Uint8Array>;
};

const PING_MS = 2_000;
const MAX_CONTENT_BYTES = 1 << 20;
const LIST_LIFE_MS = 120_000;
const ENTRY_BYTES = 40;

/** By `interface.function` of tee/wit/actor. What an actor hands over is looked at before anything is done with it. */
export function actorProviders(parts: ActorProviderParts): ReadonlyMap<string, ActorProvider> {
  return new Map<string, ActorProvider>([
    [
      'layer1.active-nodes',
      async () => {
        const { block, nodes } = await parts.activeNodes();
        return concatBytes(u32(block), ...nodes);
      },
    ],
    [
      'net.ping',
      async (_numbers, bytes) => {
        const nonce = parts.random(16);
        const reply = await parts.ask(of32(bytes, 'id of a node'), encodeCbor({ nonce }), PING_MS);
        if (equalBytes(decodeReply(reply, pingMessage, 'answer to a ping').nonce, nonce)) return new Uint8Array();
        throw new TeaError('badMessage', 'This is the answer to another ping');
      },
    ],
    [
      'tpm.sign-active-list',
      async ([forRequest = 0, block = 0], bytes, request) => {
        const asked = request(forRequest);
        if (asked === undefined) throw new TeaError('notFound', 'There is no such request any more');
        const issuedAtMs = parts.nowMs();
        const signed = await signActiveList(
          {
            chain: parts.chain,
            node: parts.node,
            block,
            nonce: asked.length === 0 ? null : of32(asked, 'nonce'),
            issuedAtMs,
            expiresAtMs: issuedAtMs + LIST_LIFE_MS,
            entries: entriesOf(bytes),
          },
          parts.key,
        );
        decodeActiveList(signed); // what nobody would take is not given out
        return signed;
      },
    ],
    ['ipfs.read', (_numbers, bytes) => collectBytes(parts.cat(new TextDecoder().decode(bytes), { maxBytes: MAX_CONTENT_BYTES }))],
  ]);
}

function entriesOf(bytes: Uint8Array): ActiveListEntry[] {
  if (bytes.length % ENTRY_BYTES !== 0 || bytes.length > MAX_LISTED_NODES * ENTRY_BYTES) {
    throw new TeaError('badInput', 'These are no entries of a list', {
      expected: `at most ${MAX_LISTED_NODES} of ${ENTRY_BYTES} bytes`,
      actual: `${bytes.length} bytes`,
    });
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset);
  return Array.from({ length: bytes.length / ENTRY_BYTES }, (_, index) => {
    const at = index * ENTRY_BYTES;
    return { node: bytes.slice(at, at + 32), ageMs: view.getUint32(at + 32, true), roundTripMs: view.getUint32(at + 36, true) };
  });
}

function of32(bytes: Uint8Array, what: string): Uint8Array {
  if (bytes.length === 32) return bytes;
  throw new TeaError('badInput', `This is no ${what}`, { expected: '32 bytes', actual: String(bytes.length) });
}

function u32(value: number): Uint8Array {
  const bytes = new Uint8Array(4);
  new DataView(bytes.buffer).setUint32(0, value, true);
  return bytes;
}
