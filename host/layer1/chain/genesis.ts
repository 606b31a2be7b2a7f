import { encodeHeader, type Header } from '@tea/protocol/layer1';
import type { StateChange } from './log/record.ts';
import { buildGenesis, genesisPreset } from './runtime/api.ts';
import { Executor, type ExecutorOptions } from './runtime/executor.ts';
import { keyBytes, keyText, Overlay } from './runtime/overlay.ts';
import { CODE_KEY } from './runtimes.ts';
import { Trie } from './trie/trie.ts';

const EMPTY_OBJECT = new TextEncoder().encode('{}');

/**
 * Makes block 0 from a runtime alone: the preset it offers, built into a state by itself, and its code (specification, definition 36).
 * @param patch JSON that is laid over the preset, as the preset is over the default: what only this network has, such as its authorities
 */
export function makeGenesis(
  code: Uint8Array,
  preset: string,
  options: ExecutorOptions,
  patch: Uint8Array = EMPTY_OBJECT,
): { readonly header: Uint8Array; readonly changes: StateChange[] } {
  const executor = new Executor(code, options);
  const storage = new Overlay(Trie.empty);
  const json = (name: string | null): Json => parseExactly(genesisPreset(executor, new Overlay(Trie.empty), name));
  const config = mergePatch(mergePatch(json(null), json(preset)), parseExactly(patch));
  buildGenesis(executor, storage, new TextEncoder().encode(JSON.stringify(config)));
  storage.set(keyText(CODE_KEY), code);
  const hash = options.hashing.blake2b256;
  return {
    header: encodeHeader(genesisHeader(storage.applied().rootHash(hash), Trie.empty.rootHash(hash))),
    changes: Array.from(storage.changes(), ([key, value]) => [keyBytes(key), value]),
  };
}

function genesisHeader(stateRoot: Uint8Array, emptyRoot: Uint8Array): Header {
  return { parentHash: new Uint8Array(32), number: 0, stateRoot, extrinsicsRoot: emptyRoot, digest: [] };
}

type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

/** TypeScript's library doesn't know these yet (ECMAScript 2026, `JSON.parse` source text access). */
type ExactJson = { rawJSON(text: string): Json; isRawJSON(value: unknown): boolean };
const { rawJSON, isRawJSON } = JSON as unknown as ExactJson;

/** Balances are u128: numbers that JavaScript would round keep their own text. */
function parseExactly(bytes: Uint8Array): Json {
  const keepText = (_key: string, value: unknown, context?: { source?: string }): unknown =>
    typeof value === 'number' && context?.source !== undefined && !Number.isSafeInteger(value) ? rawJSON(context.source) : value;
  return JSON.parse(new TextDecoder().decode(bytes), keepText) as Json;
}

/** RFC 7396 (JSON merge patch), as `sc-chain-spec` lays a preset over the default. */
function mergePatch(target: Json, patch: Json): Json {
  if (!isObject(patch)) return patch;
  const merged: Record<string, Json> = isObject(target) ? { ...target } : {};
  for (const [key, value] of Object.entries(patch)) {
    if (value === null) delete merged[key];
    else merged[key] = mergePatch(merged[key] ?? null, value);
  }
  return merged;
}

function isObject(value: Json): value is { readonly [key: string]: Json } {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !isRawJSON(value);
}
