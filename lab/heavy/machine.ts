import assert from 'node:assert/strict';
import { chmod, copyFile, cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { appraise, laptopPolicy } from '@tea/attestation';
import { findTool } from '@tea/platform';
import { connect } from '@nats-io/transport-node';
import { decodeEventLog, decodeEvidence, decodeReply, isTeaError, nodeInfo, nodeSubject, sha256, type ReferenceValues } from '@tea/protocol';
import { connectionOptions } from '@tea/protocol/bus';
import { ipfsClient } from '@tea/protocol/ipfs';
import { measureMachineImage, startHost, startTee, type Tee } from '@tea/cli';
import { authenticodeDigest } from '../../tee/kernel/authenticode.ts';
import { FIRMWARE, SHAPE } from '../../tee/kernel/virtual-machine.ts';

/**
 * Boots an image and attacks the boot: `node lab/heavy/machine.ts IMAGE` (tea image build --out IMAGE). Some ten boots, a quarter of a minute each on an idle
 * machine without KVM, several minutes on a busy one. `--record` writes the shape of this machine's firmware anew; `--only WORD` runs what has it in its name.
 */
const { values, positionals } = parseArgs({ options: { record: { type: 'boolean' }, only: { type: 'string' } }, allowPositionals: true });
const image = resolve(positionals[0] ?? 'image.efi');
const room = await mkdtemp(join(tmpdir(), 'tea-machine-'));
const { referenceValues } = await measureMachineImage(image);
const searchPath = process.env['PATH'] ?? '';

type Booted = {
  readonly node: string;
  readonly refused: readonly string[];
  readonly events: readonly [pcr: number, type: number, digest: string][];
  readonly bootMs: number;
};

/** What an evidence fails at that is right in all but that nobody challenged its TPM. */
const NOTHING = ['ak.activation'];

try {
  if (values.record === true) await record();
  else await attack();
} finally {
  await rm(room, { recursive: true, force: true });
}

async function attack(): Promise<void> {
  let first: Booted | undefined;
  await claim('a machine measures as its image predicts, offline', async () => {
    first = await boot({ state: 'good' });
    assert.deepEqual(first.refused, NOTHING);
    return `ready after ${Math.round(first.bootMs / 100) / 10} s`;
  });
  await claim('the same machine, started again, is the same node', async () => {
    const again = await boot({ state: 'good' });
    assert.deepEqual([again.node, again.refused], [first?.node, NOTHING]);
  });
  await claim('sealed state that was rolled back does not open', async () => {
    const [now, old] = [join(room, 'good/machine/kept'), join(room, 'old-kept')];
    await cp(now, old, { recursive: true });
    await boot({ state: 'good' });
    await rm(now, { recursive: true });
    await cp(old, now, { recursive: true });
    return refusesToRun({ state: 'good' }, /old copy/);
  });
  await claim('sealed state of another machine does not open', async () => {
    await boot({ state: 'other' });
    await rm(join(room, 'other/machine/kept/remembered.sealed'));
    await copyFile(join(room, 'good/machine/kept/remembered.sealed'), join(room, 'other/machine/kept/remembered.sealed'));
    return refusesToRun({ state: 'other' }, /not sealed by this TEE|old copy|newer than/);
  });
  await claim('an image with one byte changed is refused', async () => {
    const bytes = await readFile(image);
    const at = bytes.indexOf('HdrS') - 64; // inside the setup code, which an EFI boot does not run
    bytes[at] = (bytes[at] ?? 0) ^ 1;
    await writeFile(join(room, 'changed.efi'), bytes);
    const { refused } = await boot({ state: 'changed', file: join(room, 'changed.efi') });
    assert.ok(refused.includes('log.known') && refused.includes('sealing.policy'), refused.join());
    return refused.join(', ');
  });
  await claim('an initrd and a command line that firmware hands over change nothing that runs, and are refused', async () => {
    await writeFile(join(room, 'evil.cpio'), Buffer.alloc(4096));
    const { refused } = await boot({ state: 'direct', more: ['-kernel', image, '-initrd', join(room, 'evil.cpio'), '-append', 'rdinit=/evil'] });
    assert.ok(refused.includes('log.known'), refused.join());
    return refused.join(', ');
  });
  await claim('another machine shape is refused', async () => {
    const { refused } = await boot({ state: 'shape', more: ['-device', 'virtio-rng-pci', '-device', 'virtio-net-pci'] });
    return refused.join(', ') || 'not measured by this firmware';
  });
  await claim('a gift of firmware settings and years of time travel are no way in', async () => {
    const { refused } = await boot({ state: 'gift', more: ['-fw_cfg', 'name=opt/evil,string=evil', '-rtc', 'base=2001-09-09'] });
    return `refused by: ${refused.join(', ')}`;
  });
  await claim('a starved machine ends, and says so', () =>
    refusesToRun({ state: 'starved', more: ['-m', '300'] }, /panic|memory|init:|ended|ready/i),
  );
}

type BootOptions = { readonly state: string; readonly file?: string; readonly more?: readonly string[] };

/** Boots, appraises what the machine says of itself by the values predicted for `image`, and ends it. */
async function boot({ state, file = image, more = [] }: BootOptions): Promise<Booted> {
  const stateDir = join(room, state);
  await mkdir(stateDir, { recursive: true });
  await standIn(more);
  await using host = await startHost({ stateDir });
  const startedAt = performance.now();
  await using tee: Tee = await startTee({ stateDir, credentials: host.credentials.tee, image: file });
  const bootMs = performance.now() - startedAt;
  const connection = await connect(connectionOptions(host.credentials.client, 'machine'));
  try {
    const reply = await connection.request(nodeSubject(tee.node, 'info'), new Uint8Array(), { timeout: 120_000 });
    const { evidenceCid } = decodeReply(reply.data, nodeInfo, 'answer to info');
    const evidence = new Uint8Array(Buffer.concat(await Array.fromAsync(ipfsClient(connection).cat(evidenceCid))));
    return { node: tee.node.toHex(), refused: await refusals(evidence, referenceValues), events: eventsOf(evidence), bootMs };
  } finally {
    await connection.close();
  }
}

async function refusals(evidence: Uint8Array, expected: ReferenceValues): Promise<string[]> {
  const { binding } = decodeEvidence(evidence);
  const { purpose, chain, errand, nonce } = binding; // its freshness is not what is looked at here
  const { result } = await appraise({
    evidence,
    referenceValues: expected,
    policy: laptopPolicy,
    expected: { purpose, chain, errand, nonce },
    activation: { kind: 'missing' },
    now: new Date(),
  });
  return result.claims.filter(({ ok }) => ok === false).map(({ id }) => id);
}

async function refusesToRun(options: BootOptions, reason: RegExp): Promise<string> {
  const error: unknown = await boot(options).then(
    () => undefined,
    (cause: unknown) => cause,
  );
  assert.ok(isTeaError(error), `it ran: ${String(error)}`);
  const said = reason.exec(error.message)?.[0];
  assert.ok(said !== undefined, error.message);
  return said;
}

/** The machine is started as ever; what stands for QEMU in PATH gives it more than its launcher wants. */
async function standIn(more: readonly string[]): Promise<void> {
  const folder = join(room, 'bin');
  const real = findTool('qemu-system-x86_64', searchPath) ?? assert.fail('qemu-system-x86_64 is needed');
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, 'qemu-system-x86_64'), `#!/bin/sh\nexec '${real}' "$@" ${more.map((word) => `'${word}'`).join(' ')}\n`);
  await chmod(join(folder, 'qemu-system-x86_64'), 0o755);
  process.env['PATH'] = `${folder}${delimiter}${searchPath}`;
}

async function claim(name: string, work: () => Promise<string | undefined | void>): Promise<void> {
  if (values.only !== undefined && !name.includes(values.only)) return;
  const startedAt = performance.now();
  const found = (await work()) ?? '';
  process.stdout.write(`✓ ${name}  ${found}  ${Math.round((performance.now() - startedAt) / 1000)} s\n`);
}

function eventsOf(evidence: Uint8Array): Booted['events'] {
  return decodeEventLog(decodeEvidence(evidence).eventLog).map(({ pcr, digest, content }) => [pcr, Number(content['event_type']), digest.toHex()]);
}

async function record(): Promise<void> {
  const { events } = await boot({ state: 'recorded' });
  const measured = authenticodeDigest(new Uint8Array(await readFile(image))).toHex();
  const [firmware, variables] = await Promise.all([FIRMWARE.code, FIRMWARE.variables].map(async (path) => sha256(await readFile(path)).toHex()));
  const shape = {
    name: 'QEMU q35 with OVMF 2022.11-6+deb12u2',
    firmwareSha256: firmware,
    variablesSha256: variables,
    ...SHAPE,
    events: events.map(([pcr, type, digest]) => ({ pcr, type, digest: digest === measured ? 'image' : digest })),
  };
  await writeFile(new URL('../../tee/kernel/shapes/qemu-q35.json', import.meta.url), `${JSON.stringify(shape, null, 2)}\n`);
}
