import { TeaError } from '@tea/protocol';

/**
 * Places that are few, shared out so that no one takes them all: so many altogether, and so many to each peer. A peer is an IPv4 address, or the network that an
 * IPv6 address is in (RFC 4291, 2.5.4: one subscriber has 2^64 addresses).
 */
export class Shares {
  readonly #what: string;
  readonly #inAll: number;
  readonly #each: number;
  readonly #taken = new Map<string, number>();
  #sum = 0;

  /** @param what is shared out, for messages */
  constructor(what: string, inAll: number, each: number) {
    this.#what = what;
    this.#inAll = inAll;
    this.#each = each;
  }

  /** @returns gives the place back; more than once does nothing @throws TeaError `limit` */
  take(peer: string): () => void {
    const taken = this.#taken.get(peer) ?? 0;
    if (taken >= this.#each) throw this.#refusal('of yours', this.#each, 'end one first');
    if (this.#sum >= this.#inAll) throw this.#refusal('in all', this.#inAll, 'try again in 10 seconds, or ask another node');
    this.#taken.set(peer, taken + 1);
    this.#sum++;
    let isTaken = true;
    return () => {
      if (!isTaken) return;
      isTaken = false;
      this.#sum--;
      const left = (this.#taken.get(peer) ?? 1) - 1;
      if (left > 0) this.#taken.set(peer, left);
      else this.#taken.delete(peer);
    };
  }

  #refusal(whose: string, most: number, next: string): TeaError {
    return new TeaError('limit', `There are too many ${this.#what} ${whose}`, { expected: `at most ${most}`, actual: 'one more', next });
  }
}

const V4_MAPPED = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i;

/** Whom an address belongs to. */
export function peerOf(address: string): string {
  const mapped = V4_MAPPED.exec(address)?.[1];
  if (mapped !== undefined) return mapped;
  if (!address.includes(':')) return address;
  const [head = '', tail] = address.split('%', 1)[0]?.toLowerCase().split('::') ?? [];
  const groups = (part: string): string[] => (part === '' ? [] : part.split(':'));
  const [first, last] = [groups(head), groups(tail ?? '')];
  const all = tail === undefined ? first : [...first, ...Array.from({ length: Math.max(8 - first.length - last.length, 0) }, () => '0'), ...last];
  return `${all.slice(0, 4).join(':')}::/64`;
}
