import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { TeaError } from '@tea/protocol';
import { encodeExportBlock, encodeExportHead } from '@tea/protocol/layer1';
import { loadHashing } from '../hashing.ts';
import { readFrames } from '../log/frames.ts';
import { decodeBlockRecord } from '../log/record.ts';

/**
 * The lines of an export (`chain-export.ts` in @tea/protocol/layer1), from the log of a chain that runs or doesn't: it only ever grows, and what is on
 * disk is final. Two passes: the first line says where the last ends.
 * @throws TeaError `notFound` without a chain, `corrupt` when its log is damaged
 */
export async function* exportChain(dataDir: string): AsyncGenerator<string> {
  const hashing = await loadHashing();
  const path = join(dataDir, 'chain.log');
  if (!existsSync(path)) throw new TeaError('notFound', 'There is no chain here', { expected: 'a file chain.log', actual: dataDir });
  let count = 0;
  let genesisHash: Uint8Array | null = null;
  for (const { payload } of readFrames(path, hashing.blake2b128)) {
    genesisHash ??= hashing.blake2b256(decodeBlockRecord(payload).header);
    count += 1;
  }
  if (genesisHash === null) throw new TeaError('notFound', 'This chain has no block', { expected: 'a genesis block', actual: path });
  yield encodeExportHead({ genesisHash, last: count - 1 });
  let number = 0;
  for (const { payload } of readFrames(path, hashing.blake2b128)) {
    if (number === count) return;
    yield encodeExportBlock({ number, ...decodeBlockRecord(payload) });
    number += 1;
  }
}
