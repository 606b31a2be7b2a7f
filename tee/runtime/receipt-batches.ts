import { isTeaError, leafHash, merkleTree, receiptsDigest, TeaError, type Receipt, type ReceiptBundle } from '@tea/protocol';
import type { TeeTpmQuote } from '@tea/tpm';
import { signReceipt, type ReceiptKey } from './receipt-key.ts';

export type ReceiptBatches = AsyncDisposable & {
  /**
   * Signs a receipt and waits for the quote over the batch it falls into.
   * @returns the receipt with its inclusion proof and the batch's quote
   * @throws TeaError `limit` when too many wait already, `cancelled` after disposal, otherwise the TPM's own code once every attempt to quote failed
   */
  seal(receipt: Receipt): Promise<ReceiptBundle>;
  /** The same for a statement of another kind, signed already: COSE_Sign1 bytes. */
  sealSigned(sign: () => Promise<Uint8Array>): Promise<ReceiptBundle>;
};

export type ReceiptBatchesParts = {
  readonly key: ReceiptKey;
  /** genesis hash */
  readonly chain: Uint8Array;
  readonly quote: (qualifyingData: Uint8Array) => Promise<TeeTpmQuote>;
  /** Resolves after so many milliseconds, early when the signal fires. */
  readonly delay: (delayMs: number, signal: AbortSignal) => Promise<unknown>;
  /** Fractions of 1, for the jitter of retries. */
  readonly fraction: () => number;
  /** How long the first receipt waits for company while the TPM is free; those that come during a quote wait for its end only. */
  readonly gatherMs?: number;
  readonly maxLeaves?: number;
  readonly maxWaiting?: number;
};

/** The tree's size is a u32 on the wire; a path over this many leaves is 12 hashes long. */
const MAX_LEAVES = 4096;
const MAX_WAITING = 4 * MAX_LEAVES;
const ATTEMPTS = 5;
const FIRST_RETRY_MS = 50;

type Waiting = { readonly cose: Uint8Array; readonly resolve: (bundle: ReceiptBundle) => void; readonly reject: (error: TeaError) => void };

/**
 * Receipts of many errands under one TPM quote: the quote is over the root of an RFC 9162 tree of them. One quote at a time; what arrives
 * meanwhile is the next batch, so that a slow TPM gets larger batches instead of a longer queue.
 */
export function openReceiptBatches(parts: ReceiptBatchesParts): ReceiptBatches {
  const { key, chain, delay, gatherMs = 0, maxLeaves = MAX_LEAVES, maxWaiting = MAX_WAITING } = parts;
  const closing = new AbortController();
  let waiting: Waiting[] = [];
  let signing = 0;
  let quoting: Promise<void> | undefined;

  async function quoteAll(): Promise<void> {
    await delay(gatherMs, closing.signal);
    while (waiting.length > 0) {
      const batch = waiting.slice(0, maxLeaves);
      waiting = waiting.slice(maxLeaves);
      await sealBatch(batch);
    }
  }

  async function sealBatch(batch: readonly Waiting[]): Promise<void> {
    const tree = merkleTree(batch.map(({ cose }) => leafHash(cose)));
    try {
      const { attest, signature, pcrs } = await quoteWithRetries(receiptsDigest(chain, tree), parts, closing.signal);
      const quote = { root: tree.root, size: tree.size, attest, signature, pcrs };
      for (const [index, { cose, resolve }] of batch.entries()) resolve({ cose, inclusion: tree.proofOf(index), quote });
    } catch (cause) {
      const error = closing.signal.aborted ? closed() : notQuoted(batch.length, cause);
      for (const { reject } of batch) reject(error);
    }
  }

  async function join(cose: Uint8Array): Promise<ReceiptBundle> {
    if (closing.signal.aborted) throw closed();
    const { promise, resolve, reject } = Promise.withResolvers<ReceiptBundle>();
    waiting.push({ cose, resolve, reject });
    quoting ??= quoteAll().finally(() => (quoting = undefined));
    return promise;
  }

  async function sealSigned(sign: () => Promise<Uint8Array>): Promise<ReceiptBundle> {
    if (closing.signal.aborted) throw closed();
    if (waiting.length + signing >= maxWaiting) {
      throw new TeaError('limit', 'Too many receipts wait for the TPM', {
        expected: `at most ${maxWaiting}`,
        next: 'let the node take fewer errands',
      });
    }
    signing++;
    const cose = await sign().finally(() => signing--);
    return join(cose);
  }

  return {
    seal: (receipt) => sealSigned(() => signReceipt(receipt, key)),
    sealSigned,
    async [Symbol.asyncDispose]() {
      closing.abort();
      for (const { reject } of waiting) reject(closed());
      waiting = [];
      await quoting;
    },
  };
}

/** A quote has no effect, so whatever went wrong it may be asked again; a TPM that was busy, reset or slow has got over it by then. */
async function quoteWithRetries(
  qualifyingData: Uint8Array,
  { quote, delay, fraction }: ReceiptBatchesParts,
  closing: AbortSignal,
): Promise<TeeTpmQuote> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await quote(qualifyingData);
    } catch (error) {
      if (attempt === ATTEMPTS || closing.aborted) throw error;
      await delay(FIRST_RETRY_MS * 2 ** (attempt - 1) * (0.5 + fraction()), closing);
    }
  }
}

function notQuoted(receipts: number, cause: unknown): TeaError {
  const known = isTeaError(cause) ? cause : undefined;
  return new TeaError(known?.code ?? 'internal', 'The TPM did not quote the receipts of this batch', {
    expected: `a quote over ${receipts} receipts within ${ATTEMPTS} attempts`,
    actual: known?.message ?? 'an unforeseen failure',
    next: "look at the node's TPM; errands without a receipt are refunded at their deadline",
    details: { ...known?.details, receipts },
    cause,
  });
}

function closed(): TeaError {
  return new TeaError('cancelled', 'This TEE is stopping; the receipt was not quoted');
}
