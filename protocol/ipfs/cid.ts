import * as dagPb from '@ipld/dag-pb';
import { CID } from 'multiformats/cid';
import * as raw from 'multiformats/codecs/raw';
import { create as digestOf } from 'multiformats/hashes/digest';
import { equalBytes } from '../cbor.ts';
import { TeaError } from '../errors.ts';

/** No block is larger: what Bitswap carries at most, and twice our own chunks. */
export const MAX_BLOCK_BYTES = 2 * 1024 * 1024;

export const RAW = raw.code;
export const DAG_PB = dagPb.code;
const SHA2_256 = 0x12;
const CID_V1_BYTES = 36;

/**
 * A content id as TEA uses them: CID version 1, SHA-256, a raw leaf or a UnixFS node.
 * @throws TeaError `badInput`
 */
export function parseCid(text: string): CID {
  try {
    return checkCid(CID.parse(text));
  } catch (cause) {
    throw new TeaError('badInput', 'This is not a content id', {
      expected: 'a CID version 1 with SHA-256, raw or dag-pb, such as bafybei… or bafkrei…',
      actual: text.length > 100 ? `${text.length} characters` : JSON.stringify(text),
      cause,
    });
  }
}

/** The same for the bytes of a CID in somebody's message. */
export function decodeCid(bytes: Uint8Array): CID {
  try {
    if (bytes.length !== CID_V1_BYTES) throw new TypeError(`${bytes.length} bytes`);
    return checkCid(CID.decode(bytes));
  } catch (cause) {
    throw new TeaError('badMessage', 'This is not a content id', { expected: 'the 36 bytes of a CID version 1 with SHA-256, raw or dag-pb', cause });
  }
}

function checkCid(cid: CID): CID {
  const { code, digest } = cid.multihash;
  if (cid.version !== 1 || code !== SHA2_256 || digest.length !== 32 || (cid.code !== RAW && cid.code !== DAG_PB))
    throw new TypeError('another kind of CID');
  return cid;
}

export async function cidOf(codec: number, block: Uint8Array): Promise<CID> {
  return CID.createV1(codec, digestOf(SHA2_256, await sha256Of(block)));
}

/**
 * The one check that makes an untrusted store usable.
 * @throws TeaError `corrupt` unless these are the bytes that `cid` names
 */
export async function verifyBlock(cid: CID, block: Uint8Array): Promise<void> {
  if (equalBytes(await sha256Of(block), cid.multihash.digest)) return;
  throw new TeaError('corrupt', 'The store gave another block than was asked for', {
    expected: `the bytes of ${cid.toString()}`,
    actual: `${block.length} other bytes`,
    next: 'fetch it from another host: this one is broken or lies',
    details: { cid: cid.toString() },
  });
}

async function sha256Of(bytes: Uint8Array): Promise<Uint8Array> {
  return new Uint8Array(await crypto.subtle.digest('SHA-256', bytes as Uint8Array<ArrayBuffer>));
}
