import assert from 'node:assert/strict';
import { closeSync, mkdirSync, openSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { before, describe, it } from 'node:test';
import { WASI } from 'node:wasi';
import { temporaryDirectory } from '@tea/platform';
import { compile, WASM_FILE } from './build.ts';
import { DATA_FILE, dataSet } from './data-set.ts';
import { correct, type Model, probabilityOfMalignant } from './logistic-regression.ts';
import { MODEL_FILE, modelSource, train } from './train.ts';

type Run = { code: number; stdout: string; stderr: string; scores: string | undefined };

/** Runs the committed program as a WASI command over `csv`; `undefined` leaves `/data` empty. Our own code, so `node:wasi` may run it. */
async function run(csv: string | undefined): Promise<Run> {
  await using directory = await temporaryDirectory('classifier');
  const path = (name: string): string => join(directory.path, name);
  mkdirSync(path('data'));
  mkdirSync(path('out'));
  if (csv !== undefined) writeFileSync(path('data/0'), csv);
  const [stdout, stderr] = [openSync(path('stdout'), 'w'), openSync(path('stderr'), 'w')];
  const wasi = new WASI({ version: 'preview1', args: ['classifier'], preopens: { '/data': path('data'), '/out': path('out') }, stdout, stderr });
  const module = await WebAssembly.compile(readFileSync(WASM_FILE));
  const code = wasi.start(await WebAssembly.instantiate(module, { wasi_snapshot_preview1: wasi.wasiImport }));
  closeSync(stdout);
  closeSync(stderr);
  const text = (name: string): string => readFileSync(path(name), 'utf8');
  return { code, stdout: text('stdout'), stderr: text('stderr'), scores: code === 0 ? text('out/scores.csv') : undefined };
}

const REAL = readFileSync(DATA_FILE, 'utf8');
const lines = REAL.trimEnd().split('\n');
const rowsAs = (count: number, ...rows: string[]): string => [`${count},30,malignant,benign`, ...rows, ''].join('\n');
const firstRow = lines[1] ?? '';

describe('the classifier refuses a bad data set with code 2, naming the line and not the value', () => {
  const cases: readonly [claim: string, csv: string, says: RegExp][] = [
    ['an empty file', '', /line 1, field 1: the file is empty/],
    ['no header', lines.slice(1).join('\n'), /line 1, field 1: the number of rows is not a whole number/],
    ['a number of rows past every bound', '1e300,30,malignant,benign\n', /line 1, field 1: the number of rows is not a whole number/],
    ['a negative number of rows', '-1,30,malignant,benign\n', /line 1, field 1: the number of rows is not a whole number/],
    ['another number of features', '1,4,malignant,benign\n1,2,3,4,0\n', /line 1, field 2: the header does not announce 30 features/],
    ['other classes', '1,30,setosa,benign\n', /line 1, field 3: the classes are not malignant,benign/],
    ['a word where a number belongs', rowsAs(1, firstRow.replace('10.38', 'canary')), /line 2, field 2: expected a number/],
    ['an empty field', rowsAs(1, firstRow.replace('10.38', '')), /line 2, field 2: expected a number/],
    ['NaN', rowsAs(2, firstRow, firstRow.replace('17.99', 'NaN')), /line 3, field 1: expected a number/],
    ['two decimal points', rowsAs(1, firstRow.replace('10.38', '10.3.8')), /line 2, field 2: expected a comma/],
    ['an endless exponent', rowsAs(1, firstRow.replace('10.38', '1e99999999999')), /line 2, field 2: the exponent is too large/],
    ['a missing field', rowsAs(1, firstRow.replace('10.38,', '')), /line 2, field 30: expected a comma/],
    ['a field too many', rowsAs(1, `${firstRow},1`), /line 2, field 31: expected the end of the line/],
    ['a third class', rowsAs(1, firstRow.replace(/0$/, '2')), /line 2, field 31: the label is neither 0 \(malignant\) nor 1/],
    ['fewer rows than announced', rowsAs(3, firstRow), /line 3, field 1: the file ends before/],
    ['more rows than announced', rowsAs(1, firstRow, firstRow), /line 3, field 1: there are more rows/],
    ['a file cut in the middle', REAL.slice(0, 60_000), /line \d+, field \d+: /],
  ];
  for (const [claim, csv, says] of cases) {
    it(claim, async () => {
      const { code, stdout, stderr } = await run(csv);
      assert.deepEqual([code, stdout], [2, '']);
      assert.match(stderr, says);
      assert(!stderr.includes('canary'));
    });
  }

  it('and no data set at all with code 1', async () => {
    assert.deepEqual(await run(undefined), { code: 1, stdout: '', stderr: 'classifier: cannot read /data/0\n', scores: undefined });
  });
});

describe('the classifier on the Wisconsin data set', () => {
  let model: Model;
  let result: Run;
  before(async () => {
    ({ model } = train());
    result = await run(REAL);
  });

  it('gives the probabilities that the model gives in JavaScript, for all 569 rows', () => {
    const [header, ...scored] = result.scores?.trimEnd().split('\n') ?? [];
    assert.equal(header, 'row,probability,predicted,actual');
    assert.equal(scored.length, 569);
    for (const [index, { features, isMalignant }] of dataSet().entries()) {
      const [row, probability, predicted, actual] = scored[index]?.split(',') ?? [];
      const expected = probabilityOfMalignant(model, features);
      assert.equal(row, String(index + 1));
      assert(Math.abs(Number(probability) - expected) < 1e-6, `row ${row}: ${probability} is not ${expected}`);
      assert.deepEqual(
        [predicted, actual],
        [expected >= 0.5, isMalignant].map((yes) => (yes ? 'malignant' : 'benign')),
      );
    }
  });

  it('sums up what it did: accuracy, sensitivity, specificity and the four counts agree with one another', () => {
    const figure = (name: string): number[] =>
      new RegExp(`${name} +([\\d.]+) \\((\\d+) of (\\d+)\\)`).exec(result.stdout)?.slice(1).map(Number) ?? [];
    const counts = [...result.stdout.matchAll(/actually \w+ +(\d+) +(\d+)/g)].flatMap((match) => match.slice(1).map(Number));
    const [truePositives = 0, falseNegatives = 0, falsePositives = 0, trueNegatives = 0] = counts;
    const right = correct(model, dataSet());
    assert.deepEqual(figure('accuracy'), [Number((right / 569).toFixed(4)), right, 569]);
    assert.deepEqual(figure('sensitivity').slice(1), [truePositives, 212]);
    assert.deepEqual(figure('specificity').slice(1), [trueNegatives, 357]);
    assert.deepEqual([truePositives + falseNegatives, falsePositives + trueNegatives, truePositives + trueNegatives], [212, 357, right]);
    assert(right / 569 > 0.97 && right / 569 < 1, 'an honest model is good, and not perfect');
  });

  it('reads Windows line ends and a missing last newline alike', async () => {
    assert.equal((await run(lines.join('\r\n'))).scores, result.scores);
  });
});

describe('the committed files', () => {
  it('classifier.wasm is what its sources compile to', async () => {
    assert(readFileSync(WASM_FILE).equals(await compile()), 'run: node examples/breast-cancer/build.ts');
  });

  it('assembly/model.ts is what training gives', () => {
    assert.equal(readFileSync(MODEL_FILE, 'utf8'), modelSource(train()), 'run: node examples/breast-cancer/train.ts');
  });

  it('classifier.wasm imports nothing but WASI preview 1, and exports a command', async () => {
    const module = await WebAssembly.compile(readFileSync(WASM_FILE));
    const imports = WebAssembly.Module.imports(module);
    assert.deepEqual([...new Set(imports.map(({ module: from }) => from))], ['wasi_snapshot_preview1']);
    assert.deepEqual(imports.map(({ name }) => name).toSorted(), [
      'fd_close',
      'fd_prestat_dir_name',
      'fd_prestat_get',
      'fd_read',
      'fd_write',
      'path_open',
      'proc_exit',
    ]);
    assert.deepEqual(
      WebAssembly.Module.exports(module)
        .map(({ name }) => name)
        .toSorted(),
      ['_start', 'memory'],
    );
  });
});
