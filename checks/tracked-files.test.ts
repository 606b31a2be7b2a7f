import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { temporaryDirectory } from '@tea/platform';
import { trackedFileBreaches } from './tracked-files.ts';

describe('what may be committed', () => {
  it('is no file of more than 3 MB, no folder of one machine, and no program that can not be started', async () => {
    await using repository = await temporaryDirectory('tracked-files');
    execFileSync('git', ['init', '-q', repository.path]);
    writeFileSync(join(repository.path, '.gitignore'), '*.log\n');
    writeFileSync(join(repository.path, 'large.bin'), new Uint8Array(3_000_001));
    writeFileSync(join(repository.path, 'ignored.log'), new Uint8Array(4_000_000));
    writeFileSync(join(repository.path, 'notes.md'), `see\n${['', 'home', 'ann', 'tea', ''].join('/')}\n`);
    writeFileSync(join(repository.path, 'fine.md'), 'see docs/home/page.md and https://example.org/root/x\n');
    writeFileSync(join(repository.path, 'tea'), '#!/bin/sh\n', { mode: 0o644 });
    const breaches = trackedFileBreaches(repository.path);
    assert.deepEqual(
      breaches.map((breach) => breach.split(' ')[0]),
      ['large.bin:1', 'notes.md:2', 'tea:1'],
    );
  });

  it('is what this repository holds', () => {
    assert.deepEqual(trackedFileBreaches(join(import.meta.dirname, '..')), []);
  });
});
