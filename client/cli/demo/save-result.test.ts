import assert from 'node:assert/strict';
import { mkdir, readdir, readFile, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { temporaryDirectory } from '@tea/platform';
import { saveResult } from './save-result.ts';

const text = (value: string): Uint8Array => new TextEncoder().encode(value);
const output = (files: Record<string, Uint8Array>) =>
  ({ v: 1, stdout: text('out'), stderr: new Uint8Array(), files: new Map(Object.entries(files)) }) as const;
const proof = text('{}');

test('writes the proof, the files below result/, and nothing else', async () => {
  await using directory = await temporaryDirectory('save');
  const saved = await saveResult(directory.path, output({ 'a/b.txt': text('b'), 'empty.txt': new Uint8Array() }), proof);
  assert.deepEqual((await readdir(directory.path)).sort(), ['proof.json', 'result']);
  assert.deepEqual((await readdir(join(directory.path, 'result'), { recursive: true })).sort(), ['a', 'a/b.txt', 'empty.txt', 'stdout.txt']);
  assert.equal(saved.files.length, 3);
  assert.deepEqual(saved.unsaved, []);
});

for (const [what, name] of [
  ['leads out', '../../evil'],
  ['is absolute', '/tmp/evil'],
  ['holds a zero byte', 'a\0b'],
  ['is longer than a disk takes', 'x'.repeat(300)],
  ['is longer than a path may be', Array(80).fill('y'.repeat(60)).join('/')],
  ['is the folder itself', '.'],
  ['takes the place of what we write', 'stdout.txt'],
] as const) {
  test(`a file whose name ${what} is named as not saved, and costs neither the others nor the proof`, async () => {
    await using directory = await temporaryDirectory('save');
    const saved = await saveResult(directory.path, output({ [name]: text('evil'), 'good.txt': text('good') }), proof);
    assert.equal(saved.unsaved.length, 1);
    assert.equal(await readFile(join(directory.path, 'result/good.txt'), 'utf8'), 'good');
    assert.equal(await readFile(join(directory.path, 'proof.json'), 'utf8'), '{}');
    assert.deepEqual((await readdir(directory.path)).sort(), ['proof.json', 'result']);
  });
}

test('a file that is also a folder costs only itself', async () => {
  await using directory = await temporaryDirectory('save');
  const saved = await saveResult(directory.path, output({ a: text('file'), 'a/b': text('below it') }), proof);
  assert.equal(saved.unsaved.length, 1);
});

test('a link planted at result/ is not followed', async () => {
  await using directory = await temporaryDirectory('save');
  await mkdir(join(directory.path, 'elsewhere'));
  await symlink(join(directory.path, 'elsewhere'), join(directory.path, 'result'));
  await saveResult(directory.path, output({ x: text('x') }), proof);
  assert.deepEqual(await readdir(join(directory.path, 'elsewhere')), []);
});

test('no name of a file reaches the terminal as it is', async () => {
  await using directory = await temporaryDirectory('save');
  const { files, unsaved } = await saveResult(directory.path, output({ '\u001b[2J': text('x'), '../\u001b[2J': text('x') }), proof);
  // eslint-disable-next-line no-control-regex -- control characters are what this is about
  for (const shown of [...files, ...unsaved]) assert.doesNotMatch(shown, /\u001b/);
});
