import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { duplexPair } from 'node:stream';
import { test } from 'node:test';
import { startLine, temporaryDirectory } from '@tea/platform';
import { isTeaError } from '@tea/protocol';
import * as v from 'valibot';
import { keepByHost, restoreKept } from './kept-by-host.ts';

const bytes = Uint8Array.of(0, 1, 2);
const request = v.strictObject({ keep: v.string(), bytes: v.string() });

test('counts on nothing that the host did not say it kept', async () => {
  for (const answer of ['{"kept":"tpm-keys.cbor"}\n', '{}\n', 'yes\n']) {
    const [tee, host] = duplexPair();
    const kept = keepByHost(tee)('remembered.sealed', bytes);
    host.write(answer);
    await assert.rejects(kept, (error: unknown) => isTeaError(error, 'badMessage'), answer);
    tee.destroy();
  }
});

test('waits until a file is kept before it sends another', async () => {
  const [tee, host] = duplexPair();
  const keep = keepByHost(tee);
  const both = Promise.all([keep('tpm-keys.cbor', bytes), keep('remembered.sealed', bytes)]);
  for (const name of ['tpm-keys.cbor', 'remembered.sealed']) {
    assert.deepEqual(await startLine(request, { from: host }), { keep: name, bytes: 'AAEC' });
    assert.equal(host.readableLength, 0);
    host.write(`${JSON.stringify({ kept: name })}\n`);
  }
  await both;
});

test('puts what the host kept where state is looked for, and nothing where it kept nothing', async () => {
  await using folder = await temporaryDirectory('kept');
  await restoreKept(folder.path, { 'remembered.sealed': bytes });
  assert.deepEqual(new Uint8Array(await readFile(join(folder.path, 'remembered.sealed'))), bytes);
  await assert.rejects(readFile(join(folder.path, 'tpm-keys.cbor')), { code: 'ENOENT' });
});
