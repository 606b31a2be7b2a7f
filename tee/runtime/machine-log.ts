import { decodeTcgLog, type TcgEvent } from '@tea/attestation';
import { FIRMWARE_EVENT, TeaError, type EventRecord } from '@tea/protocol';

const EV_NO_ACTION = 3;

/**
 * The firmware's event log as a canonical one (TCG CEL 1.0, 4.2.3, content type `pcclient_std`): what was extended, in order, with the digests of the
 * SHA-256 bank. Events that are only informative (EV_NO_ACTION) were never extended and are left out.
 * @param bytes as Linux shows it: /sys/kernel/security/tpm0/binary_bios_measurements
 * @throws TeaError `badMessage`; `refused` for a firmware that does not measure into the SHA-256 bank, or whose TPM did not start from zeros
 */
export function canonicalMachineLog(bytes: Uint8Array): EventRecord[] {
  const { events, startupLocality } = decodeTcgLog(bytes);
  if (startupLocality !== 0) {
    throw new TeaError('refused', 'This machine starts its TPM in a way that evidence does not describe', {
      expected: 'a startup from locality 0',
      actual: `locality ${startupLocality}`,
    });
  }
  return events.filter(({ type }) => type !== EV_NO_ACTION).map(canonical);
}

function canonical({ pcr, type, digests, data }: TcgEvent, recnum: number): EventRecord {
  const digest = digests.get('sha256');
  if (digest === undefined) {
    throw new TeaError('refused', 'The firmware does not measure into the SHA-256 bank', {
      expected: 'a SHA-256 digest of every event',
      actual: `${[...digests.keys()].join(', ') || 'no'} digests`,
      next: 'switch the SHA-256 bank on in the firmware’s settings',
    });
  }
  return { recnum, pcr, digest, contentType: FIRMWARE_EVENT, content: { event_type: type, event_data: data } };
}
