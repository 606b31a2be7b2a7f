import { makeCredential } from '@tea/attestation';
import { temporaryDirectory } from '@tea/platform';
import { secureRandom, sha256 } from '@tea/protocol';
import { generateHpkeKeyPair } from '@tea/protocol/hpke';
import { connectSwtpm, openTeeTpm, type TeeTpm } from '@tea/tpm';
import { startSwtpm } from '../../tee/launcher/swtpm.ts';
import { onCall, type AttackGroup } from './attack.ts';

/** Each of these on a TPM of its own. */
async function onTpm(attempt: (tpm: TeeTpm) => Promise<unknown>): Promise<void> {
  await using directory = await temporaryDirectory('attack');
  await using swtpm = await startSwtpm({ stateDir: directory.path });
  await using tpm = await openTeeTpm({ transport: await connectSwtpm({ socketPath: swtpm.socketPath }), stateDir: directory.path });
  await attempt(tpm);
}

export const onTpms: AttackGroup = {
  id: 'tpm',
  on: 'the TPM itself (swtpm)',
  wouldGain: 'the TPM does for another program what it does for the measured one',
  attacks: [
    onCall('tpm-key-after-change', 'uses the sealing key after another event was measured', 'tpm', () =>
      onTpm(async (tpm) => {
        await tpm.extendPcr(12, sha256());
        await tpm.ecdhZ((await generateHpkeKeyPair()).publicPoint);
      }),
    ),
    onCall('tpm-other-credential', 'has the TPM open a credential made for another key', 'tpm', () =>
      onTpm(async (tpm) => {
        const [ekCertificate = new Uint8Array()] = await tpm.ekCertificates();
        const { challenge } = await makeCredential({ ekCertificate, akName: tpm.sealingKey.name, random: secureRandom });
        await tpm.activateCredential(challenge.credentialBlob, challenge.encryptedSecret);
      }),
    ),
    onCall('tpm-altered-credential', 'alters a credential on its way', 'tpm', () =>
      onTpm(async (tpm) => {
        const [ekCertificate = new Uint8Array()] = await tpm.ekCertificates();
        const { challenge } = await makeCredential({ ekCertificate, akName: tpm.ak.name, random: secureRandom });
        await tpm.activateCredential(
          challenge.credentialBlob.map((byte, at) => (at === 40 ? byte ^ 1 : byte)),
          challenge.encryptedSecret,
        );
      }),
    ),
    onCall('tpm-point-off-curve', 'asks for a shared secret with a point that is on no curve', 'badMessage', () =>
      onTpm((tpm) => tpm.ecdhZ(new Uint8Array(65).fill(4))),
    ),
  ],
};
