export type { ChainConnection, ChainPort } from './chain-port.ts';
export { decodeHeader, type DigestItem, encodeDigestItem, encodeHeader, hashHeader, type Header } from './header.ts';
export { layer1Provider, type Layer1ProviderOptions } from './provider.ts';
export { verifyReadProof, verifyReadProofs } from './read-proof.ts';
export { encodeCompact, encodeU32, encodeU64, ScaleReader } from './scale.ts';
export { GATEWAY_ERRORS, parseSessionInfo, SESSION_METHOD, type SessionInfo } from './session.ts';
export { decodeTrieNode, encodeTrieNode, INLINE_NODE_LIMIT, MAX_INLINE_VALUE, toNibbles, type TrieNode, type TrieValue } from './trie-node.ts';
export { decodeErrandRecord } from './decode-errand.ts';
export type * from './errand-record.ts';
