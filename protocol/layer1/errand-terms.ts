import { sha256 } from '../bytes.ts';
import { encodeCbor } from '../cbor.ts';
import type { ErrandRecord } from './errand-record.ts';

/**
 * What was ordered: which code may meet which data, and who may read the result. Fixed when the errand is created.
 *
 * Its digest stands in every release, because owner and TEE both read the errand from a host nobody trusts: a key that was released for what its owner
 * was shown opens for nothing else that the TEE may be shown.
 *
 * @returns SHA-256 of the deterministic CBOR of the order
 */
export function termsDigest({ consumer, code, data, input, gasLimit, policy, resultKey, parts }: ErrandRecord): Uint8Array {
  return sha256(
    encodeCbor({
      domain: 'tea/errand-terms/1',
      consumer,
      code,
      data: [...data],
      input: input === null ? null : { sha256: input.sha256, sealed: input.visibility === 'sealed' },
      gasLimit,
      policy,
      resultKey,
      parts: parts.map(({ part, owner, sealed, sha256: published }) => ({ part, owner, sealed, sha256: published })),
    }),
  );
}
