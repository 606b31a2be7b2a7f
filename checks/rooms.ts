/**
 * The import table: which room may import which. It is the design, read by a machine; `docs/ARCHITECTURE.md` shows the same to people.
 * Host, TEE and client share messages and nothing else, so none of them appears in another's row.
 */
export type Room = {
  /** Rooms whose public entry may be imported; a room always has itself. */
  readonly mayImport: readonly string[];
  /** What its tests may import besides: they start real parts. */
  readonly inTests?: readonly string[];
  /** Runs when somebody builds or checks, never in a network: its package's devDependencies are enough. */
  readonly buildsOnly?: true;
};

const TEE_PARTS = ['tee/tpm', 'tee/wasm', 'tee/providers'];
const HOST_PARTS = ['host/nats', 'host/ipfs', 'host/layer1/chain', 'host/layer1/gateway', 'host/web-adapter'];

export const ROOMS: Readonly<Record<string, Room>> = {
  protocol: { mayImport: ['host/layer1/descriptors'] }, // the ledger's calls and storage as types, generated from its runtime
  platform: { mayImport: ['protocol'] },
  attestation: { mayImport: ['protocol'], inTests: ['platform'] },

  'host/nats': { mayImport: ['protocol', 'platform'] },
  'host/ipfs': { mayImport: ['protocol', 'platform'], inTests: ['host/nats'] },
  'host/layer1': { mayImport: ['protocol', 'platform'], inTests: ['host/layer1/descriptors'], buildsOnly: true },
  'host/layer1/descriptors': { mayImport: [] },
  'host/layer1/chain': { mayImport: ['protocol', 'platform'], inTests: ['host/nats'] },
  'host/layer1/node': { mayImport: ['protocol', 'platform', 'host/layer1/chain'] },
  'host/layer1/gateway': { mayImport: ['protocol', 'platform'], inTests: ['host/nats', 'host/layer1/chain'] },
  'host/web-adapter': { mayImport: ['protocol'], inTests: ['platform', 'host/nats'] },
  'host/main': { mayImport: ['protocol', 'platform', ...HOST_PARTS] },

  'tee/tpm': { mayImport: ['protocol'], inTests: ['platform'] },
  'tee/wasm': { mayImport: ['protocol'], inTests: ['platform'] },
  'tee/providers': { mayImport: ['protocol', 'attestation', 'tee/tpm'], inTests: ['platform'] },
  // What an actor imports is the world it is written against (`tea:actor/…` of tee/wit), which is no package.
  'tee/actors': { mayImport: [] },
  // platform: the child's half only, since the runtime is a child process of whatever launched it
  'tee/runtime': { mayImport: ['protocol', 'platform', 'attestation', ...TEE_PARTS] },
  // The untrusted starter of process mode, which runs outside what it measures; and of a guest without a network, for its author.
  'tee/launcher': { mayImport: ['protocol', 'platform', 'tee/tpm', 'tee/wasm'] },

  // Builds the image and runs it in a virtual machine, outside of what that measures. What is in the image comes from tee/runtime, by the launcher's bundler.
  'tee/kernel': { mayImport: ['protocol', 'platform', 'tee/launcher'] },

  'client/sdk': { mayImport: ['protocol', 'attestation'] },
  'client/cli': { mayImport: ['protocol', 'platform', 'client/sdk'] },

  lab: { mayImport: ['*'], buildsOnly: true },
  checks: { mayImport: ['*'] },
  examples: { mayImport: [], inTests: ['platform'] },
};
