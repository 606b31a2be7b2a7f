import { isTeaError } from '@tea/protocol';

/** JSON-RPC 2.0, section 5.1. */
export const RPC_ERRORS = { parse: -32700, invalidRequest: -32600, noSuchMethod: -32601, invalidParams: -32602, internal: -32603 } as const;

export class RpcError extends Error {
  override readonly name = 'RpcError';
  readonly code: number;

  constructor(code: number, message: string) {
    super(message);
    this.code = code;
  }
}

export type RpcId = string | number | null;
export type RpcRequest = { readonly id: RpcId; readonly method: string; readonly params: Params };

/** @throws RpcError; batches and notifications are refused, for nothing in this interface uses them */
export function parseRequest(frame: string): RpcRequest {
  let value: unknown;
  try {
    value = JSON.parse(frame);
  } catch {
    throw new RpcError(RPC_ERRORS.parse, 'this is not JSON');
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new RpcError(RPC_ERRORS.invalidRequest, 'expected one request object');
  const { id, method, params = [] } = value as Record<string, unknown>;
  if (typeof id !== 'string' && typeof id !== 'number' && id !== null) throw new RpcError(RPC_ERRORS.invalidRequest, 'expected an id');
  if (typeof method !== 'string') throw new RpcError(RPC_ERRORS.invalidRequest, 'expected a method');
  if (!Array.isArray(params)) throw new RpcError(RPC_ERRORS.invalidParams, 'expected parameters by position');
  return { id, method, params: new Params(params) };
}

export function resultFrame(id: RpcId, result: unknown): string {
  return JSON.stringify({ jsonrpc: '2.0', id, result });
}

/** Says what a TeaError says; of anything else only that it happened. */
export function errorFrame(id: RpcId, error: unknown): string {
  const code = error instanceof RpcError ? error.code : RPC_ERRORS.internal;
  const message = error instanceof RpcError || isTeaError(error) ? error.message : 'the chain failed';
  return JSON.stringify({ jsonrpc: '2.0', id, error: { code, message } });
}

export function notificationFrame(method: string, subscription: string, result: unknown): string {
  return JSON.stringify({ jsonrpc: '2.0', method, params: { subscription, result } });
}

/** A request's parameters, by position. Every reader throws RpcError `invalidParams` when the parameter isn't of its kind. */
export class Params {
  readonly #values: readonly unknown[];

  constructor(values: readonly unknown[]) {
    this.#values = values;
  }

  has(index: number): boolean {
    return this.#values[index] !== undefined && this.#values[index] !== null;
  }

  isText(index: number): boolean {
    return typeof this.#values[index] === 'string';
  }

  text(index: number): string {
    const value = this.#values[index];
    if (typeof value !== 'string') throw bad(index, 'a string');
    return value;
  }

  flag(index: number): boolean {
    const value = this.#values[index];
    if (typeof value !== 'boolean') throw bad(index, 'true or false');
    return value;
  }

  wholeNumber(index: number): number {
    const value = this.#values[index];
    if (typeof value !== 'number' || !Number.isSafeInteger(value) || value < 0) throw bad(index, 'a whole number from 0');
    return value;
  }

  bytes(index: number): Uint8Array {
    return hexBytes(this.#values[index]) ?? fail(index, '0x and hex digits');
  }

  list(index: number): readonly unknown[] {
    const value = this.#values[index];
    if (!Array.isArray(value)) throw bad(index, 'a list');
    return value;
  }

  bytesList(index: number): Uint8Array[] {
    return this.list(index).map((entry) => hexBytes(entry) ?? fail(index, 'a list of 0x and hex digits'));
  }
}

/** polkadot-api leaves out the 0x where there are no bytes at all, so it's optional. */
export function hexBytes(value: unknown): Uint8Array | null {
  if (typeof value !== 'string' || value.length % 2 !== 0 || !/^(0x)?[0-9a-fA-F]*$/.test(value)) return null;
  return Uint8Array.fromHex(value.startsWith('0x') ? value.slice(2) : value);
}

function fail(index: number, expected: string): never {
  throw bad(index, expected);
}

function bad(index: number, expected: string): RpcError {
  return new RpcError(RPC_ERRORS.invalidParams, `parameter ${index + 1}: expected ${expected}`);
}
