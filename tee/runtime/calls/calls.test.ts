import assert from 'node:assert/strict';
import { test } from 'node:test';
import { decodeReply, encodeCbor, isTeaError, TeaError, type TeaErrorCode } from '@tea/protocol';
import { callAnswer, frameAnswer, MAX_CALL_REQUEST_BYTES, type FunctionOrder } from '@tea/protocol/call';
import {
  beginCalls,
  callKeyOf,
  channelOf,
  codeOf,
  depositor,
  openingOf,
  orderOf,
  otherNode,
  playCalls,
  ran,
  stranger,
  voucherOf,
  type Played,
} from './testing/played-calls.ts';

const refusedAs =
  (code: TeaErrorCode, says: RegExp = /./) =>
  (error: unknown): boolean =>
    isTeaError(error, code) && says.test(error.message);

async function untouched({ world, vouchers }: Played): Promise<void> {
  assert.equal(world.runs.length, 0, 'nothing ran');
  const tab = await vouchers.look(1n);
  assert.deepEqual([tab?.spent, tab?.reserved], [0n, 0n], 'and nothing was charged or set aside');
}

const badVouchers: readonly [name: string, code: TeaErrorCode, order: Partial<FunctionOrder>, says: RegExp][] = [
  ['no voucher at all: no unit of gas is free', 'limit', { voucher: null }, /1000 plancks/],
  ['a voucher of less than the ceiling', 'limit', { voucher: voucherOf(999n) }, /1000 plancks/],
  ['a voucher for another node', 'refused', { voucher: voucherOf(1_000n, { node: otherNode }) }, /otherNode/],
  ['a voucher on another chain', 'refused', { voucher: voucherOf(1_000n, { chain: otherNode }) }, /otherChain/],
  ['a voucher of a channel that layer 1 has not', 'refused', { voucher: voucherOf(1_000n, { channel: 9n }) }, /unknownChannel/],
  ['a voucher that somebody else signed', 'refused', { voucher: voucherOf(1_000n, {}, stranger) }, /badSignature/],
  ['a voucher of more than the deposit', 'refused', { voucher: voucherOf(1_000_001n) }, /overspent/],
  ['a ceiling above what the caller agreed to', 'limit', { maxPrice: 999n }, /ceiling of 1000/],
  ['an order that the host held back too long', 'timeout', { notAfterBlock: 9 }, /block 9/],
  ['code that layer 1 has not', 'notFound', { content: 7n }, /content 7/],
];
for (const [name, code, change, says] of badVouchers) {
  test(`refuses ${name}, and runs and charges nothing`, async () => {
    const played = await playCalls();
    const { call } = await beginCalls(played);
    await assert.rejects(call(1n, orderOf(change)), refusedAs(code, says));
    await untouched(played);
  });
}

test('a call of no gas at all is not free: a sandbox is started for it', async () => {
  const played = await playCalls();
  const { call } = await beginCalls(played);
  await assert.rejects(call(1n, orderOf({ gasLimit: 0n, voucher: null })), refusedAs('limit', /10 plancks/));
  await untouched(played);
  played.world.run = async () => ran(0n, { outcome: 'outOfGas', exitCode: null });
  assert.equal((await call(2n, orderOf({ gasLimit: 0n }))).price, 10n);
});

test('a voucher of another channel of the same depositor covers nothing here', async () => {
  const played = await playCalls();
  played.world.channels.set(2n, channelOf());
  const { call } = await beginCalls(played);
  await assert.rejects(call(1n, orderOf({ voucher: voucherOf(1_000n, { channel: 2n }) })), refusedAs('limit'));
  await untouched(played);
});

test('a voucher that paid for calls up to its worth pays for no other', async () => {
  const played = await playCalls();
  const { call } = await beginCalls(played);
  played.world.run = async () => ran(1_000n);
  await call(1n, orderOf());
  await assert.rejects(call(2n, orderOf()), refusedAs('limit', /2000 plancks/));
  await assert.rejects(call(3n, orderOf({ voucher: voucherOf(500n) })), refusedAs('limit'));
  assert.equal(played.world.runs.length, 1);
});

const uncallable: readonly [name: string, change: Parameters<typeof codeOf>[0], says: RegExp][] = [
  ['sealed code', { visibility: 'sealed' }, /sealed code/],
  ['code that costs something: a channel pays the node alone', { price: 1n }, /1 plancks a use/],
  ['data', { kind: 'data' }, /data/],
  ['code that its owner withdrew', { onSale: false }, /withdrew/],
  ['bytes that are not what layer 1 recorded', { sha256: otherNode }, /not what layer 1 recorded/],
];
for (const [name, change, says] of uncallable) {
  test(`refuses ${name}`, async () => {
    const played = await playCalls();
    played.world.contents.set(1n, codeOf(change));
    const { call } = await beginCalls(played);
    await assert.rejects(call(1n, orderOf()), (error) => isTeaError(error) && says.test(error.message));
    await untouched(played);
  });
}

test('a node that leaves, or was found wanting, takes no calls', async () => {
  const played = await playCalls();
  const { call } = await beginCalls(played);
  for (const status of ['Exiting', 'Inactive', 'Pending'] as const) {
    played.world.record = { ...played.world.record, status } as typeof played.world.record;
    await assert.rejects(call(status === 'Exiting' ? 1n : status === 'Inactive' ? 2n : 3n, orderOf()), refusedAs('refused', new RegExp(status)));
  }
  await untouched(played);
});

test('takes no call from a channel that ends soon, was closed so long ago, or is no more', async () => {
  const played = await playCalls();
  const { call } = await beginCalls(played);
  const endings: readonly [TeaErrorCode, ReturnType<typeof channelOf> | null][] = [
    ['refused', channelOf({ endsAt: 209 + 60 })],
    ['refused', channelOf({ endsAt: 209 + 120, closing: true })],
    ['notFound', null],
  ];
  let sequence = 1n;
  for (const [code, record] of endings) {
    played.world.block += 60; // what was read of it is old by now
    if (record === null) played.world.channels.delete(1n);
    else played.world.channels.set(1n, { ...record, endsAt: played.world.block + 99 });
    await assert.rejects(call(sequence++, orderOf({ notAfterBlock: 1_000 })), refusedAs(code));
  }
  assert.equal(played.world.runs.length, 0);
});

test('a session begins for the depositor alone, on evidence of this start alone, and only with the key that was offered', async () => {
  const played = await playCalls();
  const restarted = await playCalls();
  const refused = async (how: Parameters<typeof openingOf>[1], code: TeaErrorCode): Promise<void> => {
    const { bytes } = await openingOf(played, how);
    const reply = await played.ask(bytes);
    assert.throws(() => decodeReply(reply, frameAnswer, 'answer'), refusedAs(code));
  };
  await refused({ by: stranger }, 'refused');
  await refused({ evidence: otherNode }, 'refused');
  await refused({ channel: 7n }, 'notFound');
  await refused({ callKey: await callKeyOf(restarted) }, 'refused');
  played.world.channels.set(2n, channelOf({ node: otherNode }));
  await refused({ channel: 2n }, 'notFound');
});

test('what was recorded of one process opens nothing in the next, which has another call key', async () => {
  const [before, after] = [await playCalls(), await playCalls()];
  const { bytes } = await openingOf(before);
  const { frame } = await beginCalls(before);
  const recorded = await frame(1n, orderOf());
  const opened = await after.ask(bytes);
  assert.throws(() => decodeReply(opened, frameAnswer, 'answer'), refusedAs('refused'));
  const served = await after.ask(recorded);
  assert.throws(() => decodeReply(served, frameAnswer, 'answer'), refusedAs('notFound'));
  await untouched(after);
});

test('a frame that a host replays gets the same answer, and runs and is paid once', async () => {
  const played = await playCalls();
  const { frame, read } = await beginCalls(played);
  const recorded = await frame(1n, orderOf());
  const answers = [];
  for (let time = 0; time < 3; time++) answers.push(await read(1n, await played.ask(recorded)));
  assert.deepEqual(answers[1], answers[0]);
  assert.deepEqual(answers[2], answers[0]);
  assert.equal(played.world.runs.length, 1);
  assert.equal((await played.vouchers.look(1n))?.spent, 100n);
});

test('so does an order that its client sends again while it runs, and in another session', async () => {
  const played = await playCalls();
  const go = Promise.withResolvers<void>();
  played.world.run = async () => (await go.promise, ran(100n));
  const [first, second] = [await beginCalls(played), await beginCalls(played)];
  const both = Promise.all([first.call(1n, orderOf()), second.call(1n, orderOf({ voucher: voucherOf(3_000n), notAfterBlock: 77 }))]);
  await new Promise((resolve) => setImmediate(resolve));
  go.resolve();
  const [one, two] = await both;
  assert.deepEqual(one, two);
  assert.equal(played.world.runs.length, 1);
});

test('no byte of a frame can be changed, nor its number or session', async () => {
  const played = await playCalls();
  const one = await beginCalls(played);
  const other = await beginCalls(played);
  const sealed = await one.session.seal('request', 1n, new Uint8Array(64));
  const send = async (session: Uint8Array, sequence: bigint, bytes: Uint8Array): Promise<void> => {
    const reply = await played.ask(encodeCbor({ op: 'frame', session, sequence, sealed: bytes }));
    assert.throws(() => decodeReply(reply, frameAnswer, 'answer'), refusedAs('refused'));
  };
  for (let at = 0; at < sealed.length; at++) await send(one.session.id, 1n, sealed.with(at, (sealed[at] ?? 0) ^ 1));
  await send(one.session.id, 2n, sealed);
  await send(other.session.id, 1n, sealed);
  await send(one.session.id, 1n, await one.session.seal('answer', 1n, new Uint8Array(64)));
  await send(one.session.id, 1n, sealed.subarray(0, 27));
  await untouched(played);
});

test('a number stands for one order: another under it is refused', async () => {
  const played = await playCalls();
  const { call } = await beginCalls(played);
  await call(1n, orderOf());
  await assert.rejects(call(1n, orderOf({ function: 'other', voucher: voucherOf(5_000n) })), refusedAs('conflict', /another one/));
  assert.equal(played.world.runs.length, 1);
});

test('a refused order does not run later, whatever the channel holds by then', async () => {
  const played = await playCalls();
  const { frame, read, call } = await beginCalls(played);
  const recorded = await frame(1n, orderOf({ voucher: null }));
  await assert.rejects(read(1n, await played.ask(recorded)), refusedAs('limit'));
  await call(2n, orderOf({ voucher: voucherOf(50_000n) }));
  await assert.rejects(read(1n, await played.ask(recorded)), refusedAs('limit'));
  assert.equal(played.world.runs.length, 1);
});

test('numbers older than what is kept are refused, served or not, and a dropped answer is told', async () => {
  const played = await playCalls({ maxOrders: 4, maxBytes: 1_500 });
  const { frame, read, call } = await beginCalls(played);
  const recorded = await frame(1n, orderOf({ voucher: voucherOf(100_000n) }));
  await read(1n, await played.ask(recorded));
  const late = await frame(3n, orderOf());
  for (const sequence of [4n, 5n, 6n, 7n]) await call(sequence, orderOf({ input: new Uint8Array(400) }));
  await assert.rejects(read(1n, await played.ask(recorded)), refusedAs('conflict', /too old/));
  await call(8n, orderOf({ input: new Uint8Array(400) }));
  await assert.rejects(read(3n, await played.ask(late)), refusedAs('conflict', /too old/));
  await assert.rejects(call(5n, orderOf({ input: new Uint8Array(400) })), refusedAs('conflict', /no longer kept/));
  assert.equal((await beginCalls(played)).standing.next, 9n);
});

test('fifty calls at once on one channel, in any order: all run, each is charged once, and never more than vouchers are worth', async () => {
  const played = await playCalls();
  let most = 0n;
  played.world.run = async (job) => {
    const tab = await played.vouchers.look(1n);
    const used = (tab?.spent ?? 0n) + (tab?.reserved ?? 0n);
    assert.ok(used <= (tab?.voucher?.amount ?? 0n), 'covered');
    most = used > most ? used : most;
    return ran(BigInt(job.stdin instanceof Uint8Array ? (job.stdin[0] ?? 0) : 0));
  };
  const { call } = await beginCalls(played);
  const numbers = Array.from({ length: 50 }, (_, index) => BigInt(index + 1)).toSorted((a, b) => Number((a * 37n) % 50n) - Number((b * 37n) % 50n));
  const answers = await Promise.all(
    numbers.map((sequence) => call(sequence, orderOf({ input: Uint8Array.of(Number(sequence)), voucher: voucherOf(1_000n * sequence) }))),
  );
  assert.ok(most > 0n);
  assert.equal(
    (await played.vouchers.look(1n))?.spent,
    answers.reduce((sum, { price }) => sum + price, 0n),
  );
  assert.equal(played.world.runs.length, 50);
  assert.equal((await played.vouchers.look(1n))?.reserved, 0n);
});

test('what ran is charged however it ended: a trap what it used, a run out of gas its whole limit', async () => {
  const played = await playCalls();
  const { call } = await beginCalls(played);
  let sequence = 1n;
  let spent = 0n;
  for (const [outcome, gas] of [
    ['trap', 40n],
    ['outOfGas', 1_000n],
    ['outOfTime', 1_000n],
    ['outputTooLarge', 300n],
    ['refusedImport', 10n],
  ] as const) {
    played.world.run = async () => ran(gas, { outcome, exitCode: null });
    const answer = await call(sequence++, orderOf({ voucher: voucherOf(20_000n) }));
    spent += gas;
    assert.deepEqual([answer.outcome, answer.price, answer.spent], [outcome, gas, spent]);
  }
  assert.deepEqual(
    played.world.receipts.map(({ price }) => price),
    [40n, 1_000n, 1_000n, 300n, 10n],
  );
  assert.deepEqual(played.world.unredeemed, [40n, 1_040n, 2_040n, 2_340n, 2_350n], 'who redeems is told');
});

test('what did not run, was ended with its TEE, or got no receipt costs nothing', async () => {
  const played = await playCalls();
  const { call } = await beginCalls(played);
  played.world.run = async () => {
    throw new TeaError('unavailable', 'The sandbox could not be started');
  };
  await assert.rejects(call(1n, orderOf()), refusedAs('unavailable'));
  played.world.run = async () => ran(100n, { outcome: 'cancelled', exitCode: null });
  await assert.rejects(call(2n, orderOf()), refusedAs('cancelled'));
  played.world.run = async () => ran(100n);
  played.world.quote = async () => {
    throw new TeaError('tpm', 'The TPM did not quote');
  };
  await assert.rejects(call(3n, orderOf()), refusedAs('tpm'));
  played.world.run = async () => {
    throw new Error('a failure nobody foresaw, with /secret/paths in it');
  };
  await assert.rejects(call(4n, orderOf()), (error) => isTeaError(error, 'internal') && !error.message.includes('secret'));
  const tab = await played.vouchers.look(1n);
  assert.deepEqual([tab?.spent, tab?.reserved], [0n, 0n]);
});

test('an exact voucher takes the place of one that covered a ceiling, and no more than was used is redeemed', async () => {
  const played = await playCalls();
  const { call, frame } = await beginCalls(played);
  await call(1n, orderOf());
  await assert.rejects(call(2n, { op: 'settle', voucher: voucherOf(99n) }), refusedAs('refused', /nothingNew/));
  await assert.rejects(call(3n, { op: 'settle', voucher: voucherOf(100n, {}, stranger) }), refusedAs('refused', /badSignature/));
  const reply = await played.ask(await frame(4n, { op: 'settle', voucher: voucherOf(100n) }));
  assert.ok(decodeReply(reply, frameAnswer, 'answer'));
  assert.equal(await played.vouchers.redeem({ signer: undefined as never }), 100n);
  assert.deepEqual(played.world.redeemed, [100n]);
});

test('a process that was killed before it redeemed has lost what was used, its client nothing: the next one begins at what layer 1 paid', async () => {
  const [killed, next] = [await playCalls(), await playCalls()];
  const { call } = await beginCalls(killed);
  await call(1n, orderOf());
  const { standing } = await beginCalls(next);
  assert.deepEqual([standing.spent, standing.voucher, standing.next], [0n, null, 1n]);
});

test('the guest sees the depositor as its caller, the block’s time, and randomness of the order alone', async () => {
  const played = await playCalls();
  const { call } = await beginCalls(played);
  await call(1n, orderOf({ voucher: voucherOf(10_000n) }));
  await call(2n, orderOf());
  const [one, two] = played.world.runs;
  assert.deepEqual(one?.call, { function: 'run', caller: depositor.publicKey });
  assert.notDeepEqual(one?.seed, two?.seed);
  const again = await playCalls();
  await (await beginCalls(again)).call(1n, orderOf({ notAfterBlock: 50 }));
  assert.deepEqual(again.world.runs[0]?.seed, one?.seed, 'a run again elsewhere sees the same');
});

test('a request that is too long, or none, is told so', async () => {
  const played = await playCalls();
  const tooLong = await played.ask(new Uint8Array(MAX_CALL_REQUEST_BYTES + 1));
  assert.throws(() => decodeReply(tooLong, callAnswer, 'answer'), refusedAs('limit'));
  for (const bytes of [new Uint8Array(), encodeCbor({ op: 'steal' }), encodeCbor({ op: 'open', channel: 1 })]) {
    const reply = await played.ask(bytes);
    assert.throws(() => decodeReply(reply, callAnswer, 'answer'), refusedAs('badMessage'));
  }
});

test('the free questions of many can’t keep out who pays', async () => {
  const played = await playCalls();
  const { call } = await beginCalls(played);
  const asking = Promise.all(Array.from({ length: 200 }, () => played.ask(encodeCbor({ op: 'offer', nonce: otherNode }))));
  const paid = call(1n, orderOf());
  const replies = await asking;
  const told = replies.filter((reply) => new TextDecoder().decode(reply).includes('waiting')).length;
  assert.ok(told >= 200 - 32 - 32, `${told} were told to come again`);
  assert.equal((await paid).outcome, 'ok');
});
