import { cp, mkdir, readdir, readFile, rename, writeFile } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import * as v from 'valibot';
import { TeaError } from '@tea/protocol';

export const LANGUAGES = ['typescript', 'assemblyscript', 'rust', 'go'] as const;
export type Language = (typeof LANGUAGES)[number];

const manifest = v.strictObject({
  name: v.pipe(v.string(), v.regex(/^[a-z][a-z0-9-]{0,63}$/)),
  language: v.picklist(LANGUAGES),
  /** Of a task: its randomness is the machine's, and the receipt says so. */
  entropic: v.optional(v.boolean()),
});
const testCases = v.array(
  v.strictObject({
    name: v.string(),
    /** Of a handler; `run` by default. */
    function: v.optional(v.string()),
    input: v.string(),
    /** What it answers or prints. */
    output: v.optional(v.string()),
    /** What it fails with: a handler's error, or a task's stderr when its exit code is not 0. */
    error: v.optional(v.string()),
    maxGas: v.optional(v.number()),
  }),
);
export type GuestTest = v.InferOutput<typeof testCases>[number];

export type GuestProject = v.InferOutput<typeof manifest> & {
  readonly directory: string;
  /** What is deployed. */
  readonly wasm: string;
};

const MANIFEST = 'tea-guest.json';
const TEMPLATES = fileURLToPath(new URL('templates/', import.meta.url));
const WORLD = fileURLToPath(new URL('../../../tee/wit/handler.wit', import.meta.url));

/** Makes a project that builds, runs and passes its tests. @throws TeaError `badInput` when there is something in that folder already */
export async function newProject(path: string, language: Language): Promise<GuestProject> {
  const directory = resolve(path);
  const name = basename(directory);
  if (!v.is(manifest, { name, language })) {
    throw new TeaError('badInput', `${name} can't be a guest's name`, {
      expected: 'small letters, digits and hyphens, a letter first',
      actual: name,
    });
  }
  await mkdir(directory, { recursive: true });
  if ((await readdir(directory)).length > 0) throw new TeaError('badInput', `The folder ${directory} is not empty`, { next: 'choose another name' });
  await cp(join(TEMPLATES, language), directory, { recursive: true });
  for (const file of await readdir(directory, { recursive: true })) {
    if (!file.endsWith('.tmpl')) continue;
    const from = join(directory, file);
    await writeFile(from, (await readFile(from, 'utf8')).replaceAll('{{name}}', name));
    await rename(from, from.slice(0, -'.tmpl'.length));
  }
  if (language !== 'go') await cp(WORLD, join(directory, 'wit/handler.wit'));
  await writeFile(join(directory, MANIFEST), `${JSON.stringify({ name, language }, null, 2)}\n`);
  await writeFile(join(directory, '.gitignore'), 'build/\nnode_modules/\ntarget/\n');
  return openProject(directory);
}

/** @throws TeaError `badInput` for a folder that `tea guest new` did not make */
export async function openProject(path: string): Promise<GuestProject> {
  const directory = resolve(path);
  const found = v.safeParse(manifest, await readJson(join(directory, MANIFEST), 'tea guest new NAME --lang typescript'));
  if (!found.success)
    throw new TeaError('badInput', `${join(directory, MANIFEST)} is not a guest's`, { expected: `name and language (${LANGUAGES.join(', ')})` });
  return { ...found.output, directory, wasm: join(directory, 'build', `${found.output.name}.wasm`) };
}

export async function readTests({ directory }: GuestProject): Promise<readonly GuestTest[]> {
  const found = v.safeParse(testCases, await readJson(join(directory, 'tests.json'), 'write one, as in a project that tea guest new makes'));
  if (found.success) return found.output;
  const [issue] = found.issues;
  throw new TeaError('badInput', `${join(directory, 'tests.json')} holds no tests`, { actual: `${v.getDotPath(issue) ?? 'it'}: ${issue.message}` });
}

async function readJson(path: string, next: string): Promise<unknown> {
  try {
    return JSON.parse(await readFile(path, 'utf8'));
  } catch (cause) {
    throw new TeaError('badInput', `${path} can't be read`, {
      expected: 'a JSON file',
      actual: cause instanceof Error ? cause.message : '',
      next,
      cause,
    });
  }
}
