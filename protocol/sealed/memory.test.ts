import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { describe, test } from 'node:test';
import { promisify } from 'node:util';

const GIB = 1024 ** 3;

describe('sealed content in constant memory', () => {
  test('1 GiB is sealed and opened again in a process with 200 MB of heap, and 400 MB in all', async () => {
    const script = new URL('memory.child.ts', import.meta.url).pathname;
    const { stdout } = await promisify(execFile)(process.execPath, ['--max-old-space-size=200', script, String(GIB)]);
    const { openedBytes, maxRssBytes } = JSON.parse(stdout) as { openedBytes: number; maxRssBytes: number };
    assert.equal(openedBytes, GIB);
    assert.ok(maxRssBytes < 400e6, `${maxRssBytes} bytes resident`);
  });
});
