import { generateKeyPairSync, sign, type KeyObject } from 'node:crypto';
import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { promisify } from 'node:util';

/** A question over a socket, answered with a signature: what tea-runtime does for whoever asks it, in the process under test. */
export type AnswerProbe = AsyncDisposable & {
  /** The p99 of the time to an answer, in ms, asking until `done` and at least `least` times. */
  p99(least: number, done: () => boolean): Promise<number>;
};

const PAUSE_MS = 3;
const signAsync = promisify(sign) as (algorithm: string, data: Uint8Array, key: KeyObject) => Promise<Uint8Array>;

export async function openAnswerProbe(): Promise<AnswerProbe> {
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const server = createServer((socket) => {
    socket.on('data', (question: Uint8Array) => void answer(socket, question, privateKey));
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const asker = connect((server.address() as AddressInfo).port, '127.0.0.1').setNoDelay(true);
  await once(asker, 'connect');

  const ask = async (): Promise<number> => {
    const startedMs = performance.now();
    asker.write('what is the time');
    await once(asker, 'data');
    return performance.now() - startedMs;
  };
  for (let warm = 0; warm < 200; warm++) await ask();
  return {
    async p99(least, done) {
      const times: number[] = [];
      while (times.length < least || !done()) {
        times.push(await ask());
        await delay(PAUSE_MS);
      }
      return times.toSorted((a, b) => a - b)[Math.floor(times.length * 0.99)] ?? 0;
    },
    [Symbol.asyncDispose]: async () => {
      asker.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}

async function answer(socket: Socket, question: Uint8Array, key: KeyObject): Promise<void> {
  socket.write(await signAsync('sha256', question, key));
}
