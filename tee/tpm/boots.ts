import { isTeaError } from '@tea/protocol';
import type { TpmCommand } from './commands/command.ts';
import { FlushContext, GetCapability, ReadClock, Startup } from './commands/general.ts';
import { TPM_CAP } from './commands/types.ts';
import { decodeResponse, encodeCommand } from './frame.ts';
import { FIRST_HANDLES } from './handles.ts';
import type { TpmTransport } from './transport.ts';

/** Which of its lives a TPM is in. Objects and sessions don't outlive one (Part 1, 12.2.3: TPM Reset, Restart). */
export type Boot = { readonly resetCount: number; readonly restartCount: number };

const TPM_SU_CLEAR = 0;
const MAX_HANDLES = 254;

/** Starts the TPM up when nobody has since it got power. Its PCRs are then zero, which quotes will say. */
export async function readBoot(send: TpmTransport['transmit']): Promise<Boot> {
  const read = async (): Promise<Boot> => {
    const { resetCount, restartCount } = (await run(send, ReadClock, {})).clockInfo;
    return { resetCount, restartCount };
  };
  try {
    return await read();
  } catch (error) {
    if (!isTeaError(error, 'tpm') || error.details['response'] !== 'TPM_RC_INITIALIZE') throw error;
    await run(send, Startup, { startupType: TPM_SU_CLEAR });
    return read();
  }
}

/** Objects and sessions survive a client that was killed, and take the few places there are. */
export async function flushLeftovers(send: TpmTransport['transmit']): Promise<void> {
  for (const property of Object.values(FIRST_HANDLES)) {
    const { capabilityData } = await run(send, GetCapability, { capability: TPM_CAP.handles, property, propertyCount: MAX_HANDLES });
    const found = capabilityData.capability === 'handles' ? capabilityData.handles : [];
    for (const flushHandle of found) await run(send, FlushContext, { flushHandle });
  }
}

async function run<P, R>(send: TpmTransport['transmit'], command: TpmCommand<never, P, R>, values: P): Promise<R> {
  return decodeResponse(command, await send(encodeCommand(command, {}, values, [])), []);
}
