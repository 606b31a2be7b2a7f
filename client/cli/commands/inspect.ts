import { connect } from '@nats-io/transport-node';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import {
  decodeEvidence,
  decodeReferenceValues,
  encodePolicy,
  encodeReferenceValues,
  fromHex,
  TeaError,
  type AppraisalPolicy,
  type AttestationResult,
  type ReferenceValues,
} from '@tea/protocol';
import { busError, connectionOptions } from '@tea/protocol/bus';
import { earOf, inspect as inspectErrand, inspectNode, openTea, writeVotes } from '@tea/sdk';
import manifest from '../../../package.json' with { type: 'json' };
import { showAttestation } from '../attestation-claims.ts';
import { localReferenceValues } from '../network.ts';
import { genesisPin } from '../genesis-pin.ts';
import { findNetwork } from '../running-network.ts';
import { EXIT, type Command } from './command.ts';
import { readPolicy } from './policy.ts';

export const inspect: Command = {
  name: 'inspect',
  summary: 'appraise an errand’s executor, or any node: verdict, claims, evidence',
  help: `  tea inspect ERRAND|NODE [--policy FILE] [--reference-values FILE] [--raw DIR] [--votes FILE] [--dir DIR] [--genesis HASH] [--json]

Fetches the evidence layer 1 names, challenges the TPM, and judges both on this machine: verdict first, then every claim with what was
expected, what came and where the expectation comes from. ERRAND is a number, NODE its 64 hexadecimal digits.

  --policy FILE             a policy document, or laptop (the default) or strict; an errand's must be the one it names
  --reference-values FILE   what the program must measure as (default: what this checkout builds to)
  --raw DIR                 write the parts of the evidence there, and the result as EAR, for other tools
  --votes FILE              write a node's committee's votes there, for anyone to judge: tea verify FILE
  --dir DIR                 which network, by its state directory, when several run
  --genesis HASH            the chain it must be

Exit codes: 0 affirming; 1 not; 64 wrong usage.

  tea inspect 1`,
  options: {
    policy: { type: 'string' },
    'reference-values': { type: 'string' },
    raw: { type: 'string' },
    votes: { type: 'string' },
    dir: { type: 'string' },
    genesis: { type: 'string' },
  },
  operands: [1, 1],
  async run({ values, positionals: [subject = ''], screen, signal }) {
    const isErrand = /^[0-9]{1,19}$/.test(subject);
    if (!isErrand && !/^(0x)?[0-9a-f]{64}$/.test(subject))
      throw new TeaError('badInput', 'This is neither an errand nor a node', {
        expected: 'the number of an errand, or the 64 hexadecimal digits of a node',
        actual: subject,
        next: 'tea inspect --help',
      });
    const { client } = await findNetwork(values['dir'] === undefined ? undefined : String(values['dir']));
    const policy = await readPolicy(String(values['policy'] ?? 'laptop'));
    const referenceValues = await readReferenceValues(values['reference-values'], signal);
    await using parts = new AsyncDisposableStack();
    const connection = await connect(connectionOptions(client, 'inspect')).catch((error: unknown) => {
      throw busError(error, 'Connecting to the bus');
    });
    parts.defer(() => connection.close());
    const tea = parts.use(await openTea({ connection, inboxPrefix: client.inboxPrefix, genesis: genesisPin(values['genesis']) }));
    const options = { policy, referenceValues, now: new Date(), signal };
    const { evidence, appraisal } = isErrand
      ? await inspectErrand(tea, BigInt(subject), options)
      : await inspectNode(tea, fromHex(subject, 32), options);
    const { result } = appraisal;
    screen.heading(isErrand ? `Executor of errand ${subject}` : `Node ${subject}`, `appraised ${new Date(result.appraisedAtMs).toISOString()}`);
    showAttestation(screen, result);
    const files = values['raw'] === undefined ? [] : await writeParts(String(values['raw']), evidence, referenceValues, policy, result);
    if (values['votes'] !== undefined && !isErrand) {
      await writeFile(String(values['votes']), await writeVotes(tea, fromHex(subject, 32), referenceValues));
      files.push(String(values['votes']));
    }
    for (const file of files) screen.note(`  ${file}`);
    screen.emit('inspected', { subject, ...result, ear: earOf(result, manifest.version), files });
    return result.verdict === 'affirming' ? EXIT.done : EXIT.failed;
  },
};

async function readReferenceValues(path: string | boolean | undefined, signal: AbortSignal): Promise<ReferenceValues> {
  if (path === undefined) return localReferenceValues(signal);
  const bytes = await readFile(String(path)).catch((cause: NodeJS.ErrnoException) => {
    throw new TeaError('badInput', `The reference values ${String(path)} can't be read`, { expected: 'a readable file', actual: cause.message });
  });
  return decodeReferenceValues(new Uint8Array(bytes));
}

/** The raw parts, each as the TPM or its maker made it, under names that say what they are. @returns the files */
async function writeParts(
  folder: string,
  evidence: Uint8Array,
  referenceValues: ReferenceValues,
  policy: AppraisalPolicy,
  result: AttestationResult,
): Promise<string[]> {
  const files: [name: string, content: Uint8Array | string][] = [
    ['evidence.cbor', evidence],
    ['reference-values.cbor', encodeReferenceValues(referenceValues)],
    ['policy.cbor', encodePolicy(policy)],
    ['result.ear.json', `${JSON.stringify(earOf(result, manifest.version), null, 2)}\n`],
    ...partsOf(evidence),
  ];
  await mkdir(folder, { recursive: true });
  for (const [name, content] of files) await writeFile(join(folder, name), content);
  return files.map(([name]) => join(folder, name));
}

/** Nothing when the evidence does not decode: the appraisal has said so. */
function partsOf(bytes: Uint8Array): [name: string, content: Uint8Array][] {
  try {
    const { ekCertificates, akPublic, sealing, quote, eventLog } = decodeEvidence(bytes);
    return [
      ...ekCertificates.map((der, place): [string, Uint8Array] => [place === 0 ? 'ek.der' : `ek-authority-${place}.der`, der]),
      ['ak.tpmt-public', akPublic],
      ['sealing.tpmt-public', sealing.public],
      ['sealing.tpms-attest', sealing.attest],
      ['sealing.tpmt-signature', sealing.signature],
      ['quote.tpms-attest', quote.attest],
      ['quote.tpmt-signature', quote.signature],
      ['event-log.cel.cbor', eventLog],
    ];
  } catch {
    return [];
  }
}
