import { DEVELOPMENT_ACTOR_KEY, isTeaError, openActorManifest, TeaError } from '@tea/protocol';
import type { ActorProvider } from '@tea/providers';
import { type ActorProcessOptions, startActor } from '@tea/wasm';
import { type ActorSupervisor, type ActorVersion, superviseActor, type SupervisorParts } from './actor-supervisor.ts';
import type { ModuleLog } from './module-log.ts';

/** What the bundle brings, measured with it: components, and their manifests by the development key. */
export type BundledActor = { readonly name: string; readonly component: string; readonly manifest: string };

export type SystemActorsParts = Pick<SupervisorParts, 'after' | 'log'> & {
  readonly bundled: readonly BundledActor[];
  /** COSE_Sign1 from the starter: for an image with a release key, which signed them. */
  readonly manifests: readonly Uint8Array[];
  /** Of the image; without one the development key counts. */
  readonly releaseKey: Uint8Array | null;
  readonly providers: ReadonlyMap<string, ActorProvider>;
  readonly modules: Pick<ModuleLog, 'measure'>;
  /** How its sandbox is started: from the bundle's own runner. */
  readonly runner: Pick<ActorProcessOptions, 'runnerSource'>;
  readonly nowMs: () => number;
  readonly signal: AbortSignal;
};

/** It starts when it is first asked for, or after so long: a TEE that just began has more urgent things to do. */
const START_AFTER_MS = 10_000;

/** One actor of the bundle, from its manifest on: signature, grants, measurement, sandbox. Its state it makes anew from layer 1 each time. */
export type SystemActor = AsyncDisposable & {
  /** @throws TeaError as `ActorSupervisor.request`, and what its load throws: then it is tried again with the next request */
  request(bytes: Uint8Array): Promise<Uint8Array>;
  /** Goes on with another version of it, without dropping a request. @throws TeaError `refused`: signature, name, component, grants */
  upgrade(component: Uint8Array, manifest: Uint8Array): Promise<void>;
};

export function openSystemActor(name: string, parts: SystemActorsParts): SystemActor {
  const key = parts.releaseKey ?? DEVELOPMENT_ACTOR_KEY;
  let starting: Promise<ActorSupervisor> | null = null;

  /** The manifest is checked at once; the module is measured before each of its loads, whatever becomes of them. */
  async function versionOf(component: Uint8Array, signed: Uint8Array): Promise<ActorVersion> {
    const manifest = await openActorManifest(signed, { key, name, component });
    return {
      version: manifest.version,
      granted: new Set<string>(manifest.grants),
      start: async () => {
        await parts.modules.measure({ contentType: 'tea.actor', content: { name, version: manifest.version, sha256: manifest.component } });
        return startActor(component, manifest.grants, { ...parts.runner, nowMs: parts.nowMs });
      },
    };
  }

  async function startFirst(): Promise<ActorSupervisor> {
    const bundled = parts.bundled.find((each) => each.name === name);
    if (bundled === undefined) throw new TeaError('notFound', `This image has no actor ${name}`);
    const component = Uint8Array.fromBase64(bundled.component);
    const signed = await manifestFor(component, [
      ...parts.manifests,
      ...(parts.releaseKey === null ? [Uint8Array.fromBase64(bundled.manifest)] : []),
    ]);
    const supervisor = await superviseActor(await versionOf(component, signed), { name, ...parts });
    if (parts.releaseKey === null) parts.log(`actor ${name}: its manifest is signed by the development key, which everybody has`);
    return supervisor;
  }

  async function manifestFor(component: Uint8Array, manifests: readonly Uint8Array[]): Promise<Uint8Array> {
    let refusal: unknown = new TeaError('refused', `There is no manifest of the actor ${name}`, {
      expected: 'one that the release key of this image signed',
      actual: 'none',
      next: 'start the TEE with the manifests of this release',
    });
    for (const signed of manifests) {
      const opened = await openActorManifest(signed, { key, name, component }).catch((error: unknown) => error);
      if (!isTeaError(opened)) return signed;
      refusal = opened;
    }
    throw refusal;
  }

  const started = (): Promise<ActorSupervisor> => {
    if (parts.signal.aborted) return Promise.reject(new TeaError('cancelled', 'This TEE is stopping'));
    starting ??= startFirst().catch((error: unknown) => {
      starting = null;
      throw error;
    });
    return starting;
  };
  parts.after(START_AFTER_MS, () => void started().catch((error: unknown) => parts.log(`actor ${name} could not be started`, error)), parts.signal);
  return {
    request: async (bytes) => (await started()).request(bytes),
    upgrade: async (component, manifest) => (await started()).upgrade(await versionOf(component, manifest)),
    [Symbol.asyncDispose]: async () => {
      const supervisor = await starting?.catch(() => null);
      await supervisor?.[Symbol.asyncDispose]();
    },
  };
}
