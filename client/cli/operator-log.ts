import type { Writable } from 'node:stream';
import { printable } from './printable.ts';

const MAX_LINE = 8_192;

/** Shows line by line what a TEE says to its operator: part of it may be the words of others. @returns takes pieces of text as they come */
export function operatorLog(out: Writable = process.stderr): (text: string) => void {
  let rest = '';
  return (text) => {
    const lines = (rest + text).split('\n');
    rest = (lines.pop() ?? '').slice(-MAX_LINE);
    for (const line of lines) if (line !== '') out.write(`${printable(line)}\n`);
  };
}
