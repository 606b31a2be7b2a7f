import assert from 'node:assert/strict';
import { test } from 'node:test';
import { sha256 } from '@tea/protocol';
import { readBuilt, sourcesDigest, SYSTEM_ACTORS } from './built-actors.ts';

for (const { name } of SYSTEM_ACTORS) {
  test(`${name} is built from these very sources`, async () => {
    const { component, record } = await readBuilt(name);
    assert.equal(record.sources, (await sourcesDigest(name)).toHex(), 'build it again: node tee/launcher/build-actors.ts');
    assert.equal(record.component, sha256(component).toHex());
  });
}
