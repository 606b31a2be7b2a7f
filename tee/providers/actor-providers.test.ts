import assert from 'node:assert/strict';
import { test } from 'node:test';
import { decodeActiveList, decodeCbor, encodeReply, isTeaError, pingMessage, TeaError, verifyActiveList } from '@tea/protocol';
import { actorProviders, type ActorProviderParts } from './actor-providers.ts';

const fill = (value: number, length = 32): Uint8Array => new Uint8Array(length).fill(value);
const { publicKey, privateKey } = await crypto.subtle.generateKey({ name: 'ECDSA', namedCurve: 'P-256' }, false, ['sign', 'verify']);
const point = new Uint8Array(await crypto.subtle.exportKey('raw', publicKey));
const NOW = 1_700_000_000_000;
const parts: ActorProviderParts = {
  chain: fill(1),
  node: fill(2),
  key: privateKey,
  nowMs: () => NOW,
  random: (length) => fill(7, length),
  activeNodes: async () => ({ block: 258, nodes: [fill(3), fill(4)] }),
  ask: async (_node, message) => encodeReply({ ...decodeCbor(message, pingMessage, 'ping') }),
  cat: async function* (cid) {
    yield new TextEncoder().encode(cid);
  },
};
const call = (name: string, numbers: readonly number[], bytes: Uint8Array, changes: Partial<ActorProviderParts> = {}, asked?: Uint8Array) =>
  actorProviders({ ...parts, ...changes }).get(name)?.(numbers, bytes, () => asked) ?? Promise.reject(new Error(`no ${name}`));

const entry = (node: number, ageMs: number): Uint8Array => {
  const bytes = new Uint8Array(40);
  bytes.set(fill(node));
  new DataView(bytes.buffer).setUint32(32, ageMs, true);
  return bytes;
};

test('a lying layer 1 reaches the actor as a failure, and not as a list', async () => {
  const activeNodes = async () => Promise.reject(new TeaError('corrupt', 'The proof does not hold'));
  await assert.rejects(call('layer1.active-nodes', [], fill(0, 0), { activeNodes }), (error) => isTeaError(error, 'corrupt'));
});

test('an old pong, one of nonsense and one of an error are no answers to a ping', async () => {
  for (const reply of [encodeReply({ nonce: fill(8, 16) }), fill(0, 100), encodeReply({})]) {
    await assert.rejects(call('net.ping', [], fill(5), { ask: async () => reply }), (error) => isTeaError(error, 'badMessage'));
  }
  await assert.rejects(call('net.ping', [], fill(5, 31)), /32 bytes/);
  assert.deepEqual(await call('net.ping', [], fill(5)), new Uint8Array());
});

test('signs lists and nothing else: entries in order, each once, of whole size, for a request that is open', async () => {
  const sign = (bytes: Uint8Array, asked: Uint8Array | undefined) => call('tpm.sign-active-list', [1, 50], bytes, {}, asked);
  const both = (first: Uint8Array, second: Uint8Array): Uint8Array => Uint8Array.from([...first, ...second]);
  await assert.rejects(sign(entry(3, 1), undefined), (error) => isTeaError(error, 'notFound'));
  await assert.rejects(sign(entry(3, 1).subarray(1), fill(9)), (error) => isTeaError(error, 'badInput'));
  await assert.rejects(sign(both(entry(3, 2), entry(4, 1)), fill(9)), (error) => isTeaError(error, 'badMessage'));
  await assert.rejects(sign(both(entry(3, 1), entry(3, 1)), fill(9)), (error) => isTeaError(error, 'badMessage'));
  await assert.rejects(sign(entry(3, 1), fill(9, 31)), /32 bytes/);
  const signed = decodeActiveList(await sign(both(entry(3, 1), entry(4, 5)), fill(9)));
  const verdict = await verifyActiveList(signed, { key: point, chain: fill(1), node: fill(2), nonce: fill(9), now: new Date(NOW) });
  assert.ok(verdict.ok);
  assert.deepEqual(
    verdict.list.entries.map(({ node, ageMs }) => [node[0], ageMs]),
    [
      [3, 1],
      [4, 5],
    ],
  );
});

test('Active nodes come as the block in front of their ids', async () => {
  assert.equal((await call('layer1.active-nodes', [], fill(0, 0))).toHex(), `02010000${'03'.repeat(32)}${'04'.repeat(32)}`);
});
