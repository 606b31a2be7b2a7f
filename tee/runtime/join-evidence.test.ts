import assert from 'node:assert/strict';
import { test } from 'node:test';
import { TeaError } from '@tea/protocol';
import { openJoinEvidence, type JoinEvidence } from './join-evidence.ts';

function scene(fail: () => boolean = () => false) {
  let [block, made] = [1000, 0];
  const publish = async (): Promise<JoinEvidence> => {
    made++;
    if (fail()) throw new TeaError('tpm', 'The TPM refused');
    return { cid: `evidence ${made}`, digest: new Uint8Array(32), atBlock: block };
  };
  const offer = openJoinEvidence({ publish, blockNumber: () => block, freshBlocks: 100 });
  return { offer, made: () => made, pass: (blocks: number) => (block += blocks) };
}

test('offers no evidence that would be too old by the time a committee has appraised it', async () => {
  const { offer, pass } = scene();
  const first = await offer();
  pass(49);
  assert.equal(await offer(), first);
  pass(1);
  assert.notEqual((await offer()).cid, first.cid);
});

test('makes it once, however many ask at a time', async () => {
  const { offer, made, pass } = scene();
  await Promise.all([offer(), offer(), offer()]);
  pass(60);
  await Promise.all([offer(), offer(), offer()]);
  assert.equal(made(), 2);
});

test('makes it anew when it is told that something changed', async () => {
  const { offer, made } = scene();
  const first = await offer();
  const second = await offer('anew');
  assert.notEqual(second.cid, first.cid);
  assert.equal(await offer(), second);
  assert.equal(made(), 2);
});

test('tries again after a failure, which only those who asked hear of', async () => {
  let failing = true;
  const { offer } = scene(() => failing);
  await assert.rejects(offer(), { code: 'tpm' });
  failing = false;
  assert.equal((await offer()).cid, 'evidence 2');
});
