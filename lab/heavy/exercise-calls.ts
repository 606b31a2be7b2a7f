import { isTeaError } from '@tea/protocol';
import type { Ledger } from '@tea/protocol/ledger';
import { type Account, accountFromSeed, developmentAccount, DEVELOPMENT_ACCOUNTS, ss58 } from '@tea/sdk';

/** What became of each call that was submitted: how often it was applied, and how often refused with which error. */
export type Exercised = ReadonlyMap<string, ReadonlyMap<string, number>>;

type Transaction = Parameters<Ledger['submit']>[0];

const TEA = 10n ** 12n;
const digest = (byte: number): string => `0x${byte.toString(16).padStart(2, '0').repeat(32)}`;
const cid = (name: string): Uint8Array => new TextEncoder().encode(name);
const variant = <T extends string>(type: T): { type: T; value: undefined } => ({ type, value: undefined });
const id = (account: Account) => ({ type: 'Id' as const, value: ss58(account.publicKey) });

/**
 * Puts the calls of every pallet through a chain of the preset `local`, allowed and refused ones, whole lives of errands among them, the
 * accounts side by side. The differential test's fixture comes from this; the chain must be fresh.
 */
export async function exerciseCalls(ledger: Ledger): Promise<Exercised> {
  const calls = new Calls(ledger);
  const { api } = ledger;
  const [alice, bob, charlie, dave, eve, ferdie] = DEVELOPMENT_ACCOUNTS.map(developmentAccount) as [
    Account,
    Account,
    Account,
    Account,
    Account,
    Account,
  ];
  const made = (name: string, byte: number): Account => accountFromSeed(name, new Uint8Array(32).fill(byte));
  const tees = Array.from({ length: 7 }, (_, index) => made(`TEE ${index}`, 0x20 + index));
  const [owner, consumer, second, stranger] = [made('owner', 0x40), made('consumer', 0x41), made('second', 0x42), made('stranger', 0x43)] as const;

  const pay = (to: Account, amount: bigint) => api.tx.Balances.transfer_keep_alive({ dest: id(to), value: amount * TEA });
  await calls.submit(
    alice,
    api.tx.Utility.batch_all({ calls: [...tees, owner, consumer, second, stranger].map((to) => pay(to, 1_000n).decodedCall) }),
  );

  const register = (operator: Account, index: number) =>
    calls.submit(
      operator,
      api.tx.Nodes.register({
        node_id: digest(index + 1),
        tee_account: ss58((tees[index] ?? stranger).publicKey),
        host_account: ss58(operator.publicKey),
        evidence_cid: cid(`evidence ${index}`),
        evidence_digest: digest(0x80 + index),
        class: variant('Simulated'),
        gas_price: BigInt(index + 1),
      }),
    );
  const vote = (voter: number, node: number, pass: boolean) =>
    calls.submit(
      tees[voter] ?? stranger,
      api.tx.Nodes.vote({ node_id: digest(node + 1), evidence_digest: digest(0x80 + node), pass, reasons_digest: digest(0x90 + voter) }),
    );

  const nodes = async (): Promise<void> => {
    await Promise.all([alice, bob, charlie, dave, eve].map((operator, index) => register(operator, index)));
    await Promise.all([0, 1, 2, 3, 4].map((index) => vote(index, index, true))); // founding operators' own words
    await Promise.all([register(ferdie, 5), register(eve, 6)]);
    await Promise.all([
      ...[0, 1, 2].map((voter) => vote(voter, 5, true)),
      ...[0, 1, 2].map((voter) => vote(voter, 6, false)),
      vote(5, 6, true), // of a node that is Pending itself
      calls.submit(stranger, api.tx.Nodes.heartbeat()),
      calls.submit(ferdie, api.tx.Nodes.set_gas_price({ node_id: digest(6), gas_price: 9n })),
      calls.submit(second, api.tx.Nodes.set_gas_price({ node_id: digest(1), gas_price: 9n })),
    ]);
    const renewed = { node_id: digest(7), evidence_cid: cid('new evidence'), evidence_digest: digest(0x9f), class: variant('Vtpm') };
    await calls.submit(eve, api.tx.Nodes.update_evidence(renewed));
    await Promise.all([
      calls.submit(eve, api.tx.Nodes.exit({ node_id: digest(7) })),
      ...tees.slice(0, 6).map((tee) => calls.submit(tee, api.tx.Nodes.heartbeat())),
    ]);
  };

  const content = async (): Promise<void> => {
    const publish = (kind: 'Code' | 'Data', visibility: 'Plain' | 'Sealed', price: bigint) =>
      api.tx.Content.publish({
        kind: variant(kind),
        cid: cid(`${visibility} ${kind}`),
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
        input: input ? { cid: cid('input'), sha256: digest(0x52), size: 10n, visibility: variant('Sealed') } : undefined,
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
    return tees.find((tee) => ss58(tee.publicKey) === chosen?.selection?.tee_account) ?? stranger;
  };
  const attest = async (errand: bigint): Promise<Account> => {
    const tee = await executorOf(errand);
    await calls.submit(tee, api.tx.Errands.attest({ id: errand, evidence_cid: cid('fresh evidence'), evidence_digest: digest(0x54) }));
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
      result_cid: cid('result'),
      result_digest: digest(0x57),
    };
    await calls.submit(tee, api.tx.Errands.prove({ id: errand, ...proof }));
  };
  const dispute = (errand: bigint, who: Account) => calls.submit(who, api.tx.Errands.dispute({ id: errand, reason: cid('not what I ordered') }));
  const governance = (call: Transaction) => calls.submit(alice, api.tx.Sudo.sudo({ call: call.decodedCall }));

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
      await governance(api.tx.Errands.resolve({ id: errand, pay: true }));
    })(),
    (async () => {
      const errand = await order(ferdie, 2n);
      await attest(errand);
      await calls.submit(owner, api.tx.Errands.decline({ id: errand, part: variant('Code'), reason: cid('not to this node') }));
      const disputed = await order(ferdie, 1n);
      await run(disputed, await attest(disputed), 'Ok');
      await dispute(disputed, ferdie);
      await governance(api.tx.Errands.resolve({ id: disputed, pay: false }));
    })(),
    (async () => {
      await order(bob, 1n); // the executor never attests: refunded at its deadline
      const events = await create(bob, 1n, []);
      const [created] = api.event.Errands.Created.filter(events);
      await calls.submit(bob, api.tx.Errands.cancel({ id: created?.payload.id ?? 0n }));
      await create(bob, 4n, []); // no code, and withdrawn
      await create(bob, 1n, [], false, 1n); // a ceiling below the content's price
      await calls.submit(tees[0] ?? stranger, api.tx.Sortition.claim({ id: 1n, proof: `0x${'00'.repeat(96)}` }));
    })(),
    otherPallets(calls, { dave, charlie, stranger, governance, pay }),
  ]);
  return calls.seen;
}

/** System, balances, utility and sudo: what every chain has, and what only governance may. */
async function otherPallets(
  calls: Calls,
  who: {
    readonly dave: Account;
    readonly charlie: Account;
    readonly stranger: Account;
    readonly governance: (call: Transaction) => Promise<unknown>;
    readonly pay: (to: Account, amount: bigint) => Transaction;
  },
): Promise<void> {
  const { api } = calls.ledger;
  const { dave, charlie, stranger, governance, pay } = who;
  const poor = accountFromSeed('poor', new Uint8Array(32).fill(0x44));
  await calls.submit(dave, api.tx.System.remark({ remark: new Uint8Array(2_000) }));
  await calls.submit(dave, api.tx.System.remark_with_event({ remark: new Uint8Array(100) }));
  await calls.submit(dave, api.tx.System.set_storage({ items: [] }));
  await calls.submit(dave, api.tx.Balances.transfer_allow_death({ dest: id(poor), value: TEA }));
  await calls.submit(dave, api.tx.Balances.transfer_keep_alive({ dest: id(poor), value: 10n ** 30n }));
  await calls.submit(dave, api.tx.Balances.burn({ value: TEA, keep_alive: true }));
  await calls.submit(poor, api.tx.Balances.transfer_all({ dest: id(dave), keep_alive: false }));
  const mixed = [pay(charlie, 1n).decodedCall, pay(charlie, 10n ** 12n).decodedCall, pay(charlie, 2n).decodedCall];
  await calls.submit(dave, api.tx.Utility.batch({ calls: mixed }));
  await calls.submit(dave, api.tx.Utility.batch_all({ calls: mixed }));
  await calls.submit(dave, api.tx.Utility.force_batch({ calls: mixed }));
  await calls.submit(dave, api.tx.Utility.as_derivative({ index: 1, call: pay(charlie, 1n).decodedCall }));
  await calls.submit(dave, api.tx.Sudo.sudo({ call: api.tx.System.remark({ remark: new Uint8Array(1) }).decodedCall }));
  const governed: Transaction[] = [
    api.tx.Balances.force_transfer({ source: id(stranger), dest: id(dave), value: TEA }),
    api.tx.Balances.force_set_balance({ who: id(stranger), new_free: 50n * TEA }),
    api.tx.System.set_storage({
      items: [
        [cid('a key'), cid('a value')],
        [cid('another'), new Uint8Array(100)],
      ],
    }),
    api.tx.System.kill_storage({ keys: [cid('a key')] }),
    api.tx.System.kill_prefix({ prefix: cid('anoth'), subkeys: 10 }),
    api.tx.Utility.dispatch_as({
      as_origin: { type: 'system', value: { type: 'Signed', value: ss58(dave.publicKey) } },
      call: pay(charlie, 3n).decodedCall,
    }),
    api.tx.Utility.with_weight({ call: pay(charlie, 4n).decodedCall, weight: { ref_time: 1n, proof_size: 1n } }),
  ];
  for (const call of governed) await governance(call);
}

/** Submits, and writes down what became of it. A refused call is in the block all the same. */
class Calls {
  readonly ledger: Ledger;
  readonly #seen = new Map<string, Map<string, number>>();

  constructor(ledger: Ledger) {
    this.ledger = ledger;
  }

  get seen(): Exercised {
    return this.#seen;
  }

  async submit(account: Account, call: Transaction) {
    try {
      const { events } = await this.ledger.submit(call, account.signer);
      this.#note(call, 'ok');
      return events;
    } catch (error) {
      if (!isTeaError(error, 'chain')) throw error;
      this.#note(call, error.actual ?? error.message);
      return [];
    }
  }

  #note({ decodedCall }: Transaction, became: string): void {
    const inner = decodedCall.type === 'Sudo' ? (decodedCall.value.value as { call?: Transaction['decodedCall'] }).call : undefined;
    for (const call of [decodedCall, ...(inner === undefined ? [] : [inner])]) {
      const name = `${call.type}.${call.value.type}`;
      const outcomes = this.#seen.get(name) ?? new Map<string, number>();
      outcomes.set(became, (outcomes.get(became) ?? 0) + 1);
      this.#seen.set(name, outcomes);
    }
  }
}
