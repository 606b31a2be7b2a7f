import { TeaError } from '@tea/protocol';

/** What `--genesis` names: the chain that a command expects, or undefined where it takes the one the host shows. @throws TeaError `badInput` */
export function genesisPin(value: string | boolean | undefined): Uint8Array | undefined {
  if (value === undefined) return undefined;
  const [, digits] = /^(?:0x)?([0-9a-f]{64})$/i.exec(String(value)) ?? [];
  if (digits !== undefined) return Uint8Array.fromHex(digits);
  throw new TeaError('badInput', 'This is no genesis hash', {
    expected: '64 hexadecimal digits',
    actual: String(value),
    next: 'tea chain status of a host you trust, or who runs the network, says it',
  });
}
