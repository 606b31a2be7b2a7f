/** A row: 30 measurements, and whether it is malignant. */
export type Row = { readonly features: readonly number[]; readonly isMalignant: boolean };

export type Model = {
  readonly mean: readonly number[];
  readonly scale: readonly number[];
  readonly weight: readonly number[];
  readonly bias: number;
};

const NEWTON_STEPS = 25;

/**
 * Fits a logistic regression with an L2 penalty on the standardised weights, by Newton's method. The problem is convex and has one solution, so
 * the result does not depend on where the steps start; all numbers are rounded to 9 digits, so not on the last bits of `Math.exp` either.
 */
export function fit(rows: readonly Row[], penalty: number): Model {
  const width = rows[0]?.features.length ?? 0;
  const columns = Array.from({ length: width }, (_, i) => rows.map((row) => row.features[i] ?? Number.NaN));
  const mean = columns.map((column) => rounded(average(column)));
  const scale = columns.map((column, i) => rounded(Math.sqrt(average(column.map((value) => (value - (mean[i] ?? 0)) ** 2)))));
  const inputs = rows.map((row) => [1, ...row.features.map((value, i) => (value - (mean[i] ?? 0)) / (scale[i] ?? 1))]);

  let weights = Array.from({ length: width + 1 }, () => 0);
  for (let step = 0; step < NEWTON_STEPS; step++) {
    const gradient = weights.map((weight, j) => (j === 0 ? 0 : penalty * weight));
    const hessian = weights.map((_, j) => weights.map((__, k) => (j === k && j > 0 ? penalty : 0)));
    inputs.forEach((input, row) => {
      const probability = sigmoid(dot(weights, input));
      const error = probability - (rows[row]?.isMalignant ? 1 : 0);
      input.forEach((x, j) => {
        gradient[j] = (gradient[j] ?? 0) + error * x;
        const line = hessian[j] ?? [];
        input.forEach((y, k) => (line[k] = (line[k] ?? 0) + probability * (1 - probability) * x * y));
      });
    });
    const change = solve(hessian, gradient);
    weights = weights.map((weight, j) => weight - (change[j] ?? 0));
  }
  const [bias = 0, ...weight] = weights.map(rounded);
  return { mean, scale, weight, bias };
}

export function probabilityOfMalignant(model: Model, features: readonly number[]): number {
  const score = features.reduce(
    (sum, value, i) => sum + (model.weight[i] ?? 0) * ((value - (model.mean[i] ?? 0)) / (model.scale[i] ?? 1)),
    model.bias,
  );
  return sigmoid(score);
}

/** Rows judged rightly, at the threshold of one half. */
export function correct(model: Model, rows: readonly Row[]): number {
  return rows.filter((row) => probabilityOfMalignant(model, row.features) >= 0.5 === row.isMalignant).length;
}

/** Gauss elimination with row pivots; the matrix is positive definite here. */
function solve(matrix: readonly (readonly number[])[], right: readonly number[]): number[] {
  const rows = matrix.map((line, i) => [...line, right[i] ?? 0]);
  const size = rows.length;
  for (let pivot = 0; pivot < size; pivot++) {
    const best = rows.slice(pivot).reduce((at, line, i) => (Math.abs(line[pivot] ?? 0) > Math.abs(rows[at]?.[pivot] ?? 0) ? pivot + i : at), pivot);
    const chosen = rows[best] ?? [];
    rows[best] = rows[pivot] ?? [];
    rows[pivot] = chosen.map((value) => value / (chosen[pivot] ?? 1));
    rows.forEach((line, i) => {
      const factor = line[pivot] ?? 0;
      if (i !== pivot) rows[i] = line.map((value, k) => value - factor * (rows[pivot]?.[k] ?? 0));
    });
  }
  return rows.map((line) => line[size] ?? Number.NaN);
}

const sigmoid = (score: number): number => 1 / (1 + Math.exp(-score));
const dot = (a: readonly number[], b: readonly number[]): number => a.reduce((sum, value, i) => sum + value * (b[i] ?? 0), 0);
const average = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;
const rounded = (value: number): number => Number(value.toPrecision(9));
