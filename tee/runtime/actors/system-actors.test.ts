import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { test } from 'node:test';
import { isTeaError, sha256, signActorManifest, type ActorGrant } from '@tea/protocol';
import type { ActorProvider } from '@tea/providers';
import { actor, ECHO } from '@tea/wasm/testing/actors';
import type { MeasuredModule } from './module-log.ts';
import { openSystemActor, type SystemActorsParts } from './system-actors.ts';

const keys = async () => {
  const { publicKey, privateKey } = await crypto.subtle.generateKey({ name: 'ECDSA', namedCurve: 'P-256' }, false, ['sign', 'verify']);
  return { point: new Uint8Array(await crypto.subtle.exportKey('raw', publicKey)), privateKey };
};
const release = await keys();
const echo = actor(ECHO, ['host.answer']);
const pinger = actor('(call $net.ping (i32.const 1) (i32.const 0) (i32.const 32))', ['net.ping']);
const manifest = (component: Uint8Array, grants: readonly ActorGrant[] = [], { name = 'tested', version = '1', key = release.privateKey } = {}) =>
  signActorManifest({ name, version, component: sha256(component), grants }, key);

function opened(component: Uint8Array, manifests: readonly Uint8Array[], changes: Partial<SystemActorsParts> = {}) {
  const measured: MeasuredModule[] = [];
  const parts: SystemActorsParts = {
    bundled: [{ name: 'tested', component: component.toBase64(), manifest: '' }],
    manifests,
    releaseKey: release.point,
    providers: new Map<string, ActorProvider>(),
    modules: { measure: async (module) => void measured.push(module) },
    runner: {},
    nowMs: () => 0,
    after: () => undefined,
    log: () => undefined,
    signal: new AbortController().signal,
    ...changes,
  };
  return { measured, running: openSystemActor('tested', parts) };
}
const bytes = (value: string): Uint8Array => new TextEncoder().encode(value);
const answerOf = (reply: Uint8Array): string => new TextDecoder().decode(reply.subarray(4));

const attacks: readonly (readonly [claim: string, says: RegExp, manifests: readonly Uint8Array[], changes?: Partial<SystemActorsParts>])[] = [
  ['without any manifest', /There is no manifest/, []],
  ['by an unsigned manifest', /signed actor manifest/, [sha256(echo)]],
  ['by a manifest that somebody else signed', /not signed by the key/, [await manifest(echo, [], { key: (await keys()).privateKey })]],
  ['by the manifest of another actor', /manifest of another actor/, [await manifest(echo, [], { name: 'another' })]],
  ['by the manifest of another component', /not the one that the manifest/, [await manifest(pinger)]],
  ['by the development key’s word where the image has a release key', /not signed by the key/, [await developmentManifest()]],
];
for (const [claim, says, manifests, changes] of attacks) {
  test(`does not run an actor ${claim}, nor measures it as run`, async () => {
    const { running, measured } = opened(echo, manifests, changes);
    await using _ = running;
    await assert.rejects(running.request(bytes('x')), (error) => isTeaError(error) && says.test(error.message));
    assert.deepEqual(measured, []);
  });
}

test('an import beyond the manifest’s grants fails at load, naming the grant', async () => {
  const { running } = opened(pinger, [await manifest(pinger, ['layer1'])]);
  await using _ = running;
  await assert.rejects(
    running.request(bytes('x')),
    (error) => isTeaError(error, 'refused') && /lacks the grant net; its manifest grants layer1/.test(error.message),
  );
});

test('an actor is not loaded when it can’t be measured', async () => {
  let loads = 0;
  const modules = { measure: async () => Promise.reject(new Error('the TPM is gone')) };
  const { running } = opened(echo, [await manifest(echo)], { modules, nowMs: () => loads++ });
  await using _ = running;
  await assert.rejects(running.request(bytes('x')), /the TPM is gone/);
  assert.equal(loads, 0, 'no event was handed to it');
});

test('in real sandboxes: what kills an actor twice is refused, and the next request is answered by one that started anew, measured again', async () => {
  const fragile = actor(`(if (i32.eq (local.get $pl) (i32.const 5)) (then unreachable)) ${ECHO}`, ['host.answer']);
  const after = (delayMs: number, then: () => void): void => void (delayMs < 10_000 && setImmediate(then));
  const { running, measured } = opened(fragile, [await manifest(fragile)], { after });
  await using _ = running;
  assert.equal(answerOf(await running.request(bytes('fine'))), 'fine');
  await assert.rejects(running.request(bytes('!')), (error) => isTeaError(error, 'unavailable') && /trap/.test(error.message));
  assert.equal(answerOf(await running.request(bytes('again'))), 'again');
  assert.equal(measured.length, 3);
});

test('in real sandboxes: measured, then run; a new version takes over without dropping a request', async () => {
  const second = actor(`${ECHO} (call $host.log (i32.const 0) (i32.const 0))`, ['host.answer', 'host.log']);
  const { running, measured } = opened(echo, [await manifest(echo)]);
  await using _ = running;
  assert.equal(answerOf(await running.request(bytes('first'))), 'first');
  await assert.rejects(running.upgrade(second, await manifest(echo)), (error) => isTeaError(error, 'refused'));
  const asks = Array.from({ length: 100 }, (_each, index) => running.request(bytes(`before ${index}`)));
  const upgraded = running.upgrade(second, await manifest(second, [], { version: '2' }));
  const during = Array.from({ length: 100 }, (_each, index) => running.request(bytes(`during ${index}`)));
  await upgraded;
  const later = Array.from({ length: 100 }, (_each, index) => running.request(bytes(`after ${index}`)));
  const answers = (await Promise.all([...asks, ...during, ...later])).map(answerOf);
  assert.deepEqual(
    answers,
    ['before', 'during', 'after'].flatMap((when) => Array.from({ length: 100 }, (_each, index) => `${when} ${index}`)),
  );
  assert.deepEqual(
    measured.map((module) => module.contentType === 'tea.actor' && [module.content.version, module.content.sha256.toHex()]),
    [
      ['1', sha256(echo).toHex()],
      ['2', sha256(second).toHex()],
    ],
  );
});

async function developmentManifest(): Promise<Uint8Array> {
  const record: unknown = JSON.parse(await readFile(new URL('../../actors/built/active-nodes.json', import.meta.url), 'utf8'));
  const signed = typeof record === 'object' && record !== null && 'manifest' in record ? String(record.manifest) : '';
  return Uint8Array.fromBase64(signed);
}
