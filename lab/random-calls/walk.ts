import { isTeaError, sha256 } from '@tea/protocol';
import type { Ledger } from '@tea/protocol/ledger';
import { type Account, developmentAccount, DEVELOPMENT_ACCOUNTS, ss58 } from '@tea/sdk';
import type { Seeded } from '../fuzz/seeded.ts';
import { type Person, person, type TeeParty, teeParty } from './parties.ts';

type Transaction = Parameters<Ledger['submit']>[0];
type Api = Ledger['api'];
type Part = { readonly type: 'Code' | 'Input'; readonly value: undefined } | { readonly type: 'Data'; readonly value: number };
type Errand = NonNullable<Awaited<ReturnType<Api['query']['Errands']['Errands']['getValue']>>>;

const TEA = 10n ** 12n;
const TEES = 5;
const PEOPLE = 9;
/** More than the nodes get done would only wait. */
const MAX_WAITING = 6;
const variant = <T extends string>(type: T): { type: T; value: undefined } => ({ type, value: undefined });
const text = (words: string): Uint8Array => new TextEncoder().encode(words);
const digestOf = (words: string): string => `0x${sha256(text(words)).toHex()}`;

const EVIDENCE = { evidence_cid: text('evidence'), evidence_digest: digestOf('evidence'), class: variant('Simulated') };

/** What everybody sees at the beginning of a round. */
type View = {
  readonly errands: readonly { readonly id: bigint; readonly errand: Errand }[];
  readonly contents: number;
  readonly draws: readonly { readonly id: bigint; readonly seed: string }[];
  /** Nodes that were refused, whose evidence is too old, or that are Active. */
  readonly renewable: readonly { readonly node: string; readonly operator: string; readonly isActive: boolean }[];
  readonly channels: readonly { readonly id: bigint; readonly node: string; readonly depositor: string; readonly redeemed: bigint }[];
  readonly seats: readonly { readonly node: string; readonly evidence: string; readonly members: readonly string[] }[];
};

/**
 * Twenty accounts on a chain of the preset `development`, who call whatever comes to their minds: mostly what the state of things asks of them, now and
 * then something out of turn, for another, of a senseless amount.
 */
export class Walk {
  readonly applied = new Map<string, number>();
  readonly refused = new Map<string, number>();
  calls = 0;
  readonly #ledger: Ledger;
  readonly #random: Seeded;
  readonly #operators: readonly Account[];
  readonly #people: readonly Person[];
  readonly #tees: readonly TeeParty[];

  constructor(ledger: Ledger, random: Seeded) {
    this.#ledger = ledger;
    this.#random = random;
    this.#operators = DEVELOPMENT_ACCOUNTS.map(developmentAccount);
    this.#people = Array.from({ length: PEOPLE }, (_, index) => person(index));
    this.#tees = Array.from({ length: TEES }, (_, index) => teeParty(index));
  }

  /** Gives everybody something to spend, and registers the nodes. */
  async begin(): Promise<void> {
    const { api } = this.#ledger;
    const [rich] = this.#operators;
    if (rich === undefined) return;
    const pay = [...this.#people, ...this.#tees].map(
      (to) => api.tx.Balances.transfer_keep_alive({ dest: { type: 'Id', value: ss58(to.publicKey) }, value: 1_000n * TEA }).decodedCall,
    );
    await this.#call(rich, api.tx.Utility.batch_all({ calls: pay }));
    await Promise.all(
      this.#tees.map((tee, index) => this.#call(this.#operators[index] ?? rich, this.#register(tee, this.#operators[index] ?? rich))),
    );
  }

  /** One call by each. */
  async round(): Promise<void> {
    const view = await this.#look();
    const turns = [
      ...this.#tees.map((tee) => this.#call(tee, this.#asTee(tee, view))),
      ...[...this.#people, ...this.#operators].map((person) => this.#call(person, this.#asPerson(person, view))),
    ];
    await Promise.all(turns);
  }

  #register(tee: TeeParty, operator: Account): Transaction {
    return this.#ledger.api.tx.Nodes.register({
      node_id: tee.node,
      tee_account: ss58(tee.publicKey),
      host_account: ss58(operator.publicKey),
      ...EVIDENCE,
      gas_price: 1_000n,
      consent: { type: 'Sr25519', value: tee.consent(this.#ledger.genesis, operator.publicKey) },
    });
  }

  async #look(): Promise<View> {
    const { api } = this.#ledger;
    const [errands, contents, draws, appraisals, nodes, channels] = await Promise.all([
      api.query.Errands.Errands.getEntries(),
      api.query.Content.LastId.getValue(),
      api.query.Sortition.Draws.getEntries(),
      api.query.Nodes.Appraisals.getEntries(),
      api.query.Nodes.Nodes.getEntries(),
      api.query.Vouchers.Channels.getEntries(),
    ]);
    return {
      errands: errands.map(({ keyArgs: [id], value }) => ({ id, errand: value })),
      contents: Number(contents),
      draws: draws.flatMap(({ keyArgs: [id], value }) => (value.round === undefined || value.ended ? [] : [{ id, seed: value.round.seed }])),
      channels: channels.map(({ keyArgs: [id], value: { node, depositor, redeemed } }) => ({ id, node, depositor, redeemed })),
      renewable: nodes.flatMap(({ keyArgs: [node], value: { status, operator } }) =>
        ['Refused', 'Expired', 'Active'].includes(status.type) ? [{ node, operator, isActive: status.type === 'Active' }] : [],
      ),
      seats: appraisals.flatMap(({ value }) =>
        value.closed_at === undefined
          ? [
              {
                node: value.node,
                evidence: value.evidence_digest,
                members: value.seats.filter(({ vote }) => vote === undefined).map(({ node }) => node),
              },
            ]
          : [],
      ),
    };
  }

  #asTee(tee: TeeParty, view: View): Transaction {
    const { tx } = this.#ledger.api;
    if (this.#random.below(8) === 0) return this.#outOfTurn(view);
    const seat = view.seats.find(({ members }) => members.includes(tee.node));
    if (seat !== undefined) {
      const pass = this.#random.below(5) > 0;
      return tx.Nodes.vote({ node_id: seat.node, evidence_digest: seat.evidence, pass, reasons_digest: digestOf('reasons') });
    }
    const draw = view.draws[this.#random.below(3)];
    if (draw !== undefined && this.#random.below(3) > 0) return tx.Sortition.claim({ id: draw.id, proof: tee.lot(draw.seed) });
    const mine = view.errands.filter(({ errand }) => errand.selection?.tee_account === ss58(tee.publicKey));
    const [next] = mine.filter(({ errand }) => ['Selected', 'KeysReleased', 'Running'].includes(errand.state.type));
    if (next === undefined) return tx.Nodes.heartbeat();
    return this.#execute(next.id, next.errand);
  }

  #execute(id: bigint, errand: Errand): Transaction {
    const { tx } = this.#ledger.api;
    const startsAnew = errand.state.type !== 'Selected' && this.#random.below(12) === 0;
    if (errand.state.type === 'Selected' || startsAnew)
      return tx.Errands.attest({ id, evidence_cid: text('evidence'), evidence_digest: digestOf('evidence') });
    if (errand.state.type === 'KeysReleased') return tx.Errands.start({ id });
    return tx.Errands.prove({
      id,
      outcome: variant(this.#random.pick(['Ok', 'Ok', 'Trap', 'OutOfGas'])),
      gas_used: BigInt(this.#random.below(Number(errand.gas_limit) + 2)),
      receipt_digest: digestOf('receipt'),
      result_cid: text('result'),
      result_digest: digestOf('result'),
    });
  }

  #asPerson(person: Account, view: View): Transaction {
    const { tx } = this.#ledger.api;
    const who = ss58(person.publicKey);
    if (this.#random.below(6) === 0) return this.#outOfTurn(view);
    const waiting = view.errands.flatMap(({ id, errand }): readonly Transaction[] => {
      const { type } = errand.state;
      const consumer = errand.consumer === who;
      if (consumer && type === 'Created') return [this.#random.below(8) === 0 ? tx.Errands.cancel({ id }) : tx.Errands.fund({ id })];
      if (consumer && type === 'Proved') {
        return [this.#random.below(4) === 0 ? tx.Errands.dispute({ id, reason: text('no') }) : tx.Errands.settle({ id })];
      }
      if (consumer && type === 'Running' && this.#random.below(12) === 0) return [tx.Errands.cancel({ id })];
      const part = errand.parts.find(({ owner, sealed, release }) => owner === who && sealed && release === undefined)?.part;
      if (type !== 'Attested' || part === undefined) return [];
      const declines = this.#random.below(4) === 0;
      return [
        declines ? tx.Errands.decline({ id, part, reason: text('no') }) : tx.Errands.release({ id, part, release_digest: digestOf('release') }),
      ];
    });
    for (const { node, operator, isActive } of view.renewable) {
      // One that is Active is renewed before its time now and then, or a walk in which none is ever turned away would see no renewal.
      if (operator === who && (!isActive || this.#random.below(30) === 0)) waiting.push(tx.Nodes.update_evidence({ node_id: node, ...EVIDENCE }));
    }
    const [first, ...more] = waiting;
    return first !== undefined && this.#random.below(4) > 0 ? this.#random.pick([first, ...more]) : this.#anew(view);
  }

  /** Something that nobody waits for: a new errand, content, a channel, money for another. */
  #anew(view: View): Transaction {
    const { tx } = this.#ledger.api;
    const waiting = view.errands.filter(({ errand }) => errand.state.type === 'Funded').length;
    switch (this.#random.below(waiting < MAX_WAITING ? 12 : 4)) {
      case 0:
      case 1:
        return tx.Content.publish({
          kind: variant(this.#random.pick(['Code', 'Code', 'Data'])),
          cid: text('content'),
          sha256: digestOf('content'),
          size: BigInt(this.#random.below(3)) * 1_000n,
          visibility: variant(this.#random.pick(['Plain', 'Sealed'])),
          price: this.#amount(TEA),
        });
      case 2:
        return tx.Vouchers.open({
          node: this.#tee().node,
          amount: this.#amount(5n * TEA),
          ends_at: this.#ledger.blockNumber() + 590 + this.#random.below(40),
        });
      case 3:
        return this.#redeem(view) ?? tx.Balances.transfer_keep_alive({ dest: { type: 'Id', value: this.#anybody() }, value: this.#amount(TEA) });
      default:
        return tx.Errands.create({
          code: this.#content(view),
          data: Array.from({ length: this.#random.below(3) }, () => this.#content(view)),
          input: undefined,
          gas_limit: BigInt(1 + this.#random.below(1_000_000)),
          max_price: this.#amount(20n * TEA),
          policy: digestOf('policy'),
          result_key: new Uint8Array(65).fill(4),
        });
    }
  }

  /** Whoever sends it, the voucher of the depositor pays the node. */
  #redeem({ channels }: View): Transaction | null {
    const channel = channels[this.#random.below(24)];
    const depositor = this.#people.find(({ publicKey }) => ss58(publicKey) === channel?.depositor);
    if (channel === undefined || depositor === undefined) return null;
    const { id, node } = channel;
    const amount = channel.redeemed + (this.#random.below(6) === 0 ? 10n ** 20n : BigInt(this.#random.below(1_000)) * 10n ** 9n);
    const signature = depositor.voucher(this.#ledger.genesis, id, node, amount);
    return this.#ledger.api.tx.Vouchers.redeem({ id, amount, signature });
  }

  /** Of another, at the wrong time, twice, or of what isn't there. */
  #outOfTurn(view: View): Transaction {
    const { tx } = this.#ledger.api;
    const last = view.errands.reduce((newest, { id }) => (id > newest ? id : newest), 0n);
    const id = BigInt(this.#random.below(Number(last) + 2));
    const part = this.#random.pick<Part>([variant('Code'), variant('Input'), { type: 'Data' as const, value: this.#random.below(3) }]);
    const nodeId = this.#tee().node;
    const calls: readonly [Transaction, ...Transaction[]] = [
      tx.Errands.fund({ id }),
      tx.Errands.cancel({ id }),
      tx.Errands.attest({ id, evidence_cid: text('evidence'), evidence_digest: digestOf('other') }),
      tx.Errands.release({ id, part, release_digest: digestOf('other') }),
      tx.Errands.decline({ id, part, reason: text('no') }),
      tx.Errands.start({ id }),
      tx.Errands.settle({ id }),
      tx.Errands.dispute({ id, reason: text('no') }),
      tx.Errands.resolve({ id, pay: true }),
      tx.Content.withdraw({ id: this.#content(view) }),
      tx.Nodes.set_gas_price({ node_id: nodeId, gas_price: this.#amount(1_000n) }),
      tx.Nodes.vote({ node_id: nodeId, evidence_digest: digestOf('evidence'), pass: true, reasons_digest: digestOf('reasons') }),
      tx.Nodes.exit({ node_id: digestOf(`node ${this.#random.below(20)}`) }),
      tx.Vouchers.top_up({ id: BigInt(this.#random.below(20)), amount: this.#amount(TEA) }),
      tx.Vouchers.close({ id: BigInt(this.#random.below(20)) }),
      tx.Releases.revoke({ digest: digestOf('release'), revoked_from: 1 }),
      tx.Balances.transfer_allow_death({ dest: { type: 'Id', value: this.#anybody() }, value: this.#amount(1_000n * TEA) }),
    ];
    return this.#random.pick(calls);
  }

  /** An amount as people would choose, or would not. */
  #amount(usual: bigint): bigint {
    const senseless = [0n, 1n, 2n ** 128n - 1n, 999n] as const;
    return senseless[this.#random.below(24)] ?? usual / 2n + (BigInt(this.#random.below(1_000)) * usual) / 1_000n;
  }

  #content({ contents }: View): bigint {
    return BigInt(Math.max(1, contents - this.#random.below(8)));
  }

  #tee(): TeeParty {
    return this.#tees[this.#random.below(this.#tees.length)] ?? teeParty(0);
  }

  #anybody(): string {
    const all = [...this.#people, ...this.#operators];
    return ss58((all[this.#random.below(all.length)] ?? teeParty(0)).publicKey);
  }

  async #call(who: Account, call: Transaction): Promise<void> {
    this.calls++;
    const name = `${call.decodedCall.type}.${call.decodedCall.value.type}`;
    const count = (counts: Map<string, number>, key: string): void => void counts.set(key, (counts.get(key) ?? 0) + 1);
    try {
      await this.#ledger.submit(call, who.signer);
      count(this.applied, name);
    } catch (error) {
      if (!isTeaError(error, 'chain')) throw error;
      count(this.refused, `${name} ${error.actual ?? ''}`);
    }
  }
}
