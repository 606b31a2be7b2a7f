/** Small guests for tests, written in the text format or in AssemblyScript, and jobs to run them with. */
import { main as compileAssemblyScript } from 'assemblyscript/asc';
import openWabt from 'wabt';
import { executeGuest, type Execution } from '../execute-guest.ts';
import { decodeJob, encodeJob, type SandboxedJob } from '../frame.ts';
import type { GuestJob, GuestLimits } from '../guest-job.ts';

const wabt = await openWabt();

export function wat(source: string): Uint8Array {
  const features = { threads: true, tail_call: true, memory64: true, exceptions: true, multi_memory: true, relaxed_simd: true };
  const parsed = wabt.parseWat('guest.wat', source, features);
  try {
    return parsed.toBinary({}).buffer;
  } finally {
    parsed.destroy();
  }
}

/** A command whose `_start` has this body, with one page of memory and whatever else `fields` declare. */
export function command(body: string, fields = ''): Uint8Array {
  return wat(`(module ${fields.includes('(import') ? fields : ''} (memory (export "memory") 1) ${fields.includes('(import') ? '' : fields}
    (func (export "_start") (local $a i32) (local $b i32) ${body}))`);
}

export async function assemblyScript(source: string): Promise<Uint8Array> {
  let binary = new Uint8Array(0);
  const { error, stderr } = await compileAssemblyScript(
    ['guest.ts', '--outFile', 'guest.wasm', '-O', '--exportStart', '_start', '--runtime', 'stub'],
    {
      readFile: (name) => (name === 'guest.ts' ? source : null),
      writeFile: (name, contents) => {
        if (name === 'guest.wasm' && typeof contents !== 'string') binary = new Uint8Array(contents);
      },
      listFiles: () => [],
    },
  );
  if (error !== null) throw new Error(stderr.toString());
  return binary;
}

export function job(module: Uint8Array, changes: Partial<Omit<GuestJob, 'limits'>> & { limits?: Partial<GuestLimits> } = {}): GuestJob {
  return {
    module,
    args: ['guest'],
    env: {},
    stdin: new Uint8Array(0),
    data: [],
    clockMs: 1_700_000_000_000,
    seed: new Uint8Array(32).fill(7),
    ...changes,
    limits: { gas: 100_000_000n, memoryBytes: 16 * 1024 * 1024, outputBytes: 1024 * 1024, wallMs: 20_000, ...changes.limits },
  };
}

export const text = (bytes: Uint8Array | undefined): string => new TextDecoder().decode(bytes);

/** A job as it is inside of the sandbox, with all of its content there. */
export function inside(given: GuestJob): SandboxedJob {
  return decodeJob(new Uint8Array(Buffer.concat(encodeJob(given))), () => {
    throw new Error('this job holds all of its content');
  });
}

/** Runs a job in this very process. */
export function executeHere(given: GuestJob): Execution {
  return executeGuest(inside(given));
}
