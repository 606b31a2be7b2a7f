import type { CborValue } from '@tea/protocol';
import { mutateBytes } from './mutate-bytes.ts';
import type { Seeded } from './seeded.ts';

/**
 * Changes one place inside a decoded message, so that its new encoding is deterministic again and the schema behind the codec is reached:
 * hostile bytes alone seldom get past the codec.
 */
export function mutateValue(value: CborValue, random: Seeded): CborValue {
  if (Array.isArray(value)) {
    const items = [...(value as readonly CborValue[])];
    const at = random.below(items.length + 1);
    const item = items[at];
    if (item === undefined || random.below(6) === 0) return random.below(2) === 0 ? [...items, foreign(random)] : items.slice(0, at);
    if (random.below(8) === 0) return [...items.slice(0, at), ...Array.from({ length: 1 + random.below(40) }, () => item), ...items.slice(at)];
    items[at] = mutateValue(item, random);
    return items;
  }
  if (value !== null && typeof value === 'object' && !(value instanceof Uint8Array)) {
    const members = Object.entries(value as Readonly<Record<string, CborValue>>);
    const at = random.below(members.length + 1);
    const member = members[at];
    if (member === undefined) return { ...Object.fromEntries(members), [random.pick(['', 'x', '__proto__', 'constructor', 'v'])]: foreign(random) };
    if (random.below(10) === 0) return Object.fromEntries(members.filter((_, index) => index !== at));
    members[at] = [member[0], mutateValue(member[1], random)];
    return Object.fromEntries(members);
  }
  return random.below(4) === 0 ? foreign(random) : neighbour(value, random);
}

function neighbour(value: Exclude<CborValue, object> | Uint8Array | CborValue, random: Seeded): CborValue {
  if (value instanceof Uint8Array) return mutateBytes(value, value, random);
  if (typeof value === 'boolean') return !value;
  if (typeof value === 'number' && Number.isSafeInteger(value + 1)) return random.pick([value + 1, value - 1, 0, -1, 2 ** 32, 2 ** 53 - 1]);
  if (typeof value === 'bigint') return random.pick([value + 1n, 0n, 1n << 63n]);
  if (typeof value === 'string') return random.pick([`${value}x`, value.slice(1), '', 'x'.repeat(300), '\u0000\u202e', '__proto__']);
  return foreign(random);
}

function foreign(random: Seeded): CborValue {
  const depth = random.below(3) === 0 ? 2 + random.below(200) : 0;
  const leaf = random.pick<CborValue>([null, true, 0, -1, 1n << 63n, '', 'x', new Uint8Array(), new Uint8Array(32), new Uint8Array(70_000), [], {}]);
  return Array.from({ length: depth }).reduce<CborValue>((inner) => [inner], leaf);
}
