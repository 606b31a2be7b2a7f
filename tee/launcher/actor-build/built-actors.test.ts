import assert from 'node:assert/strict';
import { test } from 'node:test';
import { DEVELOPMENT_ACTOR_KEY, openActorManifest, sha256 } from '@tea/protocol';
import { readBuilt, sourcesDigest, SYSTEM_ACTORS } from './built-actors.ts';

for (const { name, version, grants } of SYSTEM_ACTORS) {
  test(`${name} is built from these very sources`, async () => {
    const { component, record } = await readBuilt(name);
    assert.equal(record.sources, (await sourcesDigest(name)).toHex(), 'build it again: node tee/launcher/build-actors.ts');
    assert.equal(record.component, sha256(component).toHex());
    const manifest = await openActorManifest(Uint8Array.fromBase64(record.manifest), { key: DEVELOPMENT_ACTOR_KEY, name, component });
    assert.deepEqual(manifest, { name, version, component: sha256(component), grants });
  });
}
