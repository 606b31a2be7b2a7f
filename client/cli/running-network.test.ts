import assert from 'node:assert/strict';
import { chmod, mkdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { temporaryDirectory } from '@tea/platform';
import { isTeaError } from '@tea/protocol';
import { findNetwork, offerNetwork } from './running-network.ts';

const client = { servers: ['127.0.0.1:1'], user: 'client', pass: 'p', inboxPrefix: '_INBOX_client' } as const;
const uid = process.getuid?.() ?? 0;

test('what one process offers another finds, and nobody once it is gone', async () => {
  await using root = await temporaryDirectory('run');
  {
    await using _ = await offerNetwork({ stateDir: '/a', client }, [root.path]);
    assert.equal((await stat(join(root.path, `tea-${uid}`))).mode & 0o777, 0o700);
    assert.equal((await findNetwork(undefined, [root.path])).stateDir, '/a');
    await using another = await offerNetwork({ stateDir: '/b', client }, [root.path]);
    assert.ok(another);
    await assert.rejects(findNetwork(undefined, [root.path]), (error) => isTeaError(error, 'badInput'));
    assert.equal((await findNetwork('/b', [root.path])).stateDir, '/b');
  }
  await assert.rejects(findNetwork(undefined, [root.path]), (error) => isTeaError(error, 'notFound'));
});

test('passes over a folder that is too deep for a socket, missing, or not ours to write', async () => {
  await using root = await temporaryDirectory('run');
  const deep = join(root.path, 'x'.repeat(90));
  await mkdir(deep);
  const roots = [deep, '/nowhere', '/proc', root.path];
  await using _ = await offerNetwork({ stateDir: '/a', client }, roots);
  assert.equal((await findNetwork('/a', roots)).stateDir, '/a');
});

test('hands nothing out in a folder that others may enter', async () => {
  await using root = await temporaryDirectory('run');
  await mkdir(join(root.path, `tea-${uid}`));
  await chmod(join(root.path, `tea-${uid}`), 0o755);
  await assert.rejects(offerNetwork({ stateDir: '/a', client }, [root.path]), (error) => isTeaError(error, 'refused'));
});
