import { type FileHandle, open } from 'node:fs/promises';
import { HEADER_SIZE, MAX_RESPONSE_SIZE } from './frame.ts';
import { tpmBusy, tpmGone, type TpmTransport } from './transport.ts';

const RESOURCE_MANAGER = '/dev/tpmrm0';

/**
 * The kernel's resource manager: a write is one command, the next read is its response. Never open `/dev/tpm0` beside it: what leaks there fills the slots here.
 * @throws TeaError `unavailable`
 */
export async function openTpmDevice({ path = RESOURCE_MANAGER }: { readonly path?: string } = {}): Promise<TpmTransport> {
  let device: FileHandle;
  try {
    device = await open(path, 'r+');
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    throw tpmGone(path, String(code ?? cause), adviceFor(code), cause);
  }
  let lost: Error | undefined;
  let busy = false;
  let closed: Promise<void> | undefined;
  const response = new Uint8Array(MAX_RESPONSE_SIZE);
  return {
    description: path,
    async transmit(command) {
      if (lost) throw lost;
      if (busy) throw tpmBusy();
      busy = true;
      try {
        const { bytesWritten } = await device.write(command);
        if (bytesWritten < command.length) throw new Error(`${bytesWritten} of ${command.length} bytes taken`);
        const { bytesRead } = await device.read(response, 0, response.length, null);
        if (bytesRead < HEADER_SIZE) throw new Error(`${bytesRead} bytes`);
        return response.slice(0, bytesRead);
      } catch (cause) {
        lost = tpmGone(path, (cause as Error).message, 'check `dmesg` for tpm errors and restart the TEE', cause);
        throw lost;
      } finally {
        busy = false;
      }
    },
    async [Symbol.asyncDispose]() {
      lost ??= tpmGone(path, 'it was closed by its owner', 'open it again');
      await (closed ??= device.close());
    },
  };
}

function adviceFor(code: string | undefined): string {
  if (code === 'EACCES') return "add this user to the device's group (`usermod -aG tss $USER`) and log in again";
  if (code === 'ENOENT') return 'enable the TPM in the firmware, or use the simulator: `tea up --tee process`';
  if (code === 'EBUSY') return 'stop what else holds /dev/tpm0, and use /dev/tpmrm0';
  return 'check `dmesg` for tpm errors';
}
