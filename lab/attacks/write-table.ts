import { readFile, writeFile } from 'node:fs/promises';
import { withTable } from './table.ts';

/** `node lab/attacks/write-table.ts`: brings the table of README.md up to date. */
const readme = new URL('README.md', import.meta.url);
await writeFile(readme, withTable(await readFile(readme, 'utf8')));
