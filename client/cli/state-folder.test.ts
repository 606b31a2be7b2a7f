import assert from 'node:assert/strict';
import { stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { temporaryDirectory } from '@tea/platform';
import { isTeaError } from '@tea/protocol';
import { makeStateFolder } from './state-folder.ts';

test('makes a folder for its owner alone, however deep, and takes it again', async () => {
  await using directory = await temporaryDirectory('state');
  const path = join(directory.path, 'a/b, c/d\ne');
  await makeStateFolder(path);
  await makeStateFolder(path);
  assert.equal((await stat(path)).mode & 0o777, 0o700);
});

test('says so, soon, where there can be no folder', async () => {
  await using directory = await temporaryDirectory('state');
  await writeFile(join(directory.path, 'file'), '');
  for (const path of ['/proc/nowhere/x', '/dev/full', join(directory.path, 'file'), join(directory.path, 'file/below'), `/${'x'.repeat(300)}`]) {
    await assert.rejects(makeStateFolder(path), (error) => isTeaError(error, 'badInput') && error.next !== undefined, path);
  }
});
