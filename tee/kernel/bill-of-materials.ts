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
  const owners = await Promise.all(foreign.map(({ from }) => owner(from)));
  const components: Component[] = [
    { type: 'operating-system', name: 'linux', version: kernel.version, ...(await debian(KERNEL_SOURCE)) },
    { type: 'file', name: 'init', version: manifest.version, hashes: hashes(sha256(init)) },
    { type: 'file', name: 'tea-runtime.mjs', version: manifest.version, hashes: hashes(bundle.sha256) },
    ...foreign.map(({ path, sha256: digest }, place): Component => {
      const known = owners[place];
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

async function debian(path: string): Promise<{ readonly purl?: string }> {
  const known = await owner(path);
  return known === undefined ? {} : { purl: known.purl };
}

/** The Debian package that installed a file; undefined for files of nobody's. */
async function owner(path: string): Promise<{ readonly version: string; readonly purl: string } | undefined> {
  const run = promisify(execFile);
  for (const candidate of [path, path.replace(/^\/usr(?=\/(lib|bin|sbin))/, '')]) {
    const found = await run('dpkg-query', ['-S', candidate]).catch(() => undefined);
    const name = found?.stdout.split('\n', 1)[0]?.split(': ', 1)[0];
    if (name === undefined) continue;
    const { stdout } = await run('dpkg-query', ['-W', '-f', '${Package} ${Version} ${Architecture}', name]);
    const [aptPackage, version = 'unknown', architecture] = stdout.split(' ');
    return { version, purl: `pkg:deb/debian/${aptPackage}@${encodeURIComponent(version)}?arch=${architecture}` };
  }
  return undefined;
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
