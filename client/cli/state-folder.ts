import { access, constants, mkdir, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { TeaError } from '@tea/protocol';

/**
 * Makes a folder that only its owner may enter, with those above it, or takes the one that is there.
 * @throws TeaError `badInput` when this user can't have a folder there
 */
export async function makeStateFolder(path: string): Promise<void> {
  try {
    await makeFolder(path);
    if (!(await stat(path)).isDirectory()) throw new Error('it is no folder');
    await access(path, constants.W_OK | constants.X_OK);
  } catch (cause) {
    throw new TeaError('badInput', `There can be no state folder at ${path}`, {
      expected: 'a folder that you may write to, or room for one',
      actual: (cause as Error).message,
      next: 'choose another with --dir DIR',
      cause,
    });
  }
}

/** One level at a time: Node's recursive mkdir never returns from where the kernel makes no folders, as in /proc. */
async function makeFolder(path: string): Promise<void> {
  try {
    await mkdir(path, { mode: 0o700 });
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'EEXIST') return;
    const above = dirname(path);
    if (code !== 'ENOENT' || (await exists(above))) throw error;
    await makeFolder(above);
    await mkdir(path, { mode: 0o700 });
  }
}

async function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}
