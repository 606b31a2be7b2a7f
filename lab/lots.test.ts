import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { verifySelection } from '@tea/attestation';
import { exportChain } from '@tea/layer1-chain';
import { equalBytes } from '@tea/protocol';
import { decodeDrawRecord, drawStorageKey, lotOf, type DrawRecord } from '@tea/protocol/layer1';
import { readErrand, readOpenErrands } from '@tea/protocol/ledger';
import { proveErrand } from '@tea/sdk';
import { startDrawnNetwork, type DrawingNode, type DrawnNetwork } from './drawn-network.ts';
import { recompute } from './outsider.ts';

const MAX_ORDERS = 24;

describe('an executor drawn by lot', () => {
  let network: DrawnNetwork;
  let nodes: readonly DrawingNode[];
  const playing = new AsyncDisposableStack();
  const orders: { readonly errand: bigint; readonly node: Uint8Array; readonly draw: DrawRecord }[] = [];

  async function order() {
    const { errand, node, draw } = await network.order();
    const { value } = await network.ledger.state.read([drawStorageKey(draw)]);
    const ordered = { errand, node, draw: decodeDrawRecord(value[0] ?? assert.fail('no draw')) };
    orders.push(ordered);
    return ordered;
  }
  const lotsIn = ({ draw }: (typeof orders)[number], of: readonly DrawingNode[]): { node: Uint8Array; lot: bigint }[] => {
    const seed = draw.round?.seed ?? assert.fail('no seed');
    const lots = of.map(({ id, account }) => ({ node: id, lot: lotOf(account.publicKey, seed, account.prove(seed)) }));
    return lots.sort((a, b) => (a.lot < b.lot ? -1 : 1));
  };

  /** On a slow machine a node may come too late with its lot, which costs it the turn as silence does. */
  function assertLowestOf(ordered: (typeof orders)[number], playingNodes: readonly DrawingNode[]): void {
    const shown = playingNodes.filter(({ id }) => ordered.draw.claims.some(({ node }) => equalBytes(node, id)));
    assert.equal(ordered.draw.claims.length, shown.length, 'nobody else shows a lot');
    assert.deepEqual(ordered.node, lotsIn(ordered, shown)[0]?.node);
  }

  before(async () => {
    network = await startDrawnNetwork();
    nodes = await ['Alice', 'Bob', 'Charlie', 'Dave'].reduce<Promise<DrawingNode[]>>(
      async (before, name) => [...(await before), await network.found(name as 'Alice')],
      Promise.resolve([]),
    );
  });
  after(async () => {
    await playing.disposeAsync();
    await network[Symbol.asyncDispose]();
  });

  test('goes to the lowest lot of those that were shown; who withholds the lowest only loses that turn', async () => {
    const [silent, ...honest] = nodes;
    assert.ok(silent);
    for (const node of honest) playing.use(node.play());
    let withheld = false;
    for (let count = 0; count < MAX_ORDERS && !withheld; count++) {
      const ordered = await order();
      assertLowestOf(ordered, honest);
      assert.equal(ordered.draw.round?.electorate, 4);
      withheld = equalBytes(lotsIn(ordered, nodes)[0]?.node ?? new Uint8Array(), silent.id);
    }
    assert.ok(withheld, 'one order in four has its lowest lot with the silent node');

    // It shows its lots from now on, and wins as the others do.
    playing.use(silent.play());
    let won = false;
    for (let count = 0; count < MAX_ORDERS && !won; count++) {
      const ordered = await order();
      assertLowestOf(ordered, nodes);
      won = equalBytes(ordered.node, silent.id);
    }
    assert.ok(won);
  });

  test('keeps count of a node’s errands: a host can neither invent one nor hide one unnoticed', async () => {
    const { ledger } = network;
    const { node } = orders.at(-1) ?? assert.fail();
    const mine = orders.filter((each) => equalBytes(each.node, node)).map(({ errand }) => errand);
    const honest = await readOpenErrands(ledger, node);
    assert.deepEqual([[...honest.ids].sort((a, b) => (a < b ? -1 : 1)), honest.hidden], [mine, 0]);
    type Entries = typeof ledger.api.query.Errands.OpenErrandsOf.getEntries;
    const listing = (change: (ids: bigint[]) => bigint[]) => {
      const getEntries = (async (id: string) =>
        change([...mine]).map((errand) => ({ keyArgs: [id, errand] as const, value: undefined }))) as unknown as Entries;
      const query = {
        ...ledger.api.query,
        Errands: { ...ledger.api.query.Errands, OpenErrandsOf: { ...ledger.api.query.Errands.OpenErrandsOf, getEntries } },
      };
      return readOpenErrands({ state: ledger.state, api: { ...ledger.api, query } }, node);
    };
    assert.deepEqual(await listing((ids) => [...ids, 9_999n, ...ids]), { ids: mine, hidden: 0 });
    assert.deepEqual(await listing((ids) => ids.slice(1)), { ids: mine.slice(1), hidden: 1 });
    assert.deepEqual(await listing(() => []), { ids: [], hidden: mine.length });
  });

  test('is drawn again by anyone who has the storage proof, claim by claim', async () => {
    const last = orders.at(-1);
    assert.ok(last);
    const { chain } = await proveErrand(network.ledger, last.errand);
    const record = await readErrand(network.ledger, last.errand);
    const file = { chain, errand: { id: last.errand, record: new Uint8Array() } };
    const outcomes = verifySelection(file, record).map(({ id, outcome }) => [id, outcome]);
    assert.deepEqual(outcomes, [
      ['selection.draw', 'ok'],
      ['selection.seed', 'ok'],
      ['selection.lots', 'ok'],
    ]);

    const { selection } = record;
    assert.ok(selection);
    const others = nodes.filter(({ id }) => !equalBytes(id, selection.node));
    const forged: [claim: string, record: typeof record][] = [
      ['selection.draw', { ...record, selection: { ...selection, seed: new Uint8Array(32) } }],
      ['selection.draw', { ...record, selection: { ...selection, candidates: 5 } }],
      ['selection.draw', { ...record, selection: { ...selection, candidatesDigest: new Uint8Array(32) } }],
      ['selection.lots', { ...record, selection: { ...selection, teeAccount: others[0]?.account.publicKey ?? assert.fail() } }],
      ['selection.lots', { ...record, selection: { ...selection, node: new Uint8Array(32) } }],
    ];
    for (const [claim, altered] of forged) assert.equal(verifySelection(file, altered).find(({ id }) => id === claim)?.outcome, 'failed', claim);
    for (const other of others) {
      const claimed = verifySelection(file, { ...record, selection: { ...selection, node: other.id, teeAccount: other.account.publicKey } });
      assert.notEqual(claimed.find(({ id }) => id === 'selection.lots')?.outcome, 'ok');
    }
    const cut = { ...file, chain: { ...chain, selection: chain.selection?.slice(1) ?? [] } };
    assert.equal(verifySelection(cut, record)[0]?.outcome, 'failed');
    const padded = { ...file, chain: { ...chain, selection: [...(chain.selection ?? []), Uint8Array.of(1)] } };
    assert.equal(verifySelection(padded, record)[0]?.outcome, 'failed');
    const { selection: _left, ...without } = chain;
    assert.deepEqual(
      verifySelection({ ...file, chain: without }, record).map(({ outcome }) => outcome),
      ['cannotTell'],
    );
    const another = verifySelection({ ...file, errand: { id: last.errand - 1n, record: new Uint8Array() } }, record);
    assert.equal(another[0]?.outcome, 'failed');
  });

  test('is drawn again by an outsider from the export alone, who notices another lot', async () => {
    const lines = await Array.fromAsync(exportChain(network.layer1.dataDir));
    const findings = await recompute(
      (async function* () {
        yield* lines;
      })(),
    );
    assert.ok(findings.length >= orders.length);
    for (const { errand, selection } of findings)
      assert.ok(typeof selection === 'object' && selection.agrees && selection.by === 'lot', `errand ${errand}`);
    const last = orders.at(-1);
    const { proof } = last?.draw.claims[0] ?? assert.fail('no claim');
    const forged = lines.map((line) => line.replaceAll(proof.toHex(), proof.with(1, (proof[1] ?? 0) ^ 1).toHex()));
    const doubted = await recompute(
      (async function* () {
        yield* forged;
      })(),
    );
    assert.ok(doubted.some(({ errand, selection }) => errand === String(last?.errand) && typeof selection === 'object' && !selection.agrees));
  });
});
