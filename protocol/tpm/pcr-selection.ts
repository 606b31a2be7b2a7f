import { TeaError } from '../errors.ts';
import { hashAlgorithm } from './constants.ts';
import { list, struct, type TpmType, type ValueOf } from './wire.ts';

/** The PC Client profile has 24 PCRs, so PCR_SELECT_MIN = PCR_SELECT_MAX = 3 bytes: no other size is a second spelling of the same set. */
const SELECT_SIZE = 3;
const PCR_COUNT = SELECT_SIZE * 8;

/** Part 2, 10.6.1: sizeofSelect and pcrSelect; as a value, ascending PCR indices. */
const pcrSelect: TpmType<readonly number[]> = {
  read(reader) {
    const size = reader.uint8();
    if (size !== SELECT_SIZE) throw reader.refuse(`sizeofSelect ${SELECT_SIZE}`, String(size));
    const select = reader.bytes(size);
    return Array.from({ length: PCR_COUNT }, (_, index) => index).filter((index) => ((select[index >> 3] ?? 0) >> (index & 7)) & 1);
  },
  write(writer, indices) {
    const select = new Uint8Array(SELECT_SIZE);
    for (const index of indices) {
      if (!Number.isInteger(index) || index < 0 || index >= PCR_COUNT) {
        throw new TeaError('badInput', 'There is no such PCR', { expected: `an index from 0 to ${PCR_COUNT - 1}`, actual: String(index) });
      }
      select[index >> 3] = (select[index >> 3] ?? 0) | (1 << (index & 7));
    }
    writer.uint8(SELECT_SIZE);
    writer.bytes(select);
  },
};

/** Part 2, 10.6.2. */
const TPMS_PCR_SELECTION = struct({ hash: hashAlgorithm, pcrs: pcrSelect });

/** Part 2, 10.9.7; HASH_COUNT banks at most. */
export const TPML_PCR_SELECTION = list('TPML_PCR_SELECTION', TPMS_PCR_SELECTION, 16);

export type PcrSelection = ValueOf<typeof TPML_PCR_SELECTION>;
