import { getHeapStatistics } from 'node:v8';
import * as v from 'valibot';
import { canonicalJson, decodeCbor, decodeProofFile, encodeCbor, encodeProofFile, isTeaError, type CborValue, type ProofFile } from '@tea/protocol';
import { mutateBytes } from './mutate-bytes.ts';
import { mutateValue } from './mutate-value.ts';
import type { Seeded } from './seeded.ts';
import type { FuzzTarget } from './target.ts';

/** Whatever an input of a few kilobytes says, it may cost no more than this. */
const MAX_MS = 100;
const MAX_EXTERNAL_BYTES = 64 << 20;

/** Thousands of refusals a second need no stacks; a finding is run again with one. */
const STACK_DEPTH = Error.stackTraceLimit;

export type Finding = { readonly target: string; readonly problem: string; readonly input: Uint8Array };
export type Tally = { executions: number; refused: number; slowestMs: number };

/** One execution of one target on one hostile input. @returns what was wrong with it, or null */
export async function execute(target: FuzzTarget, input: Uint8Array, tally: Tally): Promise<Finding | null> {
  const before = getHeapStatistics().external_memory;
  Error.stackTraceLimit = 0;
  const start = process.threadCpuUsage();
  const problem = await problemOf(target, input, tally);
  const elapsedMs = cpuMsSince(start);
  const allocated = getHeapStatistics().external_memory - before;
  tally.executions++;
  if (problem !== null) return { target: target.name, problem: (await withStack(target, input)) ?? problem, input };
  if (allocated > MAX_EXTERNAL_BYTES) return { target: target.name, problem: `allocated ${allocated} bytes`, input };
  if (elapsedMs <= MAX_MS) tally.slowestMs = Math.max(tally.slowestMs, elapsedMs);
  else {
    const againMs = await fastest(target, input, 5); // the collector ran, or this input is slow: then it will be slow again
    tally.slowestMs = Math.max(tally.slowestMs, againMs);
    if (againMs > MAX_MS) return { target: target.name, problem: `took ${againMs.toFixed(0)} ms`, input };
  }
  return null;
}

async function withStack(target: FuzzTarget, input: Uint8Array): Promise<string | null> {
  Error.stackTraceLimit = STACK_DEPTH;
  try {
    return await problemOf(target, input, { executions: 0, refused: 0, slowestMs: 0 });
  } finally {
    Error.stackTraceLimit = 0;
  }
}

/** The least of so many runs, in milliseconds of this thread's processor time: what the input costs, without what else the machine does. */
export async function fastest(target: FuzzTarget, input: Uint8Array, runs: number): Promise<number> {
  let least = Number.POSITIVE_INFINITY;
  for (let run = 0; run < runs; run++) {
    const start = process.threadCpuUsage();
    await problemOf(target, input, { executions: 0, refused: 0, slowestMs: 0 });
    least = Math.min(least, cpuMsSince(start));
  }
  return least;
}

function cpuMsSince(start: NodeJS.CpuUsage): number {
  const { user, system } = process.threadCpuUsage(start);
  return (user + system) / 1000;
}

async function problemOf(target: FuzzTarget, input: Uint8Array, tally: Tally): Promise<string | null> {
  try {
    const decoded = target.decode(input);
    if (decoded instanceof Promise) await decoded;
    return null;
  } catch (error) {
    tally.refused++;
    if (isTeaError(error) && target.codes.includes(error.code)) return null;
    return isTeaError(error)
      ? `refused as ${error.code}: ${error.message}`
      : `threw ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`;
  }
}

export function hostileInput({ seeds, form }: FuzzTarget, random: Seeded): Uint8Array {
  const seed = random.pick(seeds);
  if (form !== 'bytes' && random.below(2) === 0) {
    const structured = form === 'cbor' ? changedMessage(seed, random) : changedProof(seed, random);
    if (structured !== null) return structured;
  }
  return mutateBytes(seed, random.pick(seeds), random);
}

function changedMessage(seed: Uint8Array, random: Seeded): Uint8Array | null {
  try {
    let value = decodeCbor(seed, v.unknown(), 'seed') as CborValue;
    for (let changes = 1 + random.below(3); changes > 0; changes--) value = mutateValue(value, random);
    return encodeCbor(value);
  } catch {
    return null; // a seed that is no message, or a name that no message can have
  }
}

/** Half the time under a recomputed digest, so that only what is inside is wrong. */
function changedProof(seed: Uint8Array, random: Seeded): Uint8Array | null {
  try {
    const { ...proof } = decodeProofFile(seed) as unknown as Record<string, CborValue>;
    const value = mutateValue(proof, random);
    return random.below(2) === 0 ? encodeProofFile(value as unknown as ProofFile) : canonicalJson(value);
  } catch {
    return null; // a seed that is no proof, or numbers that have no place in JSON
  }
}
