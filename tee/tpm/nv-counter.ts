import { concatBytes, equalBytes, sha256, TeaError } from '@tea/protocol';
import { algorithm, encodeTpm } from '@tea/protocol/tpm';
import { type Authorization, password } from './authorization.ts';
import { NvDefineSpace, NvIncrement, NvRead, NvReadPublic } from './commands/nv.ts';
import { TPMS_NV_PUBLIC } from './commands/types.ts';
import { listHandles } from './endorsement.ts';
import { TPM_RH, type TpmTurn } from './tpm.ts';

// Part 2, 13.4: TPMA_NV.
const TPMA_NV = { authWrite: 1 << 2, counter: 1 << 4, authRead: 1 << 18, noDa: 1 << 25, written: 1 << 29 } as const;
const SIZE = 8;
const NONE = new Uint8Array(0);
const DEFINITION = {
  nvIndex: 0x01807ea0, // in the owner's range, TCG Registry of Reserved TPM 2.0 Handles, 2.2
  nameAlg: 'sha256',
  attributes: TPMA_NV.authWrite | TPMA_NV.counter | TPMA_NV.authRead | TPMA_NV.noDa,
  authPolicy: NONE,
  dataSize: SIZE,
} as const;

/**
 * TEA's count in NV memory. It only goes up: when its index is deleted and defined anew, the TPM goes on from the highest count that any of
 * its counters ever had (Part 1, 37.2.4.3). Anyone who may use the TPM can count up, which denies service and gives nothing.
 * @param session vouches for the answer: whoever sits before the TPM can't tell an old count
 * @returns undefined while nobody has counted yet
 * @throws TeaError `conflict` when something else uses the index
 */
export async function readCounter(turn: TpmTurn, session: Authorization): Promise<bigint | undefined> {
  const state = await stateOfIndex(turn);
  return state === 'written' ? readWritten(turn, session) : undefined;
}

/** @returns the new count */
export async function incrementCounter(turn: TpmTurn, session: Authorization): Promise<bigint> {
  const state = await stateOfIndex(turn);
  if (state === 'none') await turn.run(NvDefineSpace, { authHandle: TPM_RH.owner }, { auth: NONE, publicInfo: DEFINITION }, [password()]);
  const index = entity(state === 'written');
  await turn.run(NvIncrement, { authHandle: index, nvIndex: index }, {}, [session]);
  return readWritten(turn, session);
}

async function readWritten(turn: TpmTurn, session: Authorization): Promise<bigint> {
  const index = entity(true);
  const { data } = await turn.run(NvRead, { authHandle: index, nvIndex: index }, { size: SIZE, offset: 0 }, [session]);
  return new DataView(data.buffer, data.byteOffset, SIZE).getBigUint64(0);
}

async function stateOfIndex(turn: TpmTurn): Promise<'none' | 'defined' | 'written'> {
  if (!(await listHandles(turn, DEFINITION.nvIndex)).includes(DEFINITION.nvIndex)) return 'none';
  const { nvName } = await turn.run(NvReadPublic, { nvIndex: DEFINITION.nvIndex }, {});
  if (equalBytes(nvName, entity(true).name)) return 'written';
  if (equalBytes(nvName, entity(false).name)) return 'defined';
  throw new TeaError('conflict', 'Something else uses the NV index of the rollback counter', {
    expected: `index 0x${DEFINITION.nvIndex.toString(16)} with Name ${entity(true).name.toHex()}`,
    actual: nvName.toHex(),
    next: 'find out who defined it (tpm2_nvreadpublic) and have it removed (tpm2_nvundefine)',
  });
}

/** Part 1, 16: an index's Name covers its attributes, so whoever uses another index under this handle makes the session's HMAC fail. */
function entity(written: boolean): { handle: number; name: Uint8Array } {
  const area = encodeTpm(TPMS_NV_PUBLIC, { ...DEFINITION, attributes: DEFINITION.attributes | (written ? TPMA_NV.written : 0) });
  return { handle: DEFINITION.nvIndex, name: concatBytes(encodeTpm(algorithm, 'sha256'), sha256(area)) };
}
