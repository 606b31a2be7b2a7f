import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { isTeaError } from '@tea/protocol';
import { FlushContext, GetRandom } from './commands/general.ts';
import { createTpm } from './tpm.ts';
import type { TpmTransport } from './transport.ts';
import { createTurns } from './turns.ts';

const SUCCESS = Uint8Array.fromHex('80010000000a00000000');
const RANDOM = Uint8Array.fromHex('80010000000e0000000000020708');

function scripted(answer: (command: Uint8Array) => Promise<Uint8Array>): TpmTransport & { readonly sent: string[]; closed: boolean } {
  const sent: string[] = [];
  return {
    description: 'a script',
    sent,
    closed: false,
    transmit(command) {
      sent.push(command.toHex().slice(12, 20));
      return answer(command);
    },
    async [Symbol.asyncDispose]() {
      this.closed = true;
    },
  };
}

describe('turns at the TPM', () => {
  it('go to callers in the order they came', async () => {
    const turns = createTurns({ maxWaiting: 10, timeoutMs: 60_000 });
    const order: number[] = [];
    const callers = [1, 2, 3, 4].map(async (caller) => {
      const turn = await turns.take();
      order.push(caller);
      turn.release();
    });
    await Promise.all(callers);
    assert.deepEqual(order, [1, 2, 3, 4]);
  });

  it('refuse the one too many', async () => {
    const turns = createTurns({ maxWaiting: 1, timeoutMs: 60_000 });
    const first = await turns.take();
    const second = turns.take();
    await assert.rejects(turns.take(), (error) => isTeaError(error, 'limit'));
    first.release();
    (await second).release();
  });

  it('refuse who waited too long, and pass him over', async () => {
    const turns = createTurns({ maxWaiting: 10, timeoutMs: 20 });
    const first = await turns.take();
    await assert.rejects(turns.take(), (error) => isTeaError(error, 'timeout'));
    first.release();
    (await turns.take()).release();
  });

  it('let a waiting caller cancel, and are not lost by it', async () => {
    const turns = createTurns({ maxWaiting: 10, timeoutMs: 60_000 });
    const first = await turns.take();
    const controller = new AbortController();
    const second = turns.take(controller.signal);
    const third = turns.take();
    controller.abort();
    await assert.rejects(second, (error) => isTeaError(error, 'cancelled'));
    await assert.rejects(turns.take(controller.signal), (error) => isTeaError(error, 'cancelled'));
    first.release();
    first.release();
    (await third).release();
  });
});

describe('a turn', () => {
  it('sends nothing more for a caller that cancelled, but flushes what he loaded before the next turn', async () => {
    const controller = new AbortController();
    const transport = scripted(async (command) => {
      if (command[9] === 0x7b) controller.abort();
      return command[9] === 0x7b ? RANDOM : SUCCESS;
    });
    await using tpm = createTpm(transport);
    const cancelledCall = tpm.turn(
      async (turn) => {
        turn.flushAfter(0x80000001);
        for (;;) await turn.run(GetRandom, {}, { bytesRequested: 2 });
      },
      { signal: controller.signal },
    );
    const next = tpm.turn((turn) => turn.run(FlushContext, {}, { flushHandle: 0x80000002 }));
    await assert.rejects(cancelledCall, (error) => isTeaError(error, 'cancelled'));
    await next;
    assert.deepEqual(transport.sent, ['0000017b', '00000165', '00000165']);
  });

  it('of a TPM that never answers ends in a timeout, and its connection is not used again', async () => {
    const transport = scripted(() => new Promise(() => undefined));
    await using tpm = createTpm(transport, { timeoutMs: 20 });
    const call = tpm.turn((turn) => turn.run(GetRandom, {}, { bytesRequested: 2 }));
    await assert.rejects(call, (error) => isTeaError(error, 'timeout') && /did not answer TPM2_GetRandom/.test(error.message));
    assert.equal(transport.closed, true);
  });

  it('sends a command again to a TPM that asks for it, but not for ever', async () => {
    let left = 3;
    const transport = scripted(async () => (left-- > 0 ? Uint8Array.fromHex('80010000000a00000922') : RANDOM));
    await using tpm = createTpm(transport);
    const random = (): Promise<unknown> => tpm.turn((turn) => turn.run(GetRandom, {}, { bytesRequested: 2 }));
    assert.deepEqual(await random(), { randomBytes: Uint8Array.of(7, 8) });
    assert.equal(transport.sent.length, 4);
    left = Number.POSITIVE_INFINITY;
    await assert.rejects(random(), (error) => isTeaError(error, 'tpm') && error.details['response'] === 'TPM_RC_RETRY');
    assert.equal(transport.sent.length, 10);
  });

  const answers: readonly [claim: string, answer: string, code: 'badMessage' | 'tpm'][] = [
    ['that is empty', '', 'badMessage'],
    ['whose size lies', '80010000000f0000000000020708', 'badMessage'],
    ['with a session nobody opened', '80020000000e0000000000020708', 'badMessage'],
    ['with bytes behind its parameters', '80010000000f000000000002070800', 'badMessage'],
    ['whose parameter is cut off', '80010000000d00000000000207', 'badMessage'],
    ['that claims more random bytes than a digest holds', '80010000000c000000000041', 'badMessage'],
    ['with a response code', '80010000000a00000101', 'tpm'],
  ];
  for (const [claim, answer, code] of answers) {
    it(`refuses an answer ${claim}`, async () => {
      await using tpm = createTpm(scripted(async () => Uint8Array.fromHex(answer)));
      await assert.rejects(
        tpm.turn((turn) => turn.run(GetRandom, {}, { bytesRequested: 2 })),
        (error) => isTeaError(error, code),
      );
    });
  }
});
