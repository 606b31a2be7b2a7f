import { TeaError } from '@tea/protocol';

/**
 * Distinguished Encoding Rules (ITU-T X.690, 10 and 11) of the types that certificates are made of. Strict where a second spelling could hide
 * something: definite lengths in their shortest form, tags of one byte, nothing behind an element. Reads views; copies nothing and never recurses.
 */
export type DerElement = {
  readonly tag: number;
  readonly content: Uint8Array;
  /** with tag and length */
  readonly whole: Uint8Array;
};

export const DER = {
  boolean: 0x01,
  integer: 0x02,
  bitString: 0x03,
  octetString: 0x04,
  objectIdentifier: 0x06,
  utcTime: 0x17,
  generalizedTime: 0x18,
  bmpString: 0x1e,
  sequence: 0x30,
  set: 0x31,
} as const;

/** A context-specific tag, of one value or, `constructed`, of elements. */
export function contextTag(number: number, constructed = true): number {
  return (constructed ? 0xa0 : 0x80) | number;
}

/** @param tag when given, the only one allowed @throws TeaError `badMessage` unless `bytes` are exactly one element */
export function readDer(bytes: Uint8Array, tag?: number): DerElement {
  const element = elementAt(bytes, 0);
  if (element.whole.length !== bytes.length) throw refuseDer('nothing behind the element', `${bytes.length - element.whole.length} bytes`);
  return tag === undefined ? element : expectTag(element, tag);
}

/** The elements of a constructed one, in order. @throws TeaError `badMessage` */
export function membersOf({ content }: DerElement): DerElement[] {
  const members: DerElement[] = [];
  for (let at = 0; at < content.length;) {
    const member = elementAt(content, at);
    members.push(member);
    at += member.whole.length;
  }
  return members;
}

/** The members of a SEQUENCE one after another, of which some may be missing. */
export class DerSequence {
  readonly #members: readonly DerElement[];
  #next = 0;

  constructor(sequence: DerElement | undefined) {
    this.#members = membersOf(expectTag(sequence, DER.sequence));
  }

  take(tag: number): DerElement {
    return expectTag(this.#members[this.#next++], tag);
  }

  /** the next member if it has one of these tags */
  takeIf(...tags: readonly number[]): DerElement | undefined {
    const member = this.#members[this.#next];
    if (member === undefined || !tags.includes(member.tag)) return undefined;
    this.#next++;
    return member;
  }

  /** whatever comes next, if anything does */
  takeAny(): DerElement | undefined {
    return this.#members[this.#next++];
  }

  end(): void {
    const member = this.#members[this.#next];
    if (member !== undefined) throw refuseDer('no further member', `one of tag 0x${member.tag.toString(16)}`);
  }
}

export function expectTag(element: DerElement | undefined, tag: number): DerElement {
  if (element?.tag === tag) return element;
  throw refuseDer(`an element of tag 0x${tag.toString(16)}`, element === undefined ? 'nothing' : `tag 0x${element.tag.toString(16)}`);
}

export function refuseDer(expected: string, actual: string): TeaError {
  return new TeaError('badMessage', 'This is not DER', { expected, actual });
}

/** X.690, 8.1.2.2 and 10.1. */
function elementAt(bytes: Uint8Array, at: number): DerElement {
  const tag = bytes[at];
  const first = bytes[at + 1];
  if (tag === undefined || first === undefined) throw refuseDer('tag and length', `${bytes.length - at} bytes`);
  if ((tag & 0x1f) === 0x1f) throw refuseDer('a tag of one byte', `0x${tag.toString(16)}`);
  let start = at + 2;
  let length = first;
  if (first >= 0x80) {
    const size = first & 0x7f;
    if (size === 0 || size > 3) throw refuseDer('a definite length below 16 MiB', `first byte 0x${first.toString(16)}`);
    length = 0;
    for (const end = start + size; start < end; start++) length = length * 256 + (bytes[start] ?? 0);
    if (length < 0x80 || length < 2 ** (8 * (size - 1))) throw refuseDer('the shortest form of a length', `${size} bytes for ${length}`);
  }
  if (length > bytes.length - start) throw refuseDer(`${length} bytes`, `${Math.max(bytes.length - start, 0)}`);
  return { tag, content: bytes.subarray(start, start + length), whole: bytes.subarray(at, start + length) };
}
