import type { TpmCommand } from './commands/command.ts';
import { ContextLoad, ContextSave, FlushContext } from './commands/general.ts';
import { decodeResponse, encodeCommand, type Entity, responseCodeOf } from './frame.ts';
import { FIRST_HANDLES } from './handles.ts';
import type { TpmTransport } from './transport.ts';

/** Something that a caller has in the TPM. */
export type Held = {
  readonly kind: 'object' | 'session';
  /** What the caller knows it by. A session keeps the handle that the TPM gave it, also while it is swapped out (Part 1, 30.4). */
  readonly handle: number;
  /** What the TPM knows it by, while it is loaded. */
  loaded: number | undefined;
  /** What brings it back: an object as often as wanted, a session once. */
  context: Uint8Array | undefined;
  lastUse: number;
};

/** The few places a TPM has for objects and sessions, and what was put aside to make room in them. */
export type Slots = {
  add(kind: Held['kind'], loaded: number): Held;
  /** false once the TPM lost it. */
  holds(held: Held): boolean;
  /** Loads what is swapped out. @param inUse what must not make room for it @throws TeaError `tpm` */
  bringIn(held: Held, inUse: readonly Held[]): Promise<void>;
  /** Sends a command, and again after making room when the TPM has too little. */
  transmit(command: Uint8Array, inUse: readonly Held[]): Promise<Uint8Array>;
  /** Notes that the TPM handed out this context of a session, which unloaded it. */
  saved(held: Held, context: Uint8Array): void;
  flush(held: Held): Promise<void>;
  /** Without a word to the TPM: it has gone there already. */
  forget(held: Held): void;
  forgetAll(): void;
  /** Resolves when the TPM is next rid of a session. */
  sessionEnded(): Promise<void>;
};

// Part 2, 6.6.3: warnings, before which nothing was done.
const TPM_RC_CONTEXT_GAP = 0x901;
const SHORT_OF: Readonly<Record<number, readonly Held['kind'][]>> = {
  0x902: ['object'], // TPM_RC_OBJECT_MEMORY
  0x903: ['session'], // TPM_RC_SESSION_MEMORY
  0x904: ['object', 'session'], // TPM_RC_MEMORY
  0x906: ['object'], // TPM_RC_OBJECT_HANDLES
};
/** More than a TPM has sessions and slots: whoever still wants room then is no TPM. */
const MAX_ROUNDS = 128;
const FIRST_VIRTUAL = FIRST_HANDLES.transient + 0x10000; // no TPM has so many slots: a virtual handle never passes for one of its own
const LAST_VIRTUAL = FIRST_HANDLES.transient + 0xffffff;

export function createSlots(send: TpmTransport['transmit']): Slots {
  const held = new Map<number, Held>();
  let uses = 0;
  let nextVirtual = FIRST_VIRTUAL;
  let ended = Promise.withResolvers<void>();

  /** One that was used is not used again soon: whoever still holds it must not come upon another object under it. */
  const unusedHandle = (): number => {
    do nextVirtual = nextVirtual === LAST_VIRTUAL ? FIRST_VIRTUAL : nextVirtual + 1;
    while (held.has(nextVirtual));
    return nextVirtual;
  };

  const run = async <H extends string, P, R>(command: TpmCommand<H, P, R>, entities: Readonly<Record<H, Entity>>, values: P): Promise<R> =>
    decodeResponse(command, await transmit(encodeCommand(command, entities, values, []), []), []);

  const remove = (item: Held): void => {
    held.delete(item.handle);
    if (item.kind !== 'session') return;
    ended.resolve();
    ended = Promise.withResolvers();
  };

  async function transmit(command: Uint8Array, inUse: readonly Held[]): Promise<Uint8Array> {
    for (let round = 0; ; round++) {
      const response = await send(command);
      if (round === MAX_ROUNDS) return response;
      const code = responseCodeOf(response);
      if (code === TPM_RC_CONTEXT_GAP) {
        if (!(await reloadOldestSession())) return response;
        continue;
      }
      const kinds = SHORT_OF[code];
      const longestUnused = kinds && oldest((item) => item.loaded !== undefined && kinds.includes(item.kind) && !inUse.includes(item));
      if (!longestUnused) return response;
      await swapOut(longestUnused);
    }
  }

  function oldest(matches: (item: Held) => boolean): Held | undefined {
    let found: Held | undefined;
    for (const item of held.values()) if (matches(item) && (!found || item.lastUse < found.lastUse)) found = item;
    return found;
  }

  async function swapOut(item: Held): Promise<void> {
    const { loaded } = item;
    if (loaded === undefined) return;
    item.context ??= (await run(ContextSave, { saveHandle: loaded }, {})).context; // which ends a session's stay by itself
    if (item.kind === 'object') await run(FlushContext, {}, { flushHandle: loaded });
    item.loaded = undefined;
  }

  async function load(item: Held, context: Uint8Array, inUse: readonly Held[]): Promise<void> {
    const response = await transmit(encodeCommand(ContextLoad, {}, { context }, []), inUse);
    item.loaded = decodeResponse(ContextLoad, response, []).loadedHandle;
    if (item.kind === 'session') item.context = undefined;
  }

  /** A TPM numbers the contexts of sessions and refuses to save more when the oldest would fall out of its count (Part 1, 30.5). */
  async function reloadOldestSession(): Promise<boolean> {
    const item = oldest(({ kind, context }) => kind === 'session' && context !== undefined);
    if (!item?.context) return false;
    const response = await send(encodeCommand(ContextLoad, {}, { context: item.context }, []));
    item.loaded = decodeResponse(ContextLoad, response, []).loadedHandle;
    item.context = undefined;
    item.lastUse = ++uses; // the next one to be put aside is another
    return true;
  }

  return {
    add(kind, loaded) {
      const item = { kind, handle: kind === 'object' ? unusedHandle() : loaded, loaded, context: undefined, lastUse: ++uses };
      held.set(item.handle, item);
      return item;
    },
    holds: (item) => held.get(item.handle) === item,
    async bringIn(item, inUse) {
      item.lastUse = ++uses;
      if (item.loaded === undefined && item.context) await load(item, item.context, inUse);
    },
    transmit,
    async flush(item) {
      const flushHandle = item.kind === 'session' ? item.handle : item.loaded;
      try {
        if (flushHandle !== undefined) await run(FlushContext, {}, { flushHandle });
      } finally {
        remove(item);
      }
    },
    saved(item, context) {
      item.loaded = undefined;
      item.context = context;
    },
    forget: remove,
    forgetAll() {
      for (const item of held.values()) remove(item);
    },
    sessionEnded: () => ended.promise,
  };
}
