import type { ActorGrant as ProtocolGrant } from '@tea/protocol';
import { type HandlingComponent, readHandling } from '../component/read-handling.ts';
import { Refusal } from '../refusal.ts';

/** What a manifest can grant, as `@tea/protocol` has it: one interface of `tee/wit/actor` each. Inside the sandbox there is nothing but Node's own modules. */
export const ACTOR_GRANTS = ['tpm', 'layer1', 'ipfs', 'net'] as const satisfies readonly ProtocolGrant[];
export type ActorGrant = (typeof ACTOR_GRANTS)[number];

type Parameter = 'u32' | 'string' | 'list<u8>';
export type ActorFunction = { readonly parameters: readonly Parameter[]; readonly result?: 'u32' | 'u64' };

/** The world `tea:actor/actor` of tee/wit. What returns nothing is a wish, which the host grants once the event is handled. */
export const ACTOR_INTERFACES = {
  host: {
    log: { parameters: ['string'] },
    now: { parameters: [], result: 'u64' },
    random: { parameters: [], result: 'u32' },
    answer: { parameters: ['u32', 'list<u8>'] },
    refuse: { parameters: ['u32', 'string'] },
    wake: { parameters: ['u32'] },
  },
  layer1: { 'active-nodes': { parameters: ['u32'] } },
  net: { ping: { parameters: ['u32', 'list<u8>'] } },
  tpm: { 'sign-active-list': { parameters: ['u32', 'u32', 'u32', 'list<u8>'] } },
  ipfs: { read: { parameters: ['u32', 'string'] } },
} as const satisfies Record<'host' | ActorGrant, Record<string, ActorFunction>>;
type InterfaceName = keyof typeof ACTOR_INTERFACES;

export const instanceName = (name: string): string => `tea:actor/${name}@0.1.0`;

export function actorFunction(instance: string, name: string): ActorFunction | null {
  const functions: Readonly<Record<string, ActorFunction>> | undefined = interfaces.get(instance);
  return functions && Object.hasOwn(functions, name) ? (functions[name] ?? null) : null;
}
const interfaces = new Map<string, Readonly<Record<string, ActorFunction>>>(
  Object.entries(ACTOR_INTERFACES).map(([name, functions]) => [instanceName(name), functions]),
);

/** As `component/component-types.ts` writes it. */
export function instanceType(name: InterfaceName): string {
  const functions: Readonly<Record<string, ActorFunction>> = ACTOR_INTERFACES[name];
  const members = Object.entries(functions).map(
    ([called, { parameters, result }]) => `${called}: func(${parameters.join(', ')})${result === undefined ? '' : ` -> ${result}`}`,
  );
  return `instance{ ${members.join('; ')} }`;
}

/** Type of the core function that the canonical ABI makes of it, with the letters of `opcodes.ts`. */
export function coreType({ parameters, result }: ActorFunction): string {
  return `${parameters.map((parameter) => (parameter === 'u32' ? 'i' : 'ii')).join('')}:${result === undefined ? '' : result === 'u32' ? 'i' : 'I'}`;
}

/**
 * The core module inside a component of a world that imports no more than `host` and what is granted.
 * @throws Refusal naming the grant that an import lacks
 */
export function readActor(bytes: Uint8Array, grants: readonly ActorGrant[]): HandlingComponent {
  const offered: readonly InterfaceName[] = ['host', ...grants];
  return readHandling(
    bytes,
    {
      types: new Map(offered.map((name) => [instanceName(name), instanceType(name)])),
      whyNot(name) {
        const lacking = ACTOR_GRANTS.find((grant) => instanceName(grant) === name);
        const held = grants.length === 0 ? 'none' : grants.join(', ');
        return lacking === undefined ? null : `for which it lacks the grant ${lacking}; its manifest grants ${held}`;
      },
    },
    ({ instance, name }) => (actorFunction(instance, name) === null ? null : { needsRealloc: false }),
  );
}

/** Whether a refusal, or a fault of ours. */
export function refusalOf(error: unknown): Refusal | null {
  return error instanceof Refusal ? error : null;
}
