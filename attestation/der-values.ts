import { DER, expectTag, membersOf, refuseDer, type DerElement } from './der.ts';

/** What elements of DER say, as values. Each throws TeaError `badMessage` for an element of another type, and for content its type does not allow. */

/** An OBJECT IDENTIFIER in dots (X.690, 8.19). */
export function objectIdentifierOf(element: DerElement | undefined): string {
  const { content } = expectTag(element, DER.objectIdentifier);
  const arcs: number[] = [];
  let arc = 0;
  for (const [at, byte] of content.entries()) {
    if (arc === 0 && byte === 0x80) throw refuseDer('arcs in their shortest form', content.toHex());
    arc = arc * 128 + (byte & 0x7f);
    if (!Number.isSafeInteger(arc)) throw refuseDer('arcs below 2^53', content.toHex());
    if (byte < 0x80) {
      arcs.push(arc);
      arc = 0;
    } else if (at === content.length - 1) throw refuseDer('a whole last arc', content.toHex());
  }
  const [first, ...rest] = arcs;
  if (first === undefined) throw refuseDer('an object identifier', 'an empty one');
  const root = Math.min(Math.floor(first / 40), 2);
  return [root, first - 40 * root, ...rest].join('.');
}

/** An INTEGER in its shortest two's complement (X.690, 8.3). */
export function integerBytesOf(element: DerElement | undefined): Uint8Array {
  const { content } = expectTag(element, DER.integer);
  const [first, second = 0] = content;
  const padded = content.length > 1 && ((first === 0 && second < 0x80) || (first === 0xff && second >= 0x80));
  if (first === undefined || padded) throw refuseDer('an integer in its shortest form', content.toHex() || 'nothing');
  return content;
}

/** A whole number of at most four bytes, as path lengths and versions are. */
export function smallNumberOf(element: DerElement | undefined): number {
  const content = integerBytesOf(element);
  if (content.length > 4 || (content[0] ?? 0) >= 0x80) throw refuseDer('a number from 0 to 2^31', content.toHex());
  return content.reduce((value, byte) => value * 256 + byte, 0);
}

/** X.690, 11.1. */
export function booleanOf(element: DerElement): boolean {
  const { content } = expectTag(element, DER.boolean);
  if (content.length !== 1 || (content[0] !== 0 && content[0] !== 0xff)) throw refuseDer('00 or ff', content.toHex());
  return content[0] === 0xff;
}

/** The bytes of a BIT STRING of whole bytes, as keys and signatures are. */
export function octetsOfBitString(element: DerElement | undefined): Uint8Array {
  const { content } = expectTag(element, DER.bitString);
  if (content[0] !== 0) throw refuseDer('a bit string of whole bytes', `${content[0] ?? 'no'} unused bits`);
  return content.subarray(1);
}

/** A named bit list of up to 24 bits: bit n of it is 2^n of the number (X.680, 22.2). */
export function bitsOf(element: DerElement): number {
  const { content } = expectTag(element, DER.bitString);
  const unused = content[0] ?? 8;
  const bits = content.subarray(1);
  if (unused > 7 || bits.length > 3 || (bits.length === 0 && unused > 0)) throw refuseDer('a list of up to 24 named bits', content.toHex());
  let value = 0;
  for (let at = 0; at < bits.length * 8 - unused; at++) if ((bits[at >> 3] ?? 0) & (0x80 >> (at & 7))) value |= 1 << at;
  return value;
}

/** UTCTime or GeneralizedTime, to the second and in Z (RFC 5280, 4.1.2.5). */
export function timeOf(element: DerElement | undefined): Date {
  const tag = element?.tag === DER.generalizedTime ? DER.generalizedTime : DER.utcTime;
  const text = String.fromCharCode(...expectTag(element, tag).content.subarray(0, 16));
  const [, year = '', month = '', day = '', hour = '', minute = '', second = ''] =
    /^(\d{4}|\d\d)(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)Z$/.exec(tag === DER.utcTime ? century(text) : text) ?? [];
  const date = new Date(`${year}-${month}-${day}T${hour}:${minute}:${second}.000Z`);
  if (Number.isNaN(date.getTime()) || date.getUTCDate() !== Number(day)) throw refuseDer('a time to the second, in Z', text);
  return date;
}

/** RFC 5280, 4.1.2.5.1: years from 50 on are of the last century. */
function century(text: string): string {
  return text.length === 13 ? `${text >= '5' ? '19' : '20'}${text}` : '';
}

/** The attributes of a Name (RFC 5280, 4.1.2.4), type and text, in order. */
export function attributesOfName(name: DerElement): readonly { readonly type: string; readonly text: string }[] {
  return membersOf(expectTag(name, DER.sequence)).flatMap((part) =>
    membersOf(expectTag(part, DER.set)).map((attribute) => {
      const [type, value] = membersOf(expectTag(attribute, DER.sequence));
      return { type: objectIdentifierOf(type), text: value === undefined ? '' : textOf(value) };
    }),
  );
}

const utf8 = new TextDecoder();
const utf16 = new TextDecoder('utf-16be');

function textOf({ tag, content }: DerElement): string {
  return (tag === DER.bmpString ? utf16 : utf8).decode(content);
}
