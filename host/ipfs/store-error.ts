import { isTeaError, TeaError } from '@tea/protocol';

/** Blockstore and LevelDB keep the system's reason only in their text. */
const DISK_TROUBLE = /ENOSPC|no space left|EDQUOT|quota exceeded|EROFS|read-only file system|EIO\b|IO error|EMFILE|ENFILE/i;
/** Helia without a network has three names for "not here". */
const NOT_HERE = new Set(['NotFoundError', 'BlockNotFoundWhileOfflineError', 'InvalidConfigurationError']);

/** What a failure of Helia or of the stores below it means to whoever asked; a TeaError stays as it is. */
export function storeError(error: unknown, what: string, signal?: AbortSignal): TeaError {
  if (isTeaError(error)) return error;
  if (signal?.aborted) return new TeaError('cancelled', `${what} was cancelled`, { cause: error });
  const { name, text } = describe(error);
  if (NOT_HERE.has(name))
    return new TeaError('notFound', `${what} failed`, { expected: 'all of its blocks in the store', actual: 'one that is not here', cause: error });
  if (DISK_TROUBLE.test(text)) {
    return new TeaError('storage', `${what} failed`, {
      expected: 'a disk that takes what is written to it',
      actual: /ENOSPC|no space left|EDQUOT|quota/i.test(text) ? 'a full one' : 'a failing one',
      next: 'make room (df -h shows where), then try again: nothing of this content was kept',
      cause: error,
    });
  }
  return new TeaError('internal', `${what} failed`, { actual: name, cause: error });
}

function describe(error: unknown): { name: string; text: string } {
  if (!(error instanceof Error)) return { name: typeof error, text: '' };
  const code = 'code' in error ? String(error.code) : '';
  return { name: error.name, text: `${code} ${error.message} ${error.cause === undefined ? '' : describe(error.cause).text}` };
}
