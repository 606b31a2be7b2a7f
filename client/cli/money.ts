import { TeaError } from '@tea/protocol';

const DIGITS = 12;

/** An amount as a person writes it, `2` or `0.5` TEA, in plancks. @throws TeaError `badInput` */
export function parseTea(text: string): bigint {
  const [, whole, fraction = ''] = /^([0-9]{1,18})(?:\.([0-9]{1,12}))?$/.exec(text) ?? [];
  if (whole === undefined) throw new TeaError('badInput', 'This is not an amount of money', { expected: 'TEA, as 2 or 0.5', actual: text });
  return BigInt(whole + fraction.padEnd(DIGITS, '0'));
}

/** Plancks as TEA, without zeros that say nothing. */
export function formatTea(plancks: bigint): string {
  const digits = plancks.toString().padStart(DIGITS + 1, '0');
  const fraction = digits.slice(-DIGITS).replace(/0+$/, '');
  return `${digits.slice(0, -DIGITS)}${fraction === '' ? '' : `.${fraction}`} TEA`;
}
