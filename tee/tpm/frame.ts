import { TeaError } from '@tea/protocol';
import { encodeTpm, TpmReader, TpmWriter, UINT32 } from '@tea/protocol/tpm';
import { type Authorization, TPMS_AUTH_COMMAND, TPMS_AUTH_RESPONSE } from './authorization.ts';
import type { TpmCommand } from './commands/command.ts';
import { tpmError } from './response-code.ts';

/** What a handle points at. An object's Name is needed where an HMAC session authorizes its use; a bare handle is its own Name (Part 1, 16). */
export type Entity = number | { readonly handle: number; readonly name: Uint8Array };

export const TPM_ST_NO_SESSIONS = 0x8001;
export const TPM_ST_SESSIONS = 0x8002;
export const HEADER_SIZE = 10;
/** No TPM of the PC Client profile has a larger buffer; a larger answer is not a TPM's. */
export const MAX_RESPONSE_SIZE = 4096;

/** Part 1, 18: header, handle area, authorization area, parameters. */
export function encodeCommand<H extends string, P, R>(
  command: TpmCommand<H, P, R>,
  entities: Readonly<Record<H, Entity>>,
  values: P,
  authorizations: readonly Authorization[],
): Uint8Array {
  if (authorizations.length < command.authorizations) {
    throw new TeaError('badInput', `${command.name} needs authorizations`, {
      expected: `${command.authorizations}`,
      actual: `${authorizations.length}`,
    });
  }
  const operands = command.handles.map((handle) => entities[handle]);
  const clear = encodeTpm(command.parameters, values);
  const parameters = authorizations.reduce((bytes, { encrypt }) => encrypt?.(bytes, command.encryptable) ?? bytes, clear);
  const body = new TpmWriter();
  for (const operand of operands) body.uint32(handleOf(operand));
  if (authorizations.length > 0) {
    const authorized = { code: command.code, names: operands.map(nameOfEntity), parameters };
    const area = new TpmWriter();
    for (const authorization of authorizations) TPMS_AUTH_COMMAND.write(area, authorization.authorize(authorized));
    const areaBytes = area.finish();
    body.uint32(areaBytes.length);
    body.bytes(areaBytes);
  }
  body.bytes(parameters);
  const bodyBytes = body.finish();
  const frame = new TpmWriter();
  frame.uint16(authorizations.length > 0 ? TPM_ST_SESSIONS : TPM_ST_NO_SESSIONS);
  frame.uint32(HEADER_SIZE + bodyBytes.length);
  frame.uint32(command.code);
  frame.bytes(bodyBytes);
  return frame.finish();
}

/**
 * @throws TeaError `tpm` with the response code's name; `badMessage` when the bytes are no response to this command;
 *   `corrupt` when a session says the response was tampered with
 */
export function decodeResponse<H extends string, P, R>(command: TpmCommand<H, P, R>, bytes: Uint8Array, authorizations: readonly Authorization[]): R {
  const what = `response to ${command.name}`;
  const reader = new TpmReader(bytes, what);
  const tag = reader.uint16();
  const size = reader.uint32();
  const code = reader.uint32();
  if (size !== bytes.length) throw reader.refuse(`responseSize ${bytes.length}`, String(size));
  if (code !== 0) throw tpmError(command.name, code);
  const withSessions = authorizations.length > 0;
  const expectedTag = withSessions ? TPM_ST_SESSIONS : TPM_ST_NO_SESSIONS;
  if (tag !== expectedTag) throw reader.refuse(`tag 0x${expectedTag.toString(16)}`, `0x${tag.toString(16)}`);
  const handle = command.returns === undefined ? {} : { [command.returns]: reader.uint32() };
  const parameterBytes = reader.bytes(withSessions ? reader.uint32() : reader.remaining);
  for (const authorization of authorizations)
    authorization.accept({ code: command.code, parameters: parameterBytes }, TPMS_AUTH_RESPONSE.read(reader));
  reader.end();
  const clear = authorizations.reduce((bytes, { decrypt }) => decrypt?.(bytes) ?? bytes, parameterBytes);
  const parameters = new TpmReader(clear, what);
  const response = command.response.read(parameters);
  parameters.end();
  return { ...handle, ...response };
}

/** 0 is success. NaN for what is no response. */
export function responseCodeOf(response: Uint8Array): number {
  return response.length < HEADER_SIZE ? Number.NaN : new DataView(response.buffer, response.byteOffset).getUint32(6);
}

function handleOf(entity: Entity): number {
  return typeof entity === 'number' ? entity : entity.handle;
}

function nameOfEntity(entity: Entity): Uint8Array {
  return typeof entity === 'number' ? encodeTpm(UINT32, entity) : entity.name;
}
