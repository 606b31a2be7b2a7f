import { consentMessage } from '@tea/protocol/layer1';
import type { Ledger } from '@tea/protocol/ledger';
import { type Account, accountFromSeed, developmentAccount, DEVELOPMENT_ACCOUNTS, ss58 } from '@tea/sdk';
import { address, bytes, Calls, digest, type Exercised, TEA, variant } from './calls.ts';
import { exerciseMoney, exerciseSystem, exerciseUpgrade } from './exercise-chain.ts';
import { makeTee, startTees } from './tees-at-work.ts';

/**
 * Puts the calls of every pallet through a chain of the preset `local`, allowed and refused ones, whole lives of errands among them, the
 * accounts side by side. The differential test's fixture comes from this; the chain must be fresh.
 * @param upgraded a runtime with the same rules in other bytes, put in place at the end
 */
export async function exerciseCalls(ledger: Ledger, upgraded: Uint8Array): Promise<Exercised> {
  const { api } = ledger;
  const [alice, bob, charlie, dave, eve, ferdie] = DEVELOPMENT_ACCOUNTS.map(developmentAccount) as [
    Account,
    Account,
    Account,
    Account,
    Account,
    Account,
  ];
  const calls = new Calls(ledger, alice);
  const made = (name: string, byte: number): Account => accountFromSeed(name, new Uint8Array(32).fill(byte));
  const nodeId = (index: number): string => digest(index + 1);
  const tees = Array.from({ length: 7 }, (_, index) => makeTee(index, nodeId(index)));
  const [owner, consumer, second, stranger] = [made('owner', 0x40), made('consumer', 0x41), made('second', 0x42), made('stranger', 0x43)] as const;

  const pay = (to: Account, amount: bigint) => api.tx.Balances.transfer_keep_alive({ dest: address(to), value: amount * TEA });
  const teeOf = (index: number): Account => tees[index]?.account ?? stranger;
  await calls.submit(
    alice,
    api.tx.Utility.batch_all({
      calls: [...tees.map(({ account }) => account), owner, consumer, second, stranger].map((to) => pay(to, 1_000n).decodedCall),
    }),
  );

  const register = (operator: Account, index: number, consentedBy = operator) =>
    calls.submit(
      operator,
      api.tx.Nodes.register({
        node_id: nodeId(index),
        tee_account: ss58(teeOf(index).publicKey),
        host_account: ss58(operator.publicKey),
        evidence_cid: bytes(`evidence ${index}`),
        evidence_digest: digest(0x80 + index),
        class: variant('Simulated'),
        gas_price: BigInt(index + 1),
        consent: { type: 'Sr25519', value: `0x${teeOf(index).sign(consentOf(index, consentedBy)).toHex()}` },
      }),
    );
  const consentOf = (index: number, operator: Account): Uint8Array =>
    consentMessage(ledger.genesis, new Uint8Array(32).fill(index + 1), operator.publicKey);
  const judged = (index: number) =>
    ledger.waitFor(
      `a verdict on node ${index}`,
      () => api.query.Nodes.Nodes.getValue(nodeId(index)),
      (node) => node !== undefined && node.status.type !== 'Pending',
    );
  const vote = (voter: Account, node: number, evidence: number) =>
    calls.submit(voter, api.tx.Nodes.vote({ node_id: nodeId(node), evidence_digest: digest(evidence), pass: true, reasons_digest: digest(0x90) }));

  using atWork = startTees(calls, tees, (node) => node !== nodeId(6));
  void atWork;

  const nodes = async (): Promise<void> => {
    await register(stranger, 0, alice); // a TEE that consented to another
    await Promise.all([alice, bob, charlie, dave, eve].map((operator, index) => register(operator, index)));
    await Promise.all([0, 1, 2, 3, 4].map((index) => judged(index))); // founding operators' own words
    const aged = ledger.blockNumber() + 6; // lots count from five blocks after registration on
    await ledger.waitFor(
      'lots that count',
      async () => ledger.blockNumber(),
      (number) => number >= aged,
    );
    await Promise.all([register(ferdie, 5), register(eve, 6)]); // judged by committees drawn by lot: one admitted, one refused
    await Promise.all([
      vote(teeOf(5), 6, 0x86), // of a node that is Pending itself
      vote(teeOf(0), 6, 0x55), // about other evidence
      vote(stranger, 5, 0x85),
      calls.submit(stranger, api.tx.Nodes.heartbeat()),
      calls.submit(ferdie, api.tx.Nodes.set_gas_price({ node_id: nodeId(5), gas_price: 9n })),
      calls.submit(second, api.tx.Nodes.set_gas_price({ node_id: nodeId(0), gas_price: 9n })),
      calls.submit(bob, api.tx.Nodes.set_transports({ node_id: nodeId(1), transports: [bytes('wss://bob.example')], bootstrap: true })),
      calls.submit(dave, api.tx.Nodes.set_transports({ node_id: nodeId(3), transports: [], bootstrap: true })),
    ]);
    await Promise.all([judged(5), judged(6)]);
    const renewed = { node_id: nodeId(6), evidence_cid: bytes('new evidence'), evidence_digest: digest(0x9f), class: variant('Vtpm') };
    await calls.submit(eve, api.tx.Nodes.update_evidence(renewed));
    await Promise.all([
      calls.submit(eve, api.tx.Nodes.exit({ node_id: nodeId(6) })),
      ...tees.slice(0, 6).map((tee) => calls.submit(tee.account, api.tx.Nodes.heartbeat())),
    ]);
  };

  const content = async (): Promise<void> => {
    const publish = (kind: 'Code' | 'Data', visibility: 'Plain' | 'Sealed', price: bigint) =>
      api.tx.Content.publish({
        kind: variant(kind),
        cid: bytes(`${visibility} ${kind}`),
        sha256: digest(0x51),
        size: 4_096n,
        visibility: variant(visibility),
        price,
      });
    await calls.submit(owner, publish('Code', 'Plain', 3n * TEA)); // 1
    await calls.submit(owner, publish('Code', 'Sealed', 5n * TEA)); // 2
    await calls.submit(owner, publish('Data', 'Sealed', 7n * TEA)); // 3
    await calls.submit(owner, publish('Data', 'Plain', 0n)); // 4
    await calls.submit(stranger, api.tx.Content.withdraw({ id: 4n }));
    await calls.submit(owner, api.tx.Content.withdraw({ id: 4n }));
    await calls.submit(owner, api.tx.Content.withdraw({ id: 4n }));
  };

  await Promise.all([nodes(), content()]);

  const create = (who: Account, code: bigint, data: bigint[], input = false, max_price = 100n * TEA) =>
    calls.submit(
      who,
      api.tx.Errands.create({
        code,
        data,
        input: input ? { cid: bytes('input'), sha256: digest(0x52), size: 10n, visibility: variant('Sealed') } : undefined,
        gas_limit: 1_000_000n,
        max_price,
        policy: digest(0x53),
        result_key: new Uint8Array(65).fill(4),
      }),
    );
  const order = async (who: Account, code: bigint, data: bigint[] = [], input = false): Promise<bigint> => {
    const events = await create(who, code, data, input);
    const [created] = api.event.Errands.Created.filter(events);
    const errand = created?.payload.id ?? 0n;
    await calls.submit(who, api.tx.Errands.fund({ id: errand }));
    return errand;
  };
  const executorOf = async (errand: bigint): Promise<Account> => {
    const chosen = await ledger.waitFor(
      `an executor of errand ${errand}`,
      () => api.query.Errands.Errands.getValue(errand),
      (record) => record?.selection !== undefined,
    );
    return tees.find(({ account }) => ss58(account.publicKey) === chosen?.selection?.tee_account)?.account ?? stranger;
  };
  const attest = async (errand: bigint): Promise<Account> => {
    const tee = await executorOf(errand);
    await calls.submit(tee, api.tx.Errands.attest({ id: errand, evidence_cid: bytes('fresh evidence'), evidence_digest: digest(0x54) }));
    return tee;
  };
  const release = (errand: bigint, who: Account, part: 'Code' | 'Input') =>
    calls.submit(who, api.tx.Errands.release({ id: errand, part: variant(part), release_digest: digest(0x55) }));
  const releaseData = (errand: bigint, who: Account) =>
    calls.submit(who, api.tx.Errands.release({ id: errand, part: { type: 'Data', value: 0 }, release_digest: digest(0x55) }));
  const run = async (errand: bigint, tee: Account, outcome: 'Ok' | 'Trap' | 'OutOfGas'): Promise<void> => {
    await calls.submit(tee, api.tx.Errands.start({ id: errand }));
    const proof = {
      outcome: variant(outcome),
      gas_used: 250_000n,
      receipt_digest: digest(0x56),
      result_cid: bytes('result'),
      result_digest: digest(0x57),
    };
    await calls.submit(tee, api.tx.Errands.prove({ id: errand, ...proof }));
  };
  const dispute = (errand: bigint, who: Account) => calls.submit(who, api.tx.Errands.dispute({ id: errand, reason: bytes('not what I ordered') }));

  await Promise.all([
    (async () => {
      const errand = await order(consumer, 1n);
      await run(errand, await attest(errand), 'Ok');
      await calls.submit(stranger, api.tx.Errands.settle({ id: errand }));
      await calls.submit(consumer, api.tx.Errands.settle({ id: errand }));
      await calls.submit(consumer, api.tx.Errands.settle({ id: errand }));
      const silent = await order(consumer, 1n); // accepted by silence
      await run(silent, await attest(silent), 'OutOfGas');
    })(),
    (async () => {
      const errand = await order(second, 2n, [3n], true);
      const tee = await attest(errand);
      await release(errand, stranger, 'Code');
      await release(errand, owner, 'Code');
      await releaseData(errand, owner);
      await release(errand, second, 'Input');
      await run(errand, tee, 'Trap');
      await dispute(errand, second);
      await calls.govern(api.tx.Errands.resolve({ id: errand, pay: true }));
    })(),
    (async () => {
      const errand = await order(ferdie, 2n);
      await attest(errand);
      await calls.submit(owner, api.tx.Errands.decline({ id: errand, part: variant('Code'), reason: bytes('not to this node') }));
      const disputed = await order(ferdie, 1n);
      await run(disputed, await attest(disputed), 'Ok');
      await dispute(disputed, ferdie);
      await calls.govern(api.tx.Errands.resolve({ id: disputed, pay: false }));
    })(),
    (async () => {
      await order(bob, 1n); // the executor never attests: refunded at its deadline
      const events = await create(bob, 1n, []);
      const [created] = api.event.Errands.Created.filter(events);
      await calls.submit(bob, api.tx.Errands.cancel({ id: created?.payload.id ?? 0n }));
      await create(bob, 4n, []); // no code, and withdrawn
      await create(bob, 1n, [], false, 1n); // a ceiling below the content's price
      await calls.submit(teeOf(0), api.tx.Sortition.claim({ id: 1n, proof: `0x${'00'.repeat(96)}` }));
    })(),
    exerciseMoney(calls, { depositor: second, payee: alice, node: nodeId(0), stranger }),
    exerciseSystem(calls, { dave, charlie, stranger, alice }),
  ]);
  await exerciseUpgrade(calls, { alice, stranger, upgraded });
  return calls.seen;
}
