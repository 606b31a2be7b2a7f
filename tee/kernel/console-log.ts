const TAIL_LINES = 40;
const MAX_LINE = 1000;

/** What a machine writes to its serial port, line by line: the machine decides what that is, so nothing of it reaches a terminal as it came. */
export function consoleLog(line: (text: string) => void): { readonly take: (piece: Buffer) => void; readonly tail: () => string } {
  const tail: string[] = [];
  let unfinished = '';
  return {
    take(piece) {
      const lines = (unfinished + piece.toString('latin1')).split('\n');
      unfinished = (lines.pop() ?? '').slice(-MAX_LINE);
      for (const each of lines) {
        const text = plain(each);
        if (text === '') continue;
        tail.push(text);
        if (tail.length > TAIL_LINES) tail.shift();
        line(text);
      }
    },
    tail: () => [...tail, plain(unfinished)].join('\n'),
  };
}

/** ECMA-48, 5.4: firmware clears the screen and moves about. */
const ESCAPE_SEQUENCE = new RegExp(`${String.fromCharCode(0x1b)}\\[[0-?]*[ -/]*[@-~]`, 'g');

/** Without escape sequences and other control characters. */
function plain(text: string): string {
  return text
    .slice(0, MAX_LINE)
    .replaceAll(ESCAPE_SEQUENCE, '')
    .replaceAll(/[^\u0020-\u007e]/g, '')
    .trim();
}
