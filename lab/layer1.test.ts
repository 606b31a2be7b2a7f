import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { connectNats } from '@tea/host-nats';
import { startGateway } from '@tea/layer1-gateway';
import { isTeaError } from '@tea/protocol';
import { decodeHeader, hashHeader, verifyReadProof } from '@tea/protocol/layer1';
import { accountFromSeed, developmentAccount, ss58 } from '@tea/sdk';
import { startTestLayer1 } from './test-layer1.ts';

const alice = developmentAccount('Alice');
const TEA = 10n ** 12n;
const people = (count: number) => Array.from({ length: count }, (_, index) => accountFromSeed(`person ${index}`, new Uint8Array(32).fill(index + 1)));
const transfer = (to: Uint8Array, value: bigint) => ({ dest: { type: 'Id' as const, value: ss58(to) }, value });

describe('layer 1: polkadot-api over the bus, the gateway and the embedded chain', () => {
  it('finalises a transfer and a call of our own pallet, and gives their events', async () => {
    await using layer1 = await startTestLayer1();
    await using tea = await layer1.open();
    const { api } = tea;
    const [bob] = people(1);
    assert.ok(bob);
    const paid = await api.tx.Balances.transfer_keep_alive(transfer(bob.publicKey, 5n * TEA)).signAndSubmit(alice.signer);
    assert.equal(paid.ok, true);
    assert.equal((await api.query.System.Account.getValue(ss58(bob.publicKey))).data.free, 5n * TEA);
    const entry = {
      kind: { type: 'Data' as const, value: undefined },
      cid: new TextEncoder().encode('a content identifier'),
      sha256: `0x${'42'.repeat(32)}`,
      size: 42n,
      visibility: { type: 'Plain' as const, value: undefined },
      price: 1n,
    };
    const published = await api.tx.Content.publish(entry).signAndSubmit(alice.signer);
    assert.equal(published.ok, true);
    assert.equal((await api.query.Content.Entries.getValue(1n))?.size, 42n);
  });

  it('loses none of many transactions of ten clients at once', async () => {
    await using layer1 = await startTestLayer1();
    await using funding = await layer1.open();
    const senders = people(10);
    const calls = senders.map(({ publicKey }) => funding.api.tx.Balances.transfer_keep_alive(transfer(publicKey, 100n * TEA)).decodedCall);
    assert.equal((await funding.api.tx.Utility.batch_all({ calls }).signAndSubmit(alice.signer)).ok, true);
    const receiver = accountFromSeed('receiver', new Uint8Array(32).fill(99));
    await Promise.all(
      senders.map(async ({ signer }) => {
        await using tea = await layer1.open();
        const nonces = Array.from({ length: 12 }, (_, nonce) => nonce);
        const results = await Promise.all(
          nonces.map((nonce) => tea.api.tx.Balances.transfer_keep_alive(transfer(receiver.publicKey, TEA)).signAndSubmit(signer, { nonce })),
        );
        assert.ok(results.every(({ ok }) => ok));
      }),
    );
    assert.equal((await funding.api.query.System.Account.getValue(ss58(receiver.publicKey))).data.free, 120n * TEA);
  });

  it('lets a future nonce wait for the one before it', async () => {
    await using layer1 = await startTestLayer1();
    await using tea = await layer1.open();
    const [bob] = people(1);
    assert.ok(bob);
    const order: number[] = [];
    const pay = (nonce: number) =>
      tea.api.tx.Balances.transfer_keep_alive(transfer(bob.publicKey, TEA))
        .signAndSubmit(alice.signer, { nonce })
        .then((result) => {
          order.push(nonce);
          return result.ok;
        });
    const later = pay(1);
    const { pooled } = await waitForPooled(layer1.chain, 1);
    assert.equal(pooled, 1);
    assert.deepEqual(order, []);
    assert.deepEqual([await pay(0), await later], [true, true]);
  });

  it('refuses a transaction with a bad signature and one that cannot pay, each with its reason', async () => {
    await using layer1 = await startTestLayer1();
    await using tea = await layer1.open();
    const [poor] = people(1);
    assert.ok(poor);
    const call = tea.api.tx.System.remark({ remark: Uint8Array.of(1) });
    await assert.rejects(call.signAndSubmit(poor.signer), /Payment/);
    const signed = await call.sign(alice.signer);
    const signatureAt = signed.indexOf(0x01, 2 + 1 + 33) + 1;
    await assert.rejects(tea.client.submit(signed.with(signatureAt, (signed[signatureAt] ?? 0) ^ 1)), /BadProof/);
  });
});

describe('layer 1: outages', () => {
  it('resumes polkadot-api when the bus was killed and came back, and delivers what was submitted meanwhile', async () => {
    await using layer1 = await startTestLayer1();
    const lost: string[] = [];
    await using tea = await layer1.open({ onSession: (event) => void (event.kind === 'lost' && lost.push(event.reason)) });
    const [bob] = people(1);
    assert.ok(bob);
    const pay = () => tea.api.tx.Balances.transfer_keep_alive(transfer(bob.publicKey, TEA)).signAndSubmit(alice.signer);
    assert.equal((await pay()).ok, true);
    await layer1.nats.kill();
    const meanwhile = pay();
    await layer1.nats.restart();
    assert.equal((await meanwhile).ok, true);
    assert.equal((await pay()).ok, true);
    assert.match(lost[0] ?? '', /bus/);
  });

  it('resumes polkadot-api when the gateway was started again, found out by the heartbeat', async () => {
    await using layer1 = await startTestLayer1();
    await using service = await connectNats(layer1.nats.credentials('gateway'));
    const lost = Promise.withResolvers<string>();
    await using tea = await layer1.open({ heartbeatMs: 100, onSession: (event) => void (event.kind === 'lost' && lost.resolve(event.reason)) });
    const before = await tea.client.getFinalizedBlock();
    // As after a crash: the sessions are gone and nobody was told. A second gateway answers from now on.
    layer1.crashGateway();
    await using gateway = await startGateway({ chain: layer1.chain, connection: service });
    assert.match(await lost.promise, /new session|heartbeat|gateway/);
    const [bob] = people(1);
    assert.ok(bob);
    assert.equal((await tea.api.tx.Balances.transfer_keep_alive(transfer(bob.publicKey, TEA)).signAndSubmit(alice.signer)).ok, true);
    assert.ok((await tea.client.getFinalizedBlock()).number > before.number);
    assert.equal(gateway.sessions, 1);
  });
});

describe('layer 1: what a client can check itself', () => {
  it('proves a value and an absence against a header whose hash it knows; a flipped byte fails', async () => {
    await using layer1 = await startTestLayer1();
    await using tea = await layer1.open();
    const block = await tea.client.getFinalizedBlock();
    const header = Uint8Array.fromHex(
      (await tea.client.getBlockHeader(block.hash).then(() => tea.client._request<string>('archive_v1_header', [block.hash]))).slice(2),
    );
    assert.equal(`0x${hashHeader(decodeHeader(header)).toHex()}`, block.hash);
    const { stateRoot } = decodeHeader(header);
    const key = Uint8Array.fromHex((await tea.api.query.System.Account.getKey(ss58(alice.publicKey))).slice(2));
    const { proof } = await tea.client._request<{ proof: string[] }>('state_getReadProof', [[`0x${key.toHex()}`], block.hash]);
    const parts = proof.map((part) => Uint8Array.fromHex(part.slice(2)));
    assert.equal(verifyReadProof({ stateRoot, proof: parts, key })?.length, 80);
    const [first = new Uint8Array(0)] = parts;
    const flipped = parts.with(0, first.with(first.length - 1, (first.at(-1) ?? 0) ^ 1));
    assert.throws(
      () => verifyReadProof({ stateRoot, proof: flipped, key }),
      (error) => isTeaError(error, 'corrupt'),
    );
  });
});

async function waitForPooled(chain: { status(): Promise<{ pooled: number }> }, count: number): Promise<{ pooled: number }> {
  for (;;) {
    const status = await chain.status();
    if (status.pooled >= count) return status;
  }
}
