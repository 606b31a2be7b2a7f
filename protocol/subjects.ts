import { toHex } from './bytes.ts';

/**
 * Every subject of TEA's bus, who may publish to it and who may subscribe. The server's permissions are generated from this table, and
 * `docs/nats-protocol.md` is checked against it: a subject that isn't here can be neither sent to nor heard by anybody.
 */

/** `probe` stands for the tests and the diagnosis commands: it may ask what a client may ask, and serves nothing. */
export const BUS_USERS = ['gateway', 'ipfs', 'tee', 'client', 'probe'] as const;
export type BusUser = (typeof BUS_USERS)[number];

export type SubjectRule = {
  /** A NATS subject; `*` stands for exactly one token. */
  readonly subject: string;
  /** Who may ask. Each hears answers in its own inbox. */
  readonly publish: readonly BusUser[];
  /** Who serves: it may also answer to the reply subject of what it received, and nowhere else. */
  readonly subscribe: readonly BusUser[];
  readonly answers: Answers;
  readonly purpose: string;
};

/** How many messages may answer one request, and until when after the last request to that inbox. */
export type Answers = { readonly atMost: number | 'any'; readonly withinSeconds: number };

const ONE_ANSWER: Answers = { atMost: 1, withinSeconds: 60 };

export const LAYER1_RPC = 'tea.layer1.rpc';
export const IPFS_ADD = 'tea.ipfs.add';
export const IPFS_BLOCK = 'tea.ipfs.block';
export const IPFS_STAT = 'tea.ipfs.stat';

/** What a client may ask a node's TEE; the messages are in `node-api.ts`. */
export const NODE_REQUESTS = {
  info: 'who the node says it is',
  challenge: 'activate a credential made for its EK and AK',
  release: 'a content key sealed to this TEE for one errand',
  'active-list': 'a signed, expiring list of the Active nodes that answer',
  ping: 'whether it is there',
  modules: 'what the TEE loaded since its TPM began, quoted',
  call: 'a function call paid from a channel, inside a session that only client and TEE can read',
} as const;
export type NodeRequest = keyof typeof NODE_REQUESTS;

/** @param nodeId 32 bytes: SHA-256 part of the AK's Name */
export function nodeSubject(nodeId: Uint8Array, request: NodeRequest): string {
  return `tea.node.${toHex(nodeId)}.${request}`;
}

export const SUBJECTS: readonly SubjectRule[] = [
  {
    subject: LAYER1_RPC,
    publish: ['tee', 'client', 'probe'],
    subscribe: ['gateway'],
    answers: { atMost: 'any', withinSeconds: 3_600 },
    purpose: 'JSON-RPC frames to the chain; answers and notifications go to the reply inbox',
  },
  {
    subject: IPFS_ADD,
    publish: ['tee', 'client', 'probe'],
    subscribe: ['ipfs'],
    answers: ONE_ANSWER,
    purpose: 'store content block by block, then pin its root',
  },
  {
    subject: IPFS_BLOCK,
    publish: ['tee', 'client', 'probe'],
    subscribe: ['ipfs'],
    answers: ONE_ANSWER,
    purpose: 'fetch a piece of one block by its CID',
  },
  { subject: IPFS_STAT, publish: ['tee', 'client', 'probe'], subscribe: ['ipfs'], answers: ONE_ANSWER, purpose: 'size and pin state of a content' },
  ...Object.entries(NODE_REQUESTS).map(([request, purpose]): SubjectRule => ({
    subject: `tea.node.*.${request}`,
    // TEEs challenge one another when they appraise who wants to join, and ping those that did.
    publish: request === 'challenge' || request === 'ping' ? ['client', 'probe', 'tee'] : ['client', 'probe'],
    subscribe: ['tee'],
    answers: ONE_ANSWER,
    purpose,
  })),
];

/** The prefix of a user's inboxes. Nobody else may subscribe below it. */
export function inboxPrefix(user: BusUser): string {
  return `_INBOX_${user}`;
}

/** What a service needs to reach the bus as one user. `pass` is a secret: never in an argument, a URL, a log or a file. */
export type NatsCredentials = {
  /** `host:port` of each server. */
  readonly servers: readonly string[];
  readonly user: BusUser;
  readonly pass: string;
  readonly inboxPrefix: string;
};
