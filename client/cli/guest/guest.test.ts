import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { isTeaError } from '@tea/protocol';
import { temporaryDirectory } from '@tea/platform';
import { buildProject } from './build.ts';
import { runGuestHere } from './guest-process.ts';
import { type Language, newProject, openProject, readTests } from './project.ts';
import { DEFAULT_GAS, FIXED, runTests } from './test.ts';
import { buildPlan } from './toolchains.ts';

type Said = { code: number | null; events: Record<string, unknown>[]; stderr: string };

async function tea(...args: string[]): Promise<Said> {
  const child = spawn(process.execPath, [join(import.meta.dirname, '../main.ts'), 'guest', ...args, '--json'], { stdio: ['ignore', 'pipe', 'pipe'] });
  const [stdout, stderr] = await Promise.all([Array.fromAsync(child.stdout, String), Array.fromAsync(child.stderr, String), once(child, 'close')]);
  const lines = stdout.join('').trim().split('\n').filter(Boolean);
  return { code: child.exitCode, events: lines.map((line) => JSON.parse(line) as Record<string, unknown>), stderr: stderr.join('') };
}

/** Whether this machine has the language's tool chain; if not, what it says must name the thing to install. */
function canBuild(project: Awaited<ReturnType<typeof newProject>>, installs: RegExp): boolean {
  try {
    buildPlan(project);
    return true;
  } catch (error) {
    assert.ok(isTeaError(error, 'missingTool'));
    assert.match(String(error.next), installs);
    return false;
  }
}

describe('a new guest project', { timeout: 280_000 }, () => {
  const languages: readonly (readonly [language: Language, installs: RegExp])[] = [
    ['assemblyscript', /npm install/],
    ['rust', /rustup target add wasm32v1-none.*apt-get install rustc-web/],
    ['go', /go\.dev/],
    ['typescript', /npm install --prefix/],
  ];
  for (const [language, installs] of languages) {
    it(`in ${language} builds, is accepted by the TEE’s reader and passes its tests; without the tool chain it says what to install`, async () => {
      await using folder = await temporaryDirectory('guest');
      const project = await newProject(join(folder.path, `my-${language}`), language);
      if (!canBuild(project, installs)) return;
      const built = await buildProject(project);
      assert.equal(built.bytes, (await readFile(project.wasm)).length);
      const reports = await runTests(project, await readTests(project));
      assert.ok(reports.length >= 2);
      assert.deepEqual(
        reports.filter(({ failure }) => failure !== null),
        [],
      );
      assert.deepEqual(await runTests(project, await readTests(project)), reports, 'and with the same gas each time');
    });
  }

  it('never lands in a folder that holds something, nor under a name that a guest can’t have', async () => {
    await using folder = await temporaryDirectory('guest');
    await mkdir(join(folder.path, 'full'));
    await writeFile(join(folder.path, 'full/mine'), '');
    await assert.rejects(newProject(join(folder.path, 'full'), 'go'), /not empty/);
    await assert.rejects(newProject(join(folder.path, '../Evil Name'), 'go'), /can't be a guest's name/);
    await assert.rejects(openProject(folder.path), /tea-guest\.json can't be read/);
  });

  it('that does not compile says so in the compiler’s words, and one that the TEE would refuse is refused when it is built', async () => {
    await using folder = await temporaryDirectory('guest');
    const project = await newProject(join(folder.path, 'broken'), 'assemblyscript');
    const source = join(project.directory, 'assembly/guest.ts');
    const sound = await readFile(source, 'utf8');
    await writeFile(source, sound.replace('let total: i64 = 0', 'let total: i65 = 0'));
    await assert.rejects(buildProject(project), (error) => isTeaError(error, 'refused') && /i65/.test(String(error.actual)));
    const nosy = '// @ts-ignore: decorator\n@external("net", "connect")\ndeclare function connect(): i32;\n';
    await writeFile(source, `${nosy}${sound.replace('let total: i64 = 0', 'let total: i64 = connect()')}`);
    await assert.rejects(buildProject(project), (error) => isTeaError(error, 'refused') && /net\.connect/.test(String(error.actual)));
  });

  it('with a failing test names it, and what came instead', async () => {
    await using folder = await temporaryDirectory('guest');
    const project = await newProject(join(folder.path, 'wrong'), 'assemblyscript');
    await buildProject(project);
    const failures = await runTests(project, [
      { name: 'output', input: '1', output: '2' },
      { name: 'error', input: '1', error: 'no' },
      { name: 'no error', input: 'x', output: '1' },
      { name: 'gas', input: '1', output: '1', maxGas: 10 },
    ]);
    for (const [index, says] of [
      /gave "1" and not "2"/,
      /gave "1" and not the error "no"/,
      /line 1 is not a whole number/,
      /more than 10$/,
    ].entries()) {
      assert.match(failures[index]?.failure ?? '', says);
    }
  });
});

describe('tea guest', { timeout: 120_000 }, () => {
  it('makes, builds, tests and runs a guest, and tells gas, outcome and output', async () => {
    await using folder = await temporaryDirectory('guest');
    const path = join(folder.path, 'adder');
    assert.equal((await tea('new', path, '--lang', 'assemblyscript')).code, 0);
    const tested = await tea('test', path);
    assert.deepEqual([tested.code, tested.events.filter(({ event, passed }) => event === 'test' && passed === true).length], [0, 3]);
    const input = join(folder.path, 'input');
    await writeFile(input, '1\n2\n39');
    const [first, second] = [await tea('run', path, '--input', input), await tea('run', join(path, 'build/adder.wasm'), '--input', input)];
    const [{ outcome, stdout, isolation, gasUsed }] = first.events as [Record<string, unknown>];
    assert.deepEqual([first.code, outcome, isolation], [0, 'ok', 'namespaces+seccomp']);
    assert.equal(Buffer.from(String(stdout), 'base64').toString(), '42');
    assert.match(String(gasUsed), /^\d+$/);
    assert.deepEqual(second.events, first.events);
    assert.equal((await tea('run', path, '--function', 'fly')).code, 1);
    assert.equal((await tea('run', path, '--gas', '10')).events[0]?.['outcome'], 'outOfGas');
  });

  it('refuses wrong usage', async () => {
    assert.equal((await tea('fly')).code, 64);
    assert.equal((await tea('new', 'x')).code, 64);
    assert.match((await tea('new', 'x', '--lang', 'cobol')).stderr, /typescript, assemblyscript, rust, go/);
    assert.equal((await tea('run', '/nonexistent.wasm')).code, 64);
  });
});

it('a guest of one’s own runs within the limits of the TEE: its output is bounded, and /data and /out are there', async () => {
  await using folder = await temporaryDirectory('guest');
  const classifier = join(import.meta.dirname, '../../../examples/breast-cancer');
  const data = [join(classifier, 'data/breast_cancer.csv')];
  const run = await runGuestHere({ module: join(classifier, 'classifier.wasm'), function: 'run', input: null, data, gas: DEFAULT_GAS, ...FIXED });
  assert.deepEqual([run.outcome, run.exitCode, run.out.map(([name]) => name)], ['ok', 0, ['scores.csv']]);
  await assert.rejects(
    runGuestHere({ module: join(folder.path, 'nothing'), function: 'run', input: null, data: [], gas: 1n, ...FIXED }),
    /can't be read/,
  );
});

it('a task may be deployed as entropic, and its runs say so; a handler has no randomness, and may not', { timeout: 120_000 }, async () => {
  await using folder = await temporaryDirectory('guest');
  const project = await newProject(join(folder.path, 'dice'), 'assemblyscript');
  await writeFile(join(project.directory, 'tea-guest.json'), JSON.stringify({ name: 'dice', language: 'assemblyscript', entropic: true }));
  await assert.rejects(buildProject(await openProject(project.directory)), /can't be entropic/);

  const task = await newProject(join(folder.path, 'roll'), 'go');
  if (!canBuild(task, /go\.dev/)) return;
  await writeFile(join(task.directory, 'tea-guest.json'), JSON.stringify({ name: 'roll', language: 'go', entropic: true }));
  const entropic = await openProject(task.directory);
  await buildProject(entropic);
  const run = await runGuestHere({ module: entropic.wasm, function: 'run', input: null, data: [], gas: DEFAULT_GAS, ...FIXED });
  assert.deepEqual([run.outcome, run.entropic], ['ok', true]);
});
