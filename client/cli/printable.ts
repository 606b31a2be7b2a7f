/** Characters that move a cursor, hide, or turn the reading direction: another's words must not pass for ours. */
const CONTROL = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu;
const MAX_LINE = 2_000;
const MAX_SCREEN = 16_000;

/** What somebody else wrote, fit for one line of a terminal: an error from a node, a reason on layer 1, a guest's file name. */
export function printable(text: string): string {
  const shown = text.length > MAX_LINE ? `${text.slice(0, MAX_LINE)} … (${text.length - MAX_LINE} more characters)` : text;
  return shown.replace(CONTROL, '·');
}

/** What a guest wrote, fit for a terminal: its lines stay lines, and it ends where a person stops reading. */
export function printableText(bytes: Uint8Array): string {
  const text = new TextDecoder().decode(bytes.subarray(0, MAX_SCREEN)).replace(CONTROL, (character) => (/[\n\t]/.test(character) ? character : '·'));
  return bytes.length > MAX_SCREEN ? `${text}\n… and ${(bytes.length - MAX_SCREEN).toLocaleString('en')} bytes more, in the file` : text;
}

/** A path as one types it in a shell. */
export function shellWord(path: string): string {
  return /^[\w./~+:@%-]+$/.test(path) ? path : `'${path.replaceAll("'", "'\\''")}'`;
}
