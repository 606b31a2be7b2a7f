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
import { earOf, inspect as inspectErrand, inspectNode, openTea, writeVotes, type Inspection, type NodeInspection } from '@tea/sdk';
import manifest from '../../../package.json' with { type: 'json' };
import { showAttestation } from '../attestation-claims.ts';
import { localReferenceValues } from '../network.ts';
import { concernsOf, openAcceptedConcerns, type AcceptedConcerns } from '../accepted-concerns.ts';
import { genesisPin } from '../genesis-pin.ts';
import { describeReferences } from '../describe-references.ts';
import { CRL_HELP, readRevocationLists } from '../revocation-lists.ts';
import { printable } from '../printable.ts';
import { findNetwork } from '../running-network.ts';
import type { Screen } from '../screen.ts';
import { EXIT, type Command } from './command.ts';
import { readPolicy } from './policy.ts';

export const inspect: Command = {
  name: 'inspect',
  summary: 'appraise an errand’s executor, or any node: verdict, claims, evidence',
  help: `  tea inspect ERRAND|NODE [--policy FILE] [--reference-values FILE] [--crl PATH] [--raw DIR] [--votes FILE] [--dir DIR]
                          [--genesis HASH] [--json]

Fetches the evidence layer 1 names, challenges the TPM, and judges both on this machine: verdict first, then every claim with what was
expected, what came and where the expectation comes from. ERRAND is a number, NODE its 64 hexadecimal digits.

  --policy FILE             a policy document, or laptop (the default) or strict; an errand's must be the one it names
  --reference-values FILE   what the program must measure as (default: what layer 1 released; what this checkout builds to while it released nothing)
${CRL_HELP}
  --raw DIR                 write the parts of the evidence there, and the result as EAR, for other tools
  --votes FILE              write a node's committee's votes there, for anyone to judge: tea verify FILE
  --dir DIR                 which network, by its state directory, when several run
  --genesis HASH            the chain it must be

Exit codes: 0 affirming; 1 not; 64 wrong usage.

  tea inspect 1`,
  options: {
    policy: { type: 'string' },
    'reference-values': { type: 'string' },
    crl: { type: 'string' },
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
    const { client, stateDir } = await findNetwork(values['dir'] === undefined ? undefined : String(values['dir']));
    const policy = await readPolicy(String(values['policy'] ?? 'laptop'));
    const given = await readReferenceValues(values['reference-values']);
    const revocationLists = await readRevocationLists(values['crl']);
    const memory = await openAcceptedConcerns(stateDir);
    await using parts = new AsyncDisposableStack();
    const connection = await connect(connectionOptions(client, 'inspect')).catch((error: unknown) => {
      throw busError(error, 'Connecting to the bus');
    });
    parts.defer(() => connection.close());
    const tea = parts.use(await openTea({ connection, inboxPrefix: client.inboxPrefix, genesis: genesisPin(values['genesis']) }));
    const chain = tea.ledger.genesis.toHex();
    const local = (): Promise<ReferenceValues> => localReferenceValues(signal);
    const options = {
      policy,
      referenceValues: given ?? { otherwise: local },
      now: new Date(),
      signal,
      revocationLists,
      // What governance has in force beside newer software is its to say; what a person brings should not get older.
      ...(given && { acceptedIssue: (name: string) => memory.issue(chain, name) }),
    };
    const inspection = isErrand ? await inspectErrand(tea, BigInt(subject), options) : await inspectNode(tea, fromHex(subject, 32), options);
    const { evidence, appraisal, referenceValues } = inspection;
    const { result } = appraisal;
    screen.heading(isErrand ? `Executor of errand ${subject}` : `Node ${subject}`, `appraised ${new Date(result.appraisedAtMs).toISOString()}`);
    showAttestation(screen, result);
    screen.note(describeReferences(inspection));
    showConcerns(screen, inspection, memory, isErrand ? undefined : subject);
    if (given?.provenance.kind === 'signed' && result.verdict === 'affirming') await memory.noteIssue(chain, given.name, given.provenance.issue);
    const files = values['raw'] === undefined ? [] : await writeParts(String(values['raw']), evidence, referenceValues, policy, result);
    if (values['votes'] !== undefined && !isErrand) {
      await writeFile(
        String(values['votes']),
        await writeVotes(tea, fromHex(subject, 32), given ?? (inspection.referencesFrom === 'otherwise' ? referenceValues : await local())),
      );
      files.push(String(values['votes']));
    }
    for (const file of files) screen.note(`  ${file}`);
    screen.emit('inspected', { subject, referencesFrom: inspection.referencesFrom, ...result, ear: earOf(result, manifest.version), files });
    return result.verdict === 'affirming' ? EXIT.done : EXIT.failed;
  },
};

/** Before the verdict is believed: what the policy let pass, and to which of it somebody agreed. */
function showConcerns(screen: Screen, inspection: Inspection | NodeInspection, memory: AcceptedConcerns, subject: string | undefined): void {
  const node = subject ?? ('selection' in inspection ? inspection.selection.node.toHex() : '');
  const known = memory.of(node.replace(/^0x/, ''));
  for (const { id, text } of concernsOf(inspection)) {
    const agreed = known.filter(({ concern, policy }) => concern === id && policy === inspection.appraisal.result.policy.digest.toHex());
    const when = agreed.map(({ at, owner }) => `account ${owner.slice(0, 8)}… on ${at.slice(0, 10)}`).join(', ');
    screen.note(`The policy lets pass: ${printable(text)}${when === '' ? '' : ` (accepted by ${when})`}`);
  }
}

async function readReferenceValues(path: string | boolean | undefined): Promise<ReferenceValues | null> {
  if (path === undefined) return null;
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
