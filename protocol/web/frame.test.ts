import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { TEA_ERROR_CODES, TeaError } from '../errors.ts';
import { decodeWebFrame, encodeWebFrame, type Frame } from './frame.ts';

const bytes = (length: number): fc.Arbitrary<Uint8Array> => fc.uint8Array({ minLength: length, maxLength: length });
const id = fc.integer({ min: 1, max: 2 ** 32 - 1 });
const number = fc.integer({ min: 1, max: 2 ** 31 });
const piece = { stream: id, fin: fc.boolean(), last: fc.boolean(), payload: fc.uint8Array({ maxLength: 300 }) };
const text = fc.string({ maxLength: 200 }).filter((value) => value.isWellFormed());
const subject = fc.string({ unit: fc.integer({ min: 0x21, max: 0x7e }).map((code) => String.fromCharCode(code)), minLength: 1, maxLength: 128 });

const frame: fc.Arbitrary<Frame> = fc.oneof(
  fc.record({ kind: fc.constant('hello'), versions: fc.array(number, { minLength: 1, maxLength: 16 }), client: bytes(16) }),
  fc.record({
    kind: fc.constant('welcome'),
    version: number,
    maxPieceBytes: number,
    maxMessageBytes: number,
    windowBytes: number,
    maxStreams: number,
    idleMs: number,
  }),
  fc.record({ kind: fc.constant('open'), ...piece, mode: fc.constantFrom('ask', 'session'), key: bytes(16), timeoutMs: number, subject }),
  fc.record({ kind: fc.constant('data'), ...piece }),
  fc.record({ kind: fc.constant('credit'), stream: id, bytes: number }),
  fc.record({
    kind: fc.constant('fail'),
    stream: fc.oneof(id, fc.constant(0)),
    error: fc.record(
      { code: fc.constantFrom(...TEA_ERROR_CODES), summary: text, expected: text, correlation: fc.constant('c1') },
      { noNullPrototype: true },
    ),
  }),
  fc.record({ kind: fc.constantFrom('ping', 'pong') }),
);

const isRefusal = (error: unknown): boolean => error instanceof TeaError && error.code === 'badMessage';

describe('frames', () => {
  test('come back as they were sent', () => {
    fc.assert(fc.property(frame, (value) => assert.deepEqual({ ...decodeWebFrame(encodeWebFrame(value)) }, { ...value })));
  });

  test('have one encoding: whatever decodes encodes to the same bytes', () => {
    fc.assert(
      fc.property(frame, fc.array(fc.tuple(fc.nat(400), fc.integer({ min: 0, max: 255 })), { maxLength: 3 }), (value, changes) => {
        const changed = encodeWebFrame(value);
        for (const [at, byte] of changes) changed[at % changed.length] = byte;
        let decoded: Frame;
        try {
          decoded = decodeWebFrame(changed);
        } catch (error) {
          return assert.ok(isRefusal(error), String(error));
        }
        assert.deepEqual(encodeWebFrame(decoded), changed);
      }),
      { numRuns: 2_000 },
    );
  });

  test('are refused for what they are not', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 64 }), (garbage) => {
        try {
          assert.deepEqual(encodeWebFrame(decodeWebFrame(garbage)), garbage);
        } catch (error) {
          assert.ok(isRefusal(error), String(error));
        }
      }),
      { numRuns: 5_000 },
    );
  });

  const open: Frame = {
    kind: 'open',
    stream: 1,
    fin: true,
    last: true,
    payload: new Uint8Array(3),
    mode: 'ask',
    key: new Uint8Array(16),
    timeoutMs: 1_000,
    subject: 'a.b',
  };
  const damaged: Readonly<Record<string, (good: Uint8Array) => Uint8Array>> = {
    'an empty message': () => new Uint8Array(),
    'a head cut off': (good) => good.subarray(0, 5),
    'a kind there is none of': (good) => good.with(0, 9),
    'a flag there is none of': (good) => good.with(1, 8),
    'a request on the stream of the link': (good) => good.with(5, 0),
    'a subject longer than the frame': (good) => good.with(26, 200),
    'no subject': (good) => good.with(26, 0),
    'a subject with a space, which NATS takes for an end': (good) => good.with(28, 0x20),
    'a subject with a line feed, which would begin another command': (good) => good.with(28, 0x0a),
    'no time to answer': (good) => good.with(24, 0).with(25, 0),
  };
  for (const [what, damage] of Object.entries(damaged)) {
    test(`refuses ${what}`, () => assert.throws(() => decodeWebFrame(damage(encodeWebFrame(open))), isRefusal));
  }
});
