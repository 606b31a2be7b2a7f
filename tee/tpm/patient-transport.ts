import { TeaError } from '@tea/protocol';
import { TPM_COMMANDS } from './commands/table.ts';
import { HEADER_SIZE } from './frame.ts';
import type { TpmTransport } from './transport.ts';

const MAX_RETRIES = 5;

/**
 * Takes over a transport. Sends a command again while the TPM asks for it, and takes a TPM that stays silent for gone.
 * @param timeoutMs for the TPM to answer one command; afterwards `transmit` rejects with TeaError `timeout` and the transport is closed
 */
export function patientTransport(transport: TpmTransport, timeoutMs: number): TpmTransport {
  const once = async (command: Uint8Array): Promise<Uint8Array> => {
    const silence = Promise.withResolvers<never>();
    const timer = setTimeout(() => {
      silence.reject(
        new TeaError('timeout', `The TPM did not answer ${nameOfCommand(command)}`, {
          expected: `an answer within ${timeoutMs} ms`,
          next: 'stop whoever else uses this TPM (a simulator serves one client at a time), or restart it',
        }),
      );
      // Its late answer would be taken for the next command's, so nobody may use this connection again.
      void transport[Symbol.asyncDispose]();
    }, timeoutMs);
    try {
      return await Promise.race([transport.transmit(command), silence.promise]);
    } finally {
      clearTimeout(timer);
    }
  };
  return {
    description: transport.description,
    async transmit(command) {
      let response = await once(command);
      // Part 2, 6.6.4: nothing was done and no nonce moved on, so the same bytes go again.
      for (let retries = 0; retries < MAX_RETRIES && asksAgain(response); retries++) response = await once(command);
      return response;
    },
    [Symbol.asyncDispose]: () => transport[Symbol.asyncDispose](),
  };
}

/** TPM_RC_RETRY or TPM_RC_YIELDED. */
function asksAgain(response: Uint8Array): boolean {
  return response.length === HEADER_SIZE && response[8] === 0x09 && (response[9] === 0x22 || response[9] === 0x08);
}

function nameOfCommand(command: Uint8Array): string {
  return TPM_COMMANDS.get(new DataView(command.buffer, command.byteOffset).getUint32(6))?.name ?? 'an unknown command';
}
