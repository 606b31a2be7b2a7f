import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build, stop } from 'esbuild';
import { equalBytes, sha256, signActorManifest, TeaError } from '@tea/protocol';
import { runProcess } from '@tea/platform';
import { wrapActor } from '@tea/wasm/actor-shell';
import { BUILT, readBuilt, sourcesDigest, SYSTEM_ACTORS, WIT } from './actor-build/built-actors.ts';
import { developmentSigningKey } from './actor-build/development-key.ts';
import { steadyEngine } from './actor-build/engine.ts';
import { flatten } from './actor-build/flatten.ts';
import { openComponentizer } from './actor-build/tools.ts';

const ACTORS = fileURLToPath(new URL('../actors', import.meta.url));

/**
 * `node tee/launcher/build-actors.ts`: builds the system actors to tee/actors/built, the same bytes each time; with `--check`, builds them and compares
 * with what is there. TypeScript → one script → QuickJS component → one core module → component.
 */
await runProcess('build actors', async () => {
  const { componentize, binding } = await openComponentizer();
  const engine = await steadyEngine(binding);
  for (const { name, version, grants } of SYSTEM_ACTORS) {
    const { component } = await componentize({ witPath: WIT, world: name, jsSource: await scriptOf(name), stubWasi: true, runtimeBytes: engine });
    const built = wrapActor(await flatten(component));
    if (process.argv.includes('--check')) {
      const kept = await readBuilt(name);
      if (!equalBytes(kept.component, built))
        throw new TeaError('conflict', `${name} builds to something else`, {
          expected: kept.record.component,
          actual: sha256(built).toHex(),
          next: 'build it without --check, look at what changed, and commit it',
        });
    } else {
      await mkdir(BUILT, { recursive: true });
      await writeFile(join(BUILT, `${name}.wasm`), built);
      const manifest = await signActorManifest({ name, version, component: sha256(built), grants }, await developmentSigningKey());
      const record = { sources: (await sourcesDigest(name)).toHex(), component: sha256(built).toHex(), manifest: manifest.toBase64() };
      await writeFile(join(BUILT, `${name}.json`), `${JSON.stringify(record, null, 2)}\n`);
    }
    process.stdout.write(`${name}: ${built.length} bytes, SHA-256 ${sha256(built).toHex()}\n`);
  }
});

async function scriptOf(name: string): Promise<string> {
  const { outputFiles } = await build({
    absWorkingDir: ACTORS,
    entryPoints: [`${name}/actor.ts`],
    bundle: true,
    write: false,
    format: 'esm',
    target: 'es2023',
    external: ['tea:actor/*'],
    logLevel: 'silent',
  });
  await stop();
  return outputFiles[0]?.text ?? '';
}
