import { createReadStream } from 'node:fs';
import { styleText } from 'node:util';
import { collectBytes, fromHex, isVotesFile, MAX_PROOF_BYTES, referenceValuesDigest, TeaError } from '@tea/protocol';
import { verifyCall, verifyProof, verifyVotes, type ProofClaim, type ProofPins, type ProofReport } from '@tea/sdk';
import { isCallProofFile } from '@tea/protocol/call';
import { localReferenceValues } from '../network.ts';
import { CRL_HELP, readRevocationLists } from '../revocation-lists.ts';
import type { Screen } from '../screen.ts';
import type { Command } from './command.ts';

const MARKS: Readonly<Record<ProofClaim['outcome'], string>> = {
  ok: styleText('green', '✓'),
  failed: styleText('red', '✗'),
  cannotTell: styleText('yellow', '?'),
};
const VERDICTS: Readonly<Record<ProofReport['verdict'], string>> = {
  holds: styleText(['green', 'bold'], 'The proof holds.'),
  fails: styleText(['red', 'bold'], 'The proof does not hold.'),
  cannotTell: styleText(['yellow', 'bold'], 'This file alone cannot tell.'),
};

export const verify: Command = {
  name: 'verify',
  summary: 'check a proof file, or the votes of a committee, offline, claim by claim',
  help: `  tea verify PROOF [--genesis HASH] [--block HASH] [--checkout] [--crl PATH] [--json]

PROOF is a proof.json, what tea call --proof writes, or a votes.json as tea inspect NODE --votes writes it: then it fails when a member voted otherwise than anyone must.
Reads the file and nothing else: no network, no state of yours. Exit code 0: it holds; 1: it doesn't; 2: it can't be told from this
file, and what is missing is named. A file can't say whether its network and its software are yours: what you know, you can pin.

  --genesis HASH            the genesis hash of the network you mean
  --block HASH              the hash of the block the proof is under, as a node you trust reports it
  --checkout                the executor must have run the TEE that this very checkout builds
${CRL_HELP}

  tea verify .tea/demo/proof.json --checkout`,
  options: { genesis: { type: 'string' }, block: { type: 'string' }, checkout: { type: 'boolean' }, crl: { type: 'string' } },
  operands: [1, 1],
  async run({ values, positionals: [path = ''], screen, signal }) {
    const { genesis, block, checkout } = values;
    const revocationLists = await readRevocationLists(values['crl']);
    const pinned: ProofPins = {
      ...(revocationLists.length > 0 && { revocationLists }),
      ...(typeof genesis === 'string' && { genesisHash: fromHex(genesis, 32) }),
      ...(typeof block === 'string' && { blockHash: fromHex(block, 32) }),
      ...(checkout === true && { referenceValues: referenceValuesDigest(await localReferenceValues(signal)) }),
    };
    // One byte more than a proof may have: what is longer is refused as such, and never read.
    const bytes = await collectBytes(createReadStream(path, { end: MAX_PROOF_BYTES })).catch((cause: NodeJS.ErrnoException) => {
      throw new TeaError('badInput', `The proof file ${path} can't be read`, {
        expected: 'a readable file',
        actual: cause.message,
        next: 'tea verify PROOF',
      });
    });
    const check = isVotesFile(bytes) ? verifyVotes : isCallProofFile(bytes) ? verifyCall : verifyProof;
    const report = await check(bytes, { pinned });
    showReport(screen, report);
    return report.exitCode;
  },
};

export function showReport(screen: Screen, report: ProofReport): void {
  for (const claim of report.claims) {
    screen.note(`${MARKS[claim.outcome]} ${claim.what}`);
    if (claim.outcome === 'ok') continue;
    screen.note(`    expected  ${claim.expected}`);
    screen.note(`    got       ${claim.actual}`);
    if (claim.next !== '') screen.note(`    next      ${claim.next}`);
  }
  if (report.limits.length > 0) screen.note(`\n${styleText('bold', 'What this file does not prove')}`);
  for (const limit of report.limits) screen.note(`  · ${limit}`);
  screen.note(`\n${VERDICTS[report.verdict]} Trust class: ${report.trustClass}.`);
  screen.emit('verified', { verdict: report.verdict, trustClass: report.trustClass, claims: report.claims, limits: report.limits });
}
