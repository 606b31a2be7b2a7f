import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { dataSet, FOLDS, split } from './data-set.ts';
import { correct, fit, type Model, type Row } from './logistic-regression.ts';

/** `node train.ts`: fits the model to four fifths of the data set, reports how well it does, and writes `assembly/model.ts`. */
export const MODEL_FILE = join(import.meta.dirname, 'assembly/model.ts');
const PENALTY = 1;

export type Training = {
  readonly model: Model;
  readonly training: readonly Row[];
  readonly heldOut: readonly Row[];
  /** Of all rows, those judged rightly by a model fitted without their fold: what to expect on rows that are new. */
  readonly crossValidated: number;
};

export function train(): Training {
  const rows = dataSet();
  const { training, heldOut } = split(rows);
  const crossValidated = Array.from({ length: FOLDS }, (_, fold) => {
    const parts = split(rows, fold);
    return correct(fit(parts.training, PENALTY), parts.heldOut);
  }).reduce((sum, right) => sum + right);
  return { model: fit(training, PENALTY), training, heldOut, crossValidated };
}

export function modelSource({ model, training, heldOut, crossValidated }: Training): string {
  const list = (name: string, values: readonly number[]): string =>
    `export const ${name}: StaticArray<f64> = [\n  ${values.map(literal).join(',\n  ')},\n];\n`;
  return [
    '// Made by train.ts: do not edit. Standardisation and weights of the 30 features, in the order of the data set.\n',
    `export const FEATURES: i32 = ${model.weight.length};`,
    `export const CROSS_VALIDATION_ROWS: i32 = ${training.length + heldOut.length};`,
    `export const CROSS_VALIDATION_CORRECT: i32 = ${crossValidated};`,
    `export const BIAS: f64 = ${literal(model.bias)};\n`,
    list('MEAN', model.mean),
    list('SCALE', model.scale),
    list('WEIGHT', model.weight),
  ].join('\n');
}

/** AssemblyScript reads `1` as an integer. */
function literal(value: number): string {
  return Number.isInteger(value) ? `${value}.0` : String(value);
}

if (import.meta.main) {
  const trained = train();
  writeFileSync(MODEL_FILE, modelSource(trained));
  const { model, training, heldOut, crossValidated } = trained;
  report('training rows', correct(model, training), training.length);
  report('held-out rows', correct(model, heldOut), heldOut.length);
  report(`${FOLDS}-fold cross-validation`, crossValidated, training.length + heldOut.length);
}

function report(what: string, right: number, of: number): void {
  process.stdout.write(`${what}: ${right} of ${of} right (${(right / of).toFixed(4)})\n`);
}
