import { CID } from 'multiformats/cid';
import { sealContent } from '@tea/protocol/sealed';
import { TeaError } from '@tea/protocol';
import type { Account } from './account.ts';
import type { Tea } from './tea.ts';

/** Sealed content is encrypted here, before a byte of it leaves the process; its key stays with the caller. */
export type Visibility = { readonly kind: 'plain' } | { readonly kind: 'sealed'; readonly key: Uint8Array };

export type PublishRequest = {
  readonly kind: 'code' | 'data';
  readonly source: AsyncIterable<Uint8Array>;
  readonly visibility: Visibility;
  /** In plancks (10^-12 TEA), paid to the owner by every errand that ends well. */
  readonly price: bigint;
  readonly owner: Account;
  readonly signal?: AbortSignal;
  readonly onProgress?: (bytesStored: number) => void;
};

/** What layer 1 knows of the content: the published bytes are the sealed ones when it is sealed. */
export type Published = { readonly id: bigint; readonly cid: string; readonly sha256: Uint8Array; readonly sizeBytes: number };

export type StoredInput = { readonly cid: string; readonly sha256: Uint8Array; readonly sizeBytes: number; readonly sealed: boolean };

/** Seals if asked to, and stores an errand's input. Layer 1 hears of it with the errand. */
export async function storeInput(
  tea: Tea,
  { source, visibility, signal }: Pick<PublishRequest, 'source' | 'visibility' | 'signal'>,
): Promise<StoredInput> {
  const sealed = visibility.kind === 'sealed';
  const bytes = sealed ? sealContent(source, visibility.key, { ...(signal && { signal }) }) : source;
  const { cid, size, sha256 } = await tea.ipfs.add(bytes, { ...(signal && { signal }) });
  return { cid, sha256, sizeBytes: size, sealed };
}

/** Seals if asked to, stores the content, and records it on layer 1. @throws TeaError; then nothing is recorded */
export async function publish(tea: Tea, { kind, source, visibility, price, owner, signal, onProgress }: PublishRequest): Promise<Published> {
  const bytes = visibility.kind === 'plain' ? source : sealContent(source, visibility.key, { ...(signal && { signal }) });
  const { cid, size, sha256 } = await tea.ipfs.add(bytes, { ...(signal && { signal }), ...(onProgress && { onProgress }) });
  const { events } = await tea.ledger.submit(
    tea.ledger.api.tx.Content.publish({
      kind: { type: kind === 'code' ? 'Code' : 'Data', value: undefined },
      cid: CID.parse(cid).bytes,
      sha256: `0x${sha256.toHex()}`,
      size: BigInt(size),
      visibility: { type: visibility.kind === 'plain' ? 'Plain' : 'Sealed', value: undefined },
      price,
    }),
    owner.signer,
    { ...(signal && { signal }) },
  );
  const [published] = tea.ledger.api.event.Content.Published.filter(events);
  if (published === undefined) throw new TeaError('internal', 'Layer 1 recorded the content but said no id');
  return { id: published.payload.id, cid, sha256, sizeBytes: size };
}
