import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { before, describe, test } from 'node:test';
import { billOfMaterials } from './bill-of-materials.ts';
import { foreignFiles, imageEntries, type ForeignFile } from './image-files.ts';

const init = new Uint8Array([1]);
const bundle = { source: new Uint8Array([2]), sha256: new Uint8Array(32), packages: ['@tea/protocol', 'cborg', 'valibot'] };
let foreign: readonly ForeignFile[] = [];

before(async () => {
  foreign = await foreignFiles();
});

describe('the image', () => {
  test('holds four programs besides init, none of them a shell, and only libraries else', () => {
    const paths = foreign.map(({ path }) => path).sort();
    assert.deepEqual(
      paths.filter((path) => path.startsWith('bin/')),
      ['bin/bwrap', 'bin/nice', 'bin/node', 'bin/prlimit'],
    );
    assert.deepEqual(
      paths.filter(
        (path) => !path.startsWith('bin/') && !/^(usr\/)?lib(64|\/[a-z0-9_]+-linux-gnu)\/(ld-linux[^/]*|lib[^/]+)\.so(\.\d+)*$/.test(path),
      ),
      [],
    );
  });

  test('lets nobody write to what runs, and has no set-user-id program', () => {
    const files = imageEntries(foreign, { init, bundle: bundle.source }).flatMap((entry) => (entry.kind === 'file' ? [entry] : []));
    assert.ok(files.length > foreign.length);
    for (const { path, mode } of files) assert.equal(mode & 0o7222, 0, path);
  });

  test('starts with an init of less than 150 lines', () => {
    assert.ok(readFileSync(new URL('init.c', import.meta.url), 'utf8').split('\n').length <= 150);
  });

  test('has a bill of materials that names every file and package with a version, and every file with its digest, the same each time', async () => {
    const ingredients = { kernel: { version: '6.1' }, bundle, foreign, init };
    const bill = await billOfMaterials(ingredients);
    assert.equal(await billOfMaterials(ingredients), bill);
    const { bomFormat, components } = JSON.parse(bill) as {
      readonly bomFormat: string;
      readonly components: readonly {
        readonly name: string;
        readonly version: string;
        readonly purl?: string;
        readonly hashes?: readonly { content: string }[];
      }[];
    };
    assert.equal(bomFormat, 'CycloneDX');
    for (const { name, version } of components) assert.ok(version !== '' && version !== 'unknown', name);
    for (const { path, sha256 } of foreign) {
      const entry = components.find(({ name }) => name === path);
      assert.equal(entry?.hashes?.[0]?.content, sha256.toHex(), path);
      assert.match(entry?.purl ?? '', /^pkg:(deb|npm)\//);
    }
    assert.deepEqual(
      components.filter(({ purl, name }) => purl?.startsWith('pkg:npm/') && !name.startsWith('bin/')).map(({ name }) => name),
      ['cborg', 'valibot'],
    );
  });
});
