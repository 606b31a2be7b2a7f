import { equalBytes } from '../cbor.ts';
import { isTeaError, TeaError } from '../errors.ts';
import { collectBytes, sha256, toHex } from '../bytes.ts';
import { decodeCid } from '../ipfs/cid.ts';
import type { IpfsClient } from '../ipfs/client.ts';
import type { AcceptedRelease, ReleasedDocument } from '../layer1/acceptance-record.ts';
import { decodeReferenceValues } from '../reference-values.ts';
import type { Ledger } from './ledger.ts';
import { readReleases } from './releases.ts';

/** What layer 1 released, at a block: every acceptance, and of the reference values among them the documents that could be had. */
export type Releases = {
  readonly atBlock: number;
  readonly blockHash: Uint8Array;
  readonly records: readonly AcceptedRelease[];
  /** Each has the digest of one of `records`; whoever signed it is not verified. */
  readonly documents: readonly ReleasedDocument[];
  /** Why the others could not be had. */
  readonly unread: readonly TeaError[];
};

export type ReleaseLibrary = {
  /** @throws TeaError as `readReleases`; what is wrong with a document alone is in `unread` */
  read(signal?: AbortSignal): Promise<Releases>;
};

const MAX_DOCUMENT_BYTES = 1 << 20;
/** After a document could not be had, nobody waits for it again for so many blocks. */
const BLOCKS_WITHOUT = 10;

/** Fetches each released document once: what has a digest does not change. */
export function openReleaseLibrary({ ledger, ipfs }: { readonly ledger: Pick<Ledger, 'state'>; readonly ipfs: IpfsClient }): ReleaseLibrary {
  const documents = new Map<string, ReleasedDocument | null>();
  const failures = new Map<string, { readonly atBlock: number; readonly error: TeaError }>();

  async function fetchDocument({ digest, cid }: AcceptedRelease, atBlock: number, signal: AbortSignal | undefined): Promise<void> {
    const name = toHex(digest);
    const failure = failures.get(name);
    if (documents.has(name) || (failure !== undefined && atBlock - failure.atBlock < BLOCKS_WITHOUT)) return;
    try {
      const bytes = await collectBytes(ipfs.cat(decodeCid(cid).toString(), { maxBytes: MAX_DOCUMENT_BYTES, ...(signal && { signal }) }));
      if (!equalBytes(sha256(bytes), digest))
        throw new TeaError('corrupt', 'The reference values are not those that layer 1 accepted', { expected: name, actual: toHex(sha256(bytes)) });
      documents.set(name, documentOf(digest, bytes));
      failures.delete(name);
    } catch (error) {
      if (!isTeaError(error)) throw error;
      failures.set(name, { atBlock, error });
    }
  }

  return {
    async read(signal) {
      const { value: records, block } = await readReleases(ledger);
      const wanted = records.filter(({ kind }) => kind === 'referenceValues');
      await Promise.all(wanted.map((record) => fetchDocument(record, block.number, signal)));
      return {
        atBlock: block.number,
        blockHash: block.hash,
        records,
        documents: wanted.flatMap(({ digest }) => documents.get(toHex(digest)) ?? []),
        unread: wanted.flatMap(({ digest }) => (documents.has(toHex(digest)) ? [] : (failures.get(toHex(digest))?.error ?? []))),
      };
    },
  };
}

/** Null for bytes that governance accepted and that are no reference values: nothing measures as they say. */
function documentOf(digest: Uint8Array, bytes: Uint8Array): ReleasedDocument | null {
  try {
    return { digest, values: decodeReferenceValues(bytes) };
  } catch {
    return null;
  }
}
