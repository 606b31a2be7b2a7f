import { equalBytes, TeaError } from '@tea/protocol';
import { decodeErrandRecord, errandStorageKey, readChainExport, type ErrandRecord, type ErrandState } from '@tea/protocol/layer1';

/** What an exported chain holds of one errand. */
export type ErrandHistory = {
  /** As the last block left it. */
  readonly record: ErrandRecord;
  /** Each state it came to, and in which block. */
  readonly states: readonly { readonly block: number; readonly state: ErrandState }[];
  /** The export's last block. */
  readonly lastBlock: number;
};

/**
 * Follows one errand through an exported chain. Headers are checked to be one chain; that the blocks do what the file says is for `tea chain import`.
 * @param lines of the export, without line feeds
 * @throws TeaError `notFound`; as `readChainExport`
 */
export async function errandHistory(lines: AsyncIterable<string>, id: bigint): Promise<ErrandHistory> {
  const key = errandStorageKey(id);
  const states: { block: number; state: ErrandState }[] = [];
  let record: ErrandRecord | null = null;
  let lastBlock = 0;
  for await (const { number, changes } of readChainExport(lines)) {
    lastBlock = number;
    const value = changes.find(([changed]) => equalBytes(changed, key))?.[1];
    if (value === undefined || value === null) continue;
    record = decodeErrandRecord(value);
    if (states.at(-1)?.state !== record.state) states.push({ block: number, state: record.state });
  }
  if (record === null)
    throw new TeaError('notFound', `This export knows no errand ${id}`, { expected: 'one of its errands', actual: `${lastBlock} blocks without it` });
  return { record, states, lastBlock };
}
