import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { access, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { fileURLToPath } from 'node:url';
import { describeExit, requireTool, spawnChild } from '@tea/platform';
import { sha256, TeaError } from '@tea/protocol';
import { readFragment, unmetOptions, writeFragment } from './kernel-config.ts';

export const KERNEL_SOURCE = '/usr/src/linux-source-6.1.tar.xz';
const ROOM = fileURLToPath(new URL('.', import.meta.url));
const FOLDER_IN_ARCHIVE = 'linux-source-6.1';

/** Whoever builds, wherever and whenever: nothing of that is in the bytes. */
const SAME_EVERYWHERE = {
  KBUILD_BUILD_TIMESTAMP: '1970-01-01',
  KBUILD_BUILD_USER: 'tea',
  KBUILD_BUILD_HOST: 'tea',
  KBUILD_BUILD_VERSION: '1',
  LC_ALL: 'C',
  TZ: 'UTC',
  SOURCE_DATE_EPOCH: '0',
} as const;

/**
 * Kconfig offers INITRAMFS_FORCE ("ignore the initramfs passed by the bootloader") only to architectures that force their command line by another
 * name; the code is the same for all (init/initramfs.c, do_populate_rootfs). Without it, an initrd handed over by firmware would be unpacked over ours.
 */
const KERNEL_FLAGS = '-DCONFIG_INITRAMFS_FORCE=1';

export type KernelParts = {
  /** A folder that outlives builds. */
  readonly cacheDir: string;
  readonly say: (words: string) => void;
  readonly signal?: AbortSignal | undefined;
};

/** The kernel's sources and what was compiled of them so far; a build with another archive inside links again, and compiles nothing. */
export type KernelTree = {
  readonly sourceDir: string;
  readonly version: string;
  /** SHA-256 of all that decides what is compiled: sources, options, compiler. */
  readonly inputs: Uint8Array;
  /** @param archive the initial file system @returns the EFI binary */
  build(archive: Uint8Array): Promise<Uint8Array>;
};

/** @throws TeaError `missingTool`; `unavailable` with what make said */
export async function openKernelTree({ cacheDir, say, signal }: KernelParts): Promise<KernelTree> {
  const make = requireTool('make', 'make');
  for (const [tool, aptPackage] of TOOLS) requireTool(tool, aptPackage);
  await access(KERNEL_SOURCE).catch(() => {
    throw new TeaError('missingTool', 'The sources of the kernel are not there', {
      expected: KERNEL_SOURCE,
      next: 'apt-get install linux-source-6.1',
    });
  });
  const options = readFragment(await readFile(join(ROOM, 'kernel.config'), 'utf8'));
  const fragment = writeFragment(options);
  const source = await sha256OfFile(KERNEL_SOURCE);
  const compilers = (await Promise.all(['gcc', 'ld', 'as'].map((tool) => firstLineOf(tool)))).join('\n');
  const compiling = sha256(source, new TextEncoder().encode([KERNEL_FLAGS, JSON.stringify(SAME_EVERYWHERE), compilers].join('\0')));
  const inputs = sha256(compiling, new TextEncoder().encode(fragment));
  const sourceDir = await unpackedSource(source);
  // Another option compiles what depends on it: make sees to that.
  const objectDir = join(cacheDir, `objects-${compiling.toHex().slice(0, 16)}`);
  const environment = { ...SAME_EVERYWHERE, KCONFIG_ALLCONFIG: join(objectDir, 'fragment') };
  const run = (...targets: string[]): Promise<void> =>
    runTool({
      name: 'make',
      command: make,
      args: ['-s', `O=${objectDir}`, `KCFLAGS=${KERNEL_FLAGS}`, '-j2', ...targets],
      cwd: sourceDir,
      env: environment,
      signal,
    });

  await configure();
  const version = (await readFile(join(objectDir, 'include/config/kernel.release'), 'utf8').catch(() => '')).trim();
  return { sourceDir, version, inputs, build };

  async function build(archive: Uint8Array): Promise<Uint8Array> {
    await writeFile(join(objectDir, 'tea.cpio'), archive);
    await run('bzImage');
    return new Uint8Array(await readFile(join(objectDir, 'arch/x86/boot/bzImage')));
  }

  async function configure(): Promise<void> {
    await mkdir(objectDir, { recursive: true });
    const finished = join(objectDir, '.config');
    if ((await readFile(join(objectDir, 'fragment'), 'utf8').catch(() => undefined)) === fragment && (await exists(finished))) return;
    say('configuring the kernel; its first build takes some minutes, later ones seconds');
    await writeFile(join(objectDir, 'fragment'), fragment);
    await run('allnoconfig');
    const unmet = unmetOptions(options, await readFile(finished, 'utf8'));
    if (unmet.length > 0) {
      await rm(join(objectDir, 'fragment'));
      throw new TeaError('badInput', 'The kernel can’t be configured as kernel.config says', {
        expected: unmet.map(({ name, value }) => `${name} ${value ?? 'off'}`).join(', '),
        actual: 'otherwise: something it depends on is off, or something else switches it on',
      });
    }
    await run('include/config/kernel.release');
  }

  async function unpackedSource(digest: Uint8Array): Promise<string> {
    const folder = join(cacheDir, `source-${digest.toHex().slice(0, 16)}`);
    if (await exists(folder)) return join(folder, FOLDER_IN_ARCHIVE);
    say('unpacking the kernel’s sources, once');
    const draft = `${folder}.${crypto.randomUUID()}`;
    await mkdir(draft, { recursive: true });
    try {
      const left = NOT_COMPILED.map((pattern) => `--exclude=${FOLDER_IN_ARCHIVE}/${pattern}`);
      await runTool({ name: 'tar', command: requireTool('tar', 'tar'), args: ['xf', KERNEL_SOURCE, ...left], cwd: draft, env: {}, signal });
      await rename(draft, folder);
    } catch (error) {
      await rm(draft, { recursive: true, force: true });
      throw error;
    }
    return join(folder, FOLDER_IN_ARCHIVE);
  }
}

/** A gigabyte that no option here needs; Kconfig reads the other files beside them. */
const NOT_COMPILED = [
  'Documentation/*/*.rst',
  ...['gpu', 'media', 'infiniband', 'staging', 'net/ethernet', 'net/wireless', 'scsi'].map((name) => `drivers/${name}/*.[ch]`),
  'sound/*.[ch]',
];

const TOOLS = [
  ['gcc', 'gcc'],
  ['ld', 'binutils'],
  ['flex', 'flex'],
  ['bison', 'bison'],
  ['bc', 'bc'],
  ['lz4', 'lz4'],
] as const;

type Run = {
  readonly name: string;
  readonly command: string;
  readonly args: readonly string[];
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
  readonly signal: AbortSignal | undefined;
};

/** Builds at the lowest priority that still gets on: nobody waits for the machine because of one. */
export async function runTool({ name, command, args, cwd, env, signal }: Run): Promise<void> {
  await using child = await spawnChild({
    name,
    command: requireTool('nice', 'coreutils'),
    args: ['-n', '15', '--', command, ...args],
    cwd,
    env,
    ...(signal && { signal }),
  });
  child.stdout.resume();
  const exit = await child.exited;
  if (signal?.aborted) throw new TeaError('cancelled', `${name} was cancelled`, { cause: signal.reason });
  if (exit.kind === 'exited' && exit.code === 0) return;
  throw new TeaError('unavailable', `${name} did not come to its end`, {
    expected: 'exit code 0',
    actual: `${describeExit(exit)}, saying: ${child.stderrTail().trim() || 'nothing'}`,
  });
}

async function firstLineOf(tool: string): Promise<string> {
  await using child = await spawnChild({ name: tool, command: tool, args: ['--version'], env: { LC_ALL: 'C' } });
  const said = (await Array.fromAsync(child.stdout, String)).join('');
  return said.split('\n', 1)[0] ?? '';
}

async function sha256OfFile(path: string): Promise<Uint8Array> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(path), hash);
  return new Uint8Array(hash.digest());
}

async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
