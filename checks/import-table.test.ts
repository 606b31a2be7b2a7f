import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, it } from 'node:test';
import { temporaryDirectory } from '@tea/platform';
import { importTableBreaches } from './import-table.ts';
import { ROOMS } from './rooms.ts';
import { sourceFiles } from './source-files.ts';

const ROOT = join(import.meta.dirname, '..');

/** The breaches after planting `text` as `file` in a copy of every package.json of the repository. */
async function afterPlanting(file: string, text: string): Promise<string[]> {
  await using copy = await temporaryDirectory('import-table');
  for (const manifest of sourceFiles(ROOT, '**/package.json', 'package.json'))
    cpSync(join(ROOT, manifest), join(copy.path, manifest), { recursive: true });
  execFileSync('git', ['init', '-q', copy.path]);
  mkdirSync(dirname(join(copy.path, file)), { recursive: true });
  writeFileSync(join(copy.path, file), text);
  return importTableBreaches(copy.path);
}

describe('the import table', () => {
  const refused: readonly [claim: string, file: string, text: string, says: RegExp][] = [
    [
      'refuses the TEE importing the host',
      'tee/runtime/x.ts',
      `import { startNats } from '@tea/host-nats';`,
      /^tee\/runtime\/x\.ts:1 imports host\/nats/,
    ],
    ['refuses the client importing the TEE', 'client/sdk/x.ts', `\nexport * from '@tea/tpm';`, /^client\/sdk\/x\.ts:2 imports tee\/tpm/],
    ['refuses the host importing the client', 'host/main/x.ts', `const sdk = await import('@tea/sdk');`, /imports client\/sdk/],
    ['refuses a type alone', 'host/nats/x.ts', `import type { Tpm } from '@tea/tpm';`, /imports tee\/tpm/],
    ['refuses a type named in place', 'host/nats/x.ts', `export type T = import('@tea/tpm').Tpm;`, /imports tee\/tpm/],
    ['refuses the wasm room importing the TPM room', 'tee/wasm/x.ts', `import '@tea/tpm';`, /imports tee\/tpm/],
    [
      'refuses protocol importing anything of ours',
      'protocol/x.ts',
      `import { spawnChild } from '@tea/platform';`,
      /imports platform, which protocol may not import/,
    ],
    ['refuses a path into another room', 'client/sdk/x.ts', `import { x } from '../../host/nats/index.ts';`, /by path/],
    ['refuses a path that ends in a room of the same beginning', 'host/layer1/chain/x.ts', `import '../gateway/index.ts';`, /by path/],
    ['refuses a computed import', 'client/cli/x.ts', 'await import(process.argv[2] ?? "");', /computed/],
    [
      'refuses an npm package that its room does not name',
      'tee/tpm/x.ts',
      `import * as ws from 'ws';`,
      /'ws', which tee\/tpm\/package\.json does not name/,
    ],
    ['refuses a test what only lab may start', 'tee/runtime/x.test.ts', `import { startNats } from '@tea/host-nats';`, /imports host\/nats/],
    ['refuses a source outside every room', 'elsewhere/x.ts', '', /belongs to no room/],
    [
      'refuses a dependency in package.json alone',
      'tee/wasm/package.json',
      `{"name":"@tea/wasm","dependencies":{"@tea/sdk":"*"}}`,
      /depends on client\/sdk/,
    ],
  ];
  for (const [claim, file, text, says] of refused) {
    it(claim, async () => {
      const breaches = await afterPlanting(file, text);
      assert.equal(breaches.length, 1, breaches.join('\n'));
      assert.match(breaches[0] ?? '', says);
    });
  }

  it('does not mistake a comment or a string for an import', async () => {
    assert.deepEqual(await afterPlanting('tee/wasm/x.ts', `// import '@tea/host-nats';\nexport const text = "import '@tea/host-nats'";`), []);
  });

  it('lets a test start real parts that its sources may not', async () => {
    const text = `import { spawnChild } from '@tea/platform';`;
    assert.deepEqual(await afterPlanting('tee/tpm/x.test.ts', text), []);
    assert.equal((await afterPlanting('tee/tpm/x.ts', text)).length, 1);
  });

  it('holds in this repository', () => {
    assert.deepEqual(importTableBreaches(ROOT), []);
  });

  it('is the table that docs/ARCHITECTURE.md shows', () => {
    const document = readFileSync(join(ROOT, 'docs/ARCHITECTURE.md'), 'utf8');
    const rows = [...document.matchAll(/^\| `([^`]+)` \|[^|]*\|[^|]*\| ([^|]*) \|$/gm)].map(([, room = '', text = '']) => [room, text] as const);
    const shown = new Map(
      rows.map(([room, text]) => [room, text === 'anything' ? ['*'] : [...text.matchAll(/`([^`]+)`/g)].map(([, name = '']) => name)]),
    );
    const hostParts = Object.keys(ROOMS).filter(
      (room) => room.startsWith('host/') && !['host/main', 'host/layer1', 'host/layer1/descriptors', 'host/layer1/node'].includes(room),
    );
    for (const [room, { mayImport }] of Object.entries(ROOMS)) {
      const names = shown.get(room)?.flatMap((name) => (name === 'host/*' ? hostParts : [name]));
      assert.deepEqual(names?.toSorted(), mayImport.toSorted(), `the row of ${room}`);
    }
  });
});
