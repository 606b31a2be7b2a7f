import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Row } from './logistic-regression.ts';

export const DATA_FILE = join(import.meta.dirname, 'data/breast_cancer.csv');

/** The Wisconsin data set, in the order of its file. */
export function dataSet(): Row[] {
  const [, ...lines] = readFileSync(DATA_FILE, 'utf8').trimEnd().split('\n');
  return lines.map((line) => {
    const numbers = line.split(',').map(Number);
    return { features: numbers.slice(0, -1), isMalignant: numbers.at(-1) === 0 };
  });
}

export const FOLDS = 5;
/** The fold that the published model has not seen: every fifth row. */
export const HELD_OUT_FOLD = 4;

/** Keeps the rows of one fold, those whose index leaves that remainder, from training. */
export function split(rows: readonly Row[], fold: number = HELD_OUT_FOLD): { training: Row[]; heldOut: Row[] } {
  return { training: rows.filter((_, i) => i % FOLDS !== fold), heldOut: rows.filter((_, i) => i % FOLDS === fold) };
}
