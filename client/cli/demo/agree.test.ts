import assert from 'node:assert/strict';
import { Writable } from 'node:stream';
import { test } from 'node:test';
import { temporaryDirectory } from '@tea/platform';
import { developmentAccount, type Inspection } from '@tea/sdk';
import { openAcceptedConcerns } from '../accepted-concerns.ts';
import { openScreen } from '../screen.ts';
import { agreeTo, type Agreement } from './agree.ts';

const digest = (byte: number): Uint8Array => new Uint8Array(32).fill(byte);

async function scene(folder: string, answer: boolean) {
  const asked: string[] = [];
  const memory = await openAcceptedConcerns(folder);
  const agree = (policy: number, owner: 'Alice' | 'Bob' = 'Alice', node = 2): Promise<boolean> =>
    agreeTo({
      tea: { ledger: { genesis: digest(1) } } as Agreement['tea'],
      inspection: {
        selection: { node: digest(node) },
        referenceValues: { provenance: { kind: 'unsigned' } },
        appraisal: {
          result: {
            trustClass: 'simulated',
            claims: [],
            policy: { name: 'tea/laptop', digest: digest(policy) },
            referenceValues: { digest: digest(7) },
          },
        },
      } as unknown as Inspection,
      owner: developmentAccount(owner),
      who: owner,
      consent: async (question) => {
        asked.push(question);
        return answer;
      },
      memory,
      screen: openScreen({ json: true, out: new Writable({ write: (_chunk, _encoding, done) => done() }) }),
      signal: new AbortController().signal,
    });
  return { asked, agree };
}

test('a simulated TPM is agreed to once a node, owner and policy, also over runs, and asked about when any of them differs', async () => {
  await using folder = await temporaryDirectory('agree');
  const first = await scene(folder.path, true);
  assert.deepEqual([await first.agree(3), await first.agree(3), first.asked.length], [true, true, 1]);
  assert.match(first.asked[0] ?? '', /1\. its TPM is simulated[^]*2\. nobody signed/);
  const second = await scene(folder.path, true);
  assert.deepEqual([await second.agree(3), second.asked.length], [true, 0]);
  await second.agree(4);
  await second.agree(3, 'Bob');
  await second.agree(3, 'Alice', 9);
  assert.equal(second.asked.length, 3);
});

test('a no is not remembered as a yes: the next time is asked again', async () => {
  await using folder = await temporaryDirectory('agree');
  const refusing = await scene(folder.path, false);
  assert.equal(await refusing.agree(3), false);
  const later = await scene(folder.path, true);
  await later.agree(3);
  assert.equal(later.asked.length, 1);
});
