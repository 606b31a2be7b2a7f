import { Writable } from 'node:stream';
import { oneChunk } from '@tea/protocol';
import { generateHpkeKeyPair } from '@tea/protocol/hpke';
import { generateContentKey } from '@tea/protocol/sealed';
import { temporaryDirectory } from '@tea/platform';
import { openScreen, startDemoNetwork, type DemoNetwork, type DemoNetworkOptions } from '@tea/cli';
import {
  createErrand,
  developmentAccount,
  fetchResult,
  fundErrand,
  inspect,
  laptopPolicy,
  publish,
  releaseKey,
  waitForState,
  type ErrandResult,
  type Inspection,
  type Published,
  type Tea,
} from '@tea/sdk';

/** The people of these tests. */
export const developer = developmentAccount('Alice');
export const consumer = developmentAccount('Bob');

export type TestNetwork = DemoNetwork & { readonly stateDir: string };

/** A whole network on real parts, in a directory of its own; gone with all its processes when disposed. */
export async function startTestNetwork(options: Pick<DemoNetworkOptions, 'route' | 'tee'> = {}): Promise<TestNetwork> {
  await using started = new AsyncDisposableStack();
  const directory = started.use(await temporaryDirectory('lab'));
  const screen = openScreen({ json: true, out: new Writable({ write: (_chunk, _encoding, done) => done() }) });
  const network = started.use(await startDemoNetwork({ screen, signal: new AbortController().signal, stateDir: directory.path, ...options }));
  const parts = started.move();
  return { ...network, stateDir: directory.path, [Symbol.asyncDispose]: () => parts.disposeAsync() };
}

/** What the demo's node asks. */
const PLANCKS_PER_GAS = 1_000n;

export type TestErrand = {
  readonly id: bigint;
  readonly codeKey: Uint8Array;
  readonly dataKey: Uint8Array;
  /** SHA-256 of the sealed code */
  readonly content: Uint8Array;
  /** At state Attested, as both owners see it. */
  readonly inspection: Inspection;
  /** @param on what the owner looked at, `inspection` by default @param by another way to the node, for a test that stands in between */
  release(part: 'code' | 'data/0', on?: Inspection, by?: Tea): Promise<Uint8Array>;
  releaseAll(on?: Inspection): Promise<Uint8Array[]>;
  /** @param seen what the consumer looked at, when it is not what the owners did */
  result(seen?: Inspection): Promise<ErrandResult>;
};

export type TestErrandOptions = { readonly code: Uint8Array; readonly data?: Uint8Array; readonly gasLimit?: bigint };

/** Seals, publishes, creates and funds; resolves when the executor has attested and the owners must decide. */
export async function attestedErrand({ tea, referenceValues }: DemoNetwork, options: TestErrandOptions): Promise<TestErrand> {
  const { code, data = Uint8Array.of(1), gasLimit = 100_000_000n } = options;
  const [codeKey, dataKey, resultKey] = [generateContentKey(), generateContentKey(), await generateHpkeKeyPair()];
  const published = (kind: 'code' | 'data', bytes: Uint8Array, key: Uint8Array): Promise<Published> => {
    const owner = kind === 'code' ? developer : consumer;
    return publish(tea, { kind, source: oneChunk(bytes), visibility: { kind: 'sealed', key }, price: 1_000_000_000n, owner });
  };
  const publishedCode = await published('code', code, codeKey);
  const publishedData = await published('data', data, dataKey);
  const id = await createErrand(tea, {
    consumer,
    code: publishedCode.id,
    data: [publishedData.id],
    gasLimit,
    maxPrice: gasLimit * PLANCKS_PER_GAS + 10_000_000_000_000n,
    policy: laptopPolicy,
    resultKey: resultKey.publicPoint,
  });
  await fundErrand(tea, id, consumer);
  await waitForState(tea, id, 'Attested');
  const inspection = await inspect(tea, id, { policy: laptopPolicy, referenceValues, now: new Date() });
  const release: TestErrand['release'] = (part, on = inspection, by = tea) =>
    part === 'code'
      ? releaseKey(by, { inspection: on, part, key: codeKey, content: publishedCode.sha256, owner: developer })
      : releaseKey(by, { inspection: on, part, key: dataKey, content: publishedData.sha256, owner: consumer });
  return {
    id,
    codeKey,
    dataKey,
    content: publishedCode.sha256,
    inspection,
    release,
    releaseAll: async (on) => [await release('code', on), await release('data/0', on)],
    result: (seen = inspection) => fetchResult(tea, seen, resultKey),
  };
}
