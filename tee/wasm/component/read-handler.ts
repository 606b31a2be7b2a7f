import { type HandlingComponent, readHandling } from './read-handling.ts';

/** The world `tea:guest/handler` of tee/wit, as types. */
export const HOST_INSTANCE = 'tea:guest/host@0.1.0';
const HOST_TYPE = 'instance{ log: func(string); gas-left: func() -> u64; caller: func() -> list<u8> }';

/** What the host offers, with the types of the core functions that the canonical ABI makes of them (CanonicalABI.md, "flattening"). */
export const HOST_FUNCTIONS = { log: 'ii:', 'gas-left': ':I', caller: 'i:' } as const;
export type HostFunction = keyof typeof HOST_FUNCTIONS;

/** A component of the world, reduced to its one core module and the names by which the host meets it. */
export type Handler = Omit<HandlingComponent, 'imports'> & {
  /** `module\0name` of each import → the host's function that it is. */
  readonly imports: ReadonlyMap<string, HostFunction>;
};

/**
 * The core module inside a component of the world `tea:guest/handler`.
 * @throws Refusal naming what is not granted, or what the component has that handlers may not have
 */
export function readHandler(bytes: Uint8Array): Handler {
  const component = readHandling(bytes, { types: new Map([[HOST_INSTANCE, HOST_TYPE]]) }, ({ name }) =>
    isHostFunction(name) ? { needsRealloc: name === 'caller' } : null,
  );
  return { ...component, imports: new Map([...component.imports].flatMap(([key, { name }]) => (isHostFunction(name) ? [[key, name]] : []))) };
}

function isHostFunction(name: string): name is HostFunction {
  return Object.hasOwn(HOST_FUNCTIONS, name);
}
