import assert from 'node:assert/strict';
import { test } from 'node:test';
import { decodeCoseSign1, encodeCoseSign1, SIGNED_RECEIPT, SIGNED_REFERENCE_VALUES, verifySigned } from './index.ts';

/** RFC 9052, C.2.1 (Single ECDSA Signature) with the key `11` of C.7.1: ES256, protected header a10126, nothing external. */
const KEY = Uint8Array.fromHex(
  '04bac5b11cad8f99f9c72b05cf4b9e26d244dc189f745228255a219a86d6a09eff20138bf82dc1b6d562be0fa54ab7804a3a64b6d72ccfed6b6fb6ed28bbfc117e',
);
const PAYLOAD = new TextEncoder().encode('This is the content.');
const SIGNATURE = Uint8Array.fromHex(
  '8eb33e4ca31d1c465ab05aac34cc6b23d58fef5c083106c4d25a91aef0b0117e2af9a291aa32e14ab834dc56ed2a223444547e01f11d3b0916e5a4c345cacb36',
);
const MESSAGE = Uint8Array.fromHex(`d28443a10126a10442313154${PAYLOAD.toHex()}5840${SIGNATURE.toHex()}`);

test('verifies the signature of RFC 9052, C.2.1, over exactly its payload', async () => {
  assert.equal(await verifySigned(SIGNED_RECEIPT, PAYLOAD, SIGNATURE, KEY), true);
  assert.equal(await verifySigned(SIGNED_RECEIPT, PAYLOAD.with(0, 0x74), SIGNATURE, KEY), false);
  assert.equal(await verifySigned(SIGNED_RECEIPT, PAYLOAD, SIGNATURE.with(0, 0x8f), KEY), false);
  assert.equal(await verifySigned(SIGNED_REFERENCE_VALUES, PAYLOAD, SIGNATURE, KEY), false);
});

test('refuses the message of C.2.1 itself, whose key id stands unprotected: nothing unsigned is let in', () => {
  assert.throws(() => decodeCoseSign1(MESSAGE), { code: 'badMessage' });
  const unprotected = MESSAGE.toHex().indexOf('a104423131');
  const without = Uint8Array.fromHex(MESSAGE.toHex().slice(0, unprotected) + 'a0' + MESSAGE.toHex().slice(unprotected + 10));
  assert.deepEqual(encodeCoseSign1(PAYLOAD, SIGNATURE), without);
  assert.deepEqual(decodeCoseSign1(without), { payload: PAYLOAD, signature: SIGNATURE });
});

test('refuses an empty array where the empty map stands: one statement has one form', () => {
  const signed = encodeCoseSign1(PAYLOAD, SIGNATURE);
  const at = signed.toHex().indexOf('a10126a0') / 2 + 3;
  assert.equal(signed[at], 0xa0);
  assert.throws(() => decodeCoseSign1(signed.with(at, 0x80)), { code: 'badMessage' });
});
