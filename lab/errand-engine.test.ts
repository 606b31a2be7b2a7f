import assert from 'node:assert/strict';
import { after, afterEach, before, describe, test } from 'node:test';
import { collectBytes, equalBytes, secureRandom, sha256, TeaError } from '@tea/protocol';
import type { IpfsClient } from '@tea/protocol/ipfs';
import { readErrand, type Ledger } from '@tea/protocol/ledger';
import { developmentAccount } from '@tea/sdk';
import { startErrandEngine } from '../tee/runtime/errand-engine.ts';
import { openReleaseDesk } from '../tee/runtime/release-desk.ts';
import { releasableErrand } from '../tee/runtime/releasable-errand.ts';
import type { ErrandStepParts } from '../tee/runtime/errand-steps.ts';
import type { RunProof, RunRequest } from '../tee/runtime/run-errand.ts';
import { startDrawnNetwork, type DrawingNode, type DrawnNetwork } from './drawn-network.ts';
import { checkInvariants, type Seen } from './random-calls/invariants.ts';

type Step = 'attest' | 'start' | 'prove';
/** Where a process dies: at the extrinsic of that step, which layer 1 then never gets, or gets without the process hearing of it. */
type Cut = { readonly at: Step; readonly layer1: 'gets it not' | 'gets it' } | { readonly at: 'run' };
type Process = AsyncDisposable & { readonly died: Promise<void>; readonly log: readonly string[] };

/** Nobody fetches the evidence here. */
const SOME_CID = 'bafkreihdwdcefgh4dqkjv67uzcmw7ojee6xedzdetojuzjevtenxquvyku';
const never = new Promise<never>(() => undefined);
const ok: RunProof = {
  outcome: 'ok',
  gasUsed: 1n,
  receiptDigest: sha256(Uint8Array.of(1)),
  packageCid: Uint8Array.of(1),
  packageDigest: sha256(Uint8Array.of(2)),
};

/** The engine as it is, on the real runtime; TPM, content and guest are played, so that it can be killed between any two of its steps. */
describe('the errand engine', () => {
  let network: DrawnNetwork;
  let node: DrawingNode;
  const playing = new AsyncDisposableStack();
  const seen: Seen = { issuance: 2n ** 128n, ended: new Map() };
  const proved: bigint[] = [];

  before(async () => {
    network = await startDrawnNetwork({ blockTimeMs: 300 }); // besides one for each extrinsic
    node = await network.found('Alice');
    playing.use(node.play());
    const events = network.ledger.client.finalizedBlock$.subscribe(({ hash }) => {
      void network.ledger.api.query.System.Events.getValue({ at: hash }).then((found) => {
        for (const { event } of found) if (event.type === 'Errands' && event.value.type === 'Proved') proved.push(event.value.value.id);
      });
    });
    playing.defer(() => events.unsubscribe());
  });
  after(async () => {
    await playing.disposeAsync();
    await network[Symbol.asyncDispose]();
  });
  afterEach(async () => {
    await checkInvariants(network.ledger, seen);
    assert.equal(new Set(proved).size, proved.length, 'an errand was proved twice');
  });

  async function startProcess(
    run: (request: RunRequest) => Promise<RunProof>,
    cut?: Cut,
    played: Partial<Pick<ErrandStepParts, 'fetch' | 'desk'>> = {},
  ): Promise<Process> {
    const ledger = await network.open();
    const log: string[] = [];
    const death = Promise.withResolvers<void>();
    let dead = false;
    const die = (): Promise<never> => {
      dead = true;
      death.resolve();
      return never;
    };
    const mortal: Ledger = {
      ...ledger,
      submit: async (transaction, signer, options) => {
        if (dead) return never;
        const isCut = cut !== undefined && cut.at !== 'run' && transaction.decodedCall.value.type === cut.at;
        if (isCut && cut.layer1 === 'gets it not') return die();
        const done = await ledger.submit(transaction, signer, options);
        return isCut || dead ? die() : done;
      },
    };
    const ipfs = {
      add: async (source: AsyncIterable<Uint8Array>) => {
        const digest = sha256(await collectBytes(source));
        return { cid: SOME_CID, sha256: digest, size: 0 };
      },
    } as unknown as IpfsClient;
    const desk = openReleaseDesk({
      chain: ledger.genesis,
      node: node.id,
      blockNumber: ledger.blockNumber,
      errand: (id) => releasableErrand(ledger, node.id, id),
      open: () => never,
      checkKey: () => never,
    });
    const engine = startErrandEngine({
      ledger: mortal,
      ipfs,
      attester: { node: node.id, attest: async () => secureRandom(40) },
      signer: node.account.signer,
      desk,
      fetch: async () => [],
      run: (request) => (cut?.at === 'run' ? die() : run(request)),
      log: (event, errand) => void log.push(`${errand}: ${event}`),
      places: 2,
      ...played,
    });
    return { died: death.promise, log, [Symbol.asyncDispose]: () => engine[Symbol.asyncDispose]() };
  }

  const cuts: readonly Cut[] = [
    ...(['attest', 'start', 'prove'] as const).flatMap((at) => [{ at, layer1: 'gets it not' } as const, { at, layer1: 'gets it' } as const]),
    { at: 'run' },
  ];
  for (const cut of cuts) {
    const when = cut.at === 'run' ? 'while the guest runs' : `at the extrinsic ${cut.at}, and layer 1 ${cut.layer1}`;
    test(`killed ${when}: another process proves the errand once, on evidence of its own, and it is paid once`, async () => {
      await using first = await startProcess(async () => ok, cut);
      const { errand } = await network.order();
      await first.died;
      await first[Symbol.asyncDispose]();

      const evidence: Uint8Array[] = [];
      await using second = await startProcess(async (request) => (evidence.push(request.evidence), ok));
      const record = await network.ledger.waitFor(
        'the proof',
        () => readErrand(network.ledger, errand),
        ({ state }) => state === 'Proved',
      );
      const provedBefore = cut.at === 'prove' && cut.layer1 === 'gets it';
      assert.equal(evidence.length, provedBefore ? 0 : 1, second.log.join('\n'));
      for (const digest of evidence) assert.ok(equalBytes(digest, record.evidence?.digest ?? new Uint8Array()));
      await network.ledger.submit(network.ledger.api.tx.Errands.settle({ id: errand }), developmentAccount('Ferdie').signer);
    });
  }

  test('content that can’t be had, before the start or after it, loses nothing: the same job is tried again with its keys, which end overwritten', async () => {
    const key = new Uint8Array(32).fill(7);
    const statesAtFetch: string[] = [];
    const requests: RunRequest[] = [];
    const keysSeen: string[] = [];
    let ordered = 0n;
    const away = new TeaError('unavailable', 'The host gives no content');
    await using _process = await startProcess(
      async (request) => {
        requests.push(request);
        keysSeen.push(request.parts[0]?.key?.toHex() ?? '');
        if (requests.length === 1) throw away;
        return ok;
      },
      undefined,
      {
        fetch: async () => {
          statesAtFetch.push((await readErrand(network.ledger, ordered)).state);
          if (statesAtFetch.length === 1) throw away;
          return [];
        },
        desk: { expect: () => undefined, holds: () => true, take: () => new Map([['code', key]]), forget: () => undefined },
      },
    );
    ordered = (await network.order()).errand;
    await network.ledger.waitFor(
      'the proof',
      () => readErrand(network.ledger, ordered),
      ({ state }) => state === 'Proved',
    );
    assert.deepEqual(statesAtFetch, ['KeysReleased', 'KeysReleased', 'Running']);
    assert.equal(requests[0], requests[1]);
    assert.deepEqual(keysSeen, ['07'.repeat(32), '07'.repeat(32)]);
    assert.deepEqual(key, new Uint8Array(32));
  });

  test('lets one tenant flood it, and runs two guests at a time, the next turn being the other tenant’s', async () => {
    const turns: { readonly errand: bigint; readonly end: () => void }[] = [];
    const begun = new EventTarget();
    let running = 0;
    let most = 0;
    await using process = await startProcess(async ({ errand }) => {
      most = Math.max(most, ++running);
      await new Promise<void>((resolve) => {
        turns.push({ errand, end: resolve });
        begun.dispatchEvent(new Event('turn'));
      });
      running--;
      return ok;
    });
    const turn = async (place: number) => {
      while (turns[place] === undefined) await new Promise((resolve) => begun.addEventListener('turn', resolve, { once: true }));
      return turns[place];
    };
    const flood: bigint[] = [];
    for (let count = 0; count < 8; count++) flood.push((await network.order('Ferdie')).errand);
    const { errand: modest } = await network.order('Eve');
    await Promise.all([turn(0), turn(1)]);
    // All of them wait for their turns before the first place gets free.
    await network.ledger.waitFor(
      'evidence of them all',
      () => Promise.all([...flood, modest].map((id) => readErrand(network.ledger, id))),
      (all) => all.every(({ state }) => state === 'KeysReleased' || state === 'Running'),
    );
    const settled = process.log.length;
    assert.ok(settled > 0);
    (await turn(0)).end();
    const third = (await turn(2)).errand;
    (await turn(1)).end();
    const fourth = (await turn(3)).errand;
    assert.ok(third === modest || fourth === modest, `turns of ${third} and ${fourth}; ${modest} waits`);
    for (let place = 2; place < 9; place++) (await turn(place)).end();
    await network.ledger.waitFor(
      'all proofs',
      () => Promise.all([...flood, modest].map((id) => readErrand(network.ledger, id))),
      (all) => all.every(({ state }) => state === 'Proved'),
    );
    assert.equal(most, 2);
  });
});
