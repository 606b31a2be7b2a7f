import { isTeaError } from '@tea/protocol';
import { encodeTpm, TPM_CC, TpmWriter, UINT32 } from '@tea/protocol/tpm';
import { type CallerRequest, type CommandFrame, readRequest, withHandles } from './command-frame.ts';
import { GetCapability } from './commands/general.ts';
import { HEADER_SIZE, responseCodeOf, TPM_ST_NO_SESSIONS } from './frame.ts';
import { FIRST_HANDLES, isSession, isTransient } from './handles.ts';
import type { Held, Slots } from './slots.ts';

/** The TPM as one caller of a resource manager sees it: with its own objects and sessions in it and nobody else's. */
export type VirtualTpm = {
  /** @throws TeaError `tpm` when the TPM refused to swap something in or out, and what the transport throws */
  execute(command: Uint8Array): Promise<Uint8Array>;
  /** Flushes all that the caller holds. */
  free(): Promise<void>;
};

// Part 2, 6.6.3. Number n of a handle or session is added to the last two.
const TPM_RC = { commandSize: 0x142, commandCode: 0x143, handle: 0x18b, sessionHandles: 0x905, objectHandles: 0x906, h0: 0x910, s0: 0x918 } as const;
/** TSS 2.0 Overview, 'response code layers': it was the resource manager that refused. */
const RESOURCE_MANAGER_LAYER = 0xb0000;
/** So that no caller takes what all need: a TPM knows 64 sessions, and swapped-out objects take memory. */
const MOST = { object: 32, session: 8 } as const;

export function createVirtualTpm(slots: Slots): VirtualTpm {
  const mine = new Map<number, Held>();
  /** Sessions that the caller saved: unusable until it loads them. */
  const saved = new Set<Held>();

  const find = (handle: number): Held | undefined => {
    const item = mine.get(handle);
    if (!item || slots.holds(item)) return item;
    mine.delete(handle); // the TPM was reset
    return undefined;
  };
  const usable = (handle: number): Held | undefined => {
    const item = find(handle);
    return item && saved.has(item) ? undefined : item;
  };
  const count = (kind: Held['kind']): number => [...mine.keys()].filter((handle) => find(handle)?.kind === kind).length;
  const drop = (item: Held): void => {
    mine.delete(item.handle);
    saved.delete(item);
  };

  async function execute(bytes: Uint8Array): Promise<Uint8Array> {
    const request = read(bytes);
    switch (request.kind) {
      case 'noCommand':
        return refusal(TPM_RC.commandSize);
      case 'unknownCommand':
        return refusal(TPM_RC.commandCode);
      case 'flush':
        return flush(request.handle);
      case 'reload':
        return reload(request.handle);
      case 'list':
        return list(request.first, request.count);
      case 'forward':
        return forward(request.frame, bytes);
    }
  }

  async function forward({ command, handles, sessions }: CommandFrame, bytes: Uint8Array): Promise<Uint8Array> {
    const inUse: Held[] = [];
    for (const [index, handle] of handles.entries()) {
      if (!isTransient(handle) && !isSession(handle)) continue;
      const item = usable(handle);
      if (!item) return refusal(TPM_RC.h0 + index);
      inUse.push(item);
    }
    for (const [index, { handle }] of sessions.entries()) {
      const item = usable(handle);
      if (!item) return refusal(TPM_RC.s0 + index);
      inUse.push(item);
    }
    if (command.returns !== undefined) {
      const kind = command.code === TPM_CC.startAuthSession ? 'session' : 'object';
      if (count(kind) >= MOST[kind]) return refusal(kind === 'session' ? TPM_RC.sessionHandles : TPM_RC.objectHandles);
    }
    for (const item of inUse) await slots.bringIn(item, inUse);
    const loaded = handles.map((handle) => mine.get(handle)?.loaded ?? handle);
    const response = await slots.transmit(withHandles(bytes, loaded), inUse);
    return responseCodeOf(response) === 0 ? succeeded(command, handles, sessions, response) : response;
  }

  function succeeded(
    { code, returns }: CommandFrame['command'],
    [handle = 0]: CommandFrame['handles'],
    sessions: CommandFrame['sessions'],
    response: Uint8Array,
  ): Uint8Array {
    for (const session of sessions) {
      const item = session.continues ? undefined : mine.get(session.handle);
      if (!item) continue;
      slots.forget(item); // the TPM ended it with the command
      drop(item);
    }
    if (code === TPM_CC.contextSave && isSession(handle)) {
      const item = mine.get(handle);
      if (item) slots.saved(item, response.slice(HEADER_SIZE));
      if (item) saved.add(item);
    }
    if (returns === undefined || response.length < HEADER_SIZE + 4) return response; // too short is for the caller's decoder to refuse
    const made = new DataView(response.buffer, response.byteOffset).getUint32(HEADER_SIZE);
    const item = slots.add(isSession(made) ? 'session' : 'object', made);
    mine.set(item.handle, item);
    return withHandles(response, [item.handle]);
  }

  async function flush(handle: number): Promise<Uint8Array> {
    const item = find(handle);
    if (!item) return refusal(TPM_RC.handle);
    drop(item);
    await slots.flush(item);
    return success();
  }

  /** The context stayed here too, and may have been renewed since the caller got it: the TPM numbers them. */
  function reload(handle: number): Uint8Array {
    const item = find(handle);
    if (!item || !saved.delete(item)) return refusal(TPM_RC.handle);
    return success(encodeTpm(UINT32, handle));
  }

  /** GetCapability of handles. As in a TPM, sessions are listed as loaded or saved ones, of both types (Part 2, 7.2). */
  function list(first: number, most: number): Uint8Array {
    const listed = [...mine.keys()].flatMap((handle) => find(handle) ?? []).filter((item) => typeInList(item) === first >>> 24);
    const from = listed.map(({ handle }) => handle).filter((handle) => (handle & 0xffffff) >= (first & 0xffffff));
    const handles = from.toSorted((a, b) => a - b).slice(0, most);
    return success(encodeTpm(GetCapability.response, { moreData: handles.length < from.length, capabilityData: { capability: 'handles', handles } }));
  }

  function typeInList(item: Held): number {
    if (item.kind === 'object') return FIRST_HANDLES.transient >>> 24;
    return (saved.has(item) ? FIRST_HANDLES.savedSession : FIRST_HANDLES.loadedSession) >>> 24;
  }

  return {
    execute,
    async free() {
      const items = [...mine.keys()].flatMap((handle) => find(handle) ?? []);
      mine.clear();
      saved.clear();
      for (const item of items) {
        await slots.flush(item).catch((error: unknown) => {
          if (!isTeaError(error, 'tpm')) throw error; // what the TPM doesn't know is free already
        });
      }
    },
  };
}

function read(bytes: Uint8Array): CallerRequest | { readonly kind: 'noCommand' } {
  try {
    return readRequest(bytes);
  } catch (error) {
    if (isTeaError(error, 'badMessage')) return { kind: 'noCommand' };
    throw error;
  }
}

/** An answer that the resource manager gives in the TPM's place. */
export function refusal(code: number): Uint8Array {
  return frameOf(RESOURCE_MANAGER_LAYER | code, new Uint8Array(0));
}

function success(body: Uint8Array = new Uint8Array(0)): Uint8Array {
  return frameOf(0, body);
}

function frameOf(code: number, body: Uint8Array): Uint8Array {
  const writer = new TpmWriter();
  writer.uint16(TPM_ST_NO_SESSIONS);
  writer.uint32(HEADER_SIZE + body.length);
  writer.uint32(code);
  writer.bytes(body);
  return writer.finish();
}
