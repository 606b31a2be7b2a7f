import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import { fileURLToPath } from 'node:url';
import { sha256 } from '@tea/protocol';
import type { TeeBundle } from '@tea/launcher/bundle';
import manifest from '../../package.json' with { type: 'json' };
import { KERNEL_SOURCE, type KernelTree } from './build-kernel.ts';
import type { ForeignFile } from './image-files.ts';

const LOCK = fileURLToPath(new URL('../../package-lock.json', import.meta.url));

export type Ingredients = {
  readonly kernel: Pick<KernelTree, 'version'>;
  readonly bundle: TeeBundle;
  readonly foreign: readonly ForeignFile[];
  readonly init: Uint8Array;
};

type Component = {
  readonly type: 'operating-system' | 'application' | 'library' | 'file';
  readonly name: string;
  readonly version: string;
  readonly purl?: string;
  readonly hashes?: readonly { readonly alg: 'SHA-256'; readonly content: string }[];
};

/**
 * What is in the image, derived from what was put in: CycloneDX 1.6 (ECMA-424), without serial number or time, so that the same image has the same bill.
 * Versions come from the lock file and from the package manager that owns each file.
 */
export async function billOfMaterials({ kernel, bundle, foreign, init }: Ingredients): Promise<string> {
  const hashes = (digest: Uint8Array) => [{ alg: 'SHA-256' as const, content: digest.toHex() }];
  const locked = lockedVersions(await readFile(LOCK, 'utf8'));
  const owned = await owners([KERNEL_SOURCE, ...foreign.map(({ from }) => from)]);
  const kernelPackage = owned.get(KERNEL_SOURCE);
  const components: Component[] = [
    { type: 'operating-system', name: 'linux', version: kernel.version, ...(kernelPackage && { purl: kernelPackage.purl }) },
    { type: 'file', name: 'init', version: manifest.version, hashes: hashes(sha256(init)) },
    { type: 'file', name: 'tea-runtime.mjs', version: manifest.version, hashes: hashes(bundle.sha256) },
    ...foreign.map(({ path, from, sha256: digest }): Component => {
      const known = owned.get(from);
      const version = known?.version ?? process.version;
      return {
        type: path.startsWith('bin/') ? 'application' : 'library',
        name: path,
        version,
        purl: known?.purl ?? nodePurl(),
        hashes: hashes(digest),
      };
    }),
    ...bundle.packages
      .filter((name) => !name.startsWith('@tea/'))
      .map((name): Component => {
        const version = locked.get(name) ?? 'unknown';
        return { type: 'library', name, version, purl: `pkg:npm/${name.replace('@', '%40')}@${version}` };
      }),
  ];
  const bill = {
    bomFormat: 'CycloneDX',
    specVersion: '1.6',
    version: 1,
    metadata: { component: { type: 'firmware', name: 'tea-image', version: manifest.version } },
    components,
  };
  return `${JSON.stringify(bill, null, 2)}\n`;
}

function nodePurl(): string {
  return `pkg:npm/node-linux-${process.arch}@${process.version.slice(1)}`;
}

type Owner = { readonly version: string; readonly purl: string };

/** The Debian package that installed each file, asked for all at once: files of nobody's are left out. */
async function owners(paths: readonly string[]): Promise<ReadonlyMap<string, Owner>> {
  // Where /lib is a link to /usr/lib, packages still name the former.
  const candidates = paths.flatMap((path) => [path, path.replace(/^\/usr(?=\/(lib|bin|sbin))/, '')]);
  const listed = await query(['-S', ...new Set(candidates)]);
  const packageOf = new Map(
    listed.flatMap((line) => [/^([^,\s]+): (\/.*)$/.exec(line)].flatMap((found) => (found ? [[found[2] ?? '', found[1] ?? '']] : []))),
  );
  const versions = await query(['-W', '-f', '- ${Package} ${Version} ${Architecture}\\n', ...new Set(packageOf.values())]);
  const known = new Map(
    versions.map((line): [string, Owner] => {
      const [, name = '', version = '', architecture = ''] = line.split(' ');
      return [name, { version, purl: `pkg:deb/debian/${name}@${encodeURIComponent(version)}?arch=${architecture}` }];
    }),
  );
  return new Map(
    paths.flatMap((path) => {
      const name = packageOf.get(path) ?? packageOf.get(path.replace(/^\/usr(?=\/(lib|bin|sbin))/, ''));
      const owner = name === undefined ? undefined : known.get(name.replace(/:.*/, ''));
      return owner === undefined ? [] : [[path, owner] as const];
    }),
  );
}

/** dpkg-query ends with 1 when it found only some, and prints those. */
async function query(args: readonly string[]): Promise<string[]> {
  const stdout = await promisify(execFile)('dpkg-query', [...args], { env: { PATH: process.env['PATH'], LC_ALL: 'C' } }).then(
    (ended) => ended.stdout,
    (error: { readonly stdout?: string }) => error.stdout ?? '',
  );
  return stdout.split('\n').filter((line) => line !== '');
}

/** Version of each package that stands at the top of node_modules. */
function lockedVersions(lock: string): ReadonlyMap<string, string> {
  const { packages } = JSON.parse(lock) as { readonly packages: Readonly<Record<string, { readonly version?: string }>> };
  return new Map(
    Object.entries(packages).flatMap(([path, { version }]) =>
      version === undefined ? [] : [[path.replace(/^.*node_modules\//, ''), version] as const],
    ),
  );
}
