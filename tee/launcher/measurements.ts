import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import { PROCESS_MODE_PCR, recordEvent, type EventRecord, type ImageReleaseIdentity, type ReferenceValues } from '@tea/protocol';
import { bundleTee, type TeeBundle } from './bundle.ts';
import manifest from '../../package.json' with { type: 'json' };

const { version } = manifest;

/** What the launcher of process mode measures before it starts the TEE, in this order: the Node binary, then the TEE bundle. */
export type ProcessMeasurements = { readonly bundle: TeeBundle; readonly log: readonly EventRecord[] };

/** @param release what the bundle is built with, see `bundleTee` @param nodePath the Node binary that will run the TEE */
export async function measureProcess(release?: ImageReleaseIdentity, nodePath: string = process.execPath): Promise<ProcessMeasurements> {
  const [nodeSha256, bundle] = await Promise.all([sha256OfFile(nodePath), bundleTee(release)]);
  const log: EventRecord[] = [];
  log.push(recordEvent(log, PROCESS_MODE_PCR, { contentType: 'tea.node-binary', content: { sha256: nodeSha256, version: process.version } }));
  log.push(recordEvent(log, PROCESS_MODE_PCR, { contentType: 'tea.bundle', content: { sha256: bundle.sha256, version } }));
  return { bundle, log };
}

const NAMES: Readonly<Record<string, string>> = { 'tea.node-binary': `Node ${process.version}`, 'tea.bundle': `TEE bundle ${version}` };

/** The reference values of this very checkout on this very Node: whoever trusts the sources they have trusts these. */
export function localReferenceValues({ log }: ProcessMeasurements): ReferenceValues {
  return {
    v: 1,
    name: 'tea-runtime, process mode',
    version,
    mode: 'process',
    events: log.map(({ pcr, contentType, digest, content }) => ({
      pcr,
      contentType,
      name: NAMES[contentType] ?? contentType,
      allowed: [{ digest, version: typeof content['version'] === 'string' ? content['version'] : 'unknown' }],
    })),
    provenance: { kind: 'unsigned', note: 'computed from the local checkout' },
  };
}

async function sha256OfFile(path: string): Promise<Uint8Array> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(path), hash);
  return new Uint8Array(hash.digest());
}
