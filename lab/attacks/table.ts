import { CORPUS } from './corpus.ts';

/** The corpus as Markdown, for README.md between its two marks. */
export function corpusTable(): string {
  const total = CORPUS.reduce((sum, { attacks }) => sum + attacks.length, 0);
  const groups = CORPUS.map(({ id, on, wouldGain, attacks }) => {
    const rows = attacks.map((attack) => `| \`${attack.id}\` | ${attack.title} | ${attack.claims.map((claim) => `\`${claim}\``).join(', ')} |`);
    return `### ${id}: on ${on}\nIf one succeeded: ${wouldGain}.\n\n| attack | what it does | refused for |\n|---|---|---|\n${rows.join('\n')}`;
  });
  return `${total} attacks.\n\n${groups.join('\n\n')}\n`;
}

export const MARKS = ['<!-- attacks: written by lab/attacks/write-table.ts -->', '<!-- end of attacks -->'] as const;

/** @throws RangeError when the text has no place for the table */
export function withTable(text: string): string {
  const [start, end] = MARKS.map((mark) => text.indexOf(mark)) as [number, number];
  if (start < 0 || end < start) throw new RangeError('README.md has lost the marks of its table');
  return `${text.slice(0, start + MARKS[0].length)}\n${corpusTable()}${text.slice(end)}`;
}
