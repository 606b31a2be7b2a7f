import type { ModuleLayout } from '../module-layout.ts';
import { Refusal, refuse } from '../refusal.ts';
import { type CanonOptions, type Component, type CoreExport, type GrantedInstances, readComponent, SORT } from './read-component.ts';
import { readWiring } from './wiring.ts';

/** What guests and actors alike export: one function in, bytes or an error out. */
const HANDLE_TYPE = 'func(string, list<u8>) -> result<list<u8>, string>';

/** A function of a granted instance. */
export type HostImport = { readonly instance: string; readonly name: string };

/** A component that exports `handle`, reduced to its one core module and the names by which the host meets it. */
export type HandlingComponent = {
  readonly module: Uint8Array;
  readonly layout: ModuleLayout;
  /** `module\0name` of each import → the host's function that it is. */
  readonly imports: ReadonlyMap<string, HostImport>;
  readonly exports: {
    readonly handle: string;
    readonly realloc: string;
    readonly postReturn: string | null;
    /** To be called before anything else. */
    readonly initialize: string | null;
  };
};

/**
 * The core module inside a component of a world that exports `handle`.
 * @param host null for what the granted instance has not; `needsRealloc` for what returns a list or string
 * @throws Refusal naming what is not granted, or what the component has that it may not have
 */
export function readHandling(
  bytes: Uint8Array,
  granted: GrantedInstances,
  host: (called: HostImport) => { readonly needsRealloc: boolean } | null,
): HandlingComponent {
  const component = readComponent(bytes, granted);
  const wiring = readWiring(component);
  const { layout } = wiring;
  const own = (found: CoreExport | { readonly kind: 'lowered' } | undefined, kind: number, what: string): string => {
    if (found?.kind !== 'export' || found.instance !== wiring.program) return refuse(`The component's ${what} is not its program's`);
    return layout.exports.get(found.name)?.kind === kind ? found.name : refuse(`The component's ${what} is not exported by its program`);
  };
  const checkMemory = ({ memory }: CanonOptions): void => {
    if (memory !== null) own(component.coreMemories[memory], 2, 'memory');
  };
  const exportedFunction = (index: number | null, what: string): string | null =>
    index === null ? null : own(component.coreFunctions[index], 0, what);

  const lifted = liftedHandle(component);
  if (lifted.options.memory === null) refuse('The component lifts handle without a memory');
  checkMemory(lifted.options);
  const reallocs = new Set([exportedFunction(lifted.options.realloc, 'realloc') ?? refuse('The component lifts handle without a realloc')]);

  const imports = new Map<string, HostImport>();
  for (const { module, name } of layout.imports) {
    const item = wiring.argument(wiring.program, module, name);
    const lowered = item?.sort === SORT.coreFunc ? component.coreFunctions[item.index] : undefined;
    const called = lowered?.kind === 'lowered' ? component.functions[lowered.func] : undefined;
    const offered = called?.kind === 'imported' ? host(called) : null;
    if (lowered?.kind !== 'lowered' || called?.kind !== 'imported' || offered === null) {
      throw new Refusal('refusedImport', `The component's program imports ${printable(`${module}.${name}`)}, which is nothing that the host grants`);
    }
    checkMemory(lowered.options);
    const realloc = exportedFunction(lowered.options.realloc, 'realloc');
    if (realloc !== null) reallocs.add(realloc);
    if (offered.needsRealloc && realloc === null) refuse(`The component lowers ${called.name} without a realloc`);
    imports.set(`${module}\0${name}`, { instance: called.instance, name: called.name });
  }
  const [realloc = '', another] = reallocs;
  if (another !== undefined) refuse('The component has several reallocs, which handlers may not');
  return {
    module: layout.bytes,
    layout,
    imports,
    exports: {
      handle: exportedFunction(lifted.core, 'handle') ?? '',
      realloc,
      postReturn: exportedFunction(lifted.options.postReturn, 'post-return'),
      initialize: wiring.initialize,
    },
  };
}

function liftedHandle({ exports, functions }: Component): { readonly core: number; readonly options: CanonOptions } {
  const exported = exports.get('handle');
  const handle = exported?.sort === SORT.func ? functions[exported.index] : undefined;
  if (handle?.kind !== 'lifted') return refuse(`The component has no entry: it must export handle: ${HANDLE_TYPE}`);
  if (handle.type !== HANDLE_TYPE) return refuse(`The component exports handle as ${printable(handle.type)}, and not as ${HANDLE_TYPE}`);
  return handle;
}

function printable(text: string): string {
  return text.replace(/[^\x20-\x7e]/g, '?').slice(0, 120);
}
