import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { TeaError } from '../errors.ts';
import { decodeWebFrame, encodeWebFrame, type Frame } from './frame.ts';
import { type StreamEvents, type StreamFrame, type StreamRequest, webStreams, type WebStream } from './streams.ts';

const LIMITS = { maxPieceBytes: 16, maxMessageBytes: 200, windowBytes: 40, maxStreams: 3 };
const ASK: StreamRequest = { mode: 'ask', key: new Uint8Array(16), timeoutMs: 1_000, subject: 'tea.test' };

type Told = { messages: Uint8Array[]; ended: boolean; failed?: TeaError };

function listen(told: Told, deal: (payload: Uint8Array) => void | Promise<void> = () => undefined): StreamEvents {
  return {
    message(payload) {
      told.messages.push(payload);
      return deal(payload);
    },
    ended: () => void (told.ended = true),
    failed: (error) => void (told.failed = error),
  };
}

/** A client and an adapter that hear each other at once, and what passed between them. */
function pair({ answer, deal }: { answer?: (payload: Uint8Array, stream: WebStream) => void; deal?: () => Promise<void> } = {}) {
  const wire: Frame[] = [];
  const accepted: (Told & { readonly stream: WebStream })[] = [];
  const carry = (to: () => { receive(frame: StreamFrame): void }) => (bytes: Uint8Array) => {
    const frame = decodeWebFrame(bytes.slice());
    wire.push(frame);
    if ('stream' in frame) to().receive(frame);
  };
  const client = webStreams({ limits: LIMITS, send: carry(() => adapter) });
  const adapter = webStreams({
    limits: LIMITS,
    send: carry(() => client),
    accept(_, stream) {
      const told = { messages: [], ended: false, stream };
      accepted.push(told);
      return listen(told, (payload) => (answer === undefined ? deal?.() : answer(payload, stream)));
    },
  });
  return { client, adapter, wire, accepted };
}

const nothing = (): Told => ({ messages: [], ended: false });

/** A peer that says what it likes. */
function hostile(
  accept: (request: StreamRequest, stream: WebStream) => StreamEvents = (_, stream) => ({ ...listen(nothing()), ended: () => stream.end() }),
) {
  const said: Frame[] = [];
  const streams = webStreams({ limits: LIMITS, send: (bytes) => void said.push(decodeWebFrame(bytes)), accept });
  const data = (stream: number, length: number, fin = false, last = false): void =>
    streams.receive({ kind: 'data', stream, fin, last, payload: new Uint8Array(length) });
  const open = (stream: number, length = 0, fin = false): void =>
    streams.receive({ kind: 'open', stream, fin, last: false, payload: new Uint8Array(length), ...ASK });
  return { streams, said, data, open };
}
const breaks = (error: unknown): boolean => error instanceof TeaError && error.code === 'badMessage';

describe('a peer that breaks the protocol', () => {
  const attacks: Readonly<Record<string, (peer: ReturnType<typeof hostile>) => void>> = {
    'sends more than it was granted': ({ open, data }) => {
      open(1);
      for (let sent = 0; sent <= LIMITS.windowBytes; sent += 16) data(1, 16);
      for (let sent = 0; sent <= LIMITS.windowBytes; sent += 16) data(1, 41);
    },
    'goes on after its end': ({ open, data }) => {
      open(1);
      data(1, 0, false, true);
      data(1, 1, true);
    },
    'ends within a message': ({ open, data }) => {
      open(1, 5);
      data(1, 0, false, true);
    },
    'opens a stream twice': ({ open }) => {
      open(1);
      open(1);
    },
    'opens a stream below the last': ({ open }) => {
      open(2);
      open(1);
    },
    'speaks on a stream that never was': ({ data }) => data(7, 1),
  };
  for (const [what, attack] of Object.entries(attacks)) {
    test(`that ${what} is told so and loses the link`, () => assert.throws(() => attack(hostile(() => listen(nothing()))), breaks));
  }

  test('a client lets nobody open a stream at it', () => {
    const client = webStreams({ limits: LIMITS, send: () => undefined });
    assert.throws(() => client.receive({ kind: 'open', stream: 1, fin: true, last: true, payload: new Uint8Array(), ...ASK }), breaks);
  });
});

describe('limits cost a stream, not the link', () => {
  test('a message too large', () => {
    const { open, data, said, streams } = hostile();
    open(1);
    for (let sent = 0; sent <= LIMITS.maxMessageBytes; sent += 16) data(1, 16);
    assert.deepEqual(
      said.filter(({ kind }) => kind === 'fail').map((frame) => 'error' in frame && frame.error.code),
      ['limit'],
    );
    assert.equal(streams.size, 0);
    data(1, 16); // was on its way
    open(2, 3, true);
    assert.equal(streams.size, 1);
  });

  test('unfinished messages of all streams together', () => {
    const { open, data, said } = hostile();
    for (let stream = 1; stream <= 40; stream++) {
      open(stream);
      for (let sent = 0; sent < 192; sent += 16) data(stream, 16);
      if (stream < 3) continue;
      data(stream - 2, 8, true, true); // what is finished counts no longer
    }
    assert.deepEqual(
      said.filter(({ kind }) => kind === 'fail'),
      [],
    );
    const refused: Frame[] = [];
    const narrow = webStreams({
      limits: LIMITS,
      maxHeldBytes: 100,
      send: (bytes) => void refused.push(decodeWebFrame(bytes)),
      accept: () => listen(nothing()),
    });
    for (const stream of [1, 2]) narrow.receive({ kind: 'open', stream, fin: false, last: false, payload: new Uint8Array(16), ...ASK });
    for (let sent = 0; sent < 48; sent += 16)
      for (const stream of [1, 2]) narrow.receive({ kind: 'data', stream, fin: false, last: false, payload: new Uint8Array(16) });
    assert.deepEqual(
      refused.filter(({ kind }) => kind === 'fail').map((frame) => 'error' in frame && frame.error.code),
      ['limit'],
    );
    assert.equal(narrow.size, 1);
  });

  test('too many streams', () => {
    const { open, said } = hostile();
    for (let stream = 1; stream <= 4; stream++) open(stream);
    assert.deepEqual(
      said.map((frame) => frame.kind === 'fail' && frame.stream),
      [4],
    );
  });

  test('a request that is not accepted', () => {
    const { open, said, streams } = hostile(() => {
      throw new TeaError('refused', 'No');
    });
    open(1, 3, true);
    assert.deepEqual(
      said.map((frame) => frame.kind === 'fail' && frame.error.code),
      ['refused'],
    );
    assert.equal(streams.size, 0);
  });
});

describe('streams', () => {
  test('a request and its answer are one frame each way, and leave nothing behind', () => {
    const { client, adapter, wire } = pair({
      answer: (payload, stream) =>
        void stream.send(
          payload.map((byte) => byte + 1),
          true,
        ),
    });
    const told = nothing();
    client.open(ASK, listen(told), Uint8Array.of(1, 2), true);
    assert.deepEqual(told, { messages: [Uint8Array.of(2, 3)], ended: true });
    assert.equal(wire.length, 2);
    assert.deepEqual([client.size, adapter.size], [0, 0]);
  });

  test('messages of any size come whole and in order, both ways, and no more is under way than was granted', () => {
    const sizes = fc.array(fc.nat(LIMITS.maxMessageBytes), { minLength: 1, maxLength: 12 });
    fc.assert(
      fc.property(sizes, sizes, (there, back) => {
        const { client, accepted, wire } = pair();
        const heard = nothing();
        const message = (size: number, index: number): Uint8Array => Uint8Array.from({ length: size }, (_, at) => at + index);
        const stream = client.open({ ...ASK, mode: 'session' }, listen(heard), message(there[0] ?? 0, 0), false);
        for (const [index, size] of there.slice(1).entries()) void stream.send(message(size, index + 1));
        stream.end();
        for (const [index, size] of back.entries()) void accepted[0]?.stream.send(message(size, index));
        accepted[0]?.stream.end();
        assert.deepEqual(accepted[0]?.messages, there.map(message));
        assert.deepEqual(heard.messages, back.map(message));
        assert.ok(heard.ended && accepted[0]?.ended);
        assert.equal(client.size, 0);
        assert.ok(wire.every((frame) => !('payload' in frame) || frame.payload.length <= LIMITS.maxPieceBytes));
      }),
    );
  });

  test('a receiver that does not come along holds its sender up, and lets it go on when it has', async () => {
    const gates: PromiseWithResolvers<void>[] = [];
    const { client, accepted } = pair({
      deal() {
        const gate = Promise.withResolvers<void>();
        gates.push(gate);
        return gate.promise;
      },
    });
    const stream = client.open({ ...ASK, mode: 'session' }, listen(nothing()), new Uint8Array(16), false);
    for (let sent = 0; sent < 9; sent++) void stream.send(new Uint8Array(16));
    assert.equal(accepted[0]?.messages.length, 2);
    assert.ok(stream.unsentBytes > 100);
    for (let dealt = 0; dealt < 10; dealt++) {
      gates[dealt]?.resolve();
      await gates[dealt]?.promise;
      await Promise.resolve();
    }
    assert.equal(accepted[0]?.messages.length, 10);
    assert.equal(stream.unsentBytes, 0);
  });

  test('a failure says why, either way', () => {
    const { client, accepted } = pair();
    const told = nothing();
    const first = client.open(ASK, listen(told), new Uint8Array(1), false);
    accepted[0]?.stream.fail(new TeaError('unavailable', 'No such node', { next: 'ask another' }), 'c7');
    assert.equal(told.failed?.code, 'unavailable');
    assert.deepEqual([told.failed?.next, told.failed?.details['correlation']], ['ask another', 'c7']);
    first.fail(new TeaError('cancelled', 'Too late')); // is over: says nothing
    const second = client.open(ASK, listen(nothing()), new Uint8Array(1), false);
    second.fail(new TeaError('cancelled', 'No longer wanted'));
    assert.deepEqual([accepted[0]?.failed, accepted[1]?.failed?.code], [undefined, 'cancelled']);
  });

  test('what was wrong inside stays inside', () => {
    const { client, accepted } = pair();
    const told = nothing();
    client.open(ASK, listen(told), new Uint8Array(1), false);
    accepted[0]?.stream.fail(new Error('password of the bus: hunter2'), 'c8');
    assert.equal(told.failed?.code, 'internal');
    assert.doesNotMatch(String(told.failed), /hunter2/);
  });

  test('a lost link fails what was under way, once', () => {
    const { client } = pair();
    const told = nothing();
    client.open(ASK, listen(told), new Uint8Array(1), false);
    client.abandon(new TeaError('unavailable', 'The link is lost'));
    assert.equal(told.failed?.code, 'unavailable');
    assert.equal(client.size, 0);
  });
});

test('an encoded frame is a buffer of its own', () => {
  assert.equal(encodeWebFrame({ kind: 'ping' }).buffer.byteLength, 6);
});
