import { readFileSync } from 'node:fs';
import pcrs from './logs/pcrs.json' with { type: 'json' };
import { decodeTcgLog, type TcgLog } from '../tcg-log.ts';
import type { PcrBank } from '../replay-tcg-log.ts';

/** A log of a real machine (origins in logs/README.md), with the PCR values published with it. */
export type RealLog = {
  readonly name: string;
  readonly bytes: Uint8Array;
  readonly pcrs: readonly { readonly bank: PcrBank; readonly index: number; readonly value: string }[];
};

const published: Readonly<Record<string, { readonly pcrs: Readonly<Record<string, Readonly<Record<string, string>>>> }>> = pcrs;

export const REAL_LOGS: readonly RealLog[] = Object.entries(published).map(([name, { pcrs: banks }]) => ({
  name,
  bytes: readLogBytes(name),
  pcrs: Object.entries(banks).flatMap(([bank, values]) =>
    Object.entries(values).map(([index, value]) => ({ bank: bank as PcrBank, index: Number(index), value })),
  ),
}));

export function realLog(name: string): TcgLog {
  return decodeTcgLog(readLogBytes(name));
}

function readLogBytes(name: string): Uint8Array {
  return new Uint8Array(readFileSync(new URL(`logs/${name}.bin`, import.meta.url)));
}
