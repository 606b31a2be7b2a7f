import { GAS, BOUNDS } from '../gas-schedule.ts';
import { checkImports } from '../check-imports.ts';
import { instrument } from '../instrument.ts';
import { type ActorGrant, actorFunction, coreType, readActor, refusalOf } from './actor-world.ts';

/** What bounds an actor. A turn is the handling of one event. */
export type ActorLimits = {
  readonly memoryBytes: number;
  readonly gasPerTurn: bigint;
  readonly wishesPerTurn: number;
  /** Of all wishes of a turn together. */
  readonly wishBytesPerTurn: number;
};

export const ACTOR_LIMITS: ActorLimits = {
  memoryBytes: 128 * 1024 * 1024,
  gasPerTurn: 4_000_000_000n,
  wishesPerTurn: 1_024,
  wishBytesPerTurn: 4 * 1024 * 1024,
};

/** One call of a function that returns nothing, as `net.ping`: its numbers in order, and its string or list. */
export type Wish = { readonly name: string; readonly numbers: readonly number[]; readonly bytes: Uint8Array };

export type Turn =
  | { readonly kind: 'handled'; readonly gasUsed: bigint; readonly wishes: readonly Wish[]; readonly error: string | null }
  /** Its memory is in no state to go on with. */
  | { readonly kind: 'ended'; readonly gasUsed: bigint; readonly outcome: 'trap' | 'outOfGas' | 'tooManyWishes'; readonly explanation: string };

export type LoadedActor = { readonly kind: 'loaded'; turn(event: string, input: Uint8Array, nowMs: number): Turn };
export type ActorRefusal = { readonly kind: 'refused'; readonly explanation: string };

class ActorEnd extends Error {
  readonly outcome: 'trap' | 'tooManyWishes';
  constructor(outcome: 'trap' | 'tooManyWishes', explanation: string) {
    super(explanation);
    this.outcome = outcome;
  }
}

/**
 * Validates, meters and instantiates a component of the world `tea:actor/actor`. Unlike a guest it lives on from turn to turn; each has its own gas.
 * @param random a u32
 * @returns a refusal, as a value, that names the grant which an import lacks
 */
export function loadActor(
  component: Uint8Array,
  grants: readonly ActorGrant[],
  limits: ActorLimits,
  random: () => number,
): LoadedActor | ActorRefusal {
  const refused = (explanation: string): ActorRefusal => ({ kind: 'refused', explanation });
  try {
    return load(component, grants, limits, random);
  } catch (error) {
    const refusal = refusalOf(error);
    if (refusal !== null) return refused(refusal.message);
    throw error;
  }
}

function load(component: Uint8Array, grants: readonly ActorGrant[], limits: ActorLimits, random: () => number): LoadedActor | ActorRefusal {
  const { module, layout, imports, exports: names } = readActor(component, grants);
  const metered = instrument(module, limits.memoryBytes);
  if (!metered.ok) return { kind: 'refused', explanation: metered.explanation };
  const functionOf = (from: string, name: string) => {
    const found = imports.get(`${from}\0${name}`);
    return found && actorFunction(found.instance, found.name);
  };
  const entries = [
    { name: names.handle, type: 'iiii:i' },
    { name: names.realloc, type: 'iiii:i' },
    ...(names.postReturn === null ? [] : [{ name: names.postReturn, type: 'i:' }]),
    ...(names.initialize === null ? [] : [{ name: names.initialize, type: ':' }]),
  ];
  const refusal = checkImports(layout, {
    typeOf(from, name) {
      const found = functionOf(from, name);
      return found ? coreType(found) : null;
    },
    described: ['host', ...grants].join(', '),
    entries,
  });
  if (refusal !== null) return { kind: 'refused', explanation: refusal.explanation };
  if (!WebAssembly.validate(metered.bytes)) return { kind: 'refused', explanation: 'The module cannot be metered: it is at a limit of the engine' };

  let mayLeave = false;
  let nowMs = 0;
  let wishes: Wish[] = [];
  let wishBytes = 0;
  const linked: Record<string, Record<string, (...params: (number | bigint)[]) => unknown>> = {};
  for (const [key, { instance: from, name }] of imports) {
    const [module_ = '', as = ''] = key.split('\0');
    const signature = actorFunction(from, name);
    if (signature === null) continue;
    const full = `${from.slice('tea:actor/'.length, from.indexOf('@'))}.${name}`;
    (linked[module_] ??= {})[as] = (...params) => {
      if (!mayLeave) throw new ActorEnd('trap', 'The program called the host where a component may not');
      charge(GAS.hostCall);
      if (full === 'host.now') return BigInt(nowMs);
      if (signature.result !== undefined) return random();
      const numbers: number[] = [];
      let bytes = new Uint8Array(0);
      let place = 0;
      for (const parameter of signature.parameters) {
        const first = Number(params[place++]) >>> 0;
        if (parameter === 'u32') numbers.push(first);
        else bytes = copied(first, Number(params[place++]) >>> 0);
      }
      wishBytes += bytes.length;
      charge(bytes.length >>> GAS.hostBytesShift);
      if (wishes.length >= limits.wishesPerTurn || wishBytes > limits.wishBytesPerTurn)
        throw new ActorEnd(
          'tooManyWishes',
          `The program asked for more than ${limits.wishesPerTurn} things in one turn, or ${limits.wishBytesPerTurn} bytes`,
        );
      wishes.push({ name: full, numbers, bytes });
      return undefined;
    };
  }
  const instance = new WebAssembly.Instance(new WebAssembly.Module(metered.bytes), linked);
  const gas = instance.exports[metered.exports.gas] as unknown as WebAssembly.Global<'i64'>;
  const depth = instance.exports[metered.exports.depth] as WebAssembly.Global;
  const memory = instance.exports[metered.exports.memory] as WebAssembly.Memory | undefined;
  const call = (name: string, ...params: number[]): number => {
    const entry = instance.exports[name];
    return typeof entry === 'function' ? Number((entry as (...given: number[]) => unknown)(...params) ?? 0) >>> 0 : 0;
  };
  function charge(units: number): void {
    gas.value -= BigInt(units);
    if (gas.value < 0n) throw new ActorEnd('trap', 'out of gas');
  }
  function view(pointer: number, length: number): Uint8Array<ArrayBuffer> {
    if (memory === undefined || pointer + length > memory.buffer.byteLength)
      throw new ActorEnd('trap', 'The program names bytes outside of its memory');
    return new Uint8Array(memory.buffer, pointer, length);
  }
  const copied = (pointer: number, length: number): Uint8Array<ArrayBuffer> => view(pointer, length).slice();
  function copyIn(bytes: Uint8Array): readonly [number, number] {
    charge(GAS.hostCall + (bytes.length >>> GAS.hostBytesShift));
    const pointer = call(names.realloc, 0, 0, 1, bytes.length);
    view(pointer, bytes.length).set(bytes);
    return [pointer, bytes.length];
  }
  function handle(event: string, input: Uint8Array): string | null {
    const params = [...copyIn(new TextEncoder().encode(event)), ...copyIn(input)];
    mayLeave = true;
    const result = call(names.handle, ...params);
    mayLeave = false;
    const head = new DataView(copied(result, 12).buffer);
    const failed = head.getUint8(0);
    if (failed > 1) throw new ActorEnd('trap', 'The program returns neither an answer nor an error');
    const error = failed === 1 ? new TextDecoder().decode(copied(head.getUint32(4, true), Math.min(head.getUint32(8, true), MAX_ERROR_BYTES))) : null;
    if (names.postReturn !== null) call(names.postReturn, result);
    return error;
  }
  function bounded(work: () => string | null): Turn {
    [wishes, wishBytes, mayLeave] = [[], 0, false];
    gas.value = limits.gasPerTurn;
    depth.value = BOUNDS.callStackSlots;
    const gasUsed = (): bigint => (gas.value < 0n ? limits.gasPerTurn : limits.gasPerTurn - gas.value);
    try {
      const error = work();
      if (gas.value >= 0n) return { kind: 'handled', gasUsed: gasUsed(), wishes, error };
    } catch (thrown) {
      const known = thrown instanceof ActorEnd || thrown instanceof WebAssembly.RuntimeError || thrown instanceof RangeError;
      if (!known) throw thrown;
      const outcome = thrown instanceof ActorEnd ? thrown.outcome : 'trap';
      if (gas.value >= 0n) return { kind: 'ended', gasUsed: gasUsed(), outcome, explanation: thrown.message };
    }
    return {
      kind: 'ended',
      gasUsed: gasUsed(),
      outcome: 'outOfGas',
      explanation: `The program needs more than the ${limits.gasPerTurn} gas of a turn`,
    };
  }

  const begun = bounded(() => {
    if (layout.start !== null) call(metered.exports.start);
    if (names.initialize !== null) call(names.initialize);
    return null;
  });
  if (begun.kind === 'ended') return { kind: 'refused', explanation: `The program ends before its first event: ${begun.explanation}` };
  return {
    kind: 'loaded',
    turn(event, input, now) {
      nowMs = now;
      return bounded(() => handle(event, input));
    },
  };
}

const MAX_ERROR_BYTES = 4_096;
