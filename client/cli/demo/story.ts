import { TeaError, type ReleasePart } from '@tea/protocol';
import { generateHpkeKeyPair } from '@tea/protocol/hpke';
import type { ErrandPayment, ErrandRecord } from '@tea/protocol/layer1';
import { generateContentKey } from '@tea/protocol/sealed';
import {
  createErrand,
  declineRelease,
  fetchResult,
  fundErrand,
  inspect,
  laptopPolicy,
  publish,
  releaseKey,
  settleErrand,
  ss58,
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
import { formatAmount, formatBytes, shortHex, type Screen } from '../screen.ts';
import type { AcceptedConcerns } from '../accepted-concerns.ts';
import { agreeTo } from './agree.ts';
import { reportAttestation } from './attestation-table.ts';
import type { Consent } from './consent.ts';
import type { DemoNetwork } from './demo-network.ts';
import { PEOPLE, PRICES } from './people.ts';

export type DemoInput = { readonly name: string; readonly sizeBytes: number; readonly open: () => AsyncIterable<Uint8Array> };

export type DemoOptions = {
  readonly screen: Screen;
  readonly signal: AbortSignal;
  readonly stateDir: string;
  readonly code: DemoInput;
  readonly data: DemoInput;
  readonly gasLimit: bigint;
  readonly consent: Consent;
  /** What owners agreed to before. Without it nobody is asked about the node, and nothing is remembered. */
  readonly memory?: AcceptedConcerns | undefined;
};

/** What is left when the errand is settled. */
export type DemoResult = {
  readonly id: bigint;
  readonly errand: ErrandRecord;
  readonly result: ErrandResult;
  readonly proof: Uint8Array;
  readonly report: ProofReport;
};

/** Deploy, fund, select, attest, release, run, settle, prove: the life of one errand whose code and data are both sealed. */
export async function playErrand(network: DemoNetwork, options: DemoOptions): Promise<DemoResult> {
  const { tea } = network;
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
  releases.push(await release(tea, options, inspection, 'code', developer, 'the developer', codeKey, publishedCode));
  inspection = await look(network, options, id);
  releases.push(await release(tea, options, inspection, 'data/0', hospital, 'the hospital', dataKey, publishedData));

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
      line: `receipt holds; ${formatBytes(output.stdout.length)} on stdout, ${output.files.size} file(s), isolation ${receipt.isolation}`,
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
  const proof = await writeProof(tea, {
    inspection,
    policy: laptopPolicy,
    referenceValues: inspection.referenceValues,
    bundle: result.bundle,
    releases,
  });
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
    () => inspect(tea, id, { policy: laptopPolicy, referenceValues: { otherwise: async () => referenceValues }, now: new Date(), signal }),
    ({ appraisal }) => reportAttestation(appraisal.result),
  );
}

async function release(
  tea: Tea,
  { screen, signal, consent, memory }: DemoOptions,
  inspection: Inspection,
  part: ReleasePart,
  owner: Account,
  who: string,
  key: Uint8Array,
  published: Published,
): Promise<Uint8Array> {
  const { id, errand, selection, appraisal } = inspection;
  const code = errand.parts.find((each) => each.part === 'code')?.sha256 ?? new Uint8Array();
  const order = `errand ${id} only, in which code content ${errand.code} (SHA-256 ${shortHex(code)}) runs and ${ss58(errand.consumer)} reads the result`;
  const question = `Release the key of ${part} to node ${shortHex(selection.node)}, trust class ${appraisal.result.trustClass}, for ${order}? (${who})`;
  const agreed = memory === undefined || (await agreeTo({ tea, inspection, owner, who, consent, memory, screen, signal }));
  if (!agreed || !(await consent(question, signal))) {
    await declineRelease(tea, id, part, `${who} said no`, owner);
    throw new TeaError('refused', `${who} declined to release the key of ${part}`, {
      expected: 'a yes',
      actual: 'a no: the errand is refunded, and this key did not leave its owner',
      next: 'tea demo',
    });
  }
  return screen.step(
    'Release',
    () => releaseKey(tea, { inspection, part, key, content: published.sha256, owner }),
    () => ({
      line: `${who} sealed the key of ${part} to the executor's TPM, for errand ${id} only`,
    }),
  );
}

const ROLES: Readonly<Record<string, string>> = { code: 'developer', executor: 'node operator', host: 'host', 'data/0': 'hospital (for its data)' };

function describePayment({ role, amount }: ErrandPayment): string {
  return `${(ROLES[role] ?? role).padEnd(24)} ${formatAmount(amount)}`;
}
