import assert from 'node:assert/strict';
import { test } from 'node:test';
import { TeaError } from '@tea/protocol';
import { peerOf, Shares } from './shares.ts';

const limit = (error: unknown): boolean => error instanceof TeaError && error.code === 'limit';

test('one peer takes no more than its share, all together no more than there is, and what is given back once is free once', () => {
  const shares = new Shares('seats', 3, 2);
  const first = shares.take('a');
  shares.take('a');
  assert.throws(() => shares.take('a'), limit);
  shares.take('b');
  assert.throws(() => shares.take('c'), limit);
  first();
  first();
  shares.take('c');
  assert.throws(() => shares.take('b'), limit);
});

test('a peer is an IPv4 address or an IPv6 network, however it is written', () => {
  const peers: Readonly<Record<string, string>> = {
    '192.0.2.7': '192.0.2.7',
    '::ffff:192.0.2.7': '192.0.2.7',
    '2001:db8:1:2:3:4:5:6': '2001:db8:1:2::/64',
    '2001:DB8:1:2::9': '2001:db8:1:2::/64',
    '2001:db8::1': '2001:db8:0:0::/64',
    '::1': '0:0:0:0::/64',
    'fe80::1%eth0': 'fe80:0:0:0::/64',
    '': '',
  };
  for (const [address, peer] of Object.entries(peers)) assert.equal(peerOf(address), peer, address);
});
