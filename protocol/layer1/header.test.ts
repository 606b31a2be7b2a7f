import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { fromHex, toHex } from '../bytes.ts';
import { isTeaError } from '../errors.ts';
import { decodeHeader, type DigestItem, encodeHeader, hashHeader, type Header } from './header.ts';
import { encodeCompact, ScaleReader } from './scale.ts';

const hash32 = fc.uint8Array({ minLength: 32, maxLength: 32 });
const payload = fc.uint8Array({ maxLength: 80 });
const engine = fc.string({ unit: fc.constantFrom('a', 'u', 'r', 'F'), minLength: 4, maxLength: 4 });
const options = { noNullPrototype: true };
const digestItem: fc.Arbitrary<DigestItem> = fc.oneof(
  fc.record({ kind: fc.constantFrom('consensus' as const, 'seal' as const, 'preRuntime' as const), engine, payload }, options),
  fc.record({ kind: fc.constant('other' as const), payload }, options),
  fc.record({ kind: fc.constant('runtimeEnvironmentUpdated' as const) }, options),
);
const header: fc.Arbitrary<Header> = fc.record(
  { parentHash: hash32, number: fc.nat(), stateRoot: hash32, extrinsicsRoot: hash32, digest: fc.array(digestItem, { maxLength: 5 }) },
  options,
);

test('the hash of Polkadot’s genesis header is the one the world knows', () => {
  const polkadot: Header = {
    parentHash: new Uint8Array(32),
    number: 0,
    stateRoot: fromHex('29d0d972cd27cbc511e9589fcb7a4506d5eb6a9e8df205f00472e5ab354a4e17', 32),
    extrinsicsRoot: fromHex('03170a2e7597b7b7e3d84c05391d139a62b157e78786d8c082f29dcf4c111314', 32),
    digest: [],
  };
  assert.equal(toHex(hashHeader(polkadot)), '91b171bb158e2d3848fa23a9f1c25182fb8e20313b2c1eb49219da7a70ce90c3');
});

test('refuses every cut, every appended byte and an unknown digest item', () => {
  fc.assert(
    fc.property(header, (value) => {
      const bytes = encodeHeader(value);
      for (let length = 0; length < bytes.length; length++) {
        assert.throws(
          () => decodeHeader(bytes.subarray(0, length)),
          (error) => isTeaError(error, 'badMessage'),
        );
      }
      assert.throws(
        () => decodeHeader(Uint8Array.of(...bytes, 0)),
        (error) => isTeaError(error, 'badMessage'),
      );
    }),
    { numRuns: 20 },
  );
  const empty: Header = { parentHash: new Uint8Array(32), number: 1, stateRoot: new Uint8Array(32), extrinsicsRoot: new Uint8Array(32), digest: [] };
  const withUnknownItem = Uint8Array.of(...encodeHeader(empty).subarray(0, -1), 4, 3);
  assert.throws(
    () => decodeHeader(withUnknownItem),
    (error) => isTeaError(error, 'badMessage'),
  );
});

test('decodes what it encodes', () => {
  fc.assert(fc.property(header, (value) => assert.deepEqual(decodeHeader(encodeHeader(value)), value)));
});

test('decodes exactly one form of a compact integer', () => {
  fc.assert(
    fc.property(fc.maxSafeNat(), (value) => {
      const reader = new ScaleReader(encodeCompact(value), 'number');
      assert.equal(reader.compact(), value);
      reader.end();
    }),
  );
  // 1 in two, four and five bytes.
  for (const longer of ['0500', '06000000', '0301000000']) {
    assert.throws(
      () => new ScaleReader(fromHex(longer), 'number').compact(),
      (error) => isTeaError(error, 'badMessage'),
    );
  }
});
