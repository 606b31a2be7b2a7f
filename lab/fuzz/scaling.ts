import { fastest, type Finding } from './execute.ts';
import type { FuzzTarget } from './target.ts';

/** Twice the input may take twice the time, and what a cache or the collector adds; four times it is quadratic. */
const MAX_RATIO = 3;
/** Processor time is counted in steps of up to 4 ms. */
const TOO_QUICK_TO_TELL_MS = 40;
const RUNS = 3;
const TELLING = [0x00, 0x0a, 0x20, 0x30, 0x41, 0x5b, 0x5f, 0x7b, 0x7f, 0x80, 0x81, 0x9f, 0xa1, 0xbf, 0xd2, 0xff];

/** Compares the time for inputs of `sizeBytes` and twice that: one byte without end, honest inputs repeated, and the target's own family. */
export async function scalingFindings(target: FuzzTarget, sizeBytes: number): Promise<readonly Finding[]> {
  const findings: Finding[] = [];
  for (const [family, make] of families(target)) {
    const once = make(sizeBytes);
    const twice = make(2 * sizeBytes);
    let ratio = Number.POSITIVE_INFINITY;
    for (let attempt = 1; ratio > MAX_RATIO && attempt <= 3; attempt++) {
      const twiceMs = await fastest(target, twice, RUNS * attempt);
      ratio = twiceMs < TOO_QUICK_TO_TELL_MS ? 0 : twiceMs / (await fastest(target, once, RUNS * attempt));
    }
    if (ratio > MAX_RATIO)
      findings.push({ target: target.name, problem: `${family}: ${ratio.toFixed(1)} times the time for twice the input`, input: twice });
  }
  return findings;
}

function* families({ seeds, grow }: FuzzTarget): Generator<readonly [string, (sizeBytes: number) => Uint8Array]> {
  for (const byte of TELLING) yield [`0x${byte.toString(16)} without end`, (sizeBytes) => new Uint8Array(sizeBytes).fill(byte)];
  for (const [index, seed] of seeds.entries()) {
    yield [`input ${index} again and again`, (sizeBytes) => new Uint8Array(sizeBytes).map((_, at) => seed[at % seed.length] ?? 0)];
    for (const byte of [0x00, 0x81, 0xff]) {
      yield [`input ${index}, then 0x${byte.toString(16)} without end`, (sizeBytes) => new Uint8Array(sizeBytes).map((_, at) => seed[at] ?? byte)];
    }
  }
  if (grow) yield ['the longest honest form', grow];
}
