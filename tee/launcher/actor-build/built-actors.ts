import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import * as v from 'valibot';
import { type ActorGrant, encodeCbor, sha256 } from '@tea/protocol';
import { COMPONENTIZER } from './tools.ts';

const TEE = fileURLToPath(new URL('../..', import.meta.url));
export const BUILT = join(TEE, 'actors/built');
export const WIT = join(TEE, 'wit/actor');

/** The system actors there are, and what each is granted. */
export const SYSTEM_ACTORS: readonly { readonly name: string; readonly version: string; readonly grants: readonly ActorGrant[] }[] = [
  { name: 'active-nodes', version: '1', grants: ['layer1', 'net', 'tpm'] },
];

const digest = v.pipe(v.string(), v.regex(/^[0-9a-f]{64}$/));
/** What lies beside a built component: what it was built from, what it is, and its manifest by the development key. */
export const builtRecord = v.strictObject({ sources: digest, component: digest, manifest: v.pipe(v.string(), v.base64()) });

/** Changes with whatever could change the component: the actor, its world, the steps of the build. */
export async function sourcesDigest(name: string): Promise<Uint8Array> {
  const folders = [`actors/${name}`, 'wit/actor', 'launcher/actor-build'];
  const files: Record<string, Uint8Array> = {};
  for (const folder of folders) {
    for (const file of await readdir(join(TEE, folder))) {
      if (/(?<!\.test)\.(ts|wit)$/.test(file)) files[`${folder}/${file}`] = sha256(await readFile(join(TEE, folder, file)));
    }
  }
  files['wasm/actor/actor-shell.ts'] = sha256(await readFile(join(TEE, 'wasm/actor/actor-shell.ts')));
  return sha256(encodeCbor({ tool: COMPONENTIZER, files }));
}

export async function readBuilt(name: string): Promise<{ readonly component: Uint8Array; readonly record: v.InferOutput<typeof builtRecord> }> {
  const [component, record] = await Promise.all([readFile(join(BUILT, `${name}.wasm`)), readFile(join(BUILT, `${name}.json`), 'utf8')]);
  return { component: new Uint8Array(component), record: v.parse(builtRecord, JSON.parse(record)) };
}
