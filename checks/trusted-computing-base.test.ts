import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { it } from 'node:test';
import { bundleTee } from '../tee/launcher/bundle.ts';

/** The packages that docs/THREAT-MODEL.md gives a reason for, in the order of its table. */
function listedPackages(): string[] {
  const document = readFileSync(join(import.meta.dirname, '../docs/THREAT-MODEL.md'), 'utf8');
  const [, section = ''] = document.split('### npm packages in the TEE');
  return [...section.matchAll(/^\| `([^`]+)` \| \S.*\|$/gm)].map(([, name = '']) => name);
}

it('every npm package in the TEE is listed in docs/THREAT-MODEL.md with its reason, and nothing else is', async () => {
  const { packages } = await bundleTee();
  assert.deepEqual(listedPackages(), packages.toSorted());
});

it('the TEE bundle is the same bytes every time', async () => {
  const [first, second] = [await bundleTee(), await bundleTee()];
  assert.equal(first.sha256.toHex(), second.sha256.toHex());
});
