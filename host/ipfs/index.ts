export { openHeliaNode } from './helia-node.ts';
export type { Abortable, CatRange, IpfsNode, Writing } from './ipfs-node.ts';
export { type FailedRequest, serveIpfs, type ServeIpfsOptions } from './serve-ipfs.ts';
export type { UploadLimits } from './uploads.ts';
