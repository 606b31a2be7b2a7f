import { concatBytes } from '@tea/protocol';
import type { Seeded } from './seeded.ts';

/** What lengths, counts and tags turn hostile with. */
const TELLING = [0x00, 0x01, 0x7f, 0x80, 0xff, 0x5b, 0x5f, 0x81, 0x9b, 0x9f, 0xa1, 0xbb, 0xbf, 0xfb, 0xfe] as const;

/** One to eight small changes to an input that was fine. */
export function mutateBytes(input: Uint8Array, other: Uint8Array, random: Seeded): Uint8Array {
  let bytes = new Uint8Array(input) as Uint8Array; // not slice(): a Buffer would share its memory
  for (let changes = 1 << random.below(4); changes > 0; changes--) {
    const at = random.below(bytes.length + 1);
    const length = 1 + random.below(random.pick([2, 8, 64]));
    const [before, after] = [bytes.subarray(0, at), bytes.subarray(at)];
    switch (random.below(8)) {
      case 0:
        if (at < bytes.length) bytes[at] = (bytes[at] ?? 0) ^ (1 << random.below(8));
        break;
      case 1:
        if (at < bytes.length) bytes[at] = random.pick(TELLING);
        break;
      case 2:
        bytes.fill(0xff, at, at + Math.min(length, 8));
        break;
      case 3:
        bytes = concatBytes(before, after.subarray(length));
        break;
      case 4:
        bytes = concatBytes(
          before,
          Uint8Array.from({ length }, () => random.below(256)),
          after,
        );
        break;
      case 5:
        bytes = concatBytes(before, after.subarray(0, length), after);
        break;
      case 6:
        bytes = concatBytes(before, other.subarray(random.below(other.length + 1)));
        break;
      default:
        bytes = new Uint8Array(before);
    }
  }
  return bytes;
}
