import * as v from 'valibot';
import { bytesOf } from './bytes.ts';
import { decodeCbor, encodeCbor, equalBytes } from './cbor.ts';
import { decodeSigned, encodeSigned, signAs, signedKind, verifySigned } from './cose.ts';
import { safeUint, u32 } from './integers.ts';

/** A node that layer 1 calls Active and that answered the list's maker. */
export type ActiveListEntry = {
  readonly node: Uint8Array;
  /** ms since it last answered, when the list was made */
  readonly ageMs: number;
  readonly roundTripMs: number;
};

/**
 * What one TEE says of the others: which are Active by its verified read of layer 1 and answer its pings, the freshest first. A pong is no proof of identity,
 * and a host can keep pings from arriving: the list says whom to try, and attestation says whom to trust.
 */
export type ActiveList = {
  /** genesis hash */
  readonly chain: Uint8Array;
  /** who made it */
  readonly node: Uint8Array;
  /** the finalised block at which layer 1 was read */
  readonly block: number;
  /** of whoever asked; null for a list made for everybody */
  readonly nonce: Uint8Array | null;
  /** Unix times by the maker's clock */
  readonly issuedAtMs: number;
  readonly expiresAtMs: number;
  readonly entries: readonly ActiveListEntry[];
};

/** Decoded, and believed by nobody yet. */
export type UnverifiedActiveList = { readonly list: ActiveList; readonly payload: Uint8Array; readonly signature: Uint8Array };

export type ActiveListVerdict =
  | { readonly ok: true; readonly list: ActiveList }
  | {
      readonly ok: false;
      readonly reason: 'signature' | 'chain' | 'node' | 'nonce' | 'expired' | 'future' | 'rollback';
      readonly expected: string;
      readonly actual: string;
    };

const DOMAIN = 'tea/active-list/1';
const SIGNED_LIST = signedKind('active list', 'application/vnd.tea.active-list+cbor');
export const MAX_LISTED_NODES = 16_384;
/** How long a list may stand at most: who says otherwise is not believed. */
export const MAX_LIST_LIFE_MS = 600_000;
/** Clocks of maker and reader differ. */
const CLOCK_SKEW_MS = 60_000;

const schema = v.strictObject({
  domain: v.literal(DOMAIN),
  chain: bytesOf(32),
  node: bytesOf(32),
  block: u32,
  nonce: v.nullable(bytesOf(32)),
  issuedAtMs: safeUint,
  expiresAtMs: safeUint,
  nodes: v.pipe(
    v.array(v.strictTuple([bytesOf(32), u32, u32])),
    v.maxLength(MAX_LISTED_NODES),
    v.check((nodes) => nodes.every(([, ageMs], index) => index === 0 || ageMs >= (nodes[index - 1]?.[1] ?? 0)), 'the freshest first'),
    v.check((nodes) => new Set(nodes.map(([node]) => node.toHex())).size === nodes.length, 'each node once'),
  ),
});

export const activeListRequest = v.strictObject({ nonce: v.nullable(bytesOf(32)) });
export const activeListAnswer = v.strictObject({ list: v.instance(Uint8Array) });
export const pingMessage = v.strictObject({ nonce: bytesOf(16) });

/** @param key P-256, the receipt key that the maker's evidence binds */
export async function signActiveList(list: ActiveList, key: CryptoKey): Promise<Uint8Array> {
  const { entries, ...head } = list;
  const payload = encodeCbor({ domain: DOMAIN, ...head, nodes: entries.map(({ node, ageMs, roundTripMs }) => [node, ageMs, roundTripMs]) });
  return encodeSigned(SIGNED_LIST, payload, await signAs(SIGNED_LIST, payload, key));
}

/** @throws TeaError `badMessage` */
export function decodeActiveList(bytes: Uint8Array): UnverifiedActiveList {
  const { payload, signature } = decodeSigned(SIGNED_LIST, bytes);
  const { domain: _, nodes, ...head } = decodeCbor(payload, schema, 'active list');
  return { list: { ...head, entries: nodes.map(([node, ageMs, roundTripMs]) => ({ node, ageMs, roundTripMs })) }, payload, signature };
}

/**
 * Whether the list is what it should be, now.
 * @param expected.key the receipt key in the maker's appraised evidence, 65 bytes
 * @param expected.nonce what was asked with; null takes a list for everybody, also one that was asked for by another
 * @param expected.block of the last list taken from anybody: an older view of layer 1 is refused
 */
export async function verifyActiveList(
  { list, payload, signature }: UnverifiedActiveList,
  expected: {
    readonly key: Uint8Array;
    readonly chain: Uint8Array;
    readonly node: Uint8Array;
    readonly nonce: Uint8Array | null;
    readonly block?: number;
    readonly now: Date;
  },
): Promise<ActiveListVerdict> {
  const no = (reason: Extract<ActiveListVerdict, { ok: false }>['reason'], wanted: string, actual: string): ActiveListVerdict => ({
    ok: false,
    reason,
    expected: wanted,
    actual,
  });
  const nowMs = expected.now.getTime();
  if (!(await verifySigned(SIGNED_LIST, payload, signature, expected.key))) return no('signature', `one of ${expected.key.toHex()}`, 'another');
  if (!equalBytes(list.chain, expected.chain)) return no('chain', expected.chain.toHex(), list.chain.toHex());
  if (!equalBytes(list.node, expected.node)) return no('node', expected.node.toHex(), list.node.toHex());
  if (expected.nonce !== null && !(list.nonce !== null && equalBytes(list.nonce, expected.nonce)))
    return no('nonce', expected.nonce.toHex(), list.nonce?.toHex() ?? 'none');
  if (list.issuedAtMs > nowMs + CLOCK_SKEW_MS) return no('future', `made by ${shown(nowMs)}`, shown(list.issuedAtMs));
  const endsMs = Math.min(list.expiresAtMs, list.issuedAtMs + MAX_LIST_LIFE_MS);
  if (nowMs > endsMs) return no('expired', `good at ${shown(nowMs)}`, `good until ${shown(endsMs)}`);
  const { block = 0 } = expected;
  if (list.block < block) return no('rollback', `of block ${block} or later`, `of block ${list.block}`);
  return { ok: true, list };
}

function shown(ms: number): string {
  const date = new Date(ms);
  return Number.isNaN(date.getTime()) ? `${ms} ms` : date.toISOString();
}
