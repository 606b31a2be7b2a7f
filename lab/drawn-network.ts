import { getPublicKey, secretFromSeed, sign } from '@scure/sr25519';
import { getPolkadotSigner } from 'polkadot-api/signer';
import { connectNats } from '@tea/host-nats';
import { sha256, TeaError } from '@tea/protocol';
import { consentMessage, drawOfStorageKey, layer1Provider, proveLot, ScaleReader } from '@tea/protocol/layer1';
import { openLedger, readErrand, readNode, type Ledger } from '@tea/protocol/ledger';
import { developmentAccount, ss58, type Account } from '@tea/sdk';
import { startLots, type LotsParts } from '../tee/runtime/lots.ts';
import { startTestLayer1, type TestLayer1 } from './test-layer1.ts';

type DevelopmentAccountName = Parameters<typeof developmentAccount>[0];

/** A node as layer 1 sees one: its TEE's account and whoever operates it. No TEE runs behind it; what it does is what the test has it do. */
export type PlayedNode = {
  readonly id: Uint8Array;
  readonly operator: Account;
  readonly account: LotsParts['account'];
  /** Shows its lots from now on, as tea-runtime does. */
  play(): AsyncDisposable;
};

export type DrawnNetwork = AsyncDisposable & {
  readonly layer1: TestLayer1;
  readonly ledger: Ledger;
  /** What the nodes had to say. */
  readonly log: readonly string[];
  /** Registers a node without waiting for anybody's verdict. */
  register(name: DevelopmentAccountName): Promise<PlayedNode>;
  /** As `register`, and admitted by its own vote: for the first four operators, who found the network. */
  found(name: DevelopmentAccountName): Promise<PlayedNode>;
  /** Orders a plain program and pays; resolves when its executor was drawn. */
  order(): Promise<{ readonly errand: bigint; readonly node: Uint8Array; readonly draw: bigint }>;
};

const TEA = 10n ** 12n;
const NO_DIGEST = `0x${'11'.repeat(32)}` as const;

/** A chain that draws lots, and as many nodes as a test wants, each with a key of its own. */
export async function startDrawnNetwork(): Promise<DrawnNetwork> {
  await using started = new AsyncDisposableStack();
  const layer1 = started.use(await startTestLayer1({ blockTimeMs: 50, finalityDelayMs: 10 }));
  const log: string[] = [];
  const open = async (): Promise<Ledger> => {
    const credentials = layer1.nats.credentials('client');
    const connection = await connectNats(credentials);
    parts.defer(() => connection.close());
    return parts.use(await openLedger(layer1Provider({ connection, inboxPrefix: credentials.inboxPrefix })));
  };
  const parts = new AsyncDisposableStack();
  started.use(parts);
  const ledger = await open();
  const { tx } = ledger.api;

  async function register(name: DevelopmentAccountName): Promise<PlayedNode> {
    const operator = developmentAccount(name);
    const secret = secretFromSeed(sha256(new TextEncoder().encode(`tee of ${name}`)));
    const publicKey = getPublicKey(secret);
    const signMessage = (message: Uint8Array): Uint8Array => sign(secret, message);
    const account = {
      publicKey,
      signer: getPolkadotSigner(publicKey, 'Sr25519', signMessage),
      prove: (seed: Uint8Array) => proveLot(secret, seed),
    };
    const id = sha256(publicKey);
    const calls = [
      tx.Balances.transfer_keep_alive({ dest: { type: 'Id', value: ss58(publicKey) }, value: TEA }),
      tx.Nodes.register({
        node_id: `0x${id.toHex()}`,
        tee_account: ss58(publicKey),
        host_account: ss58(operator.publicKey),
        evidence_cid: Uint8Array.of(1),
        evidence_digest: NO_DIGEST,
        class: { type: 'Simulated', value: undefined },
        gas_price: 1n,
        consent: { type: 'Sr25519', value: `0x${signMessage(consentMessage(ledger.genesis, id, operator.publicKey)).toHex()}` },
      }),
    ].map(({ decodedCall }) => decodedCall);
    await ledger.submit(tx.Utility.batch_all({ calls }), operator.signer);
    const own = await open();
    const play = (): AsyncDisposable => startLots({ ledger: own, node: id, account, log: (event) => void log.push(`${name}: ${event}`) });
    return { id, operator, account, play };
  }

  let code: bigint | null = null;
  async function publish(owner: Account): Promise<bigint> {
    const entry = {
      kind: { type: 'Code' as const, value: undefined },
      cid: Uint8Array.of(1),
      sha256: NO_DIGEST,
      size: 1n,
      visibility: { type: 'Plain' as const, value: undefined },
      price: 1n,
    };
    const { events } = await ledger.submit(tx.Content.publish(entry), owner.signer);
    const [published] = ledger.api.event.Content.Published.filter(events);
    if (published === undefined) throw new TeaError('chain', 'Nothing was published');
    return published.payload.id;
  }

  const whole = started.move();
  return {
    layer1,
    ledger,
    log,
    register,
    async found(name) {
      const node = await register(name);
      const vote = tx.Nodes.vote({ node_id: `0x${node.id.toHex()}`, evidence_digest: NO_DIGEST, pass: true, reasons_digest: NO_DIGEST });
      await ledger.submit(vote, node.account.signer);
      const record = await readNode(ledger, node.id);
      if (record?.status !== 'Active') throw new TeaError('chain', 'The node was not admitted', { actual: record?.status ?? 'none' });
      return node;
    },
    async order() {
      const consumer = developmentAccount('Ferdie');
      code ??= await publish(consumer);
      const create = tx.Errands.create({
        code,
        data: [],
        input: undefined,
        gas_limit: 1_000_000n,
        max_price: TEA,
        policy: NO_DIGEST,
        result_key: Uint8Array.of(1),
      });
      const { events } = await ledger.submit(create, consumer.signer);
      const [created] = ledger.api.event.Errands.Created.filter(events);
      if (created === undefined) throw new TeaError('chain', 'No errand was created');
      const { id: errand } = created.payload;
      await ledger.submit(tx.Errands.fund({ id: errand }), consumer.signer);
      const record = await ledger.waitFor(
        'an executor',
        () => readErrand(ledger, errand),
        ({ state }) => state !== 'Funded',
      );
      const { value } = await ledger.state.read([drawOfStorageKey(errand)]);
      const draw = value[0];
      if (record.selection === null || draw === null || draw === undefined) throw new TeaError('chain', 'Nobody was drawn', { actual: record.state });
      return { errand, node: record.selection.node, draw: new ScaleReader(draw, 'number of a draw').u64() };
    },
    [Symbol.asyncDispose]: () => whole.disposeAsync(),
  };
}
