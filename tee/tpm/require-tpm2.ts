import { TeaError } from '@tea/protocol';
import { HEADER_SIZE } from './frame.ts';
import { patientTransport } from './patient-transport.ts';
import type { TpmTransport } from './transport.ts';

// TPM2_GetCapability(TPM_CAP_TPM_PROPERTIES, TPM_PT_FAMILY_INDICATOR, 1), Part 3, 30.2; Part 2, 6.13
const ASK_FAMILY = Uint8Array.fromHex('8001000000160000017a000000060000010000000001');
/** "2.0" and a zero. */
const FAMILY_2_0 = 0x322e3000;
/** Header, moreData, capability, count and property stand before the value. */
const VALUE_AT = HEADER_SIZE + 1 + 4 + 4 + 4;
/** A TPM 1.2 answers a command of ours with this tag (TPM Main Part 2, 6: TPM_TAG_RSP_COMMAND). */
const TAG_1_2 = 0x00c4;

/**
 * Takes over the transport, and gives back one that a TPM 2.0 answers on.
 * @throws TeaError `unavailable` for whatever is none, and then the transport is closed
 */
export async function requireTpm2(transport: TpmTransport, timeoutMs = 5_000): Promise<TpmTransport> {
  const { description } = transport;
  let answer: Uint8Array;
  try {
    answer = await patientTransport(transport, timeoutMs).transmit(ASK_FAMILY);
  } catch (cause) {
    await transport[Symbol.asyncDispose]();
    throw noTpm2(description, cause instanceof TeaError ? (cause.actual ?? cause.summary) : 'nothing', cause);
  }
  const view = new DataView(answer.buffer, answer.byteOffset, answer.length);
  if (answer.length >= VALUE_AT + 4 && view.getUint32(6) === 0 && view.getUint32(VALUE_AT) === FAMILY_2_0) return transport;
  await transport[Symbol.asyncDispose]();
  const isOlder = answer.length >= 2 && view.getUint16(0) === TAG_1_2;
  throw noTpm2(description, isOlder ? 'the answer of a TPM 1.2' : `${answer.length} bytes that are no answer of a TPM 2.0`);
}

function noTpm2(description: string, actual: string | number, cause?: unknown): TeaError {
  return new TeaError('unavailable', `There is no TPM 2.0 at ${description}`, {
    expected: 'a TPM 2.0 that answers',
    actual: String(actual),
    next: 'name the device of a TPM 2.0, as a rule /dev/tpmrm0 (a machine with a TPM 1.2 can’t run a node on it), or start without --tpm, on a simulator',
    ...(cause === undefined ? {} : { cause }),
  });
}
