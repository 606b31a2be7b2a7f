import { sha1 } from '@noble/hashes/legacy.js';
import { sha256, sha384, sha512 } from '@noble/hashes/sha2.js';
import { concatBytes, TeaError } from '@tea/protocol';
import { EV_NO_ACTION } from './tcg-event-types.ts';
import type { TcgLog } from './tcg-log.ts';

export const HASHES = { sha1, sha256, sha384, sha512 } as const;
export type PcrBank = keyof typeof HASHES;

const FIRST_DYNAMIC_PCR = 17;
const LAST_DYNAMIC_PCR = 22;

/**
 * The PCR values this log accounts for, from TPM2_Startup on (TPM 2.0 Part 1, 17.7; PC Client Platform TPM Profile, 4.6): PCR := H(PCR ‖ digest).
 * PCR 0 begins with the startup locality in its last byte, PCRs 17-22 with ones, all others with zeros.
 * @returns a value for each PCR that some event extended
 * @throws TeaError `badInput` when the log has no digests for this bank
 */
export function replayTcgLog({ algorithms, startupLocality, events }: TcgLog, bank: PcrBank): ReadonlyMap<number, Uint8Array> {
  if (!algorithms.includes(bank))
    throw new TeaError('badInput', `This event log has no ${bank} digests`, { expected: algorithms.join(', '), actual: bank });
  const hash = HASHES[bank];
  const pcrs = new Map<number, Uint8Array>();
  for (const { pcr, type, digests } of events) {
    const digest = digests.get(bank);
    if (type === EV_NO_ACTION || digest === undefined) continue;
    pcrs.set(pcr, hash(concatBytes(pcrs.get(pcr) ?? initialPcr(pcr, hash.outputLen, startupLocality), digest)));
  }
  return pcrs;
}

function initialPcr(pcr: number, sizeBytes: number, startupLocality: number): Uint8Array {
  const value = new Uint8Array(sizeBytes).fill(pcr >= FIRST_DYNAMIC_PCR && pcr <= LAST_DYNAMIC_PCR ? 0xff : 0);
  if (pcr === 0) value[sizeBytes - 1] = startupLocality;
  return value;
}
