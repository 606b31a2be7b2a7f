import assert from 'node:assert/strict';
import { generateKeyPairSync } from 'node:crypto';
import { readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Writable } from 'node:stream';
import { after, test } from 'node:test';
import { encodeReferenceValues, writePolicyDocument } from '@tea/protocol';
import { openScreen } from '@tea/cli';
import { inspectNode, laptopPolicy } from '@tea/sdk';
import { inspect } from '../client/cli/commands/inspect.ts';
import { policy } from '../client/cli/commands/policy.ts';
import { referenceValues } from '../client/cli/commands/reference-values.ts';
import type { Command } from '../client/cli/commands/command.ts';
import { offerNetwork } from '../client/cli/running-network.ts';
import { startTestNetwork } from './test-network.ts';

const network = await startTestNetwork();
const offered = await offerNetwork({ stateDir: network.stateDir, client: network.client });
after(async () => {
  await offered[Symbol.asyncDispose]();
  await network[Symbol.asyncDispose]();
});
const { signal } = new AbortController();
const node = network.node.toHex();
const inFolder = (name: string) => join(network.stateDir, name);
await writeFile(inFolder('reference-values.cbor'), encodeReferenceValues(network.referenceValues));

async function run(command: Command, positionals: string[], values: Record<string, string> = {}): Promise<{ code: number; said: string }> {
  let said = '';
  const out = new Writable({
    write(chunk: Buffer, _encoding, done) {
      said += chunk.toString();
      done();
    },
  });
  return { code: await command.run({ values, positionals, screen: openScreen({ json: false, out }), signal }), said };
}
const inspected = (values: Record<string, string>, subject = node) =>
  run(inspect, [subject], { dir: network.stateDir, 'reference-values': inFolder('reference-values.cbor'), ...values });

test('tea inspect refuses a node under a policy that wants a real TPM, and says what failed', async () => {
  const { code, said } = await inspected({ policy: 'strict' });
  assert.equal(code, 1);
  assert.match(said, /Contraindicated/);
  assert.match(said, /✗ The policy accepts this kind of TPM\n {4}expected/);
});

test('tea inspect refuses a node whose program is not the one expected', async () => {
  const [first, second] = network.referenceValues.events;
  assert.ok(first && second);
  const other = { ...second, allowed: second.allowed.map(({ version }) => ({ digest: new Uint8Array(32), version })) };
  await writeFile(inFolder('other.cbor'), encodeReferenceValues({ ...network.referenceValues, events: [first, other] }));
  const { code, said } = await inspected({ 'reference-values': inFolder('other.cbor') });
  assert.equal(code, 1);
  assert.match(said, /✗ Every event is known to the reference values/);
});

test('tea inspect takes neither a name for a node nor a node nobody registered', async () => {
  await assert.rejects(inspected({}, 'alice'), { code: 'badInput' });
  await assert.rejects(inspected({}, '00'.repeat(32)), { code: 'notFound' });
});

test('tea inspect affirms the running node, verdict first, and writes its evidence; tea policy check judges what was written', async () => {
  const { code, said } = await inspected({ raw: inFolder('raw') });
  assert.equal(code, 0);
  assert.ok(said.indexOf('Affirming') < said.indexOf('The attestation key signed the quote'));
  assert.match(said, /can forge all of this/);
  const files = await readdir(inFolder('raw'));
  for (const name of ['evidence.cbor', 'ek.der', 'quote.tpms-attest', 'event-log.cel.cbor', 'result.ear.json']) assert.ok(files.includes(name), name);
  await writeFile(inFolder('laptop.json'), writePolicyDocument(laptopPolicy));
  const evidence = inFolder('raw/evidence.cbor');
  assert.equal((await run(policy, ['check', inFolder('laptop.json')], { evidence })).code, 0);
  assert.equal((await run(policy, ['check', 'strict'], { evidence })).code, 1);
  assert.match((await run(policy, ['check', 'laptop'])).said, /WARNING/);
});

test('a policy that names a release key takes what that key signed, and nobody else’s values', async () => {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  await writeFile(inFolder('release.pem'), privateKey.export({ type: 'pkcs8', format: 'pem' }), { mode: 0o600 });
  const signed = { out: inFolder('signed.cbor'), key: inFolder('release.pem'), signer: 'TEA releases', issue: '3' };
  assert.equal((await run(referenceValues, [], signed)).code, 0);
  const key = new Uint8Array(publicKey.export({ type: 'spki', format: 'der' }).subarray(-65));
  const policyFor = (release: Uint8Array, minimumIssue: number) =>
    writeFile(
      inFolder('release.json'),
      writePolicyDocument({
        ...laptopPolicy,
        name: 'lab/release',
        referenceValues: { accept: 'signed', releaseKeys: [{ name: 'TEA', key: release }], minimumIssue },
      }),
    );
  const verdict = async (references: string) =>
    (await inspected({ policy: inFolder('release.json'), 'reference-values': inFolder(references) })).said;
  await policyFor(key, 3);
  assert.match(await verdict('reference-values.cbor'), /✗ Somebody the policy accepts vouches/);
  assert.match(await verdict('signed.cbor'), /✓ {2}Somebody the policy accepts vouches .* signed by TEA/);
  await policyFor(key, 4);
  assert.match(await verdict('signed.cbor'), /✗ The reference values are no older/);
  await policyFor(key.with(1, (key[1] ?? 0) ^ 1), 3);
  assert.match(await verdict('signed.cbor'), /✗ Somebody the policy accepts vouches/);
});

test('a node is judged by its registered evidence, its account, and a challenge of now', async () => {
  const { appraisal, record } = await inspectNode(network.tea, network.node, {
    policy: laptopPolicy,
    referenceValues: network.referenceValues,
    now: new Date(),
  });
  assert.equal(appraisal.result.verdict, 'affirming');
  assert.deepEqual(appraisal.node?.account, record.teeAccount);
});
