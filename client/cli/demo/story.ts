import { connect } from '@nats-io/transport-node';
import { TeaError, type GuestOutput, type NatsCredentials, type ReferenceValues, type ReleasePart } from '@tea/protocol';
import { busError, connectionOptions } from '@tea/protocol/bus';
import { generateHpkeKeyPair } from '@tea/protocol/hpke';
import type { ErrandPayment, ErrandRecord } from '@tea/protocol/layer1';
import { generateContentKey } from '@tea/protocol/sealed';
import {
  createErrand,
  declineRelease,
  developmentAccount,
  fetchResult,
  fundErrand,
  inspect,
  laptopPolicy,
  openTea,
  publish,
  registerNode,
  releaseKey,
  settleErrand,
  verifyProof,
  waitForState,
  writeProof,
  type Account,
  type ErrandResult,
  type Inspection,
  type ProofReport,
  type Published,
  type Tea,
} from '@tea/sdk';
import { localReferenceValues, startHost, startTee, type Host, type Tee } from '../network.ts';
import { formatAmount, formatBytes, shortHex, type Screen } from '../screen.ts';
import { reportAttestation } from './attestation-table.ts';
import type { Consent } from './consent.ts';

export type DemoInput = { readonly name: string; readonly sizeBytes: number; readonly open: () => AsyncIterable<Uint8Array> };

export type DemoOptions = {
  readonly screen: Screen;
  readonly signal: AbortSignal;
  readonly stateDir: string;
  readonly code: DemoInput;
  readonly data: DemoInput;
  readonly gasLimit: bigint;
  readonly consent: Consent;
};

/** What is left when the errand is settled. */
export type DemoResult = {
  readonly id: bigint;
  readonly errand: ErrandRecord;
  readonly result: ErrandResult;
  readonly proof: Uint8Array;
  readonly report: ProofReport;
};

const TEA = 1_000_000_000_000n;
const PRICES = { code: 2n * TEA, data: TEA, gasPerMillion: TEA / 1_000n, ceiling: 20n * TEA };

/** The people of the story, on the development chain's well-known accounts. */
const PEOPLE = {
  developer: developmentAccount('Alice'),
  hospital: developmentAccount('Bob'),
  operator: developmentAccount('Charlie'),
  host: developmentAccount('Dave'),
};

/** A network of one node, up until disposed: what the demo plays on, and what `--keep` leaves. */
export type DemoNetwork = AsyncDisposable & {
  readonly tea: Tea;
  readonly node: Uint8Array;
  readonly referenceValues: ReferenceValues;
  readonly client: NatsCredentials;
  readonly host: Host;
  readonly tee: Tee;
};

export type DemoNetworkOptions = Pick<DemoOptions, 'screen' | 'signal' | 'stateDir'> & {
  /** Sends TEE and client to the bus by another way, for tests that listen. */
  readonly route?: (credentials: NatsCredentials) => Promise<NatsCredentials>;
};

export async function startDemoNetwork({
  screen,
  signal,
  stateDir,
  route = (direct) => Promise.resolve(direct),
}: DemoNetworkOptions): Promise<DemoNetwork> {
  await using started = new AsyncDisposableStack();
  const host = await screen.step(
    'Host',
    async () => started.use(await startHost({ stateDir, signal })),
    ({ nats }) => ({ line: `nats-server on 127.0.0.1:${nats.port}, Helia, and a Substrate chain in V8, untrusted by design` }),
  );
  const [tee, referenceValues] = await screen.step(
    'TEE',
    () =>
      Promise.all([
        route(host.credentials.tee)
          .then((credentials) => startTee({ stateDir, credentials, signal }))
          .then((value) => started.use(value)),
        localReferenceValues(signal),
      ]),
    ([{ node }]) => ({ line: `swtpm measured Node and the TEE bundle, tea-runtime runs: node ${shortHex(node)}` }),
  );
  const connection = await connect(connectionOptions(await route(host.credentials.client), 'demo')).catch((error: unknown) => {
    throw busError(error, 'Connecting to the bus');
  });
  started.defer(() => connection.close());
  const tea = started.use(await openTea({ connection, inboxPrefix: host.credentials.client.inboxPrefix }));
  await screen.step(
    'Join',
    () =>
      registerNode(tea, tee.node, {
        operator: PEOPLE.operator,
        hostAccount: PEOPLE.host.publicKey,
        gasPrice: PRICES.gasPerMillion,
        allowance: 10n * TEA,
        signal,
      }),
    ({ founding }) => ({ line: `node Active on layer 1${founding ? ', admitted by its own appraisal as a founding node' : ''}` }),
  );
  const parts = started.move();
  return { tea, node: tee.node, referenceValues, client: host.credentials.client, host, tee, [Symbol.asyncDispose]: () => parts.disposeAsync() };
}

/** Deploy, fund, select, attest, release, run, settle, prove: the life of one errand whose code and data are both sealed. */
export async function playErrand(network: DemoNetwork, options: DemoOptions): Promise<DemoResult> {
  const { tea, referenceValues } = network;
  const { screen, signal, code, data, gasLimit } = options;
  const { developer, hospital } = PEOPLE;
  const codeKey = generateContentKey();
  const dataKey = generateContentKey();
  const resultKey = await generateHpkeKeyPair();

  const publishedCode = await deploy(tea, options, 'code', code, developer, codeKey);
  const publishedData = await deploy(tea, options, 'data', data, hospital, dataKey);
  const id = await screen.step(
    'Fund',
    async () => {
      const errand = await createErrand(tea, {
        consumer: hospital,
        code: publishedCode.id,
        data: [publishedData.id],
        gasLimit,
        maxPrice: PRICES.ceiling,
        policy: laptopPolicy,
        resultKey: resultKey.publicPoint,
        signal,
      });
      await fundErrand(tea, errand, hospital);
      return errand;
    },
    (errand) => ({
      line: `errand ${errand}: ${formatAmount(PRICES.ceiling)} held on layer 1, at most ${gasLimit.toLocaleString('en')} gas`,
      facts: { errand },
    }),
  );
  await screen.step(
    'Select',
    () => waitForState(tea, id, 'Selected', { signal }),
    ({ selection }) => ({
      line: `layer 1 chose node ${shortHex(selection?.node ?? new Uint8Array())} among ${selection?.candidates} candidate(s), seed ${shortHex(selection?.seed ?? new Uint8Array())}`,
    }),
  );
  await screen.step(
    'Attest',
    () => waitForState(tea, id, 'Attested', { signal }),
    ({ evidence }) => ({
      line: `the executor published fresh evidence ${shortHex(evidence?.digest ?? new Uint8Array())} for this errand`,
    }),
  );

  const releases: Uint8Array[] = [];
  let inspection = await look(network, options, id);
  releases.push(await release(tea, options, inspection, 'code', developer, 'the developer', codeKey));
  inspection = await look(network, options, id);
  releases.push(await release(tea, options, inspection, 'data/0', hospital, 'the hospital', dataKey));

  await screen.step(
    'Run',
    () => waitForState(tea, id, 'Proved', { signal, deadlineMs: 300_000 }),
    ({ run }) => ({
      line: `outcome ${run?.outcome}, ${run?.gasUsed.toLocaleString('en')} gas`,
      facts: { outcome: run?.outcome, gasUsed: run?.gasUsed },
    }),
  );
  const final = inspection;
  const result = await screen.step(
    'Result',
    () => fetchResult(tea, final, resultKey),
    ({ output, receipt }) => ({
      line: `receipt holds; ${formatBytes(output.stdout.length)} on stdout, ${Object.keys(output.files).length} file(s), isolation ${receipt.isolation}`,
    }),
  );
  const errand = await screen.step(
    'Settle',
    async () => {
      await settleErrand(tea, id, hospital);
      return waitForState(tea, id, 'Settled', { signal });
    },
    ({ settlement }) => ({
      line: `paid by the receipt, ${formatAmount(settlement?.refunded ?? 0n)} back to the hospital`,
      details: (settlement?.payments ?? []).map(describePayment),
    }),
  );
  const proof = await writeProof(tea, { inspection, policy: laptopPolicy, referenceValues, bundle: result.bundle, releases });
  const report = await verifyProof(proof);
  return { id, errand, result, proof, report };
}

function deploy(
  tea: Tea,
  { screen, signal }: DemoOptions,
  kind: 'code' | 'data',
  input: DemoInput,
  owner: Account,
  key: Uint8Array,
): Promise<Published> {
  return screen.step(
    'Deploy',
    () => publish(tea, { kind, source: input.open(), visibility: { kind: 'sealed', key }, price: PRICES[kind], owner, signal }),
    ({ id, cid, sizeBytes }) => ({
      line: `${kind} ${input.name} (${formatBytes(input.sizeBytes)}) sealed and published as content ${id}, ${formatAmount(PRICES[kind])} a use`,
      details: [`${cid}  ${formatBytes(sizeBytes)} sealed`],
      facts: { id, cid },
    }),
  );
}

function look({ tea, referenceValues }: DemoNetwork, { screen, signal }: DemoOptions, id: bigint): Promise<Inspection> {
  return screen.step(
    'Inspect',
    () => inspect(tea, id, { policy: laptopPolicy, referenceValues, now: new Date(), signal }),
    ({ appraisal }) => reportAttestation(appraisal.result),
  );
}

async function release(
  tea: Tea,
  { screen, signal, consent }: DemoOptions,
  inspection: Inspection,
  part: ReleasePart,
  owner: Account,
  who: string,
  key: Uint8Array,
): Promise<Uint8Array> {
  const { id, selection, appraisal } = inspection;
  const question = `Release the key of ${part} to node ${shortHex(selection.node)}, trust class ${appraisal.result.trustClass}, for errand ${id} only? (${who})`;
  if (!(await consent(question, signal))) {
    await declineRelease(tea, id, part, `${who} said no`, owner);
    throw new TeaError('refused', `${who} declined to release the key of ${part}`, {
      expected: 'a yes',
      actual: 'a no: errand refunded, no key left its owner',
      next: 'tea demo',
    });
  }
  return screen.step(
    'Release',
    () => releaseKey(tea, { inspection, part, key, owner }),
    () => ({
      line: `${who} sealed the key of ${part} to the executor's TPM, for errand ${id} only`,
    }),
  );
}

const ROLES: Readonly<Record<string, string>> = { code: 'developer', executor: 'node operator', host: 'host', 'data/0': 'hospital (for its data)' };

function describePayment({ role, amount }: ErrandPayment): string {
  return `${(ROLES[role] ?? role).padEnd(24)} ${formatAmount(amount)}`;
}

/** What the guest wrote, safe for a terminal: control characters but newline and tab are shown as a dot. */
export function printable({ stdout }: GuestOutput): string {
  // eslint-disable-next-line no-control-regex -- control characters are what this is about
  return new TextDecoder().decode(stdout).replace(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/g, '·');
}
