import { access, mkdir, stat, writeFile } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import { styleText } from 'node:util';
import { fromHex, TeaError } from '@tea/protocol';
import { buildProject } from '../guest/build.ts';
import { type GuestRun, runGuestHere } from '../guest/guest-process.ts';
import { type Language, LANGUAGES, newProject, openProject, readTests } from '../guest/project.ts';
import { DEFAULT_GAS, FIXED, runTests } from '../guest/test.ts';
import { printable } from '../printable.ts';
import { formatBytes, shortHex } from '../screen.ts';
import { EXIT, type Command, type Invocation } from './command.ts';

export const guest: Command = {
  name: 'guest',
  summary: 'write a guest: a project, its build, its tests, and a run as in the TEE',
  help: `  tea guest new NAME --lang ${LANGUAGES.join('|')}
  tea guest build [DIR]
  tea guest test [DIR]
  tea guest run [WASM|DIR] [DATA ...] [--function NAME] [--input FILE] [--gas N] [--out DIR] [--json]

new makes a project that builds and passes its tests. build compiles it, to what is deployed, and says what the TEE would refuse. test runs
the cases of tests.json. run runs any guest in the TEE's own sandbox, with its meter and its limits; nothing is attested or paid. The DATA
files are its /data/0, /data/1 and so on. Clock, seed and caller are fixed, so that output and gas are the same each time.

  --lang LANGUAGE   typescript, assemblyscript and rust make handlers of calls; go makes a task that reads stdin and files
  --function NAME   what a handler is called for (default: run, which is what an errand calls)
  --input FILE      a handler's input, or a task's stdin
  --gas N           what it may spend (default: ${DEFAULT_GAS})
  --clock MS        the Unix time that its clock shows; --seed HEX  32 bytes that its randomness comes from; --caller HEX  who calls
  --out DIR         writes stdout, stderr and the files of /out there

Exit codes: 0 it ended well (for test: all do); 1 it did not; 64 wrong usage.

  tea guest new adder --lang assemblyscript && tea guest test adder`,
  options: {
    lang: { type: 'string' },
    function: { type: 'string' },
    input: { type: 'string' },
    gas: { type: 'string' },
    clock: { type: 'string' },
    seed: { type: 'string' },
    caller: { type: 'string' },
    out: { type: 'string' },
  },
  operands: [1, 18],
  async run(invocation) {
    const [verb = '', ...rest] = invocation.positionals;
    if (verb === 'new' && rest.length === 1) return create(invocation, rest[0] ?? '');
    if (verb === 'build' && rest.length <= 1) return build(invocation, rest[0] ?? '.');
    if (verb === 'test' && rest.length <= 1) return test(invocation, rest[0] ?? '.');
    if (verb === 'run') return run(invocation, rest[0] ?? '.', rest.slice(1));
    throw new TeaError('badInput', 'tea guest does not do this', {
      expected: 'new NAME, build, test or run',
      actual: verb,
      next: 'tea guest --help',
    });
  },
};

async function create({ values, screen }: Invocation, path: string): Promise<number> {
  const language = LANGUAGES.find((known): known is Language => known === values['lang']);
  if (language === undefined)
    throw new TeaError('badInput', 'A guest needs a language', { expected: LANGUAGES.join(', '), next: `tea guest new ${path} --lang typescript` });
  const project = await newProject(path, language);
  screen.note(`Made ${project.directory}: a guest in ${language}, with its tests in tests.json.`);
  screen.note(language === 'typescript' ? `Next: npm install --prefix ${path} && tea guest test ${path}` : `Next: tea guest test ${path}`);
  screen.emit('made', { directory: project.directory, language });
  return EXIT.done;
}

async function build({ screen, signal }: Invocation, path: string): Promise<number> {
  const project = await openProject(path);
  await screen.step(
    'build',
    () => buildProject(project, signal),
    (built) => ({
      line: `${relative(process.cwd(), built.path)}, ${formatBytes(built.bytes)}, SHA-256 ${shortHex(built.sha256)}`,
      facts: { path: built.path, bytes: built.bytes, sha256: built.sha256 },
    }),
  );
  return EXIT.done;
}

async function test(invocation: Invocation, path: string): Promise<number> {
  const { screen, signal } = invocation;
  await build(invocation, path);
  const project = await openProject(path);
  const reports = await runTests(project, await readTests(project), signal);
  for (const { name, gasUsed, failure } of reports) {
    screen.note(
      `${failure === null ? styleText('green', '✓') : styleText('red', '✗')} ${name}  ${styleText('dim', `${gasUsed.toLocaleString('en')} gas`)}`,
    );
    if (failure !== null) screen.note(`    ${printable(failure)}`);
    screen.emit('test', { name, gasUsed, passed: failure === null, ...(failure !== null && { failure }) });
  }
  return reports.length > 0 && reports.every(({ failure }) => failure === null) ? EXIT.done : EXIT.failed;
}

async function run({ values, screen, signal }: Invocation, path: string, data: readonly string[]): Promise<number> {
  const text = (name: string): string | undefined => (values[name] === undefined ? undefined : String(values[name]));
  const input = text('input');
  const module = (await stat(path).catch(() => undefined))?.isDirectory() ? (await openProject(path)).wasm : path;
  for (const file of [module, ...data, ...(input === undefined ? [] : [input])]) {
    await access(file).catch((cause: NodeJS.ErrnoException) => {
      throw new TeaError('badInput', `The file ${file} can't be read`, {
        expected: 'a readable file',
        actual: cause.message,
        next: 'tea guest build',
      });
    });
  }
  const gas = wholeNumber('gas', text('gas')) ?? DEFAULT_GAS;
  const result = await runGuestHere(
    {
      module,
      data,
      gas,
      function: text('function') ?? 'run',
      input: input ?? null,
      clockMs: Number(wholeNumber('clock', text('clock')) ?? FIXED.clockMs),
      seed: values['seed'] === undefined ? FIXED.seed : fromHex(String(values['seed']), 32),
      caller: values['caller'] === undefined ? FIXED.caller : fromHex(String(values['caller'])),
    },
    signal,
  );
  if (values['out'] !== undefined) await save(String(values['out']), result);
  const { outcome, explanation, exitCode, gasUsed, meterVersion, isolation, entropic, instrumentedSha256, stdout, stderr, out } = result;
  const good = outcome === 'ok' && exitCode === 0;
  screen.note(
    `${good ? styleText('green', '✓') : styleText('red', '✗')} ${styleText('bold', outcome === 'ok' && !good ? `exit code ${exitCode}` : outcome)}: ${printable(explanation)}`,
  );
  screen.note(
    `  ${gasUsed.toLocaleString('en')} gas of ${gas.toLocaleString('en')} · ${meterVersion} · ${isolation}${entropic ? ' · entropic' : ''}`,
  );
  show('stderr', stderr);
  show('stdout', stdout);
  for (const [name, content] of out) screen.note(`  /out/${printable(name)}  ${formatBytes(content.length)}`);
  const files = Object.fromEntries(out.map(([name, content]) => [name, content.toBase64()]));
  screen.emit('ran', {
    outcome,
    explanation,
    exitCode,
    gasUsed,
    meterVersion,
    isolation,
    entropic,
    instrumentedSha256,
    stdout: stdout.toBase64(),
    stderr: stderr.toBase64(),
    files,
  });
  return good ? EXIT.done : EXIT.failed;

  function show(name: string, bytes: Uint8Array): void {
    if (bytes.length === 0) return;
    screen.note(styleText('dim', `  ${name}, ${formatBytes(bytes.length)}`));
    const lines = new TextDecoder().decode(bytes.subarray(0, SHOWN_BYTES)).trimEnd().split('\n');
    for (const line of lines) screen.note(`    ${printable(line)}`);
    if (bytes.length > SHOWN_BYTES) screen.note('    … the rest with --out DIR');
  }
}

const SHOWN_BYTES = 4096;

function wholeNumber(name: string, text: string | undefined): bigint | undefined {
  if (text === undefined) return undefined;
  if (/^\d{1,18}$/.test(text)) return BigInt(text);
  throw new TeaError('badInput', `--${name} takes a whole number`, { actual: text });
}

/** Names come from the guest; the sandbox's reader let through none that leads elsewhere. */
async function save(directory: string, { stdout, stderr, out }: GuestRun): Promise<void> {
  for (const [name, content] of [['stdout', stdout], ['stderr', stderr], ...out.map(([path, bytes]) => [`out/${path}`, bytes] as const)] as const) {
    const path = join(directory, name);
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, content);
  }
}
