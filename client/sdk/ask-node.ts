import type { Ask } from '@tea/protocol/bus';
import {
  activeListAnswer,
  challengeAnswer,
  decodeReply,
  encodeCbor,
  modulesAnswer,
  nodeInfo,
  nodeSubject,
  releaseAnswer,
  type ChallengeRequest,
  type ModulesAnswer,
  type NodeInfo,
  type NodeRequest,
} from '@tea/protocol';
import type * as v from 'valibot';

const TIMEOUT_MS = 10_000;
/** A TEE makes its evidence when it is asked who it is; one in a machine whose processor is emulated takes some seconds for that. */
const INFO_TIMEOUT_MS = 30_000;

/** The questions a client may put to a node's TEE. Answers are claims until the node's evidence was appraised. */
export type NodeClient = {
  /** @param operator asks for the TEE's consent to be registered by this account too */
  info(operator?: Uint8Array): Promise<NodeInfo>;
  /** @returns what the node says the credential is */
  challenge(request: ChallengeRequest): Promise<Uint8Array>;
  /** @returns the signed list, for `decodeActiveList` */
  activeList(nonce: Uint8Array): Promise<Uint8Array>;
  modules(nonce: Uint8Array): Promise<ModulesAnswer>;
  /** @param sealed `encodeSealedRelease` @returns the digest under which the TEE accepted it */
  release(sealed: Uint8Array): Promise<Uint8Array>;
};

/** Every method throws the node's own TeaError, or `unavailable` | `timeout` when it does not answer. */
export function nodeClient(ask: Ask, node: Uint8Array): NodeClient {
  async function put<const S extends v.GenericSchema>(request: NodeRequest, payload: Uint8Array, schema: S): Promise<v.InferOutput<S>> {
    const what = `Asking node ${node.toHex().slice(0, 8)}… (${request})`;
    return decodeReply(
      await ask(nodeSubject(node, request), payload, { what, timeoutMs: request === 'info' ? INFO_TIMEOUT_MS : TIMEOUT_MS }),
      schema,
      `answer to ${request}`,
    );
  }
  return {
    info: (operator) => put('info', operator === undefined ? new Uint8Array() : encodeCbor({ operator }), nodeInfo),
    challenge: async (request) => (await put('challenge', encodeCbor({ ...request }), challengeAnswer)).secret,
    activeList: async (nonce) => (await put('active-list', encodeCbor({ nonce }), activeListAnswer)).list,
    modules: (nonce) => put('modules', encodeCbor({ nonce }), modulesAnswer),
    release: async (sealed) => (await put('release', sealed, releaseAnswer)).digest,
  };
}
