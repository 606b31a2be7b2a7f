import { decodeTpm, TPM_CC, TpmReader } from '@tea/protocol/tpm';
import { TPM_RS_PW, TPMA_SESSION, TPMS_AUTH_COMMAND } from './authorization.ts';
import { FlushContext, GetCapability } from './commands/general.ts';
import { type AnyCommand, TPM_COMMANDS } from './commands/table.ts';
import { TPM_CAP } from './commands/types.ts';
import { HEADER_SIZE, TPM_ST_SESSIONS } from './frame.ts';
import { isSession, isTransient } from './handles.ts';

/** What a resource manager must know of a caller's command: which one it is, and which handles and sessions it names. */
export type CommandFrame = {
  readonly command: AnyCommand;
  readonly handles: readonly number[];
  readonly sessions: readonly { readonly handle: number; readonly continues: boolean }[];
};

/** What a caller's command asks for, as far as a resource manager must see to it itself. */
export type CallerRequest =
  | { readonly kind: 'forward'; readonly frame: CommandFrame }
  | { readonly kind: 'flush'; readonly handle: number }
  /** A session that the caller saved before. */
  | { readonly kind: 'reload'; readonly handle: number }
  | { readonly kind: 'list'; readonly first: number; readonly count: number }
  | { readonly kind: 'unknownCommand' };

/** TPMS_CONTEXT (Part 2, 14.5): sequence (8 bytes), savedHandle. */
const SAVED_HANDLE = { start: 8, end: 12 } as const;

/** @throws TeaError `badMessage` for what is no command */
export function readRequest(bytes: Uint8Array): CallerRequest {
  const reader = new TpmReader(bytes, 'TPM command');
  const tag = reader.uint16();
  const size = reader.uint32();
  const command = TPM_COMMANDS.get(reader.uint32());
  if (size !== bytes.length) throw reader.refuse(`commandSize ${bytes.length}`, String(size));
  if (!command) return { kind: 'unknownCommand' };
  const handles = command.handles.map(() => reader.uint32());
  const sessions = tag === TPM_ST_SESSIONS ? readSessions(reader.bytes(reader.uint32())) : [];
  const parameters = reader.bytes(reader.remaining);

  if (command.code === TPM_CC.flushContext)
    return { kind: 'flush', handle: decodeTpm(FlushContext.parameters, parameters, 'FlushContext command').flushHandle };
  if (command.code === TPM_CC.contextLoad && parameters.length >= SAVED_HANDLE.end) {
    const handle = new TpmReader(parameters.subarray(SAVED_HANDLE.start), 'TPMS_CONTEXT').uint32();
    if (isSession(handle)) return { kind: 'reload', handle };
  }
  if (command.code === TPM_CC.getCapability && sessions.length === 0) {
    const { capability, property, propertyCount } = decodeTpm(GetCapability.parameters, parameters, 'GetCapability command');
    if (capability === TPM_CAP.handles && (isTransient(property) || isSession(property)))
      return { kind: 'list', first: property, count: propertyCount };
  }
  return { kind: 'forward', frame: { command, handles, sessions } };
}

function readSessions(bytes: Uint8Array): CommandFrame['sessions'] {
  const area = new TpmReader(bytes, 'TPM authorization area');
  const sessions: CommandFrame['sessions'][number][] = [];
  while (area.remaining > 0) {
    const { session, attributes } = TPMS_AUTH_COMMAND.read(area);
    if (session !== TPM_RS_PW) sessions.push({ handle: session, continues: (attributes & TPMA_SESSION.continueSession) !== 0 });
  }
  return sessions;
}

/** The same command or response with other handles, which stand behind the header in both. */
export function withHandles(bytes: Uint8Array, handles: readonly number[]): Uint8Array {
  if (handles.length === 0) return bytes;
  const copy = Uint8Array.from(bytes);
  const view = new DataView(copy.buffer);
  for (const [index, handle] of handles.entries()) view.setUint32(HEADER_SIZE + index * 4, handle);
  return copy;
}
