import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createHash } from 'node:crypto';
import type { Validity } from '../runtime/api.ts';
import { Pool } from './pool.ts';

/** A transaction of `account` with `nonce`, as FRAME tags it; the chain's own nonce is `accountNonce`. */
type Fake = { account: number; nonce: number; priority?: number; longevity?: number; size?: number; bad?: boolean };
const encode = (fake: Fake): Uint8Array => new TextEncoder().encode(JSON.stringify(fake).padEnd(fake.size ?? 0));
const decode = (extrinsic: Uint8Array): Fake => JSON.parse(new TextDecoder().decode(extrinsic)) as Fake;

function makePool(limits: { maxCount?: number; maxBytes?: number } = {}, nonces = new Map<number, number>()) {
  const pool = new Pool({
    maxCount: limits.maxCount ?? 100,
    maxBytes: limits.maxBytes ?? 100_000,
    hash: (extrinsic) => new Uint8Array(createHash('sha256').update(extrinsic).digest()),
    validate: (extrinsic) => {
      const { account, nonce, priority = 1, longevity = 64, bad = false } = decode(extrinsic);
      const current = nonces.get(account) ?? 0;
      if (bad) return { ok: false, error: { kind: 'invalid', reason: 'BadProof' } };
      if (nonce < current) return { ok: false, error: { kind: 'invalid', reason: 'Stale' } };
      const requires = nonce > current ? [Uint8Array.of(account, nonce - 1)] : [];
      const validity: Validity = { priority: BigInt(priority), requires, provides: [Uint8Array.of(account, nonce)], longevity };
      return { ok: true, validity };
    },
  });
  const order = (): string[] => Array.from(pool.ready(), ({ extrinsic }) => `${decode(extrinsic).account}/${decode(extrinsic).nonce}`);
  return { pool, order, nonces };
}

test('refuses a bad signature and says why', () => {
  assert.deepEqual(makePool().pool.submit(encode({ account: 1, nonce: 0, bad: true }), 0), { ok: false, reason: 'invalid', detail: 'BadProof' });
});

test('refuses the same extrinsic twice', () => {
  const { pool } = makePool();
  assert.equal(pool.submit(encode({ account: 1, nonce: 0 }), 0).ok, true);
  const again = pool.submit(encode({ account: 1, nonce: 0 }), 0);
  assert.equal(!again.ok && again.reason, 'alreadyPooled');
});

test('lets a future nonce wait until the one before it is there', () => {
  const { pool, order } = makePool();
  pool.submit(encode({ account: 1, nonce: 2 }), 0);
  pool.submit(encode({ account: 1, nonce: 1 }), 0);
  assert.deepEqual(order(), []);
  pool.submit(encode({ account: 1, nonce: 0 }), 0);
  assert.deepEqual(order(), ['1/0', '1/1', '1/2']);
});

test('clears a required tag once its provider is in a block', () => {
  const { pool, order } = makePool();
  pool.submit(encode({ account: 1, nonce: 0 }), 0);
  pool.submit(encode({ account: 1, nonce: 1 }), 0);
  pool.blockMade([...pool.ready()].slice(0, 1), 1);
  assert.deepEqual(order(), ['1/1']);
});

test('orders by priority, then by arrival, but never before what is required', () => {
  const { pool, order } = makePool();
  pool.submit(encode({ account: 1, nonce: 1, priority: 9 }), 0);
  pool.submit(encode({ account: 1, nonce: 0, priority: 1 }), 0);
  pool.submit(encode({ account: 2, nonce: 0, priority: 5 }), 0);
  pool.submit(encode({ account: 3, nonce: 0, priority: 5 }), 0);
  assert.deepEqual(order(), ['2/0', '3/0', '1/0', '1/1']);
});

test('replaces an extrinsic of the same nonce only by one of higher priority', () => {
  const { pool } = makePool();
  pool.submit(encode({ account: 1, nonce: 0, priority: 5 }), 0);
  const lower = pool.submit(encode({ account: 1, nonce: 0, priority: 5, longevity: 63 }), 0);
  assert.equal(!lower.ok && lower.reason, 'priorityTooLow');
  assert.equal(pool.submit(encode({ account: 1, nonce: 0, priority: 6 }), 0).ok, true);
  assert.equal(pool.size, 1);
});

test('drops what outlived its longevity', () => {
  const { pool } = makePool();
  pool.submit(encode({ account: 1, nonce: 5, longevity: 3 }), 10);
  pool.blockMade([], 12);
  assert.equal(pool.size, 1);
  pool.blockMade([], 13);
  assert.equal(pool.size, 0);
});

test('stays within its limits under spam: waiting ones go first, then the lowest priority', () => {
  const { pool, order } = makePool({ maxCount: 3 });
  pool.submit(encode({ account: 1, nonce: 7, priority: 1000 }), 0);
  for (let account = 2; account < 50; account++) pool.submit(encode({ account, nonce: 0, priority: account }), 0);
  assert.deepEqual(order(), ['49/0', '48/0', '47/0']);
  const poor = pool.submit(encode({ account: 60, nonce: 0, priority: 1 }), 0);
  assert.equal(!poor.ok && poor.reason, 'poolFull');
  const bySize = makePool({ maxBytes: 1_000 });
  for (let account = 0; account < 50; account++) bySize.pool.submit(encode({ account, nonce: 0, size: 300 }), 0);
  assert.equal(bySize.pool.size, 3);
});

test('revalidation drops what went stale and keeps the rest in place', () => {
  const { pool, order, nonces } = makePool();
  pool.submit(encode({ account: 1, nonce: 0 }), 0);
  pool.submit(encode({ account: 2, nonce: 0 }), 0);
  nonces.set(1, 1);
  pool.revalidate(1);
  assert.deepEqual(order(), ['2/0']);
});
