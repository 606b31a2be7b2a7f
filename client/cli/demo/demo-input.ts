import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { basename } from 'node:path';
import { TeaError } from '@tea/protocol';
import { printable } from '../printable.ts';
import { PRICES } from './people.ts';
import type { DemoInput } from './story.ts';

/** @throws TeaError `badInput` unless `path` is a file with something in it */
export async function fileInput(path: string, what: string): Promise<DemoInput> {
  const found = await stat(path).catch((cause: NodeJS.ErrnoException) => {
    throw new TeaError('badInput', `The ${what} ${path} can't be read`, {
      expected: 'a readable file',
      actual: cause.message,
      next: 'tea demo --help',
    });
  });
  if (!found.isFile() || found.size === 0) {
    throw new TeaError('badInput', `The ${what} ${path} can't be used`, {
      expected: 'a file with something in it',
      actual: found.isFile() ? 'an empty file' : 'no file',
    });
  }
  return { name: printable(basename(path)), sizeBytes: found.size, open: () => createReadStream(path) };
}

/** What the price ceiling leaves for gas when code and data are paid. */
const MOST_GAS = ((PRICES.ceiling - PRICES.code - PRICES.data) / PRICES.gasPerMillion) * 1_000_000n;

/** @throws TeaError `badInput` unless it is a gas limit that the demo's price ceiling pays */
export function parseGas(value: string | boolean | undefined): bigint {
  if (value === undefined) return 10_000_000_000n;
  if (typeof value === 'string' && /^[1-9][0-9]{0,18}$/.test(value) && BigInt(value) <= MOST_GAS) return BigInt(value);
  throw new TeaError('badInput', 'This is not a gas limit that the demo can pay', {
    expected: `a whole number from 1 to ${MOST_GAS}`,
    actual: String(value),
    next: 'tea demo --help',
  });
}
