import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { requireTool } from '@tea/platform';
import { sha256, type ImageReleaseIdentity } from '@tea/protocol';
import { bundleTee } from '@tea/launcher/bundle';
import { billOfMaterials } from './bill-of-materials.ts';
import { type KernelTree, openKernelTree, runTool } from './build-kernel.ts';
import { writeCpio } from './cpio.ts';
import { foreignFiles, imageEntries } from './image-files.ts';

const INIT_SOURCE = fileURLToPath(new URL('init.c', import.meta.url));

export type Image = {
  /** The EFI binary: kernel, command line, and all programs and files of the machine. */
  readonly efi: Uint8Array;
  readonly sha256: Uint8Array;
  /** CycloneDX 1.6, JSON. */
  readonly billOfMaterials: string;
};

export type BuildImageOptions = {
  readonly cacheDir?: string;
  readonly release?: ImageReleaseIdentity | undefined;
  readonly say: (words: string) => void;
  readonly signal?: AbortSignal | undefined;
};

/** `~/.cache/tea/image`, or where XDG_CACHE_HOME says. */
export function imageCache(cacheHome: string = process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache')): string {
  return join(cacheHome, 'tea/image');
}

/**
 * Builds the image of this checkout. The same sources, lock file, packages of the system and compiler give the same bytes, in any folder, at any time.
 * Kept by the digest of what went in; a change of TypeScript links the kernel again and compiles nothing.
 */
export async function buildImage({ cacheDir = imageCache(), release, say, signal }: BuildImageOptions): Promise<Image> {
  await mkdir(cacheDir, { recursive: true });
  const [kernel, bundle, foreign] = await Promise.all([openKernelTree({ cacheDir, say, signal }), bundleTee(release), foreignFiles()]);
  const init = await compileInit(kernel, cacheDir, signal);
  const archive = writeCpio(imageEntries(foreign, { init, bundle: bundle.source }));
  const bill = await billOfMaterials({ kernel, bundle, foreign, init });
  const kept = join(cacheDir, `${sha256(kernel.inputs, sha256(archive)).toHex().slice(0, 32)}.efi`);
  const known = await readFile(kept).catch(() => undefined);
  if (known !== undefined) return { efi: new Uint8Array(known), sha256: sha256(known), billOfMaterials: bill };
  say('building the image');
  const efi = await kernel.build(archive);
  const draft = `${kept}.${crypto.randomUUID()}`;
  await writeFile(draft, efi);
  await rename(draft, kept);
  return { efi, sha256: sha256(efi), billOfMaterials: bill };
}

/** Static, and without a C library: the kernel's own nolibc is all that is linked. */
async function compileInit({ sourceDir }: KernelTree, cacheDir: string, signal: AbortSignal | undefined): Promise<Uint8Array> {
  const out = join(cacheDir, `init.${crypto.randomUUID()}`);
  const flags = [
    '-Os',
    '-static',
    '-nostdlib',
    '-fno-stack-protector',
    '-fno-asynchronous-unwind-tables',
    '-Wall',
    '-Wextra',
    '-Werror',
    '-s',
    '-Wl,--build-id=none',
  ];
  const args = [...flags, '-include', join(sourceDir, 'tools/include/nolibc/nolibc.h'), '-o', out, INIT_SOURCE, '-lgcc'];
  try {
    await runTool({ name: 'gcc', command: requireTool('gcc', 'gcc'), args, cwd: cacheDir, env: { LC_ALL: 'C' }, signal });
    return new Uint8Array(await readFile(out));
  } finally {
    await rm(out, { force: true });
  }
}
