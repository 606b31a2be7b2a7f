import assert from 'node:assert/strict';
import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { tea } from '@polkadot-api/descriptors';
import { temporaryDirectory } from '@tea/platform';
import { runtimeMetadata } from './describe-runtime.ts';
import { RUNTIME_SOURCES, RUNTIME_WASM, type RuntimeSources, sha256Hex, sourcesDigest, WORKSPACE } from './sources-digest.ts';

const NEXT = 'run `node host/layer1/build-runtime.ts` and commit what it writes';
const noted = JSON.parse(readFileSync(RUNTIME_SOURCES, 'utf8')) as RuntimeSources;
const wasm = readFileSync(RUNTIME_WASM);

test('the committed runtime.wasm was compiled from the committed sources', () => {
  assert.equal(sourcesDigest(), noted.sources, `pallets or runtime changed since runtime.wasm was built: ${NEXT}`);
});

test('the committed runtime.wasm is the one that was noted', () => {
  assert.equal(sha256Hex(wasm), noted.wasm, `runtime.wasm isn't the file that runtime.sources.json speaks of: ${NEXT}`);
});

test('the descriptors describe the committed runtime', async () => {
  assert.deepEqual(
    Buffer.from(await tea.getMetadata()),
    Buffer.from(runtimeMetadata(wasm)),
    `@polkadot-api/descriptors is of another runtime: ${NEXT}`,
  );
});

test('the committed runtime names no path of the machine that built it', () => {
  assert.equal(/\/(root|home)\/[\w.]+\//.exec(wasm.toString('latin1'))?.[0], undefined);
});

test('one changed byte in a pallet changes the digest of the sources, a changed test does not', async () => {
  await using copy = await temporaryDirectory('sources');
  for (const part of ['Cargo.toml', 'Cargo.lock', 'pallets', 'runtime']) cpSync(join(WORKSPACE, part), join(copy.path, part), { recursive: true });
  writeFileSync(join(copy.path, 'pallets/nodes/src/tests.rs'), '// other');
  assert.equal(sourcesDigest(copy.path), sourcesDigest());
  writeFileSync(join(copy.path, 'pallets/nodes/src/lib.rs'), '// other');
  assert.notEqual(sourcesDigest(copy.path), sourcesDigest());
});
