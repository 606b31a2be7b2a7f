export { decodeWebFrame, encodeWebFrame, type Frame, HEAD_BYTES, WEB_PROTOCOL, WEB_SUBPROTOCOL, type Welcome } from './frame.ts';
export { failFrame, type StreamEvents, type StreamLimits, type StreamRequest, type Streams, webStreams, type WebStream } from './streams.ts';
