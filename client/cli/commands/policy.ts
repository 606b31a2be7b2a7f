import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { decodeReferenceValues, parsePolicyDocument, policyDigest, TeaError, writePolicyDocument, type AppraisalPolicy } from '@tea/protocol';
import { appraiseStored, explainPolicy, laptopPolicy, storedEvidenceOf, strictPolicy, type StoredEvidence } from '@tea/sdk';
import { showAttestation } from '../attestation-claims.ts';
import { CRL_HELP, readRevocationLists } from '../revocation-lists.ts';
import type { Screen } from '../screen.ts';
import { EXIT, type Command } from './command.ts';

/** Policies TEA comes with, by the word that stands for them where a file is asked for. */
const BUILT_IN: Readonly<Record<string, AppraisalPolicy>> = { laptop: laptopPolicy, strict: strictPolicy };

export const policy: Command = {
  name: 'policy',
  summary: 'explain an appraisal policy in words, and try it on evidence you kept',
  help: `  tea policy check FILE [--evidence FILE [--reference-values FILE] [--crl PATH]] [--json]
  tea policy show FILE

check says what a policy accepts, with warnings first; show prints its document, to copy and change. FILE is a policy document, or one of
the words laptop and strict for those TEA comes with.

  --evidence FILE           also try it on this: a proof file, or evidence.cbor as tea inspect --raw wrote it
  --reference-values FILE   what to compare that evidence with (default: reference-values.cbor beside it)
${CRL_HELP}

Exit codes: 0 a sound document, that accepts the evidence if any was given; 1 it refuses it; 2 it can't be told, since the policy asks for
revocation lists and none given speaks of some certificate; 64 wrong usage, or no policy.

  tea policy check strict
  tea policy check ours.json --evidence .tea/demo/proof.json`,
  options: { evidence: { type: 'string' }, 'reference-values': { type: 'string' }, crl: { type: 'string' } },
  operands: [2, 2],
  async run({ values, positionals: [action = '', name = ''], screen }) {
    const document = await readPolicy(name);
    if (action === 'show') {
      screen.note(writePolicyDocument(document).trimEnd());
      screen.emit('policy', { policy: document });
      return EXIT.done;
    }
    if (action !== 'check')
      throw new TeaError('badInput', `There is no tea policy ${action}`, { expected: 'check or show', next: 'tea policy --help' });
    const sentences = explainPolicy(document);
    for (const sentence of sentences) screen.note(sentence);
    screen.note(`\nAn errand names it by its digest: ${policyDigest(document).toHex()}`);
    screen.emit('explained', { policy: document, digest: policyDigest(document), sentences });
    if (values['evidence'] === undefined) return EXIT.done;
    const references = values['reference-values'];
    const stored = await readStored(String(values['evidence']), references === undefined ? undefined : String(references));
    const revocationLists = await readRevocationLists(values['crl']);
    return tryOn(document, { ...stored, revocationLists }, screen);
  },
};

/** @param name a file, or the word for a policy TEA comes with @throws TeaError `badInput` */
export async function readPolicy(name: string): Promise<AppraisalPolicy> {
  return BUILT_IN[name] ?? parsePolicyDocument(await readInput(name, 'policy'));
}

async function tryOn(document: AppraisalPolicy, stored: StoredEvidence, screen: Screen): Promise<number> {
  const { accepted, result, open } = await appraiseStored(document, stored, new Date());
  const refused = result.verdict === 'none' || result.claims.some(({ ok }) => ok === false);
  const said = accepted
    ? 'accepted, as far as kept evidence can show'
    : refused
      ? 'refused'
      : 'it can’t be told: revocation lists are missing (--crl)';
  screen.note(`\nTried on the evidence: ${said}.\n`);
  const shown = { ...result, verdict: accepted ? 'warning' : result.verdict } as const;
  showAttestation(screen, shown);
  screen.emit('tried', { accepted, open, trustClass: result.trustClass, claims: result.claims });
  return accepted ? EXIT.done : refused ? EXIT.failed : EXIT.cannotTell;
}

const OPENING_BRACE = 0x7b;

async function readStored(path: string, references: string | undefined): Promise<StoredEvidence> {
  const bytes = await readInput(path, 'evidence');
  if (bytes[0] === OPENING_BRACE) return storedEvidenceOf(bytes);
  const referenceValues = decodeReferenceValues(await readInput(references ?? join(dirname(path), 'reference-values.cbor'), 'reference values'));
  return { evidence: bytes, referenceValues };
}

async function readInput(path: string, what: string): Promise<Uint8Array> {
  const bytes = await readFile(path).catch((cause: NodeJS.ErrnoException) => {
    throw new TeaError('badInput', `The ${what} ${path} can't be read`, {
      expected: 'a readable file',
      actual: cause.message,
      next: 'tea policy --help',
    });
  });
  return new Uint8Array(bytes);
}
