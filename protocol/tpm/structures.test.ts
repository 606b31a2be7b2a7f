import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { isTeaError } from '../errors.ts';
import {
  decodeAttest,
  decodePcrSelection,
  decodePublicArea,
  decodeSignature,
  encodeAttest,
  encodePcrSelection,
  encodePublicArea,
  encodeSignature,
  nameOf,
  type ObjectAttributes,
  type PublicArea,
  TPMA_OBJECT,
} from './index.ts';

const bytes = (maxLength: number): fc.Arbitrary<Uint8Array> => fc.uint8Array({ maxLength });
const hash = fc.constantFrom('sha1', 'sha256', 'sha384', 'sha512');
const scheme = <S extends string>(name: S): fc.Arbitrary<{ readonly scheme: S; readonly hash: 'sha1' | 'sha256' | 'sha384' | 'sha512' }> =>
  fc.record({ scheme: fc.constant(name), hash });
const none = fc.constant({ scheme: 'null' } as const);
const symmetric = fc.oneof(fc.constant({ algorithm: 'null' } as const), fc.constant({ algorithm: 'aes', keyBits: 128, mode: 'cfb' } as const));
const attributes = fc.record(Object.fromEntries(Object.keys(TPMA_OBJECT).map((name) => [name, fc.boolean()]))) as fc.Arbitrary<ObjectAttributes>;
const head = { nameAlg: fc.oneof(hash, fc.constant('null' as const)), attributes, authPolicy: bytes(64) };

const publicArea: fc.Arbitrary<PublicArea> = fc.oneof(
  fc.record({
    type: fc.constant('rsa' as const),
    ...head,
    parameters: fc.record({
      symmetric,
      scheme: fc.oneof(none, scheme('rsassa'), scheme('rsapss'), scheme('oaep'), fc.constant({ scheme: 'rsaes' } as const)),
      keyBits: fc.nat(0xffff),
      exponent: fc.nat(0xffffffff),
    }),
    unique: bytes(512),
  }),
  fc.record({
    type: fc.constant('ecc' as const),
    ...head,
    parameters: fc.record({
      symmetric,
      scheme: fc.oneof(none, scheme('ecdsa'), scheme('ecdh')),
      curve: fc.constantFrom('p256', 'p384', 'p521'),
      kdf: fc.oneof(none, scheme('mgf1'), scheme('kdf1Sp800_56a')),
    }),
    unique: fc.record({ x: bytes(66), y: bytes(66) }),
  }),
  fc.record({
    type: fc.constant('keyedHash' as const),
    ...head,
    parameters: fc.record({ scheme: fc.oneof(none, scheme('hmac')) }),
    unique: bytes(64),
  }),
);
const selection = fc.array(fc.record({ hash, pcrs: fc.uniqueArray(fc.nat(23)).map((pcrs) => pcrs.toSorted((a, b) => a - b)) }), { maxLength: 16 });
const attestHead = {
  qualifiedSigner: bytes(66),
  extraData: bytes(66),
  clockInfo: fc.record({
    clock: fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }),
    resetCount: fc.nat(0xffffffff),
    restartCount: fc.nat(0xffffffff),
    safe: fc.boolean(),
  }),
  firmwareVersion: fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }),
};
const attest = fc.oneof(
  fc.record({ type: fc.constant('quote' as const), ...attestHead, pcrSelect: selection, pcrDigest: bytes(64) }),
  fc.record({ type: fc.constant('certify' as const), ...attestHead, name: bytes(66), qualifiedName: bytes(66) }),
);
const signature = fc.oneof(
  fc.record({ scheme: fc.constantFrom('rsassa' as const, 'rsapss' as const), hash, signature: bytes(512) }),
  fc.record({ scheme: fc.constant('ecdsa' as const), hash, r: bytes(66), s: bytes(66) }),
);

type Codec = {
  readonly name: string;
  readonly encoded: fc.Arbitrary<Uint8Array>;
  decode(bytes: Uint8Array): unknown;
  again(bytes: Uint8Array): Uint8Array;
};

const codecs: readonly Codec[] = [
  { name: 'TPMT_PUBLIC', encoded: publicArea.map(encodePublicArea), decode: decodePublicArea, again: (b) => encodePublicArea(decodePublicArea(b)) },
  { name: 'TPMS_ATTEST', encoded: attest.map(encodeAttest), decode: decodeAttest, again: (b) => encodeAttest(decodeAttest(b)) },
  { name: 'TPMT_SIGNATURE', encoded: signature.map(encodeSignature), decode: decodeSignature, again: (b) => encodeSignature(decodeSignature(b)) },
  {
    name: 'TPML_PCR_SELECTION',
    encoded: selection.map(encodePcrSelection),
    decode: decodePcrSelection,
    again: (b) => encodePcrSelection(decodePcrSelection(b)),
  },
];

for (const { name, encoded, decode, again } of codecs) {
  describe(`a ${name}`, () => {
    it('cut off anywhere is refused', () => {
      fc.assert(
        fc.property(encoded, fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }), (whole, at) => {
          assert.throws(
            () => decode(whole.subarray(0, Math.floor(whole.length * at))),
            (error) => isTeaError(error, 'badMessage'),
          );
        }),
      );
    });

    it('with bytes behind it is refused', () => {
      fc.assert(
        fc.property(encoded, fc.uint8Array({ minLength: 1, maxLength: 9 }), (whole, more) => {
          assert.throws(
            () => decode(Uint8Array.of(...whole, ...more)),
            (error) => isTeaError(error, 'badMessage'),
          );
        }),
      );
    });

    it('has one encoding: altered bytes are refused, or are the one encoding of another value', () => {
      fc.assert(
        fc.property(encoded, fc.nat(), fc.integer({ min: 1, max: 255 }), (whole, position, flip) => {
          const altered = whole.slice();
          const at = position % whole.length;
          altered[at] = (altered[at] ?? 0) ^ flip;
          try {
            assert.deepEqual(again(altered), altered);
          } catch (error) {
            if (!isTeaError(error, 'badMessage')) throw error;
          }
        }),
        { numRuns: 2_000 },
      );
    });

    it('comes back from its bytes', () => {
      fc.assert(fc.property(encoded, (whole) => assert.deepEqual(again(whole), whole)));
    });

    it('made of arbitrary bytes is refused, or is the one encoding of some value', () => {
      fc.assert(
        fc.property(fc.uint8Array({ maxLength: 200 }), (noise) => {
          try {
            assert.deepEqual(again(noise), noise);
          } catch (error) {
            if (!isTeaError(error, 'badMessage')) throw error;
          }
        }),
        { numRuns: 2_000 },
      );
    });
  });
}

describe('hostile sizes', () => {
  const cases: readonly [claim: string, decode: (bytes: Uint8Array) => unknown, hex: string][] = [
    ['a selection of 4 billion banks', decodePcrSelection, 'ffffffff'],
    ['a selection of 17 banks', decodePcrSelection, `00000011${'000b03000000'.repeat(17)}`],
    ['a bitmap of another size', decodePcrSelection, '00000001000b0400000000'],
    ['an authPolicy of 65 bytes', decodePublicArea, `0001000b000000000041${'00'.repeat(65)}`],
    ['a reserved attribute bit', decodePublicArea, '0001000b800000000000001000100800000000000000'],
    ['an attestation without the TPM_GENERATED mark', decodeAttest, 'ff54434800000000'],
    ['an attestation type TEA has no use for', decodeAttest, 'ff544347801a'],
    ['a key of an algorithm that is none', decodePublicArea, '0025000b'],
  ];
  for (const [claim, decode, hex] of cases) {
    it(`refuse ${claim}`, () => {
      assert.throws(
        () => decode(Uint8Array.fromHex(hex)),
        (error) => isTeaError(error, 'badMessage'),
      );
    });
  }
});

it('what was decoded does not change with the buffer it came from', () => {
  const area = fc.sample(publicArea, { numRuns: 1, seed: 7 }).map(encodePublicArea)[0];
  assert.ok(area);
  const buffer = Buffer.from(area);
  const decoded = decodePublicArea(buffer);
  buffer.fill(0);
  assert.deepEqual(decoded.bytes, area);
  assert.deepEqual(encodePublicArea(decoded), area);
});

it('the Name of an area without SHA-256 is refused', () => {
  for (const area of ['0001', '0001000c', '', '00010010']) {
    assert.throws(
      () => nameOf(Uint8Array.fromHex(area)),
      (error) => isTeaError(error, 'badMessage'),
    );
  }
});
