import { blake2b } from '@noble/hashes/blake2.js';
import { concatBytes } from '../bytes.ts';
import { encodeU32, encodeU64 } from './scale.ts';
import { twox64Concat } from './twox.ts';

/**
 * Where the state keeps what TEA proves: twox_128(pallet) ‖ twox_128(item) ‖ hashed key. Written down here because whoever takes the layout from
 * the chain's metadata, as polkadot-api does, lets the host choose which record is read.
 */
const ERRANDS = Uint8Array.fromHex('863cd9165a24c0fa6620b1bfe510f564863cd9165a24c0fa6620b1bfe510f564');
const CONTENT_ENTRIES = Uint8Array.fromHex('b5a494c92fa4747cc071573e93b32b87f2c528f439cb4e3ed0c3631044c7e5de');
/** `Nodes.Nodes`: what all its keys begin with. */
export const NODES_PREFIX = Uint8Array.fromHex('519dfc7fdad21b84f64a5310fa178ef2519dfc7fdad21b84f64a5310fa178ef2');
const CHANNELS = Uint8Array.fromHex('5037466161af2201334914a1746a4b4c7759ccc18de172078306ca5973251a7b');
/** `Releases.Accepted`: what all its keys begin with. */
export const ACCEPTED_RELEASES = Uint8Array.fromHex('283eaec19fa13bafc3464dba52c4b92cbe0b86d1bccaf1b2b7b27a79aaff64d2');
const APPRAISALS = Uint8Array.fromHex('519dfc7fdad21b84f64a5310fa178ef2914ac0e8eea1b260f3295e3c4db4875e');
const DRAWS = Uint8Array.fromHex('7a0a3e40b374a8aafac39b07bc711d10b07c4f0d04dec1504ce21b6e7c8ae433');
const DRAW_OF = Uint8Array.fromHex('863cd9165a24c0fa6620b1bfe510f56488d0ae1b550f7c7e9470285bd85fa184');
const OPEN_ERRANDS_OF = Uint8Array.fromHex('863cd9165a24c0fa6620b1bfe510f564ac6e84cd7778d53fb6afbde398b1f18d');
const OPEN_ERRANDS = Uint8Array.fromHex('863cd9165a24c0fa6620b1bfe510f56427cb83b9b4be4dc51e02283af22e9f80');
const CANCEL_ASKED = Uint8Array.fromHex('863cd9165a24c0fa6620b1bfe510f564a0e824387914c4a7353545e0e326852a');
const SEATS_OF = Uint8Array.fromHex('519dfc7fdad21b84f64a5310fa178ef27ff3f30fa8e8da0d97aac179ad65c7ab');
const BLOCK_HASHES = Uint8Array.fromHex('26aa394eea5630e07c48ae0c9558cef7a44704b568d21667356a5a050c118746');

/** `Aura.Authorities`: the public keys, sr25519, of who may seal blocks. */
export const AURA_AUTHORITIES_KEY = Uint8Array.fromHex('57f8dc2f5ab09467896f47300f0424385e0621c4869aa60c02be9adcc98a0d1d');

/** `Errands.Errands[id]` */
export function errandStorageKey(id: bigint): Uint8Array {
  return concatBytes(ERRANDS, twox64Concat(encodeU64(id)));
}

/** `Content.Entries[id]` */
export function contentStorageKey(id: bigint): Uint8Array {
  return concatBytes(CONTENT_ENTRIES, twox64Concat(encodeU64(id)));
}

/** `Nodes.Nodes[id]`, 32 bytes. */
export function nodeStorageKey(id: Uint8Array): Uint8Array {
  return concatBytes(NODES_PREFIX, blake2b(id, { dkLen: 16 }), id);
}

/** `Nodes.Appraisals[id]` */
export function appraisalStorageKey(id: bigint): Uint8Array {
  return concatBytes(APPRAISALS, twox64Concat(encodeU64(id)));
}

/** `System.BlockHash[number]`: the genesis block's for ever, of others the last few hundred (`BlockHashCount`). */
export function blockHashStorageKey(number: number): Uint8Array {
  return concatBytes(BLOCK_HASHES, twox64Concat(encodeU32(number)));
}

/** `Vouchers.Channels[id]` */
export function channelStorageKey(id: bigint): Uint8Array {
  return concatBytes(CHANNELS, twox64Concat(encodeU64(id)));
}

/** `Releases.Accepted[digest]`, 32 bytes. */
export function acceptanceStorageKey(digest: Uint8Array): Uint8Array {
  return concatBytes(ACCEPTED_RELEASES, blake2b(digest, { dkLen: 16 }), digest);
}

/** `Sortition.LastId`: the number of the newest draw. */
export const LAST_DRAW_KEY = Uint8Array.fromHex('7a0a3e40b374a8aafac39b07bc711d10937698b717b521f0c75333820e2c1046');

/** `Sortition.Draws[id]` */
export function drawStorageKey(id: bigint): Uint8Array {
  return concatBytes(DRAWS, twox64Concat(encodeU64(id)));
}

/** `Errands.DrawOf[errand]`: the number of the draw for its executor, where the choice is by lot. */
export function drawOfStorageKey(errand: bigint): Uint8Array {
  return concatBytes(DRAW_OF, twox64Concat(encodeU64(errand)));
}

/** `Errands.OpenErrandsOf[node][errand]`: there while the node was chosen for the errand and it has no end. */
export function openErrandStorageKey(node: Uint8Array, errand: bigint): Uint8Array {
  return concatBytes(OPEN_ERRANDS_OF, blake2b(node, { dkLen: 16 }), node, twox64Concat(encodeU64(errand)));
}

/** `Errands.OpenErrands[node]`: how many those are. */
export function openErrandsStorageKey(node: Uint8Array): Uint8Array {
  return concatBytes(OPEN_ERRANDS, blake2b(node, { dkLen: 16 }), node);
}

/** `Errands.CancelAsked[errand]`: there while it runs and its consumer asks it to end. */
export function cancelAskedStorageKey(errand: bigint): Uint8Array {
  return concatBytes(CANCEL_ASKED, twox64Concat(encodeU64(errand)));
}

/** `Nodes.SeatsOf[node]`: the appraisals that wait for its vote. */
export function seatsStorageKey(node: Uint8Array): Uint8Array {
  return concatBytes(SEATS_OF, blake2b(node, { dkLen: 16 }), node);
}
