import { connectNats } from '@tea/host-nats';
import { TeaError } from '@tea/protocol';
import { natsBus } from '@tea/protocol/bus';
import { drawOfStorageKey, layer1Provider, ScaleReader } from '@tea/protocol/layer1';
import { openLedger, readErrand, type Ledger } from '@tea/protocol/ledger';
import { developmentAccount, type Account } from '@tea/sdk';
import { startLots } from '../tee/runtime/lots.ts';
import { foundPlayed, type PlayedNode } from './played-node.ts';
import { startTestLayer1, type TestLayer1 } from './test-layer1.ts';

type DevelopmentAccountName = Parameters<typeof developmentAccount>[0];

/** `play`: it shows its lots from then on, as tea-runtime does. */
export type DrawingNode = PlayedNode & { play(): AsyncDisposable };

export type DrawnNetwork = AsyncDisposable & {
  readonly layer1: TestLayer1;
  readonly ledger: Ledger;
  /** What the nodes had to say. */
  readonly log: readonly string[];
  /** One more session, until the network ends. */
  open(): Promise<Ledger>;
  /** A node of the first four operators, who found the network. */
  found(name: DevelopmentAccountName): Promise<DrawingNode>;
  /** Orders a plain program and pays; resolves when its executor was drawn. @param by the consumer, Ferdie by default */
  order(by?: DevelopmentAccountName): Promise<{ readonly errand: bigint; readonly node: Uint8Array; readonly draw: bigint }>;
};

const TEA = 10n ** 12n;
const NO_DIGEST = `0x${'11'.repeat(32)}` as const;
/** Of raw bytes with that digest. */
const CONTENT_CID = Uint8Array.from([1, 0x55, 0x12, 32, ...new Uint8Array(32).fill(0x11)]);

/** A chain that draws lots, and as many nodes as a test wants, each with a key of its own. */
export async function startDrawnNetwork(pace: { readonly blockTimeMs?: number; readonly finalityDelayMs?: number } = {}): Promise<DrawnNetwork> {
  await using started = new AsyncDisposableStack();
  const layer1 = started.use(await startTestLayer1({ blockTimeMs: 50, ...pace }));
  const log: string[] = [];
  const open = async (): Promise<Ledger> => {
    const credentials = layer1.nats.credentials('client');
    const connection = await connectNats(credentials);
    parts.defer(() => connection.close());
    return parts.use(await openLedger(layer1Provider({ bus: natsBus(connection, credentials.inboxPrefix) })));
  };
  const parts = new AsyncDisposableStack();
  started.use(parts);
  const ledger = await open();
  const { tx } = ledger.api;

  async function found(name: DevelopmentAccountName): Promise<DrawingNode> {
    const node = await foundPlayed(ledger, developmentAccount(name));
    const own = await open();
    const play = (): AsyncDisposable =>
      startLots({ ledger: own, node: node.id, account: node.account, log: (event) => void log.push(`${name}: ${event}`) });
    return { ...node, play };
  }

  let code: bigint | null = null;
  async function publish(owner: Account): Promise<bigint> {
    const entry = {
      kind: { type: 'Code' as const, value: undefined },
      cid: CONTENT_CID,
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
    open,
    found,
    async order(by = 'Ferdie') {
      const consumer = developmentAccount(by);
      code ??= await publish(developmentAccount('Ferdie'));
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
