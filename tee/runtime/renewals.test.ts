import assert from 'node:assert/strict';
import { test } from 'node:test';
import { sha256, TeaError } from '@tea/protocol';
import type { NodeRecord } from '@tea/protocol/layer1';
import type { JoinEvidence } from './join-evidence.ts';
import { createRenewals, type Circumstances } from './renewals.ts';

const LIFETIME = 1000;
const LAPTOP = { name: 'tea/laptop', digest: sha256(Uint8Array.of(1)) };
const RELEASED = { name: 'tea/released', digest: sha256(Uint8Array.of(2)) };
const digestOf = (number: number): Uint8Array => sha256(Uint8Array.of(number));
type Record = Pick<NodeRecord, 'status' | 'reason' | 'evidenceDigest' | 'expiresAt'>;

/** A node that its own evidence 0 admitted at block 0, by a process that goes on. */
function scene() {
  const world = {
    record: { status: 'Active', reason: 'Admitted', evidenceDigest: digestOf(0), expiresAt: LIFETIME } as Record | null,
    now: {
      boot: { resetCount: 3, restartCount: 0 },
      software: { policy: LAPTOP, standings: [{ of: 'image', digest: digestOf(99), standing: 'unknown', atBlock: 0 }], released: null },
    } as Circumstances,
    failing: undefined as TeaError | undefined,
  };
  const submitted: JoinEvidence[] = [];
  const said: string[] = [];
  let number = 0;
  const renewals = createRenewals({
    node: async () => world.record,
    circumstances: async () => world.now,
    lifetime: async () => LIFETIME,
    publish: async () => {
      const evidence = { cid: 'evidence', digest: digestOf(++number), atBlock: 0 };
      renewals.published(evidence, world.now);
      return evidence;
    },
    submit: async (evidence) => {
      if (world.failing !== undefined) throw world.failing;
      submitted.push(evidence);
      if (world.record) world.record = { ...world.record, status: 'Pending', reason: 'EvidenceReplaced', evidenceDigest: evidence.digest };
    },
    log: (event) => void said.push(event),
  });
  renewals.published({ cid: 'first', digest: digestOf(0), atBlock: 0 }, world.now);
  const change = (fields: Partial<Record>): void => void (world.record = world.record && { ...world.record, ...fields });
  return { renewals, world, submitted, said, change };
}

test('evidence that was found wanting is not brought again, and the operator is told once what to do', async () => {
  const { renewals, submitted, said, change } = scene();
  change({ status: 'Inactive', reason: 'FoundWanting', evidenceDigest: digestOf(50), expiresAt: 1 });
  for (const block of [10, 11, 2000]) await renewals.tend(block);
  assert.equal(submitted.length, 0);
  assert.equal(said.length, 1);
  assert.match(said[0] ?? '', /tea node status NODE.*tea node renew/);
});

test('evidence that still holds is left alone, as is a node that is judged just now, leaves, or is not registered', async () => {
  const { renewals, world, submitted, change } = scene();
  await renewals.tend(LIFETIME / 2);
  for (const status of ['Pending', 'Exiting'] as const) {
    change({ status, evidenceDigest: digestOf(50) });
    await renewals.tend(LIFETIME / 2);
  }
  world.record = null;
  await renewals.tend(LIFETIME / 2);
  assert.equal(submitted.length, 0);
});

test('it is renewed in the last quarter of its life', async () => {
  const { renewals, submitted } = scene();
  await renewals.tend((LIFETIME * 3) / 4 - 1);
  assert.equal(submitted.length, 0);
  await renewals.tend((LIFETIME * 3) / 4);
  assert.equal(submitted.length, 1);
});

test('it is renewed when it is of an earlier process', async () => {
  const { renewals, submitted, said, change } = scene();
  change({ evidenceDigest: digestOf(50) });
  await renewals.tend(1);
  assert.equal(submitted.length, 1);
  assert.match(said[0] ?? '', /started anew/);
});

test('it is renewed when the TPM was reset, once', async () => {
  const { renewals, world, submitted, said, change } = scene();
  world.now = { ...world.now, boot: { resetCount: 4, restartCount: 0 } };
  await renewals.tend(1);
  assert.match(said[0] ?? '', /TPM was reset/);
  change({ status: 'Active', reason: 'Admitted' });
  await renewals.tend(20);
  assert.equal(submitted.length, 1);
});

test('it is renewed when layer 1 stands otherwise to the software, as when it revoked it', async () => {
  const { renewals, world, submitted, change } = scene();
  const record = { kind: 'image', cid: new Uint8Array(), version: 1n, acceptedAt: 1, activeFrom: 2, revokedFrom: null } as const;
  const standsAt = async (block: number, standing: 'inForce' | 'revoked'): Promise<number> => {
    const standings = [{ of: 'image', digest: digestOf(99), standing, atBlock: block, revokedFrom: block, record } as const];
    world.now = { ...world.now, software: { ...world.now.software, standings } };
    await renewals.tend(block);
    change({ status: 'Active', reason: 'Admitted' });
    return submitted.length;
  };
  assert.deepEqual([await standsAt(1, 'inForce'), await standsAt(20, 'inForce'), await standsAt(40, 'revoked')], [1, 1, 2]);
});

test('it is renewed when nodes are judged by another policy than its evidence was, once', async () => {
  const { renewals, world, submitted, said, change } = scene();
  world.now = { ...world.now, software: { ...world.now.software, policy: RELEASED, released: true } };
  await renewals.tend(1);
  assert.match(said[0] ?? '', /judged by policy tea\/released, no longer by tea\/laptop/);
  change({ status: 'Active', reason: 'Admitted' });
  await renewals.tend(20);
  assert.equal(submitted.length, 1);
});

test('it is renewed when the period of the reference values it fits is over', async () => {
  const { renewals, world, submitted, said } = scene();
  const software = { ...world.now.software, policy: RELEASED, released: true };
  world.now = { ...world.now, software };
  renewals.published({ cid: 'first', digest: digestOf(77), atBlock: 0 }, world.now);
  world.record = world.record && { ...world.record, evidenceDigest: digestOf(77) };
  await renewals.tend(1);
  assert.equal(submitted.length, 0);
  world.now = { ...world.now, software: { ...software, released: false } };
  await renewals.tend(2);
  assert.equal(submitted.length, 1);
  assert.match(said[0] ?? '', /period of its reference values/);
});

test('when software that was found wanting for want of its release comes into force, the operator is told once, whose money it is', async () => {
  const { renewals, world, submitted, said, change } = scene();
  const record = { kind: 'referenceValues', cid: new Uint8Array(), version: 1n, acceptedAt: 1, activeFrom: 50, revokedFrom: null } as const;
  const at = (block: number, standing: 'notYetActive' | 'inForce'): void => {
    const standings = [{ of: 'referenceValues', digest: digestOf(99), standing, atBlock: block, record } as const];
    world.now = { ...world.now, software: { policy: RELEASED, standings, released: standing === 'inForce' } };
  };
  at(1, 'notYetActive');
  await renewals.tend(1);
  change({ status: 'Inactive', reason: 'FoundWanting' });
  for (const block of [10, 20, 49]) await renewals.tend(block);
  at(50, 'inForce');
  for (const block of [50, 51]) await renewals.tend(block);
  assert.equal(submitted.length, 1);
  assert.deepEqual(
    said.slice(1).map((line) => line.replace(/:.*/, '')),
    ['its evidence was found wanting, and it gets no errands', 'layer 1 has its software in force now'],
  );
});

test('what expired unjudged is brought again, later and later while nobody judges it', async () => {
  const { renewals, submitted, change } = scene();
  const at: number[] = [];
  for (let block = 1; block < 100; block++) {
    change({ status: 'Expired', reason: 'NoCommittee' });
    const before = submitted.length;
    await renewals.tend(block);
    if (submitted.length > before) at.push(block);
  }
  assert.deepEqual(at, [1, 5, 13, 29, 61]);
});

test('a renewal that did not reach layer 1 is tried again, and said', async () => {
  const { renewals, world, submitted, said, change } = scene();
  change({ evidenceDigest: digestOf(50) });
  world.failing = new TeaError('chain', 'The operator has no money for the appraisal');
  await renewals.tend(1);
  world.failing = undefined;
  await renewals.tend(2);
  assert.equal(submitted.length, 0);
  await renewals.tend(5);
  assert.equal(submitted.length, 1);
  assert.match(said[1] ?? '', /tries again at block 5/);
});

test('evidence that others had made is not taken for an earlier process’s, however often they asked since', async () => {
  const { renewals, world, submitted } = scene();
  for (let number = 100; number < 200; number++) {
    renewals.published({ cid: 'another', digest: digestOf(number), atBlock: 0 }, world.now);
    await renewals.tend(1);
  }
  assert.equal(submitted.length, 0);
});
