import type { GuestOutput } from '@tea/protocol';

/** What the guest wrote, safe for a terminal: control characters but newline and tab are shown as a dot. */
export function printable({ stdout }: GuestOutput): string {
  // eslint-disable-next-line no-control-regex -- control characters are what this is about
  return new TextDecoder().decode(stdout).replace(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/g, '·');
}
