import { hash } from 'node:crypto';
import { isTeaError, TeaError } from '@tea/protocol';

export type KeptAnswersOptions = { readonly keptMs: number; readonly keptBytes: number; readonly now: () => number };

/** What an entry takes beside its answer: name, digest, promise, place in the map. */
const ENTRY_BYTES = 1_024;

type Kept = { readonly digest: string; readonly answer: Promise<Uint8Array>; bytes: number; until: number };

/**
 * The same request is executed once, however often a client that lost its link asks again: the second waits for the first one's answer. Answers
 * are kept for a while and up to so many bytes in all, the oldest forgotten first; a client names its requests with keys of its own, under a
 * secret name, so none can ask for another's.
 */
export class KeptAnswers {
  readonly #kept = new Map<string, Kept>();
  readonly #options: KeptAnswersOptions;
  #bytes = 0;

  constructor(options: KeptAnswersOptions) {
    this.#options = options;
  }

  /** @throws TeaError `conflict` when the key named another request; whatever `execute` throws */
  once(name: string, subject: string, payload: Uint8Array, execute: () => Promise<Uint8Array>): Promise<Uint8Array> {
    const digest = `${subject} ${hash('sha256', payload, 'base64')}`;
    const known = this.#kept.get(name);
    if (known !== undefined && known.until > this.#options.now()) {
      if (known.digest === digest) return known.answer;
      const facts = { expected: 'a new key for each request', actual: 'the key of another one' };
      return Promise.reject(new TeaError('conflict', 'The request differs from the one of the same key', facts));
    }
    if (known !== undefined) this.#forget(name, known);
    const answer = execute();
    const kept: Kept = { digest, answer, bytes: 0, until: Number.POSITIVE_INFINITY };
    this.#kept.set(name, kept);
    answer.then(
      (bytes) => this.#keep(name, kept, bytes.length),
      // Nobody served it, so asking again executes it for the first time.
      (error: unknown) => (isTeaError(error, 'unavailable') ? this.#forget(name, kept) : this.#keep(name, kept, 0)),
    );
    return answer;
  }

  /** Answers that are kept or waited for. */
  get size(): number {
    return this.#kept.size;
  }

  #keep(name: string, kept: Kept, answerBytes: number): void {
    const { keptMs, keptBytes, now } = this.#options;
    kept.until = now() + keptMs;
    kept.bytes = answerBytes + ENTRY_BYTES;
    this.#bytes += kept.bytes;
    // To the end, so that the map is in the order of forgetting.
    this.#kept.delete(name);
    this.#kept.set(name, kept);
    for (const [oldest, entry] of this.#kept) {
      if (entry.until === Number.POSITIVE_INFINITY) continue;
      if (entry.until > now() && this.#bytes <= keptBytes) return;
      this.#forget(oldest, entry);
    }
  }

  #forget(name: string, kept: Kept): void {
    if (this.#kept.get(name) === kept) this.#kept.delete(name);
    this.#bytes -= kept.bytes;
  }
}
