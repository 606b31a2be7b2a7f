import "./abort";
import { Csv } from "./csv";
import { printOut, readFile, writeFile } from "./files";
import { BIAS, CROSS_VALIDATION_CORRECT, CROSS_VALIDATION_ROWS, FEATURES, MEAN, SCALE, WEIGHT } from "./model";
import { Text } from "./text";

/**
 * Scores each row of /data/0 with a logistic regression: /out/scores.csv has one line a row, stdout the summary.
 * "Positive" is malignant: what the test must not miss.
 */
export function _start(): void {
  const csv = new Csv(readFile("/data/0"));
  const scores = new Text().ascii("row,probability,predicted,actual\n");
  let truePositives = 0;
  let falsePositives = 0;
  let trueNegatives = 0;
  let falseNegatives = 0;
  for (let row = 1; csv.next(); row++) {
    const probability = probabilityOfMalignant(csv.features);
    const predicted = probability >= 0.5;
    scores.integer(row).ascii(",").fraction(probability, 6);
    scores.ascii(predicted ? ",malignant" : ",benign").ascii(csv.isMalignant ? ",malignant\n" : ",benign\n");
    if (csv.isMalignant) predicted ? truePositives++ : falseNegatives++;
    else predicted ? falsePositives++ : trueNegatives++;
  }
  writeFile("/out/scores.csv", scores);

  const summary = new Text().ascii("rows ").integer(csv.rows);
  measure(summary, "\naccuracy ", truePositives + trueNegatives, csv.rows);
  measure(summary, "\nsensitivity ", truePositives, truePositives + falseNegatives);
  measure(summary, "\nspecificity ", trueNegatives, trueNegatives + falsePositives);
  summary.ascii("\n                     predicted malignant  predicted benign");
  line(summary, "\n  actually malignant ", truePositives, falseNegatives);
  line(summary, "\n  actually benign    ", falsePositives, trueNegatives);
  measure(summary, "\ncross-validated accuracy at training ", CROSS_VALIDATION_CORRECT, CROSS_VALIDATION_ROWS);
  printOut(summary.ascii("\n"));
}

function probabilityOfMalignant(features: StaticArray<f64>): f64 {
  let score = BIAS;
  for (let i = 0; i < FEATURES; i++) score += WEIGHT[i] * ((features[i] - MEAN[i]) / SCALE[i]);
  return 1 / (1 + Math.exp(-score));
}

function measure(text: Text, name: string, part: i32, whole: i32): void {
  text.ascii(name);
  if (whole == 0) text.ascii("undefined, there is no such row");
  else text.fraction(<f64>part / <f64>whole, 4).ascii(" (").integer(part).ascii(" of ").integer(whole).ascii(")");
}

function line(text: Text, name: string, malignant: i32, benign: i32): void {
  text.ascii(name);
  column(text, malignant, 19);
  text.ascii("  ");
  column(text, benign, 16);
}

function column(text: Text, value: i32, width: i32): void {
  let digits = 1;
  for (let rest = value; rest >= 10; rest /= 10) digits++;
  for (let i = digits; i < width; i++) text.ascii(" ");
  text.integer(value);
}
