import { TeaError } from '@tea/protocol';

/**
 * A way to a TPM: one whole command in, one whole response out. Callers send one at a time (TeaError `conflict`); `Tpm` sees to that.
 *
 * A transport that lost its TPM stays lost: this call and every later one rejects with TeaError `unavailable` at once.
 */
export type TpmTransport = AsyncDisposable & {
  /** For people: a path or an address. */
  readonly description: string;
  /** @throws TeaError `unavailable` */
  transmit(command: Uint8Array): Promise<Uint8Array>;
};

export function tpmGone(description: string, actual: string, next: string, cause?: unknown): TeaError {
  return new TeaError('unavailable', `The TPM at ${description} is gone`, {
    expected: 'an answer',
    actual,
    next,
    ...(cause === undefined ? {} : { cause }),
  });
}

export function tpmBusy(): TeaError {
  return new TeaError('conflict', 'A TPM takes one command at a time', { next: 'send commands through one `Tpm`' });
}
