import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { inspect } from 'node:util';
import { activeNodes, type ActiveNodes, type Outbox } from '@tea/actors/active-nodes';
import { ACTOR_LIMITS, loadActor, type Turn } from '@tea/wasm/actor-instance';

const component = new Uint8Array(readFileSync(new URL('../tee/actors/built/active-nodes.wasm', import.meta.url)));
const NONE = new Uint8Array();
type Seen = { readonly name: string; readonly numbers: readonly number[]; readonly bytes: string };

/** The machine on this Node, telling what it wishes as a component would. */
function machine(): { readonly actor: ActiveNodes; take(): Seen[] } {
  const seen: Seen[] = [];
  const wish = (name: string, numbers: readonly number[], bytes: Uint8Array = NONE): void => void seen.push({ name, numbers, bytes: bytes.toHex() });
  const outbox: Outbox = {
    log: (line) => wish('host.log', [], new TextEncoder().encode(line)),
    answer: (request, bytes) => wish('host.answer', [request], bytes),
    refuse: (request, why) => wish('host.refuse', [request], new TextEncoder().encode(why)),
    wake: (afterMs) => wish('host.wake', [afterMs]),
    activeNodes: (call) => wish('layer1.active-nodes', [call]),
    ping: (call, node) => wish('net.ping', [call], node),
    signActiveList: (call, request, block, entries) => wish('tpm.sign-active-list', [call, request, block], entries),
  };
  const random = chance();
  const actor = activeNodes(outbox, () => random() / 2 ** 32);
  return { actor, take: () => seen.splice(0) };
}

function chance(): () => number {
  let state = 1n;
  return () => Number((state = (state * 6364136223846793005n + 1442695040888963407n) & 0xffffffffffffffffn) >> 32n);
}

const u32 = (value: number, rest: Uint8Array = NONE): Uint8Array => {
  const bytes = new Uint8Array(4 + rest.length);
  new DataView(bytes.buffer).setUint32(0, value, true);
  bytes.set(rest, 4);
  return bytes;
};
function listOf(count: number): Uint8Array {
  const ids = new Uint8Array(32 * count);
  for (let index = 0; index < count; index++) new DataView(ids.buffer).setUint32(32 * index, index);
  return u32(77, ids);
}

test('the component does what the machine does, wish by wish, through a life of reads, pings, deaths and requests', () => {
  const loaded = loadActor(component, ['layer1', 'net', 'tpm'], ACTOR_LIMITS, chance());
  assert.ok(loaded.kind === 'loaded', JSON.stringify(loaded));
  const twin = machine();
  let nowMs = 1_000_000;
  const both = (event: string, input: Uint8Array): Seen[] => {
    const turn: Turn = loaded.turn(event, input, nowMs);
    assert.ok(turn.kind === 'handled' && turn.error === null, inspect(turn));
    const number = input.length >= 4 ? new DataView(input.buffer).getUint32(0, true) : 0;
    if (event === 'start') twin.actor.start(nowMs);
    if (event === 'wake') twin.actor.wake(nowMs);
    if (event === 'request') twin.actor.request(nowMs, number);
    if (event === 'done') twin.actor.done(nowMs, number, input.subarray(4));
    if (event === 'failed') twin.actor.failed(nowMs, number, new TextDecoder().decode(input.subarray(4)));
    const wished = turn.wishes.map(({ name, numbers, bytes }) => ({ name, numbers, bytes: bytes.toHex() }));
    assert.deepEqual(wished, twin.take());
    return wished;
  };
  const open: Seen[] = both('start', NONE);
  let answers = 0;
  for (let step = 0; step < 600; step++) {
    nowMs += 250;
    const wish = open.shift();
    const call = wish?.numbers[0] ?? 0;
    if (wish?.name === 'layer1.active-nodes') open.push(...both('done', u32(call, listOf(30 + (step % 3)))));
    else if (wish?.name === 'net.ping' && step % 5 === 0) open.push(...both('failed', u32(call, new TextEncoder().encode('no answer'))));
    else if (wish?.name === 'net.ping') open.push(...both('done', u32(call)));
    else if (wish?.name === 'tpm.sign-active-list') open.push(...both('done', u32(call, Uint8Array.fromHex(wish.bytes))));
    else if (wish?.name === 'host.answer') answers++;
    else open.push(...both('wake', NONE));
    if (step % 50 === 49) open.push(...both('request', u32(step)));
  }
  assert.ok(answers > 5, `${answers} requests answered`);
});

test('10,000 nodes fit one turn of the component: reading the list, and making one of all that answer', (t) => {
  const loaded = loadActor(component, ['layer1', 'net', 'tpm'], ACTOR_LIMITS, chance());
  assert.ok(loaded.kind === 'loaded', JSON.stringify(loaded));
  let nowMs = 1_000_000;
  let most = 0n;
  let list = 0;
  const open: (readonly [string, Uint8Array])[] = [['start', NONE]];
  for (let turns = 0; turns < 40_000 && list < 10_000; turns++) {
    const [event, input] = open.shift() ?? ['wake', NONE];
    if (event === 'wake') nowMs += 100;
    const turn: Turn = loaded.turn(event, input, nowMs);
    assert.ok(turn.kind === 'handled', inspect(turn));
    if (turn.gasUsed > most) most = turn.gasUsed;
    for (const { name, numbers, bytes } of turn.wishes) {
      if (name === 'layer1.active-nodes') open.push(['done', u32(numbers[0] ?? 0, listOf(10_000))]);
      if (name === 'net.ping') open.push(['done', u32(numbers[0] ?? 0)]);
      if (name === 'tpm.sign-active-list') list = bytes.length / 40;
    }
    if (open.length === 0 && turns > 10_000 && turns % 10 === 0) open.push(['request', u32(turns)]);
  }
  assert.equal(list, 10_000);
  assert.ok(most < ACTOR_LIMITS.gasPerTurn / 4n, `${most} gas in one turn`);
  t.diagnostic(`${most} gas in the largest turn, of ${ACTOR_LIMITS.gasPerTurn}`);
});
