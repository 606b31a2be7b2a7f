export { DAG_PB, decodeCid, MAX_BLOCK_BYTES, parseCid, RAW, verifyBlock } from './cid.ts';
export {
  type AddedContent,
  type AddOptions,
  type CatOptions,
  type ContentStat,
  ipfsClient,
  ipfsClientOver,
  type IpfsClient,
  type IpfsClientOptions,
} from './client.ts';
export { decodeFileNode, type FileLink, type FileNode, fileNodeSize } from './file-node.ts';
export { decodeFrame, encodeFrame } from './frame.ts';
export { CHUNK_BYTES, importFile, MAX_LINKS } from './import-file.ts';
export { addRequest, type AddRequest, blockRequest, MAX_OPEN_BLOCKS, PIECE_BYTES, statRequest, UPLOAD_ID_BYTES } from './messages.ts';
