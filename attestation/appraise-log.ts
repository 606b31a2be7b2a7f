import { equalBytes, EVIDENCE_PCRS, type Claim, type EventRecord, type PcrValue, type ReferenceValues } from '@tea/protocol';
import { judge } from './claims.ts';
import type { ReadEventLog } from './event-log-memory.ts';

const ZERO = new Uint8Array(32);

type Finding = readonly [ok: boolean, expected: string, actual: string];

/** The event log against the PCRs it explains and the reference values it must match. @param known what `isKnown` found */
export function appraiseEventLog(log: ReadEventLog, pcrs: readonly PcrValue[], referenceValues: ReferenceValues, known: Finding): Claim[] {
  const wrong = log.misdigested;
  const used = new Set(referenceValues.events.map(({ pcr }) => pcr));
  const touched = pcrs.filter(({ index, digest }) => !used.has(index) && !equalBytes(digest, ZERO));
  return [
    judge(
      'log.digests',
      wrong.length === 0,
      'each digest the SHA-256 of its content',
      wrong.length === 0 ? `${log.events.length} events` : `another digest at ${wrong.map(describe).join(', ')}`,
    ),
    judge('log.replay', ...replays(log, pcrs)),
    judge('log.known', ...known),
    judge(
      'pcr.unused',
      touched.length === 0,
      'zero in every PCR no reference event extends',
      touched.map(({ index, digest }) => `PCR ${index} is ${digest.toHex()}`).join(', ') || 'zero',
    ),
  ];
}

function replays({ events, replayed: values }: ReadEventLog, pcrs: readonly PcrValue[]): Finding {
  const outOfPlace = events.findIndex(({ recnum }, index) => recnum !== index);
  if (outOfPlace >= 0) return [false, 'record numbers from 0 without gaps', `number ${events[outOfPlace]?.recnum} at place ${outOfPlace}`];
  const outside = [...values.keys()].filter((index) => !EVIDENCE_PCRS.some((pcr) => pcr === index));
  if (outside.length > 0) return [false, 'events in quoted PCRs only', `events in PCR ${outside.join(', ')}`];
  const different = pcrs.filter(({ index, digest }) => !equalBytes(values.get(index) ?? ZERO, digest));
  if (different.length === 0) return [true, listPcrs(pcrs.filter(({ index }) => values.has(index))) || 'zero PCRs', 'the same'];
  const replayed = different.map(({ index }) => ({ index, digest: values.get(index) ?? ZERO }));
  return [false, listPcrs(different), listPcrs(replayed)];
}

function listPcrs(pcrs: readonly PcrValue[]): string {
  return pcrs.map(({ index, digest }) => `PCR ${index} ${digest.toHex()}`).join(', ');
}

/** Whether the log is the sequence of the reference values: each event one they allow at its place, nothing more or less. */
export function isKnown({ events: log }: ReadEventLog, referenceValues: ReferenceValues): Finding {
  const { events } = referenceValues;
  const expected = inWords(referenceValues);
  for (let place = 0; place < Math.max(log.length, events.length); place++) {
    const record = log[place];
    const reference = events[place];
    if (record === undefined) return [false, expected, `nothing where ${reference?.name} should be`];
    if (reference === undefined) return [false, expected, `also ${describe(record)}`];
    const matches =
      record.pcr === reference.pcr &&
      record.contentType === reference.contentType &&
      reference.allowed.some(({ digest }) => equalBytes(digest, record.digest));
    if (!matches) return [false, expected, `${describe(record)} where ${reference.name} should be`];
  }
  return [true, expected, log.map(describe).join(', then ')];
}

/** A verifier compares all it sees with the same few sets of reference values, which must not change: see `referenceValuesDigest`. */
const described = new WeakMap<ReferenceValues, string>();

function inWords(referenceValues: ReferenceValues): string {
  const words =
    described.get(referenceValues) ??
    referenceValues.events
      .map(({ name, pcr, allowed }) => `${name} ${allowed.map(({ version }) => version).join(' or ')} in PCR ${pcr}`)
      .join(', then ');
  described.set(referenceValues, words);
  return words;
}

function describe({ recnum, contentType, content, digest, pcr }: EventRecord): string {
  const version = typeof content['version'] === 'string' ? ` ${content['version']}` : '';
  return `event ${recnum} (${contentType}${version}, digest ${digest.toHex()}, PCR ${pcr})`;
}
