import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { encodeCbor, isTeaError, secureRandom, sha256 } from '../index.ts';
import {
  callFee,
  callRequest,
  callSeed,
  decodeCallOrder,
  decodeCallReceipt,
  decodeOpening,
  encodeCallOrder,
  encodeCallReceipt,
  encodeOpening,
  openSession,
  orderDigest,
  sessionMessage,
  type CallOrder,
  type CallReceipt,
} from './index.ts';
import { decodeCbor } from '../cbor.ts';

const bytes = (length: number) => fc.uint8Array({ minLength: length, maxLength: length });
const plain = { noNullPrototype: true } as const;
const u64 = fc.bigInt({ min: 0n, max: (1n << 64n) - 1n });
const money = fc.bigInt({ min: 0n, max: (1n << 128n) - 1n });
const order: fc.Arbitrary<CallOrder> = fc.oneof(
  fc.record(
    {
      op: fc.constant('call' as const),
      content: u64,
      function: fc.string({ maxLength: 256 }),
      input: fc.uint8Array({ maxLength: 200 }),
      gasLimit: u64,
      maxPrice: money,
      notAfterBlock: fc.nat(),
      voucher: fc.option(bytes(165)),
    },
    plain,
  ),
  fc.record({ op: fc.constant('settle' as const), voucher: bytes(165) }, plain),
);

test('whatever isn’t an order, an opening, a receipt or a request is refused, and nothing else is thrown', () => {
  const decoders = [decodeCallOrder, decodeOpening, decodeCallReceipt, (of: Uint8Array) => decodeCbor(of, callRequest, 'call request')];
  fc.assert(
    fc.property(fc.oneof(fc.uint8Array({ maxLength: 300 }), order.map(encodeCallOrder)), fc.nat(), fc.nat(255), (of, at, to) => {
      const changed = of.length === 0 ? of : of.with(at % of.length, to);
      for (const decode of decoders) {
        try {
          decode(changed);
        } catch (error) {
          assert.ok(isTeaError(error, 'badMessage'), String(error));
        }
      }
    }),
  );
});

test('an order is what was encoded, in one encoding only', () => {
  fc.assert(
    fc.property(order, (each) => {
      const encoded = encodeCallOrder(each);
      assert.deepEqual(decodeCallOrder(encoded), each);
      assert.throws(
        () => decodeCallOrder(new Uint8Array([...encoded, 0])),
        (error) => isTeaError(error, 'badMessage'),
      );
    }),
  );
  const opening = { secret: new Uint8Array(32).fill(1), signature: new Uint8Array(64).fill(2) };
  assert.deepEqual(decodeOpening(encodeOpening(opening)), opening);
});

test('two orders are the same one exactly when they ask for the same, whatever covers them and until whenever they hold', () => {
  fc.assert(
    fc.property(order, order, fc.option(bytes(165)), fc.nat(), (one, two, voucher, notAfterBlock) => {
      if (one.op !== 'call') return;
      assert.deepEqual(orderDigest({ ...one, voucher, notAfterBlock }), orderDigest(one));
      assert.notDeepEqual(orderDigest({ ...one, maxPrice: one.maxPrice ^ 1n }), orderDigest(one));
      assert.notDeepEqual(orderDigest({ ...one, function: `${one.function.slice(0, 200)}'` }), orderDigest(one));
      assert.equal(two.op === 'settle' && orderDigest(two).toHex() === orderDigest(one).toHex(), false);
      assert.notDeepEqual(callSeed(sha256(), 1n, 1n, one), callSeed(sha256(), 1n, 2n, one));
    }),
  );
});

test('a frame opens in its session, direction and number, and nowhere else', async () => {
  const terms = { chain: sha256(), node: sha256(), evidence: sha256(), callKey: new Uint8Array(65).fill(4), channel: 1n };
  const secret = secureRandom(32);
  const [mine, theirs] = [await openSession(terms, secret, secureRandom), await openSession(terms, secret, secureRandom)];
  const plaintext = Uint8Array.of(1, 2, 3);
  const frame = await mine.seal('request', 5n, plaintext);
  assert.deepEqual(await theirs.open('request', 5n, frame), plaintext);
  assert.notDeepEqual(await mine.seal('request', 5n, plaintext), frame, 'sealed anew each time');
  const refused = (work: Promise<unknown>) => assert.rejects(work, (error) => isTeaError(error, 'refused'));
  await refused(theirs.open('answer', 5n, frame));
  await refused(theirs.open('request', 6n, frame));
  for (const change of [{ channel: 2n }, { chain: secret }, { node: secret }, { evidence: secret }, { callKey: new Uint8Array(65) }]) {
    const elsewhere = await openSession({ ...terms, ...change }, secret, secureRandom);
    await refused(elsewhere.open('request', 5n, frame));
    assert.notDeepEqual(elsewhere.id, mine.id);
    assert.notDeepEqual(sessionMessage({ ...terms, ...change }, secret), sessionMessage(terms, secret), 'and its depositor signs for nothing else');
  }
  await refused((await openSession(terms, secureRandom(32), secureRandom)).open('request', 5n, frame));
});

test('a call’s price is rounded up to whole plancks, and one that nobody can have is refused', () => {
  assert.equal(callFee(0n, 1n), 10n);
  assert.equal(callFee(1n, 1n), 11n);
  assert.throws(
    () => callFee((1n << 64n) - 1n, (1n << 128n) - 1n),
    (error) => isTeaError(error, 'limit'),
  );
});

test('a receipt is decoded as it was encoded, money of 128 bits included', () => {
  const receipt: CallReceipt = {
    v: 1,
    domain: 'tea/call/1',
    chain: sha256(),
    node: sha256(),
    channel: (1n << 64n) - 1n,
    sequence: 1n,
    evidence: sha256(),
    trustClass: 'simulated',
    content: 1n,
    code: { cid: 'bafk', sha256: sha256() },
    function: '',
    caller: sha256(),
    input: sha256(),
    output: sha256(),
    outcome: 'outOfGas',
    exitCode: null,
    gasUsed: 1n,
    gasLimit: 1n,
    gasPrice: (1n << 128n) - 1n,
    price: 0n,
    meterVersion: 'tea-meter/4',
    instrumentedSha256: null,
    isolation: 'process',
    clockMs: 0,
    seed: sha256(),
    entropic: true,
    startedAtBlock: 0,
  };
  assert.deepEqual(decodeCallReceipt(encodeCallReceipt(receipt)), receipt);
  const tooMuch = encodeCbor({ ...receipt, code: { ...receipt.code }, gasPrice: String(1n << 128n), price: '0' });
  assert.throws(
    () => decodeCallReceipt(tooMuch),
    (error) => isTeaError(error, 'badMessage'),
  );
});
