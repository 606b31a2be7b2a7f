import { GATEWAY_ERRORS } from '@tea/protocol/layer1';
import { ALLOWED_METHODS } from './allowed-methods.ts';

/** A JSON-RPC id as it stood in the frame, to be put into an error as it was. */
export type FrameId = string | number | null;

export type RequestVerdict =
  | { readonly ok: true; readonly id: FrameId; readonly method: string; readonly frame: string }
  | { readonly ok: false; readonly error: string };

const UTF_8 = new TextDecoder('utf-8', { fatal: true });

/** Judges one hostile frame; the refusals are JSON-RPC errors, ready to be sent. `sessionMethod` is answered by the gateway itself. */
export function judgeRequest(data: Uint8Array, maxFrameBytes: number, sessionMethod: string): RequestVerdict {
  if (data.length > maxFrameBytes)
    return refuse(null, GATEWAY_ERRORS.frameTooLarge, `expected a frame of at most ${maxFrameBytes} bytes, got ${data.length}`);
  let frame: string;
  let request: unknown;
  try {
    frame = UTF_8.decode(data);
    request = JSON.parse(frame);
  } catch {
    return refuse(null, GATEWAY_ERRORS.parse, 'expected JSON in UTF-8');
  }
  if (typeof request !== 'object' || request === null || Array.isArray(request))
    return refuse(null, GATEWAY_ERRORS.invalidRequest, 'expected one request object');
  const { id, method } = request as { id?: unknown; method?: unknown };
  if ((typeof id !== 'string' && typeof id !== 'number') || String(id).length > 200)
    return refuse(null, GATEWAY_ERRORS.invalidRequest, 'expected an id');
  if (typeof method !== 'string') return refuse(id, GATEWAY_ERRORS.invalidRequest, 'expected a method');
  if (method !== sessionMethod && !ALLOWED_METHODS.has(method)) {
    return refuse(id, GATEWAY_ERRORS.methodNotAllowed, `the gateway does not let ${method.slice(0, 100)} through`);
  }
  return { ok: true, id, method, frame };
}

export function errorFrame(id: FrameId, code: number, message: string): string {
  return JSON.stringify({ jsonrpc: '2.0', id, error: { code, message } });
}

function refuse(id: FrameId, code: number, message: string): RequestVerdict {
  return { ok: false, error: errorFrame(id, code, message) };
}

/** How our chain's frames begin, with the id of an answer. Metadata is half a megabyte that need not be parsed for its id. */
const BEGINNING = /^\{"jsonrpc":"2\.0","(?:id":("(?:[^"\\]|\\.){0,200}"|\d{1,16}|null),|method":)/;

/** The id that a frame from the chain answers; undefined for a notification. */
export function answeredId(frame: string): FrameId | undefined {
  const beginning = BEGINNING.exec(frame);
  if (beginning !== null) return beginning[1] === undefined ? undefined : (JSON.parse(beginning[1]) as FrameId);
  return (JSON.parse(frame) as { id?: FrameId }).id;
}
