import { blake2b } from '@noble/hashes/blake2.js';
import * as v from 'valibot';
import { equalBytes } from '../cbor.ts';
import { fromHex, toHex } from '../bytes.ts';
import { TeaError } from '../errors.ts';
import { decodeHeader, type Header } from './header.ts';

/**
 * A chain's history as a file, `tea/chain-export/1`: UTF-8, one JSON object a line, each ended by a line feed.
 *
 *     {"format":"tea/chain-export/1","genesisHash":"0x…","last":N}
 *     {"number":0,"header":"0x…","extrinsics":[],"changes":[["0x<key>","0x<value>"],…]}       genesis: the whole state, runtime and all
 *     {"number":1,"header":"0x…","extrinsics":["0x…",…],"changes":[["0x<key>",null],…]}       … every block to N, none missing
 *
 * `header` is SCALE, seal included; BLAKE2b-256 of it is the block's hash. `changes` is what the block did to the state, null for a key that went.
 * All of it can be executed again (`tea chain import`), so whoever has the file needs to believe nothing but the genesis hash.
 */
export const CHAIN_EXPORT_FORMAT = 'tea/chain-export/1';

export type ExportedChain = { readonly genesisHash: Uint8Array; readonly last: number };
export type ExportedChainBlock = {
  readonly number: number;
  readonly header: Uint8Array;
  readonly extrinsics: readonly Uint8Array[];
  readonly changes: readonly (readonly [key: Uint8Array, value: Uint8Array | null])[];
};
/** A block whose header was decoded, hashed, and found to follow the one before. */
export type LinkedBlock = ExportedChainBlock & { readonly hash: Uint8Array; readonly decoded: Header };

const hex = v.pipe(
  v.string(),
  v.regex(/^0x(?:[0-9a-f]{2})*$/),
  v.transform((text) => fromHex(text)),
);
const height = v.pipe(v.number(), v.safeInteger(), v.minValue(0));
const headSchema = v.strictObject({ format: v.literal(CHAIN_EXPORT_FORMAT), genesisHash: hex, last: height });
const blockSchema = v.strictObject({
  number: height,
  header: hex,
  extrinsics: v.array(hex),
  changes: v.array(v.tuple([hex, v.nullable(hex)])),
});

/** @returns one line, without its line feed */
export function encodeExportHead({ genesisHash, last }: ExportedChain): string {
  return JSON.stringify({ format: CHAIN_EXPORT_FORMAT, genesisHash: text(genesisHash), last });
}

/** @returns one line, without its line feed */
export function encodeExportBlock({ number, header, extrinsics, changes }: ExportedChainBlock): string {
  return JSON.stringify({
    number,
    header: text(header),
    extrinsics: extrinsics.map(text),
    changes: changes.map(([key, value]) => [text(key), value === null ? null : text(value)]),
  });
}

/**
 * Reads a history and checks that its headers are one chain: the first is the genesis block of the hash it names, each names the one before as its
 * parent, and none is missing. That the blocks come to these states is for whoever executes them.
 * @param lines without line feeds @param onHead told which chain it is, before the first block
 * @throws TeaError `badMessage` for anything else than an export, `corrupt` when its headers are no chain
 */
export async function* readChainExport(
  lines: AsyncIterable<string>,
  onHead: (head: ExportedChain) => void = () => undefined,
): AsyncGenerator<LinkedBlock> {
  let head: ExportedChain | null = null;
  let parent: { readonly hash: Uint8Array; readonly number: number } | null = null;
  for await (const line of lines) {
    if (head === null) {
      head = parseLine(line, headSchema, 'first line');
      onHead(head);
      continue;
    }
    const block: ExportedChainBlock = parseLine(line, blockSchema, 'block');
    const decoded = decodeHeader(block.header);
    const hash = blake2b(block.header, { dkLen: 32 });
    const number: number = parent === null ? 0 : parent.number + 1;
    const follows: boolean = parent === null ? equalBytes(hash, head.genesisHash) : equalBytes(decoded.parentHash, parent.hash);
    if (block.number !== number || decoded.number !== number || !follows) {
      throw new TeaError('corrupt', 'The headers of this export are not one chain', {
        expected: `block ${number}${parent === null ? '' : ` after ${toHex(parent.hash)}`}`,
        actual: `block ${decoded.number} after ${toHex(decoded.parentHash)}, as number ${block.number}`,
      });
    }
    parent = { hash, number };
    yield { ...block, hash, decoded };
  }
  if (head === null || parent?.number !== head.last) {
    throw new TeaError('corrupt', 'This export was cut', {
      expected: `block ${head?.last ?? 0} at its end`,
      actual: `block ${parent?.number ?? 'none'}`,
    });
  }
}

function parseLine<const S extends v.GenericSchema>(line: string, schema: S, what: string): v.InferOutput<S> {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch (cause) {
    throw new TeaError('badMessage', 'This is not an export of a chain', { expected: `a ${what} in JSON`, actual: line.slice(0, 40), cause });
  }
  const parsed = v.safeParse(schema, value);
  if (parsed.success) return parsed.output;
  throw new TeaError('badMessage', 'This is not an export of a chain', {
    expected: `a ${what} of ${CHAIN_EXPORT_FORMAT}: ${parsed.issues[0].expected ?? 'another value'}`,
    actual: parsed.issues[0].received.slice(0, 80),
  });
}

function text(bytes: Uint8Array): string {
  return `0x${toHex(bytes)}`;
}
