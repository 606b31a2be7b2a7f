import { spawnSync } from 'node:child_process';

const SCRIPT = `
import sys, json, time, wasmtime
job = json.load(sys.stdin)
config = wasmtime.Config()
config.consume_fuel = True
engine = wasmtime.Engine(config)
store = wasmtime.Store(engine)
instance = wasmtime.Instance(store, wasmtime.Module(engine, bytes.fromhex(job['module'])), [])
times = {}
for name, rounds in job['kernels']:
    run = instance.exports(store)[name]
    best = None
    for _ in range(3):
        store.set_fuel(2 ** 62)
        started = time.thread_time()
        run(store, rounds)
        taken = (time.thread_time() - started) * 1000
        best = taken if best is None else min(best, taken)
    times[name] = best
print(json.dumps(times))
`;

/** The same kernels and rounds under wasmtime with fuel, best of three, in ms of processor time; null where Python has no wasmtime. */
export function fuelTimes(module: Uint8Array, kernels: readonly (readonly [name: string, rounds: number])[]): ReadonlyMap<string, number> | null {
  const input = JSON.stringify({ module: Buffer.from(module).toString('hex'), kernels });
  const { status, stdout } = spawnSync('python3', ['-c', SCRIPT], { input, encoding: 'utf8', stdio: ['pipe', 'pipe', 'ignore'] });
  return status === 0 ? new Map(Object.entries(JSON.parse(stdout) as Record<string, number>)) : null;
}
