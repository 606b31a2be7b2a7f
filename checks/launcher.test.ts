import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, it } from 'node:test';
import { findTool, temporaryDirectory } from '@tea/platform';

/**
 * `./tea` on a machine made of a PATH: one folder with the few tools of a base system and with stand-ins for the rest, which write down how
 * they were called. Only the line that adds the system's own server folders is taken out, so that this machine's programs stay unseen.
 */
const SCRIPT = readFileSync(join(import.meta.dirname, '../tea'), 'utf8').replace('$PATH:/usr/local/sbin:/usr/sbin:/sbin', '$PATH');
const BASE_SYSTEM = ['sh', 'dirname', 'readlink', 'cmp', 'find', 'cp', 'env', 'cat', 'mkdir', 'chmod'];
const OUR_PROGRAMS = ['nats-server', 'swtpm', 'swtpm_setup', 'certtool', 'bwrap', 'setpriv', 'prlimit'];

type Machine = AsyncDisposable & {
  readonly home: string;
  readonly bin: string;
  /** Puts a stand-in for a program into PATH that logs its call and then runs `body`. */
  put(name: string, body?: string): void;
  remove(name: string): void;
  /** What the stand-ins were called with, in order. */
  calls(): string[];
  run(args: string[], how?: { script?: string; cwd?: string }): { status: number | null; stdout: string; stderr: string };
};

async function machine(): Promise<Machine> {
  const directory = await temporaryDirectory('launcher');
  const [home, bin, log] = [join(directory.path, 'a checkout'), join(directory.path, 'bin'), join(directory.path, 'calls.log')];
  mkdirSync(home);
  mkdirSync(bin);
  writeFileSync(log, '');
  writeFileSync(join(home, 'tea'), SCRIPT);
  chmodSync(join(home, 'tea'), 0o755);
  writeFileSync(join(home, 'package-lock.json'), '{"lockfileVersion":3}');
  for (const name of BASE_SYSTEM) symlinkSync(findTool(name) ?? assert.fail(`${name} is part of every base system`), join(bin, name));
  const put = (name: string, body = ''): void => {
    writeFileSync(join(bin, name), `#!/bin/sh\necho "${name} $*" >>"${log}"\n${body}\n`);
    chmodSync(join(bin, name), 0o755);
  };
  put('uname', 'echo Linux');
  put('id', 'echo 1000');
  put('sudo', 'exec "$@"');
  put('apt-get', `case $1 in install) for p in ${OUR_PROGRAMS.join(' ')}; do printf '#!/bin/sh\\n' >"${bin}/$p"; chmod +x "${bin}/$p"; done;; esac`);
  put('node', 'echo v20.0.0');
  put(
    'npm',
    `mkdir -p node_modules/.bin; printf '#!/bin/sh\\necho "pinned node: $*"\\n' >node_modules/.bin/node; chmod +x node_modules/.bin/node; echo {} >node_modules/.package-lock.json`,
  );
  return {
    home,
    bin,
    put,
    remove: (name) => rmSync(join(bin, name), { force: true }),
    calls: () =>
      readFileSync(log, 'utf8')
        .split('\n')
        .filter((line) => /^(apt-get|sudo|npm|node|systemctl)/.test(line)),
    run: (args, { script = join(home, 'tea'), cwd = '/' } = {}) =>
      spawnSync(script, args, { cwd, env: { PATH: bin, HOME: directory.path }, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] }),
    [Symbol.asyncDispose]: () => directory[Symbol.asyncDispose](),
  };
}

const PACKAGES = 'nats-server swtpm swtpm-tools gnutls-bin bubblewrap util-linux';

describe('./tea on a fresh machine', () => {
  it('installs what is missing with sudo, says so, and runs the command line on the pinned Node', async () => {
    await using fresh = await machine();
    const { status, stdout, stderr } = fresh.run(['demo', '--code', 'a file.wasm']);
    assert.equal(status, 0, stderr);
    assert.equal(stdout, `pinned node: ${fresh.home}/client/cli/main.ts demo --code a file.wasm\n`);
    assert.match(stderr, /installing nats-server swtpm .* with sudo/);
    assert.match(stderr, /bwrap, the sandbox of each guest/);
    assert.match(stderr, /npm ci/);
    assert.deepEqual(
      fresh.calls().filter((call) => call.startsWith('apt-get')),
      ['apt-get update -qq', `apt-get install -y -qq --no-install-recommends ${PACKAGES}`],
    );
  });

  it('asks for the tools that only tests need when somebody tests, and names them', async () => {
    await using fresh = await machine();
    fresh.run(['demo']);
    const { status, stderr } = fresh.run(['--no-install', 'test']);
    assert.equal(status, 69);
    assert.match(stderr, /tpm2_getcap, another implementation .* tpm2-tools/);
    assert.match(stderr, /python3, reads proof files .* python3/);
    assert.equal(fresh.run(['--no-install', 'demo']).status, 0);
  });

  it('asks for what a virtual machine needs when somebody wants one, and for compilers only when an image is built', async () => {
    await using fresh = await machine();
    fresh.run(['demo']);
    const lacking = (...args: string[]) => fresh.run(['--no-install', ...args]).stderr;
    for (const args of [
      ['up', '--tee', 'vm'],
      ['demo', '--tee=vm'],
    ]) {
      assert.match(lacking(...args), /qemu-system-x86_64, the virtual machine/);
      assert.match(lacking(...args), /flex, reads/);
    }
    assert.match(lacking('image', 'build', '--out', 'x'), /flex, reads/);
    assert.doesNotMatch(lacking('image', 'build', '--out', 'x'), /qemu/);
    assert.doesNotMatch(lacking('up', '--tee', 'vm', '--image', 'x'), /flex/);
    assert.equal(lacking('image', 'measure', 'x'), '');
  });

  it('uses no sudo as root', async () => {
    await using fresh = await machine();
    fresh.put('id', 'echo 0');
    assert.equal(fresh.run(['demo']).status, 0);
    assert.deepEqual(
      fresh.calls().filter((call) => call.startsWith('sudo')),
      [],
    );
  });

  it('installs nothing the second time, and starts no Node to find that out', async () => {
    await using fresh = await machine();
    fresh.run(['demo']);
    const before = fresh.calls().length;
    const { status, stderr } = fresh.run(['demo']);
    assert.deepEqual([status, stderr, fresh.calls().length - before], [0, '', 0]);
  });

  it('installs npm packages again when the lock file has changed, and only then', async () => {
    await using fresh = await machine();
    fresh.run(['demo']);
    writeFileSync(join(fresh.home, 'package-lock.json'), '{"lockfileVersion":3,"name":"other"}');
    fresh.run(['demo']);
    fresh.run(['demo']);
    assert.equal(fresh.calls().filter((call) => call.startsWith('npm')).length, 2);
  });

  it('works through a symlink and from another folder', async () => {
    await using fresh = await machine();
    const link = join(fresh.bin, 'tea-link');
    symlinkSync('../a checkout/tea', link);
    const { stdout } = fresh.run(['verify'], { script: link, cwd: dirname(fresh.home) });
    assert.equal(stdout, `pinned node: ${fresh.home}/client/cli/main.ts verify\n`);
  });

  it('runs tests and benchmarks without the command line', async () => {
    await using fresh = await machine();
    assert.equal(fresh.run(['test', 'platform']).stdout, `pinned node: ${fresh.home}/checks/test.ts platform\n`);
    assert.equal(fresh.run(['bench', '--json']).stdout, `pinned node: ${fresh.home}/checks/bench.ts --json\n`);
  });
});

describe('./tea --no-install', () => {
  it('prints the commands and runs none of them', async () => {
    await using fresh = await machine();
    const { status, stdout, stderr } = fresh.run(['demo', '--no-install']);
    assert.deepEqual([status, stdout, fresh.calls()], [69, '', []]);
    assert.match(
      stderr,
      new RegExp(`sudo apt-get update\n +sudo apt-get install -y --no-install-recommends ${PACKAGES}\n +cd .*a checkout.* && npm ci`),
    );
    assert(!existsSync(join(fresh.home, 'node_modules')));
  });

  it('runs as usual when nothing is missing', async () => {
    await using fresh = await machine();
    fresh.run(['demo']);
    assert.equal(fresh.run(['--no-install', 'demo']).stdout, `pinned node: ${fresh.home}/client/cli/main.ts demo\n`);
  });
});

describe('./tea where it cannot help', () => {
  const cases: readonly [claim: string, arrange: (fresh: Machine) => void, says: RegExp][] = [
    [
      'lists exactly what to install where there is no apt-get',
      (fresh) => fresh.remove('apt-get'),
      /swtpm_setup, gives that TPM .*Debian and Ubuntu: swtpm-tools[\s\S]*no apt-get here/,
    ],
    ['says what to run as root where there is no sudo', (fresh) => fresh.remove('sudo'), /As root: apt-get update && apt-get install -y nats-server/],
    [
      'says so when apt-get fails',
      (fresh) => fresh.put('apt-get', 'echo "E: no such package" >&2; exit 100'),
      /E: no such package[\s\S]*apt-get update failed/,
    ],
    ['asks for Node where there is none', (fresh) => fresh.remove('node'), /Node 20 or newer is needed.*None was found/],
    ['asks for a newer Node', (fresh) => fresh.put('node', 'echo v18.19.0'), /Node 20 or newer is needed.*\/node is v18\.19\.0/],
    ['is not fooled by a Node that does not start', (fresh) => fresh.put('node', 'exit 127'), /Node 20 or newer is needed.*does not start/],
    ['asks for npm where there is none', (fresh) => fresh.remove('npm'), /npm is needed.*apt-get install npm/],
    ['says so when npm ci fails', (fresh) => fresh.put('npm', 'echo "npm error network" >&2; exit 1'), /npm error network[\s\S]*npm ci failed/],
    ['says so when npm brought no Node', (fresh) => fresh.put('npm', ''), /did not bring the pinned Node/],
    ['says that it wants Linux', (fresh) => fresh.put('uname', 'echo Darwin'), /runs on Linux.*this is Darwin/],
  ];
  for (const [claim, arrange, says] of cases) {
    it(claim, async () => {
      await using fresh = await machine();
      arrange(fresh);
      const { status, stdout, stderr } = fresh.run(['demo']);
      assert.deepEqual([status, stdout], [69, '']);
      assert.match(stderr, says);
    });
  }
});

describe('./tea knows every library that the pinned Node needs', () => {
  /** What apt itself stands on, so that no Debian or Ubuntu is without it. */
  const OF_EVERY_SYSTEM = /^(linux-vdso|ld-linux|lib(c|m|dl|pthread|rt|stdc\+\+|gcc_s)\.)/;
  it('beyond those of every Debian and Ubuntu', () => {
    const listed = execFileSync('ldd', [process.execPath], { encoding: 'utf8' });
    const libraries = listed.split('\n').flatMap((line) => /(?:^|\/)([^\s/]+\.so[.\d]*)/.exec(line.trim())?.[1] ?? []);
    assert.ok(libraries.length > 3);
    assert.deepEqual(
      libraries.filter((library) => !OF_EVERY_SYSTEM.test(library) && !SCRIPT.includes(`has_library ${library} `)),
      [],
    );
  });
});
