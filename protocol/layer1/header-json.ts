import * as v from 'valibot';
import { concatBytes, fromHex } from '../bytes.ts';
import { TeaError } from '../errors.ts';
import { encodeCompact } from './scale.ts';

const hex = v.pipe(v.string(), v.regex(/^0x([0-9a-f]{2})*$/));
const schema = v.object({
  parentHash: hex,
  number: v.pipe(v.string(), v.regex(/^0x[0-9a-f]{1,8}$/), v.transform(Number)),
  stateRoot: hex,
  extrinsicsRoot: hex,
  digest: v.object({ logs: v.array(hex) }),
});

/**
 * The header that `chain_getHeader` answered, as the SCALE bytes whose BLAKE2b is the block's hash.
 * @throws TeaError `badMessage`
 */
export function encodeHeaderJson(reply: unknown): Uint8Array {
  const parsed = v.safeParse(schema, reply);
  if (!parsed.success)
    throw new TeaError('badMessage', 'This is not a block header', { expected: 'the JSON of chain_getHeader', actual: typeof reply });
  const { parentHash, number, stateRoot, extrinsicsRoot, digest } = parsed.output;
  const logs = digest.logs.map((log) => fromHex(log));
  return concatBytes(
    fromHex(parentHash, 32),
    encodeCompact(number),
    fromHex(stateRoot, 32),
    fromHex(extrinsicsRoot, 32),
    encodeCompact(logs.length),
    ...logs,
  );
}
