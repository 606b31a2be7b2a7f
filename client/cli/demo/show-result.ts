import { styleText } from 'node:util';
import { EXIT } from '../commands/command.ts';
import { printableText, shellWord } from '../printable.ts';
import { formatDuration, type Screen } from '../screen.ts';
import { explainOutcome } from './outcome.ts';
import { saveResult } from './save-result.ts';
import type { DemoResult } from './story.ts';

export type ShowResultOptions = { readonly screen: Screen; readonly stateDir: string; readonly gasLimit: bigint; readonly startedMs: number };

/** Saves what the consumer paid for, shows what came of it and how to check it. @returns the exit code */
export async function showResult(
  { id, errand, result, proof, report }: DemoResult,
  { screen, stateDir, gasLimit, startedMs }: ShowResultOptions,
): Promise<number> {
  const { output, receipt } = result;
  const saved = await saveResult(stateDir, output, proof);
  const counted = (outcome: 'ok' | 'cannotTell'): number => report.claims.filter((claim) => claim.outcome === outcome).length;
  const explanation = explainOutcome(receipt.outcome, receipt.exitCode, gasLimit);
  if (explanation !== null) screen.note(`\n${styleText('yellow', '!')} ${explanation}`);
  const found = indent(printableText(output.stdout));
  screen.note(`\n${styleText('bold', 'What the program found')}\n\n${found === '' ? '  nothing on its standard output' : found}`);
  if (output.stderr.length > 0 && explanation !== null) screen.note(`\nOn its standard error\n\n${indent(printableText(output.stderr))}`);
  for (const file of saved.files) screen.note(`  ${file}`);
  for (const file of saved.unsaved) screen.note(`  ${styleText('yellow', 'not saved')} ${file}`);
  screen.note(
    `\n${styleText('bold', 'The proof')}: ${counted('ok')} claims hold, ${counted('cannotTell')} can't be told from the file alone. Check it yourself, offline:`,
  );
  screen.note(`\n  ./tea verify ${shellWord(saved.proof)}\n`);
  screen.note(
    styleText(
      'dim',
      `errand ${id} ${errand.state} in ${formatDuration(performance.now() - startedMs)}; trust class simulated: this TPM is software, and protects nothing from this machine's owner`,
    ),
  );
  screen.emit('done', {
    errand: id,
    state: errand.state,
    outcome: receipt.outcome,
    proof: saved.proof,
    files: saved.files,
    unsaved: saved.unsaved,
    verdict: report.verdict,
  });
  return report.verdict === 'fails' || receipt.outcome !== 'ok' ? EXIT.failed : EXIT.done;
}

function indent(text: string): string {
  return text.replace(/^(?=.)/gm, '  ').trimEnd();
}
