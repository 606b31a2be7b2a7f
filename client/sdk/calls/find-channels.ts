import { equalBytes } from '@tea/protocol';
import { parseCid } from '@tea/protocol/ipfs';
import type { ChannelRecord, ContentEntry } from '@tea/protocol/layer1';
import { readChannel, readContent } from '@tea/protocol/ledger';
import type { Tea } from '../tea.ts';

export type OpenChannel = { readonly id: bigint; readonly record: ChannelRecord };

/** The open channels of a depositor, oldest first. Which there are is the host's word; what is said of each is proven. */
export async function findChannels({ ledger }: Pick<Tea, 'ledger'>, depositor: Uint8Array): Promise<OpenChannel[]> {
  const ids = (await ledger.api.query.Vouchers.Channels.getEntries()).map(({ keyArgs: [id] }) => id).toSorted((a, b) => (a < b ? -1 : 1));
  const found = await Promise.all(ids.map(async (id) => ({ id, record: await readChannel(ledger, id) })));
  return found.flatMap(({ id, record }) => (record !== null && equalBytes(record.depositor, depositor) ? [{ id, record }] : []));
}

/** The content that can be called under this CID: plain code, on offer, free of charge. Null when layer 1 shows none. As above, each is proven. */
export async function findCallable({ ledger }: Pick<Tea, 'ledger'>, cid: string): Promise<bigint | null> {
  const wanted = parseCid(cid).bytes;
  for (const { keyArgs } of await ledger.api.query.Content.Entries.getEntries()) {
    const entry = await readContent(ledger, keyArgs[0]);
    if (entry !== null && equalBytes(entry.cid, wanted) && isCallable(entry)) return keyArgs[0];
  }
  return null;
}

function isCallable({ kind, visibility, price, onSale }: ContentEntry): boolean {
  return kind === 'code' && visibility === 'plain' && price === 0n && onSale;
}
