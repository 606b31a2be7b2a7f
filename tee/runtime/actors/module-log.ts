import { readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import {
  decodeEventLog,
  encodeEventLog,
  equalBytes,
  eventDigest,
  MAX_EVENTS,
  MODULE_PCR,
  replay,
  sha256,
  type EventRecord,
  type PcrValue,
} from '@tea/protocol';
import type { TeeTpm } from '@tea/tpm';

/** What runs inside the TEE beyond the image: system actors, and the programs of guests. */
export type MeasuredModule =
  | { readonly contentType: 'tea.actor'; readonly content: { readonly name: string; readonly version: string; readonly sha256: Uint8Array } }
  | { readonly contentType: 'tea.guest'; readonly content: { readonly sha256: Uint8Array } };

export type ModuleLog = {
  /** Extends the PCR, and only then resolves: whoever wants to run the module waits for it. Each module once in a life of the TPM. */
  measure(module: MeasuredModule): Promise<void>;
  readonly records: readonly EventRecord[];
  /** `encodeEventLog` of the records that a quote with these values is of: others may have come since. */
  logOf(pcrs: readonly PcrValue[]): Uint8Array;
};

const FILE = 'module-log.cbor';
const ZERO = new Uint8Array(32);

/**
 * Opens the log of this life of the TPM. The file is the host's to change: it counts as far as it explains the PCR.
 * @param tpm for `MODULE_PCR`
 */
export async function openModuleLog(tpm: Pick<TeeTpm, 'extendPcr' | 'readPcrs'>, stateDir: string): Promise<ModuleLog> {
  const path = join(stateDir, FILE);
  const [pcr] = await tpm.readPcrs([MODULE_PCR]);
  let records = explaining(await readFile(path).catch(() => new Uint8Array()), pcr?.digest ?? new Uint8Array(32));
  const known = new Set(records.map(({ digest }) => digest.toHex()));
  let last: Promise<unknown> = Promise.resolve();

  async function extend({ contentType, content }: MeasuredModule, digest: Uint8Array): Promise<void> {
    if (known.has(digest.toHex())) return;
    const record: EventRecord = { recnum: records.length, pcr: MODULE_PCR, digest, contentType, content };
    // Written first: a log with one record too many still explains the PCR without it, one with too few explains nothing.
    if (records.length < MAX_EVENTS) {
      await writeFile(`${path}.new`, encodeEventLog([...records, record]), { mode: 0o600 });
      await rename(`${path}.new`, path);
    }
    await tpm.extendPcr(MODULE_PCR, digest);
    records = records.length < MAX_EVENTS ? [...records, record] : records;
    known.add(digest.toHex());
  }

  return {
    get records() {
      return records;
    },
    logOf(pcrs) {
      const quoted = pcrs.find(({ index }) => index === MODULE_PCR)?.digest ?? ZERO;
      let value: Uint8Array = ZERO;
      const count = equalBytes(value, quoted) ? 0 : records.findIndex(({ digest }) => equalBytes((value = sha256(value, digest)), quoted)) + 1;
      return encodeEventLog(records.slice(0, count));
    },
    measure(module) {
      const digest = eventDigest(module.contentType, module.content);
      const own = last.then(() => extend(module, digest));
      last = own.catch(() => undefined);
      return own;
    },
  };
}

/** The log's records if they replay to the PCR, all or all but the last; else none, and the log begins anew behind a value that it can't explain. */
function explaining(bytes: Uint8Array, pcr: Uint8Array): readonly EventRecord[] {
  const records = decoded(bytes);
  const explains = (log: readonly EventRecord[]): boolean => equalBytes(replay(log).get(MODULE_PCR) ?? new Uint8Array(32), pcr);
  if (explains(records)) return records;
  const without = records.slice(0, -1);
  return explains(without) ? without : [];
}

function decoded(bytes: Uint8Array): readonly EventRecord[] {
  try {
    return decodeEventLog(bytes).filter(({ pcr }) => pcr === MODULE_PCR);
  } catch {
    return [];
  }
}
