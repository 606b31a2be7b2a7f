import { build, stop } from 'esbuild';
import { fileURLToPath } from 'node:url';
import { sha256, TeaError, type ImageReleaseIdentity } from '@tea/protocol';
import { readBuilt, SYSTEM_ACTORS } from './actor-build/built-actors.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

/** The TEE's software in one file: what is measured, and all that runs in the TEE besides Node itself. */
export type TeeBundle = {
  readonly source: Uint8Array;
  readonly sha256: Uint8Array;
  /** npm packages inside, sorted */ readonly packages: readonly string[];
};

/**
 * Bundles tee/runtime with its guest runner, and the thread that starts it, inside. The bytes depend on the sources and the lock file only, not on the folder or the
 * time, so that whoever has the same checkout computes the same digest.
 * @param release becomes part of the bundle: whoever measures it has measured which key may approve its successors
 */
export async function bundleTee(release?: ImageReleaseIdentity): Promise<TeeBundle> {
  const runner = await bundle('tee/wasm/guest-runner.ts', {});
  const thread = await bundle('tee/wasm/guest-thread-worker.ts', {}, 'cjs'); // what a thread takes from memory is a script, not a module
  const text = ({ source }: { readonly source: Uint8Array }): string => JSON.stringify(new TextDecoder().decode(source));
  const actorRunner = await bundle('tee/wasm/actor-runner.ts', {});
  const actors = await Promise.all(
    SYSTEM_ACTORS.map(async ({ name }) => {
      const { component, record } = await readBuilt(name);
      return { name, component: component.toBase64(), manifest: record.manifest };
    }),
  );
  const runtime = await bundle('tee/runtime/main.ts', {
    TEA_ACTOR_RUNNER_SOURCE: JSON.stringify(new TextDecoder().decode(actorRunner.source)),
    TEA_SYSTEM_ACTORS: JSON.stringify(actors),
    TEA_GUEST_RUNNER_SOURCE: text(runner),
    TEA_GUEST_THREAD_SOURCE: text(thread),
    TEA_IMAGE_RELEASE: JSON.stringify(release ? { key: release.key.toHex(), issue: release.issue } : null),
  });
  await stop(); // its service would stay for as long as this process
  const packages = [...new Set([...runner.inputs, ...actorRunner.inputs, ...thread.inputs, ...runtime.inputs].flatMap(packageOf))].sort();
  return { source: runtime.source, sha256: sha256(runtime.source), packages };
}

async function bundle(
  entry: string,
  define: Record<string, string>,
  format: 'esm' | 'cjs' = 'esm',
): Promise<{ source: Uint8Array; inputs: string[] }> {
  const { outputFiles, metafile } = await build({
    absWorkingDir: ROOT,
    entryPoints: [entry],
    bundle: true,
    write: false,
    metafile: true,
    platform: 'node',
    format,
    target: 'node26',
    minify: true,
    legalComments: 'none',
    logLevel: 'silent',
    define,
    // CommonJS packages inside an ES module ask for Node's own modules by `require`.
    ...(format === 'esm' && { banner: { js: "import{createRequire}from'node:module';const require=createRequire(import.meta.url);" } }),
  });
  const [output] = outputFiles;
  if (output === undefined) throw new TeaError('internal', `Bundling ${entry} gave no file`);
  // Only what has bytes in the result: the rest was looked at and left out.
  const inputs = Object.values(metafile.outputs).flatMap((made) =>
    Object.entries(made.inputs).flatMap(([path, { bytesInOutput }]) => (bytesInOutput > 0 ? [path] : [])),
  );
  return { source: output.contents, inputs };
}

function packageOf(input: string): string[] {
  const match = /.*node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(input);
  return match?.[1] === undefined ? [] : [match[1]];
}
