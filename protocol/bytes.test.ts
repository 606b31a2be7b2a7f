import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { test } from 'node:test';
import fc from 'fast-check';
import { sha256 } from './bytes.ts';

const reference = (parts: readonly Uint8Array[]) => {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(part);
  return new Uint8Array(hash.digest());
};

test('hashes whatever was hashed before, also when that failed in the middle', () => {
  const parts = fc.array(fc.uint8Array({ maxLength: 200 }), { maxLength: 5 });
  fc.assert(
    fc.property(parts, parts, (first, second) => {
      const one = sha256(...first);
      assert.throws(() => sha256(...first, 'no bytes' as unknown as Uint8Array));
      const two = sha256(...second);
      assert.deepEqual(one, reference(first));
      assert.deepEqual(two, reference(second));
      two.fill(0); // the caller's own
      assert.deepEqual(sha256(...second), reference(second));
    }),
  );
});

test('hashes the messages of FIPS 180-2, appendix B', () => {
  const text = (value: string) => new TextEncoder().encode(value);
  assert.equal(sha256().toHex(), 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855');
  assert.equal(sha256(text('abc')).toHex(), 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad');
  assert.equal(
    sha256(text('abcdbcdecdefdefgefghfghighijhijk'), text('ijkljklmklmnlmnomnopnopq')).toHex(),
    '248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1',
  );
  const million = Array.from({ length: 1000 }, () => text('a'.repeat(1000)));
  assert.equal(sha256(...million).toHex(), 'cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0');
});
