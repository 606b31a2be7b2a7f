import { spawnSync } from 'node:child_process';
import { mkdir, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { requireTool } from '@tea/platform';
import { createTpm, GetRandom, readPcrs } from '@tea/tpm';
import { startTestTpm } from '../../tee/tpm/test-swtpm.ts';
import { startToolsAndTpm } from '../../tee/tpm/test-tpm2-tools.ts';

/**
 * A heavy job, for it takes Go and its modules: round trips of two commands by our codec, by google/go-tpm and by tpm2-tools, on simulators of the same kind, one after the
 * other, three times in turns. A tool is a process for each command, and speaks through a relay of ours: its figure says what that costs, not what its codec does.
 * What was built is kept in `~/.cache/tea/oracles`.
 *
 *     node lab/heavy/beside-go-tpm.ts
 */
const ROUNDS = 2_000;
const WARM_UP = 200;
const TOOL_ROUNDS = 20;
const PCRS = [0, 1, 2, 3, 4, 5, 6, 7];
const directory = join(homedir(), '.cache', 'tea', 'oracles', 'go-tpm');
const MODULE = ['module oracle', 'go 1.23.0', 'require github.com/google/go-tpm v0.9.5'].join('\n');
/** Asks the simulator at a unix socket; prints the median of each command in microseconds. */
const PROGRAM = `package main

import (
	"fmt"
	"net"
	"os"
	"sort"
	"time"

	"github.com/google/go-tpm/tpm2"
	"github.com/google/go-tpm/tpm2/transport"
)

func main() {
	conn, err := net.Dial("unix", os.Args[1])
	if err != nil {
		panic(err)
	}
	defer conn.Close()
	tpm := transport.FromReadWriter(conn)
	selection := tpm2.TPMLPCRSelection{PCRSelections: []tpm2.TPMSPCRSelection{{Hash: tpm2.TPMAlgSHA256, PCRSelect: tpm2.PCClientCompatible.PCRs(0, 1, 2, 3, 4, 5, 6, 7)}}}
	calls := map[string]func() error{
		"getRandom": func() error { _, err := tpm2.GetRandom{BytesRequested: 16}.Execute(tpm); return err },
		"pcrRead":   func() error { _, err := tpm2.PCRRead{PCRSelectionIn: selection}.Execute(tpm); return err },
	}
	for _, name := range []string{"getRandom", "pcrRead"} {
		var samples []float64
		for round := -200; round < 2000; round++ {
			start := time.Now()
			if err := calls[name](); err != nil {
				panic(err)
			}
			if round >= 0 {
				samples = append(samples, float64(time.Since(start).Nanoseconds())/1000)
			}
		}
		sort.Float64s(samples)
		fmt.Printf("%s %f\\n", name, samples[len(samples)/2])
	}
}
`;

const median = (samples: readonly number[]): number => samples.toSorted((a, b) => a - b)[samples.length >> 1] ?? Number.NaN;

async function timed(rounds: number, warmUp: number, work: () => Promise<unknown>): Promise<number> {
  const samples: number[] = [];
  for (let round = -warmUp; round < rounds; round++) {
    const start = performance.now();
    await work();
    if (round >= 0) samples.push((performance.now() - start) * 1_000);
  }
  return median(samples);
}

async function ours(): Promise<Readonly<Record<string, number>>> {
  await using simulator = await startTestTpm();
  await using tpm = createTpm(await simulator.connect());
  return {
    getRandom: await timed(ROUNDS, WARM_UP, () => tpm.turn((turn) => turn.run(GetRandom, {}, { bytesRequested: 16 }))),
    pcrRead: await timed(ROUNDS, WARM_UP, () => tpm.turn((turn) => readPcrs(turn, PCRS))),
  };
}

async function goTpm(): Promise<Readonly<Record<string, number>>> {
  await using simulator = await startTestTpm();
  const path = 'socketPath' in simulator.address ? simulator.address.socketPath : '';
  const lines = run(join(directory, 'oracle'), [path]).trim().split('\n');
  return Object.fromEntries(lines.map((line) => line.split(' ')).map(([name = '', us]) => [name, Number(us)]));
}

async function tools(): Promise<number> {
  await using both = await startToolsAndTpm();
  return await timed(TOOL_ROUNDS, 2, () => both.tool('getrandom', '--hex', '16'));
}

requireTool('go', 'golang-go');
await mkdir(directory, { recursive: true });
await writeFile(join(directory, 'go.mod'), MODULE);
await writeFile(join(directory, 'main.go'), PROGRAM);
run('go', ['mod', 'tidy']);
run('go', ['build', '-o', 'oracle', '.']);
for (let turn = 1; turn <= 3; turn++) {
  const [us, go] = [await ours(), await goTpm()];
  for (const name of ['getRandom', 'pcrRead']) {
    process.stdout.write(
      `${name}: ours ${us[name]?.toFixed(0)} us, go-tpm ${go[name]?.toFixed(0)} us: ${((us[name] ?? 0) / (go[name] ?? 0)).toFixed(2)} times\n`,
    );
  }
}
process.stdout.write(`getRandom by a process of tpm2-tools through a relay: ${((await tools()) / 1_000).toFixed(1)} ms\n`);

/** @returns what it printed */
function run(command: string, args: readonly string[]): string {
  const { status, stdout, stderr } = spawnSync(command, args, { cwd: directory, encoding: 'utf8' });
  if (status !== 0) throw new Error(`${command} ${args[0] ?? ''} ended with ${status}: ${stderr}`);
  return stdout;
}
