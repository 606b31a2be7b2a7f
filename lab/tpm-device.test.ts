import assert from 'node:assert/strict';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Writable } from 'node:stream';
import { after, before, describe, test } from 'node:test';
import { openScreen, startTee, type StartTeeOptions } from '@tea/cli';
import { sha256, writePolicyDocument } from '@tea/protocol';
import { readNode } from '@tea/protocol/ledger';
import { accountFromSeed, developmentAccount, laptopPolicy, registerNode, ss58 } from '@tea/sdk';
import { createTpm, extendPcr, openTpmDevice, type TpmTurn } from '@tea/tpm';
import { issueRevocationList } from '../attestation/testing/certificates.ts';
import { tpmMaker, type Maker } from '../attestation/testing/scenario.ts';
import { inspect } from '../client/cli/commands/inspect.ts';
import { offerNetwork } from '../client/cli/running-network.ts';
import { startTestTpmDevice, type TestTpmDevice } from '../tee/tpm/test-tpm-device.ts';
import { certifyEcc } from './certify-ek.ts';
import { startTestNetwork, type TestNetwork } from './test-network.ts';

const operator = accountFromSeed('Grace', sha256(Uint8Array.of(71)));
const terms = { operator, hostAccount: operator.publicKey, gasPrice: 1_000n, allowance: 10_000_000_000_000n };
const NEVER_ISSUED = Uint8Array.of(9, 9);

/** A TPM behind a character device, certified by a maker of the test's own; the launcher, the TEE and the network are the real ones. */
describe('a node on a TPM that is there', { timeout: 120_000 }, () => {
  const stack = new AsyncDisposableStack();
  let network: TestNetwork;
  let device: TestTpmDevice;
  let maker: Maker;
  before(async () => {
    device = stack.use(await startTestTpmDevice());
    [network, maker] = await Promise.all([startTestNetwork(), tpmMaker()]);
    stack.use(network);
    const { ledger } = network.tea;
    const stake = ledger.api.tx.Balances.transfer_keep_alive({ dest: { type: 'Id', value: ss58(operator.publicKey) }, value: 10n ** 15n });
    await ledger.submit(stake, developmentAccount('Ferdie').signer);
  });
  after(() => stack.disposeAsync());

  const start = (tpm: StartTeeOptions['tpm'], more: Partial<StartTeeOptions> = {}) =>
    startTee({ stateDir: join(network.stateDir, 'on-device'), credentials: network.host.credentials.tee, tpm, ...more });
  const refused = (path: string, why: RegExp, more: Partial<StartTeeOptions> = {}): Promise<void> =>
    assert.rejects(async () => {
      await using tee = await start({ device: path, authorities: [] }, more);
      void tee;
    }, why);
  async function withTpm(work: (turn: TpmTurn) => Promise<void>): Promise<void> {
    await using tpm = createTpm(await openTpmDevice({ path: device.path }));
    await tpm.turn(work);
  }

  test('does not start where there is no device, or none of a TPM 2.0, and says what to do', async () => {
    await refused('/nonexistent/tpmrm0', /enable the TPM in the firmware/);
    await refused('/dev/null', /no TPM 2\.0 at \/dev\/null[^]*start without --tpm/);
    await refused('/dev/zero', /no TPM 2\.0 at \/dev\/zero/);
  });

  test('does not start on a TPM without a certificate of the key that was asked for', async () => {
    await withTpm((turn) => certifyEcc(turn, maker));
    await refused(device.path, /no certificate of its RSA-2048 EK/, { endorsementKey: 'rsa' });
  });

  test('is admitted by its committee, and inspected by its maker’s certificates and revocation lists', async () => {
    await using tee = await start({ device: device.path, authorities: [maker.intermediate, maker.root] }, { endorsementKey: 'ecc' });
    assert.deepEqual(await registerNode(network.tea, tee.node, terms), { founding: false });

    await using _ = await offerNetwork({ stateDir: network.stateDir, client: network.client });
    const policy = join(network.stateDir, 'required.json');
    const roots = [{ name: 'Synthetic', sha256: sha256(maker.root), trustClass: 'tpm' }] as const;
    await writeFile(policy, writePolicyDocument({ ...laptopPolicy, name: 'lab/required', roots, revocation: 'required' }));
    const inspected = async (crl?: string): Promise<{ readonly code: number; readonly said: string }> => {
      let said = '';
      const out = new Writable({
        write(chunk, _encoding, done) {
          said += String(chunk);
          done();
        },
      });
      const values = { policy, dir: network.stateDir, ...(crl && { crl }) };
      const screen = openScreen({ json: false, out });
      return { code: await inspect.run({ values, positionals: [tee.node.toHex()], screen, signal: new AbortController().signal }), said };
    };
    const lists = async (name: string, revoked: readonly Uint8Array[]): Promise<string> => {
      const folder = join(network.stateDir, name);
      await mkdir(folder);
      const period = { thisUpdate: new Date(Date.now() - 1_000), nextUpdate: new Date(Date.now() + 3_600_000) };
      const issued = [
        { issuer: 'Synthetic TPM Root', signer: maker.rootKey.privateKey, revoked: [] },
        { issuer: 'Synthetic TPM Issuing', signer: maker.intermediateKey.privateKey, revoked },
      ];
      for (const [place, spec] of issued.entries()) await writeFile(join(folder, `${place}.crl`), await issueRevocationList({ ...spec, ...period }));
      return folder;
    };
    const without = await inspected();
    assert.equal(without.code, 1);
    assert.match(without.said, /Trust class: .*tpm/);
    assert.match(without.said, /\? No authority has revoked a certificate of the chain/);
    assert.equal((await inspected(await lists('clean', [NEVER_ISSUED]))).code, 0);
    const revoked = await inspected(await lists('revoked', [Uint8Array.of(1, 2, 3, 4)]));
    assert.equal(revoked.code, 1);
    assert.match(revoked.said, /✗ No authority has revoked a certificate of the chain/);
  });

  test('started again on the same TPM, without a reset, it is the same node and renews its evidence', async () => {
    await using tee = await start({ device: device.path, authorities: [maker.intermediate, maker.root] });
    const { ledger } = network.tea;
    const before = await readNode(ledger, tee.node);
    const renewed = await ledger.waitFor(
      'the renewal',
      () => readNode(ledger, tee.node),
      (record) => record?.status === 'Active' && record.appraisal !== before?.appraisal,
    );
    assert.equal(renewed?.status, 'Active');
  });

  test('does not start where something else was measured since the TPM was reset, or its firmware measures a boot', async () => {
    await withTpm((turn) => extendPcr(turn, 12, sha256(Uint8Array.of(1))));
    await refused(device.path, /Something else was measured[^]*reboot the machine/);
    await withTpm((turn) => extendPcr(turn, 4, sha256(Uint8Array.of(1))));
    await refused(device.path, /firmware of this machine measures its boot[^]*PCR 4 in use/);
  });
});
