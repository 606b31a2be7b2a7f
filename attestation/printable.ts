const MAX_LENGTH = 2000;

/**
 * What others wrote (versions in a log, names in a certificate), fit to show: no control or formatting characters, so that it can't
 * move a terminal's cursor or pretend to be another line, and no longer than a person reads.
 */
export function printable(text: string): string {
  const shown = text.length > MAX_LENGTH ? `${text.slice(0, MAX_LENGTH)} … (${text.length - MAX_LENGTH} more characters)` : text;
  return ASCII.test(shown) ? shown : shown.replace(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu, '\ufffd');
}

/** Printable ASCII, which most of it is, takes a fraction of the time to recognise. */
const ASCII = /^[ -~]*$/;
